package devicefile

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// jsonRows reads devices from one JSON array or from a sequence of objects,
// with any white space between them: ndjson as written and as jq leaves it.
type jsonRows struct {
	dec   *jsontext.Decoder
	array bool
	only  bool // what names a device counts, nothing else
	item  int  // position of the value read last, from 1
}

func newJSON(r *bufio.Reader, array, identities bool) *jsonRows {
	return &jsonRows{dec: jsontext.NewDecoder(r), array: array, only: identities}
}

// columns returns nil: a row without one of the contract's fields is a problem.
func (j *jsonRows) columns() []string { return nil }

func (j *jsonRows) next() (Row, error) {
	if j.array && j.item == 0 {
		if _, err := j.dec.ReadToken(); err != nil {
			return Row{}, j.bad(err)
		}
	}
	if j.array && j.dec.PeekKind() == ']' {
		return Row{}, j.end()
	}
	raw, err := j.dec.ReadValue()
	if errors.Is(err, io.EOF) && !j.array {
		return Row{}, io.EOF
	}
	j.item++
	if err != nil {
		return Row{}, j.bad(err)
	}
	if j.only {
		return j.identity(raw), nil
	}
	return j.decode(raw), nil
}

// end makes sure that nothing comes after the array.
func (j *jsonRows) end() error {
	if _, err := j.dec.ReadToken(); err != nil {
		return j.bad(err)
	}
	switch _, err := j.dec.ReadToken(); {
	case err == nil:
		return exit.Failedf("FILE_FORMAT", "", "something follows the array of devices")
	case errors.Is(err, io.EOF):
		return io.EOF
	default:
		return j.bad(err)
	}
}

func (j *jsonRows) bad(err error) error {
	why := "is not valid JSON"
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		why = "the file ends before it is complete"
	} else if _, ok := errors.AsType[*jsontext.SyntacticError](err); !ok {
		return err
	}
	return exit.Failedf("FILE_FORMAT", "", "item %d: %s (at byte %d)", max(j.item, 1), why, j.dec.InputOffset())
}

func (j *jsonRows) decode(raw jsontext.Value) Row {
	row := Row{Line: j.item, Device: allMissing()}
	d := &row.Device
	if err := json.Unmarshal(raw, d); err != nil {
		row.Device = api.Device{}
		row.addKind(err)
		return row
	}
	for _, name := range takeMissing(d) {
		row.addItem(name, "is missing")
	}
	if why := badTime(d.LastAccessTime); why != "" {
		d.LastAccessTime = ""
		row.addItem("lastAccessTime", why)
	}
	return row
}

// addKind notes that a value is not of the kind that it has to be.
func (r *Row) addKind(err error) {
	if e, ok := errors.AsType[*json.SemanticError](err); ok && e.JSONPointer != "" {
		r.addItem(dotted(e.JSONPointer), "has a value of the wrong kind")
		return
	}
	r.addItem("", "is no device")
}

// addItem notes a problem of a value of JSON.
func (r *Row) addItem(column, text string) {
	r.Problems = append(r.Problems, Problem{Place: "item " + strconv.Itoa(r.Line), Column: column, Text: text})
}

func dotted(p jsontext.Pointer) string {
	return strings.ReplaceAll(strings.TrimPrefix(string(p), "/"), "/", ".")
}
