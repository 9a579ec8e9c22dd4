package config

import "github.com/worksctl/worksctl/internal/suggest"

// didYouMean returns ` (did you mean "x"?)` for the known name nearest to a
// mistyped one, or nothing where none is near.
func didYouMean(typed string, known []string) string {
	best := suggest.Nearest(typed, known)
	if best == "" {
		return ""
	}
	return ` (did you mean "` + best + `"?)`
}
