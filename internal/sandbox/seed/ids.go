package seed

// uuid draws a random UUID (RFC 9562, version 4), in lower case.
func (f *fleet) uuid() string { return f.uuidWith("0123456789abcdef") }

func (f *fleet) uuidWith(digits string) string {
	var b [36]byte
	high, low := f.Uint64(), f.Uint64()
	for i := range b {
		switch i {
		case 8, 13, 18, 23:
			b[i] = '-'
			continue
		case 18 + 1:
			b[i] = digits[8|low&3]
		case 14:
			b[i] = '4'
			continue
		default:
			b[i] = digits[low&15]
		}
		low = low>>4 | high<<60
		high >>= 4
	}
	return string(b[:])
}

// vendorID draws a Vendor ID as the system makes it: iOS, macOS and Windows an
// upper-case UUID, Android 16 hexadecimal digits.
func (f *fleet) vendorID(os string) string {
	if os == android {
		return f.fill("xxxxxxxxxxxxxxxx")
	}
	return f.uuidWith("0123456789ABCDEF")
}

// fill replaces the characters of a pattern: # by a digit, ? by a capital
// letter, @ by either, x by a hexadecimal digit. Like real serial numbers it
// leaves out I and O.
func (f *fleet) fill(pattern string) string {
	const digits, letters = "0123456789", "ABCDEFGHJKLMNPQRSTUVWXYZ"
	b := []byte(pattern)
	for i, c := range b {
		var from string
		switch c {
		case '#':
			from = digits
		case '?':
			from = letters
		case '@':
			from = digits + letters
		case 'x':
			from = "0123456789abcdef"
		default:
			continue
		}
		b[i] = from[f.IntN(len(from))]
	}
	return string(b)
}

// serial draws a serial number of the maker's form. A few are of the kind that
// spreadsheets damage or that makers forget to fill in.
func (f *fleet) serial(m model) string {
	switch {
	case !f.chance(1):
		return f.fill(m.serial)
	case m.os == windows:
		return anyOf(f, []string{"Default string", "To be filled by O.E.M.", "00000000", "1234567890123456"})
	default:
		return f.fill(anyOf(f, []string{"##E###", "1#E1#", "000#####", "00#", "################", "##-1#"}))
	}
}
