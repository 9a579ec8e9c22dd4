package job

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"
)

// roster finds the positions of device ids: at some 20 bytes for each, since a
// job may have a hundred thousand.
type roster struct {
	marks  []mark
	seen   []bool // by position
	sorted bool
	left   int // positions not seen yet
}

// mark is a device id, by its hash, at its position.
type mark struct {
	id  [16]byte
	pos int32
}

func markOf(id string, pos int) mark {
	sum := sha256.Sum256([]byte(id))
	return mark{[16]byte(sum[:]), int32(pos)} //nolint:gosec // a list has fewer than 2³¹ devices
}

// add appends a device id at the next position.
func (r *roster) add(id string) {
	r.marks = append(r.marks, markOf(id, len(r.marks)))
	r.seen = append(r.seen, false)
	r.left++
}

func (r *roster) len() int { return len(r.marks) }

// see calls use for every position of id that was not seen before.
func (r *roster) see(id string, use func(pos int) error) error {
	if !r.sorted {
		slices.SortFunc(r.marks, func(a, b mark) int {
			return cmp.Or(bytes.Compare(a.id[:], b.id[:]), cmp.Compare(a.pos, b.pos))
		})
		r.sorted = true
	}
	want := markOf(id, 0)
	i, _ := slices.BinarySearchFunc(r.marks, want, func(a, b mark) int { return bytes.Compare(a.id[:], b.id[:]) })
	for ; i < len(r.marks) && r.marks[i].id == want.id; i++ {
		pos := int(r.marks[i].pos)
		if r.seen[pos] {
			continue
		}
		r.seen[pos] = true
		r.left--
		if err := use(pos); err != nil {
			return err
		}
	}
	return nil
}
