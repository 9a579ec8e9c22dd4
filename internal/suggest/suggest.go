// Package suggest finds the word that somebody probably meant to type.
package suggest

import "strings"

// Nearest returns the known word with the fewest edits to typed, whatever the
// letter case, or "" when even that one shares too little with it to be meant.
func Nearest(typed string, known []string) string {
	typed = strings.ToLower(typed)
	n := len([]rune(typed))
	best, least := "", min(n, max(2, n/3)+1) // as many edits as letters is another word
	for _, k := range known {
		if d := distance(typed, strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance in runes.
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range to {
			substitute := diagonal
			if r != s {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, diagonal+1)
		}
	}
	return row[len(to)]
}
