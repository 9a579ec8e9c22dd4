package fleet

import (
	"fmt"
	"strings"

	"github.com/worksctl/worksctl/pkg/api"
)

// Word returns what a person types to confirm a wipe or reset of d: the last
// four characters of its serial number, else of its Vendor ID, else of its
// device id. It is drawn from the device so that a habit can't answer for the
// person. A number is passed over whose last four are not all ASCII letters,
// digits or one of - _ . /, since they may not be seen, told apart or typed.
// Where none fits, it is the last two bytes of the device id as four hexadecimal
// digits.
func Word(d *api.Device) string {
	for _, text := range []string{string(d.SerialNumber), string(d.VendorID), d.DeviceID} {
		if word := lastFour(text); word != "" && strings.IndexFunc(word, cantBeTyped) < 0 {
			return word
		}
	}
	var last uint16
	for _, b := range []byte(d.DeviceID) {
		last = last<<8 | uint16(b)
	}
	return fmt.Sprintf("%04x", last)
}

// lastFour leaves out blanks around text, which an answer loses too.
func lastFour(text string) string {
	runes := []rune(strings.TrimSpace(text))
	return string(runes[max(0, len(runes)-4):])
}

func cantBeTyped(r rune) bool {
	switch {
	case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z':
		return false
	}
	return !strings.ContainsRune("-_./", r)
}
