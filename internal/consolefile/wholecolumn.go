package consolefile

import (
	"strconv"
	"strings"
)

// lostZeros finds ids of digits that lost zeros before them, which only shows
// where every other id of the column is of one length: by row, what is wrong.
func (s *shapes) lostZeros(ids map[int]string) map[int]string {
	counts := map[int]int{}
	for _, id := range ids {
		counts[len(id)]++
	}
	width := 0
	for n, count := range counts {
		if count > counts[width] || count == counts[width] && n > width {
			width = n
		}
	}
	// Beside ids as long as a UUID one of digits may be of another kind, unless it
	// is nearly as long: 999 of 1000 ids with zeros before them have no more than 3.
	most := width
	if width > 20 {
		most = 3
	}
	found := map[int]string{}
	for row, id := range ids {
		switch {
		case len(id) == width:
		case len(id) < width && len(id) >= width-most && s.digits.MatchString(id):
			found[row] = strconv.Quote(id) + " is shorter than the other ids: a spreadsheet dropped the zeros before it"
		default:
			return nil // ids of many lengths: nothing can be told
		}
	}
	const enough = 3
	if counts[width] < enough || counts[width] < enough*len(found) {
		return nil
	}
	return found
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
