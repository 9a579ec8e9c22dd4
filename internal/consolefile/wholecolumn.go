package consolefile

import (
	"math"
	"strconv"
	"strings"
)

// lostZeros finds ids of digits that lost zeros before them, which only shows
// beside others of digits, and where every other id of the column is of one
// length: by row, what is wrong. Zeros are lost one more often than two: five and
// more that lack as many are ids of another kind.
func (s *shapes) lostZeros(ids map[int]string) map[int]string {
	counts, seen := map[int]int{}, map[string]bool{}
	for _, id := range ids {
		if !seen[id] && s.digits.MatchString(id) {
			counts[len(id)]++
		}
		seen[id] = true
	}
	width := 0
	for n, count := range counts {
		if count > counts[width] || count == counts[width] && n > width {
			width = n
		}
	}
	found, short, kinds, led := map[int]string{}, 0, 0, 0
	for id := range seen {
		if id != "" && id[0] == '0' {
			led = max(led, len(id)-len(strings.TrimLeft(id, "0")))
		}
	}
	for row, id := range ids {
		switch {
		case len(id) == width:
		case led > 0 && width-len(id) > led:
			return nil // where zeros are kept, none of so many was lost
		case len(id) < width && s.digits.MatchString(id) && id[0] != '0':
			found[row] = strconv.Quote(id) + " is shorter than the other ids: a spreadsheet dropped the zeros before it"
		default:
			return nil // ids of many kinds: nothing can be told
		}
	}
	for n, count := range counts {
		if n != width {
			short += count
			if kinds++; width-n < 2 {
				kinds++
			}
		}
	}
	const group = 5
	if kinds == 1 && short >= group || led == 0 && isCount(seen) {
		return nil // ids of two kinds, or numbers in a row
	}
	const enough = 3
	if counts[width] < enough || counts[width] < enough*short {
		return nil
	}
	return found
}

// isCount reports whether ids are numbers that count up, nearly without gaps.
func isCount(ids map[string]bool) bool {
	least, most := uint64(math.MaxUint64), uint64(0)
	for id := range ids {
		n, err := strconv.ParseUint(id, 10, 64)
		if err != nil {
			return false
		}
		least, most = min(least, n), max(most, n)
	}
	const gaps = 2
	return most-least < gaps*uint64(len(ids))
}

// rounded finds long ids of digits that end in zeros from the 16th on, as
// spreadsheets leave them: where more zeros are in the column than chance puts
// there, or three and more in one id.
func (s *shapes) rounded(ids map[int]string) map[int]string {
	const kept = 15
	zeros, all := 0, true
	found := map[int]string{}
	for row, id := range ids {
		if len(id) <= kept || !s.digits.MatchString(id) {
			continue
		}
		tail := len(id) - kept
		if strings.Trim(id[kept:], "0") != "" {
			all = false
			continue
		}
		zeros += tail
		found[row] = strconv.Quote(id) + " ends in zeros from the 16th digit on: a spreadsheet rounded it"
	}
	const chance = 2 // zeros: one column in a hundred
	for row := range found {
		if !all && len(ids[row])-kept <= chance || zeros < chance {
			delete(found, row)
		}
	}
	return found
}
