package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

var errRepeatedMember = errors.New("an object has a member twice")

// reader decodes JSON at the level of tokens: about a quarter of encoding/json's
// time for a page of devices (BenchmarkDecodePage). It reads a body without copying it; the texts it
// returns are copies.
type reader struct {
	dec    *jsontext.Decoder
	src    bytes.Buffer
	name   []byte            // the last name that held an escape, unquoted
	common map[string]string // texts that many rows share
}

func newReader() *reader {
	return &reader{dec: jsontext.NewDecoder(bytes.NewReader(nil)), common: map[string]string{}}
}

func (r *reader) reset(body []byte) {
	r.src = *bytes.NewBuffer(body)
	r.dec.Reset(&r.src, jsontext.AllowDuplicateNames(true))
}

// wrongKind says that a value isn't of the type the contract gives it.
type wrongKind struct {
	field     string
	want, got string
}

func (e *wrongKind) Error() string { return e.field + ": want " + e.want + ", got " + e.got }

func kindName(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a text"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return "nothing"
}

// open enters an object or array; it is false for null.
func (r *reader) open(field string, kind jsontext.Kind) (bool, error) {
	got := r.dec.PeekKind()
	if got != kind && got != 'n' && got != 0 {
		return false, &wrongKind{field, kindName(kind), kindName(got)}
	}
	_, err := r.dec.ReadToken()
	return got == kind, err
}

// more reports whether the open object or array has another member.
func (r *reader) more() bool {
	k := r.dec.PeekKind()
	return k != '}' && k != ']' && k != 0
}

// close leaves an object or array, or returns why more stopped before its end.
func (r *reader) close() error {
	_, err := r.dec.ReadToken()
	return err
}

// end makes sure that nothing follows the decoded value.
func (r *reader) end() error {
	_, err := r.dec.ReadToken()
	switch {
	case err == nil:
		return errors.New("more follows after its end")
	case errors.Is(err, io.EOF):
		return nil
	}
	return err
}

// unknownMember stands for a member that the contract doesn't name.
const unknownMember = -1

// object reads an object: member is called for each of its members, with the
// reader at the value and a name that is valid until it reads, and says which
// of the known members that was, from 0. It is false for null.
//
// Of a member that stands there twice nobody can say which one counts. The
// tokenizer could refuse those by itself, but at a third of the whole
// decoding's time.
func (r *reader) object(field string, member func(name []byte) (n int, err error)) (bool, error) {
	if ok, err := r.open(field, '{'); !ok {
		return false, err
	}
	seen, twice := uint64(0), false
	for r.more() {
		name, err := r.member()
		if err != nil {
			return true, err
		}
		n, err := member(name)
		if err != nil {
			return true, err
		}
		if n != unknownMember {
			twice = twice || seen&(1<<n) != 0
			seen |= 1 << n
		}
	}
	if twice {
		return true, errRepeatedMember
	}
	return true, r.close()
}

// member reads a member's name; the result is valid until the next read.
func (r *reader) member() ([]byte, error) {
	raw, err := r.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1], nil
	}
	r.name, err = jsontext.AppendUnquote(r.name[:0], raw)
	return r.name, err
}

func (r *reader) skip() error { return r.dec.SkipValue() }

// quoted reads a text as it stands in the body, nil for null.
func (r *reader) quoted(field string) ([]byte, error) {
	raw, err := r.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	switch raw.Kind() {
	case '"':
		return raw, nil
	case 'n':
		return nil, nil
	}
	return nil, &wrongKind{field, "a text", kindName(raw.Kind())}
}

// text reads a text; null is the empty one.
func (r *reader) text(field string) (string, error) {
	raw, err := r.quoted(field)
	if err != nil || raw == nil {
		return "", err
	}
	return unquote(raw)
}

func unquote(raw []byte) (string, error) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), nil
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	return string(text), err
}

// commonText reads a text of which few different ones are expected, so that
// rows share its memory.
func (r *reader) commonText(field string) (string, error) {
	raw, err := r.quoted(field)
	if err != nil || raw == nil {
		return "", err
	}
	if s, ok := r.common[string(raw)]; ok {
		return s, nil
	}
	s, err := unquote(raw)
	if err == nil && len(r.common) < maxCommon && len(raw) <= maxCommonLen {
		r.common[string(raw)] = s
	}
	return s, err
}

// What a listing keeps of shared texts at most: 1,024 × 64 bytes.
const (
	maxCommon    = 1024
	maxCommonLen = 64
)

// int32 reads a whole number; null is 0.
func (r *reader) int32(field string) (int32, error) {
	raw, err := r.dec.ReadValue()
	if err != nil {
		return 0, err
	}
	switch raw.Kind() {
	case 'n':
		return 0, nil
	case '0':
		n, err := strconv.ParseInt(string(raw), 10, 32)
		if err != nil {
			return 0, &wrongKind{field, "a whole number of 32 bits", string(raw)}
		}
		return int32(n), nil
	}
	return 0, &wrongKind{field, "a number", kindName(raw.Kind())}
}

// faultOf makes a decoder's error one of the back end, naming the place.
func faultOf(op, place string, err error) error {
	if e, ok := errors.AsType[*wrongKind](err); ok {
		if place != "" {
			return &BackendError{Op: op, Reason: place + "." + e.Error()}
		}
		return &BackendError{Op: op, Reason: e.Error()}
	}
	if place != "" {
		return &BackendError{Op: op, Reason: fmt.Sprintf("the answer can't be read at %s", place), Err: plainJSONError(err)}
	}
	return &BackendError{Op: op, Reason: "the answer can't be read", Err: plainJSONError(err)}
}
