package xlsx

import (
	"encoding/xml"
	"fmt"
)

// readShared reads the table of shared strings, which cells refer to.
func (f *File) readShared(t *tokens) error {
	const header = 16 // bytes that a string takes beside its text
	left := f.limits.Shared
	var buf []byte
	for _, err := range t.elements() {
		if err != nil {
			return err
		}
		if !t.within("sst") {
			continue
		}
		if buf, err = t.appendString(buf[:0]); err != nil {
			return fmt.Errorf("shared string %d: %w", len(f.shared), err)
		}
		if left -= int64(len(buf)) + header; left < 0 {
			return fmt.Errorf("%w: shared strings of more than %d bytes", ErrTooLarge, f.limits.Shared)
		}
		f.shared = append(f.shared, unescape(string(buf)))
	}
	return nil
}

// appendString appends the text of the innermost open element, a shared or
// inline string (CT_Rst): that of its own and of its runs, without phonetic
// hints, which Japanese Excel puts beside what was typed.
func (t *tokens) appendString(dst []byte) ([]byte, error) {
	depth := len(t.open)
	for {
		token, err := t.next()
		if err != nil {
			return nil, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "t":
				if dst, err = t.appendText(dst, attribute(e, "space") == "preserve"); err != nil {
					return nil, err
				}
			case "r": // a run
			default:
				if err := t.skip(); err != nil {
					return nil, err
				}
			}
		case xml.EndElement:
			if len(t.open) < depth {
				return dst, nil
			}
		}
	}
}
