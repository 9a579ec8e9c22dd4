package api

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// rowDecoder decodes one row of a page.
type rowDecoder[T any] func(*reader, *T) error

// page decodes {"<field>":[rows],"responseMetaData":{"nextCursor":"…"}}. Rows
// are put into rows, whose memory is used again. An answer without an array in
// field breaks the contract: it is no empty page.
func page[T any](r *reader, body []byte, op, field string, row rowDecoder[T], rows []T) ([]T, string, error) {
	r.reset(body)
	rows = rows[:0]
	var cursor, place string
	found := false
	ok, err := r.object("answer", func(name []byte) (n int, err error) {
		switch string(name) {
		case field:
			n = 0
			found = true
			rows, place, err = pageRows(r, field, row, rows[:0])
		case "responseMetaData":
			n = 1
			cursor, err = r.nextCursor()
		default:
			n, err = unknownMember, r.skip()
		}
		return n, err
	})
	switch {
	case err == nil && !ok:
		err = &wrongKind{"answer", "an object", "null"}
	case err == nil:
		err = r.end()
	}
	if err != nil {
		return nil, "", faultOf(op, place, err)
	}
	if !found {
		return nil, "", &BackendError{Op: op, Reason: fmt.Sprintf("the answer has no %q", field)}
	}
	return rows, cursor, nil
}

func pageRows[T any](r *reader, field string, row rowDecoder[T], rows []T) (_ []T, place string, err error) {
	if ok, err := r.open(field, '['); !ok {
		if err == nil {
			err = &wrongKind{field, "an array", "null"}
		}
		return nil, "", err
	}
	for r.more() {
		n := len(rows)
		if n == cap(rows) {
			var zero T
			rows = append(rows, zero)
		}
		rows = rows[:n+1]
		if err := row(r, &rows[n]); err != nil {
			return nil, fmt.Sprintf("%s[%d]", field, n), err
		}
	}
	return rows, "", r.close()
}

func (r *reader) nextCursor() (cursor string, err error) {
	_, err = r.object("responseMetaData", func(name []byte) (n int, err error) {
		if string(name) != "nextCursor" {
			return unknownMember, r.skip()
		}
		cursor, err = r.text("responseMetaData.nextCursor")
		return n, err
	})
	return cursor, err
}

// jsonRow decodes a row by reflection, for listings that are never long.
func jsonRow[T any](r *reader, row *T) error {
	var zero T
	*row = zero
	err := json.UnmarshalDecode(r.dec, row)
	if e, ok := errors.AsType[*json.SemanticError](err); ok {
		field := strings.ReplaceAll(strings.TrimPrefix(rowPointer(e.JSONPointer), "/"), "/", ".")
		return &wrongKind{field, "another type", kindName(e.JSONKind)}
	}
	return err
}

// rowPointer drops the page's part of a pointer: /devices/17/os/version is
// /os/version.
func rowPointer(p jsontext.Pointer) string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(string(p), "/"), "/")
	_, rest, _ = strings.Cut(rest, "/")
	return rest
}
