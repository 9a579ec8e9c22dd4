package cmd

import (
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/internal/exit"
)

// refuseOwn refuses to act by a path that has a command of its own: that one
// asks for the right word, knows what is impossible, and keeps a record.
//
// base is the path of the API's address, which may end in a part of such a path.
func refuseOwn(base, raw string) error {
	plain := decodeAll(base + "/" + raw)
	elements := carelessly(plain)
	if slices.Contains(elements, "..") || !utf8.ValidString(plain) {
		return exit.Usagef("BAD_PATH", "", "%s must not hold .. as an element, nor what is not UTF-8", raw)
	}
	for i, element := range elements {
		if own := memberCommand(element, elements[i+1:]); own != "" {
			return exit.Usagef("HAS_A_COMMAND", own, "%s has a command of its own, which shows whom it concerns and keeps a record", raw)
		}
		if element != "security" || i+1 == len(elements) {
			continue
		}
		if own := ownCommand(elements[i+1:]); own != "" {
			return exit.Usagef("HAS_A_COMMAND", own, "%s has a command of its own, which knows what must not be done", raw)
		}
	}
	return nil
}

// carelessly reads a decoded path as the most careless server may: in any letter
// case and width, without empty elements and characters that don't show, without
// parameters or what a second query or fragment would be, and without the dots
// and blanks at an element's end that Windows leaves out.
func carelessly(plain string) (elements []string) {
	plain = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.C, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			return -1
		}
		return unicode.ToLower(unicode.ToUpper(r)) // ı, too, is an i to some
	}, norm.NFKC.String(plain))
	for element := range strings.SplitSeq(strings.NewReplacer(`\`, "/", ":", "/").Replace(plain), "/") {
		if at := strings.IndexAny(element, ";?#"); at >= 0 {
			element = element[:at]
		}
		element = strings.TrimSpace(element)
		switch bare := strings.TrimRight(element, ". "); {
		case bare != "":
			elements = append(elements, bare)
		case len(element) > 1:
			elements = append(elements, "..")
		}
	}
	return elements
}

// decodeAll takes out every percent-encoding, also of what is one only after
// another was taken out. What is none stays.
func decodeAll(text string) string {
	encoded := regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	for {
		plain := encoded.ReplaceAllStringFunc(text, func(code string) string {
			b, _ := hex.DecodeString(code[1:]) // two digits
			return string(b)
		})
		if plain == text {
			return text
		}
		text = plain
	}
}

// memberCommand is the command for what acts on a member.
func memberCommand(element string, rest []string) string {
	if element != "users" || len(rest) < 2 {
		return ""
	}
	switch rest[len(rest)-1] {
	case "force-logout":
		return "worksctl members sign-out --help"
	case "suspend", "unsuspend":
		return "worksctl members " + rest[len(rest)-1] + " --help"
	}
	return ""
}

// ownCommand is the command for what acts below /security.
func ownCommand(elements []string) string {
	last := elements[len(elements)-1]
	switch elements[0] {
	case "device-commands":
		return "worksctl jobs cancel --help"
	case "mdm":
		return "worksctl mdm --help"
	case "devices":
		switch {
		case last == "wipe" || last == "reset":
			return "worksctl " + last + " --help"
		case len(elements) > 2 && elements[2] == "mdm":
			return "worksctl mdm --help"
		case last == "update-notifications":
			return "worksctl notify --help"
		}
		return "worksctl devices --help"
	}
	return ""
}
