package output

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// The key of a row is, in this order:
//
//	W        one letter, so that no spreadsheet takes the key for a number, a
//	         date, a formula or (unlike K, R, S…) an amount of some currency
//	8 chars  40 bits of a hash over the names and values of all columns
//	n chars  one for each of the n columns, 5 bits of a hash over its name and
//	         value; the columns in the order of their names
//	1 char   checks the characters before it
//
// Names decide the order, not positions, so that a person may move columns.
const (
	keyLetter   = 'W'
	keyAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford's: no I, L, O, U
	keyHash     = 8                                  // characters of the row's hash
	keyOverhead = 1 + keyHash + 1                    // characters beside the columns' own
)

// RowKey returns the key of a row: a text by which [VerifyRow] finds what a
// spreadsheet program did to the row's cells. values are the cells as written
// (after [CellText], before [Guard]), one for each name in columns. The key does
// not depend on the order of the columns.
func RowKey(columns, values []string) string {
	return newKeyMaker(columns).key(values)
}

// keyMaker makes the keys of many rows with the same columns.
type keyMaker struct {
	columns []string
	order   []int // indexes of columns in the order of their names
	text    []byte
	parts   []byte // the columns' own digits, in that order
}

func newKeyMaker(columns []string) *keyMaker {
	m := &keyMaker{columns: columns, order: make([]int, len(columns))}
	for i := range m.order {
		m.order[i] = i
	}
	slices.SortStableFunc(m.order, func(a, b int) int { return cmp.Compare(columns[a], columns[b]) })
	return m
}

func (m *keyMaker) key(values []string) string {
	hash := m.hash(values)
	m.text = append(append(m.text[:0], hash[:]...), m.parts...)
	m.text = append(m.text, checkDigit(m.text))
	for i, digit := range m.text {
		m.text[i] = keyAlphabet[digit]
	}
	return string(keyLetter) + string(m.text)
}

// hash fills parts and returns the hash of the whole row as digits of 5 bits.
// Lengths stand before texts, so that no two rows give the same bytes.
func (m *keyMaker) hash(values []string) [keyHash]byte {
	m.text, m.parts = m.text[:0], m.parts[:0]
	for _, i := range m.order {
		start := len(m.text)
		m.text = appendSized(m.text, m.columns[i])
		m.text = appendSized(m.text, values[i])
		sum := sha256.Sum256(m.text[start:])
		m.parts = append(m.parts, sum[0]>>3)
	}
	sum := sha256.Sum256(m.text)
	bits := binary.BigEndian.Uint64(sum[:])
	var digits [keyHash]byte
	for i := range digits {
		digits[i] = byte(bits >> 59)
		bits <<= 5
	}
	return digits
}

func appendSized(dst []byte, s string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s)))
	return append(dst, s...)
}

// checkDigit is a checksum in the field of 32 elements: together with the digits
// it detects every change of one digit and every swap of two neighbors.
func checkDigit(digits []byte) byte {
	sum := byte(0)
	for _, digit := range digits {
		sum = (sum ^ digit) << 1
		if sum > 31 {
			sum ^= 0b100101 // x⁵ + x² + 1, primitive
		}
	}
	return sum
}
