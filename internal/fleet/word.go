package fleet

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/pkg/api"
)

// Word returns what a person types to confirm a wipe or reset of d: the last
// four characters of its serial number, else of its Vendor ID, else of its
// device id. It is drawn from the device so that a habit can't answer for the
// person. It is in NFC; a number that nobody can type, for a control character
// say, is passed over.
func Word(d *api.Device) string {
	for _, text := range []string{string(d.SerialNumber), string(d.VendorID)} {
		if word := lastFour(text); word != "" && strings.IndexFunc(word, cantBeTyped) < 0 {
			return word
		}
	}
	return lastFour(d.DeviceID)
}

// lastFour leaves out blanks around text, which an answer loses too.
func lastFour(text string) string {
	runes := []rune(norm.NFC.String(strings.TrimSpace(text)))
	return strings.TrimSpace(string(runes[max(0, len(runes)-4):]))
}

func cantBeTyped(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }
