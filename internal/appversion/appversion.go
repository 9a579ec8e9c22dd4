// Package appversion orders the dotted versions of apps and operating systems
// the way the contract does: part by part as numbers of any length. It is
// shared by the client and the sandbox and depends on neither.
package appversion

import (
	"cmp"
	"strings"
)

// Version is a readable dotted version. It is a view of the text that it was
// parsed from, so that reading and comparing the versions of a large fleet
// allocates nothing. Use [Version.Compare], not ==: 4.2 and 4.2.0 are equal
// versions with different texts. The zero Version equals version 0 and is a
// prefix of every version.
type Version struct {
	dotted string // digits in parts joined by single dots, never checked again
}

// Parse reads a version such as 4.2.1, 4.2.1-beta or 10.0.22631.4460: ASCII
// digits in parts joined by dots, each part and their number of any length.
// A suffix, from the first '-', '+' or space on, is ignored. Everything else
// is unreadable and gives false: an empty text, an empty part (4..2, .4, 4.),
// letters (v4, 4.x), a leading space or sign.
func Parse(s string) (Version, bool) {
	inPart := false
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			inPart = true
		case !inPart:
			return Version{}, false
		case c == '.':
			inPart = false
		case c == '-' || c == '+' || c == ' ':
			return Version{s[:i]}, true
		default:
			return Version{}, false
		}
	}
	return Version{s}, inPart
}

// String returns the version as it was written, without its suffix.
func (v Version) String() string { return v.dotted }

// Compare returns a negative number if v is older than o, a positive one if it
// is newer, and 0 if the two are equal. Parts that one version lacks count as
// 0: 4.2 equals 4.2.0, and 4.10 is newer than 4.9.
func (v Version) Compare(o Version) int {
	a, b := v.dotted, o.dotted
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		if c := comparePart(x, y); c != 0 {
			return c
		}
	}
	return 0
}

// HasPrefix reports whether v begins with all parts of p as p is written: 17.5
// has the prefixes 17 and 17.5, but not 17.0, and 17.50 doesn't have 17.5.
// Parts that v lacks count as 0, so that equal versions have the same
// prefixes: 17 has the prefix 17.0.
func (v Version) HasPrefix(p Version) bool {
	a, b := v.dotted, p.dotted
	for b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		if comparePart(x, y) != 0 {
			return false
		}
	}
	return true
}

// comparePart compares two runs of digits as numbers; an empty one is 0. Texts
// instead of integers, because a part may have any number of digits.
func comparePart(x, y string) int {
	x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y))
}
