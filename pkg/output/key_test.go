package output_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/pkg/output"
)

const keyAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

func sample() (columns, values []string) {
	return []string{"device_id", "model", "os_version", "serial_number", "app_version", "user_name"},
		[]string{"12E345", "iPhone 15 Pro", "17.10", "000123456789012345", "4.10", "홍길동"}
}

func TestVerifyRowNamesTheDamage(t *testing.T) {
	columns, values := sample()
	key := output.RowKey(columns, values)
	for at, damaged := range map[int]string{0: "1.2E+346", 2: "17.1", 3: "123456789012345000", 4: "04월 10일", 5: "홍길동 "} {
		v := slices.Clone(values)
		v[at] = damaged
		got, err := output.VerifyRow(key, columns, v)
		if err != nil || !slices.Equal(got, []string{columns[at]}) {
			t.Errorf("%s → %s: got %v, %v", values[at], damaged, got, err)
		}
	}
}

func TestKeyIsText(t *testing.T) {
	columns, values := sample()
	if key := output.RowKey(columns, values); len(key) != 10+len(columns) || key[0] != 'W' {
		t.Errorf("key %q", key)
	}
	if a, b := output.RowKey([]string{"ab", "c"}, []string{"d", "e"}), output.RowKey([]string{"a", "bc"}, []string{"d", "e"}); a == b {
		t.Errorf("two different rows have the key %s", a)
	}
}

// draw makes a row of different names and its key.
func draw(t *rapid.T, least int) (columns, values []string, key string) {
	n := rapid.IntRange(least, 20).Draw(t, "n")
	for i := range n {
		columns = append(columns, fmt.Sprintf("%c_column_%d", 'a'+i*7%26, i))
		values = append(values, text().Draw(t, "value"))
	}
	return columns, values, output.RowKey(columns, values)
}

func intact(t *rapid.T, key string, columns, values []string) {
	t.Helper()
	if got, err := output.VerifyRow(key, columns, values); got != nil || err != nil {
		t.Fatalf("false alarm: %v %v", got, err)
	}
}

func TestIntactRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns, values, key := draw(t, 1)
		intact(t, key, columns, values)
		order := rapid.Permutation(slices.Collect(slicesIndexes(len(columns)))).Draw(t, "order")
		intact(t, key, pick(columns, order), pick(values, order))
		intact(t, key, pick(columns, order[1:]), pick(values, order[1:]))
		more := rapid.IntRange(1, 3).Draw(t, "added")
		for i := range more {
			columns = append(columns, fmt.Sprintf("%c_added", 'b'+i*9))
			values = append(values, text().Draw(t, "value"))
		}
		intact(t, key, columns, values)
	})
}

func slicesIndexes(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func pick(s []string, order []int) []string {
	picked := make([]string, len(order))
	for at, i := range order {
		picked[at] = s[i]
	}
	return picked
}

func TestOneChangedCellIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns, values, key := draw(t, 1)
		at := rapid.IntRange(0, len(values)-1).Draw(t, "at")
		values[at] = text().Filter(func(s string) bool { return s != values[at] }).Draw(t, "changed")
		got, err := output.VerifyRow(key, columns, values)
		if !errors.Is(err, output.ErrRowChanged) && !slices.Equal(got, []string{columns[at]}) {
			t.Fatalf("changed %s, got %v, %v", columns[at], got, err)
		}
	})
}

func TestSwappedCellsAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns, values, key := draw(t, 2)
		i := rapid.IntRange(0, len(values)-2).Draw(t, "i")
		if values[i] == values[i+1] {
			return
		}
		values[i], values[i+1] = values[i+1], values[i]
		if got, err := output.VerifyRow(key, columns, values); got == nil && err == nil {
			t.Fatal("cells in each other's column pass")
		}
	})
}

func TestDamagedKeyIsFound(t *testing.T) {
	columns, values := sample()
	key := output.RowKey(columns, values)
	for i := range key {
		for _, c := range []byte(keyAlphabet + "il -=é") {
			damaged := []byte(key)
			damaged[i] = c
			if string(damaged) == key {
				continue
			}
			if _, err := output.VerifyRow(string(damaged), columns, values); !errors.Is(err, output.ErrKeyDamaged) {
				t.Errorf("%s for %s: %v", damaged, key, err)
			}
		}
		if i > 1 && key[i] != key[i-1] {
			swapped := []byte(key)
			swapped[i], swapped[i-1] = swapped[i-1], swapped[i]
			if _, err := output.VerifyRow(string(swapped), columns, values); !errors.Is(err, output.ErrKeyDamaged) {
				t.Errorf("%s for %s: %v", swapped, key, err)
			}
		}
		if got, err := output.VerifyRow(key[:i], columns, values); got == nil && err == nil {
			t.Errorf("a key cut to %q passes", key[:i])
		}
	}
}

// TestDamageBesideRemovedColumns: with columns missing only 5 bits speak for
// each cell, so that about one change in 32 is missed.
func TestDamageBesideRemovedColumns(t *testing.T) {
	columns, values := sample()
	key := output.RowKey(columns, values)
	random := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 1000 {
		got, err := output.VerifyRow(key, columns[:5], []string{values[0], values[1], fmt.Sprint(random.Float64()), values[3], values[4]})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"os_version"}, got); diff == "" {
			found++
		}
	}
	if found < 900 {
		t.Errorf("found %d of 1000", found)
	}
}
