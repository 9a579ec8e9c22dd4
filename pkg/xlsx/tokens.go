package xlsx

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
)

const (
	maxToken = 4 << 20 // bytes of one tag or text: a cell's text has 200 KiB at most
	maxDepth = 64      // elements within elements
	maxText  = 1 << 20 // bytes of one cell or shared string
)

// tokens reads the XML of a part. It uses raw tokens, which cost less and show
// no namespaces, so programs may use any prefix, and does what these leave out:
// it checks that elements nest, and bounds what one token may take.
type tokens struct {
	xml  *xml.Decoder
	in   limited
	open []xml.Name
}

func newTokens(r io.Reader) *tokens {
	t := &tokens{in: limited{r: bufio.NewReaderSize(r, 32<<10)}}
	t.xml = xml.NewDecoder(&t.in)
	return t
}

// next returns the next token, valid until the next call; io.EOF at the end of
// a complete document.
func (t *tokens) next() (xml.Token, error) {
	t.in.left = maxToken
	token, err := t.xml.RawToken()
	if err != nil {
		if errors.Is(err, io.EOF) && len(t.open) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	switch e := token.(type) {
	case xml.StartElement:
		if len(t.open) == maxDepth {
			return nil, fmt.Errorf("%w: elements nest deeper than %d", ErrTooLarge, maxDepth)
		}
		t.open = append(t.open, e.Name)
	case xml.EndElement:
		top := len(t.open) - 1
		if top < 0 || t.open[top] != e.Name {
			return nil, fmt.Errorf("%w: element %s ends where it is not open", ErrFormat, e.Name.Local)
		}
		t.open = t.open[:top]
	}
	return token, nil
}

// within reports whether the innermost open element stands directly in parents,
// the outermost first.
func (t *tokens) within(parents ...string) bool {
	if len(t.open) != len(parents)+1 {
		return false
	}
	for i, p := range parents {
		if t.open[i].Local != p {
			return false
		}
	}
	return true
}

// elements yields the elements of a part as they begin, then the error, if any.
func (t *tokens) elements() iter.Seq2[xml.StartElement, error] {
	return func(yield func(xml.StartElement, error) bool) {
		for {
			token, err := t.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(xml.StartElement{}, err)
				return
			}
			if e, ok := token.(xml.StartElement); ok && !yield(e, nil) {
				return
			}
		}
	}
}

// appendText appends the text directly in the innermost open element, to its
// end. It drops white space around it unless keep is set.
func (t *tokens) appendText(dst []byte, keep bool) ([]byte, error) {
	depth, start := len(t.open), len(dst)
	for {
		token, err := t.next()
		if err != nil {
			return nil, err
		}
		switch e := token.(type) {
		case xml.CharData:
			if len(t.open) > depth {
				continue
			}
			if dst = append(dst, e...); len(dst) > maxText {
				return nil, fmt.Errorf("%w: a text of more than 1 MiB", ErrTooLarge)
			}
		case xml.EndElement:
			if len(t.open) >= depth {
				continue
			}
			if keep {
				return dst, nil
			}
			return trim(dst, start), nil
		}
	}
}

// trim drops XML white space around dst[start:].
func trim(dst []byte, start int) []byte {
	space := func(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
	for len(dst) > start && space(dst[len(dst)-1]) {
		dst = dst[:len(dst)-1]
	}
	at := start
	for at < len(dst) && space(dst[at]) {
		at++
	}
	return append(dst[:start], dst[at:]...)
}

// skip reads to the end of the innermost open element.
func (t *tokens) skip() error {
	depth := len(t.open)
	for len(t.open) >= depth {
		if _, err := t.next(); err != nil {
			return err
		}
	}
	return nil
}

// attribute returns the value of the attribute with a local name.
func attribute(e xml.StartElement, local string) string {
	for i := range e.Attr {
		if e.Attr[i].Name.Local == local && e.Attr[i].Name.Space != "xmlns" {
			return e.Attr[i].Value
		}
	}
	return ""
}

func isTrue(s string) bool { return s == "1" || s == "true" }

// limited fails when one token takes more than left bytes: the decoder holds
// a token in memory as a whole.
type limited struct {
	r    *bufio.Reader
	left int
}

func (l *limited) ReadByte() (byte, error) {
	if l.left--; l.left < 0 {
		return 0, fmt.Errorf("%w: a tag or text of more than 4 MiB", ErrTooLarge)
	}
	return l.r.ReadByte()
}

// Read makes an io.Reader of it; the decoder uses ReadByte.
func (l *limited) Read(p []byte) (int, error) { return l.r.Read(p) }
