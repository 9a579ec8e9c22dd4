// Package suggest finds the word that somebody probably meant to type.
package suggest

import "strings"

// Nearest returns the known word with the fewest edits to typed, whatever the
// letter case, or "" when more than a third of its letters would be wrong.
func Nearest(typed string, known []string) string {
	from := []rune(strings.ToLower(typed))
	best, least := "", min(len(from), (len(from)+2)/3+1)
	for _, k := range known {
		if d := distance(from, []rune(strings.ToLower(k))); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance counts letters inserted, deleted, replaced, and neighbors swapped
// (optimal string alignment).
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			replace := last[j]
			if a[i] != b[j] {
				replace++
			}
			row[j+1] = min(replace, row[j]+1, last[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
