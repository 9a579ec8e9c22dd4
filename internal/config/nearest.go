package config

import "strings"

// didYouMean returns ` (did you mean "x"?)` for the known name nearest to a
// mistyped one, or nothing where none is near.
func didYouMean(typed string, known []string) string {
	best, bestDistance := "", len([]rune(typed))/3+2
	for _, k := range known {
		if d := distance(strings.ToLower(typed), strings.ToLower(k)); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return ` (did you mean "` + best + `"?)`
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
			cost := diagonal
			if r != s {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
