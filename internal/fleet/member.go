package fleet

import (
	"strings"
	"unicode"
)

// IsResourceID reports whether the id of a member is in groups as those of a UUID are. Those of
// the API have letters beyond f.
func IsResourceID(id string) bool {
	shape := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return 'x'
		}
		return r
	}, id)
	return shape == "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
}
