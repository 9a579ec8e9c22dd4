package output

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// Format names a way to write rows.
type Format string

// The formats. [Formats] and [FileFormats] say where each is offered.
const (
	Table    Format = "table"
	Wide     Format = "wide"
	CSV      Format = "csv"
	JSON     Format = "json"
	NDJSON   Format = "ndjson"
	YAML     Format = "yaml"
	XLSX     Format = "xlsx"
	ExcelCSV Format = "excel" // CSV for spreadsheet programs; asked for by a flag, not by name
)

// Formats returns the formats of a listing on standard output, the default
// first.
func Formats() []Format { return []Format{Table, Wide, CSV, JSON, NDJSON, YAML} }

// FileFormats returns the formats of an exported file, the default first.
func FileFormats() []Format { return []Format{CSV, NDJSON, JSON, XLSX} }

// ParseFormat finds name among the formats allowed. Another name makes an
// [*UnknownFormatError].
func ParseFormat(name string, allowed []Format) (Format, error) {
	known := make([]string, len(allowed))
	for i, f := range allowed {
		if string(f) == name {
			return f, nil
		}
		known[i] = string(f)
	}
	return "", &UnknownFormatError{Name: name, Known: known}
}

// UnknownFormatError says that a name is none of the formats on offer.
type UnknownFormatError struct {
	Name  string
	Known []string // the formats on offer
}

func (e *UnknownFormatError) Error() string {
	return unknown("format", e.Name, e.Known)
}

// Options are the choices of [New]. The zero value is fit for a pipe.
type Options[T any] struct {
	NoHeaders bool // leave out the header row of table, wide, csv and excel
	// Width is the terminal's width in cells. 0 stands for no terminal: table
	// cells are never shortened and columns never hidden.
	Width int
	// Encode appends a row as JSON, for json, ndjson, yaml and JQ; nil stands
	// for [EncodeJSON].
	Encode Encoder[T]

	JQ       *JQ             // program applied to json and ndjson, or nil
	Context  context.Context // stops a running JQ program; nil: nothing does
	Terminal bool            // raw strings from JQ go to a terminal and are cleaned
}

// New makes the sink for a format, which writes exactly the columns given to w.
// It fails for a format it doesn't know and for a JQ program with a format that
// isn't json or ndjson.
func New[T any](w io.Writer, f Format, cols []Column[T], o Options[T]) (Sink[T], error) {
	if o.Encode == nil {
		o.Encode = EncodeJSON[T]
	}
	if o.JQ != nil {
		if f != JSON && f != NDJSON {
			return nil, fmt.Errorf("a jq program works on json and ndjson, not on %s: choose one of these formats", f)
		}
		return newJQSink(w, f == JSON, o), nil
	}
	switch f {
	case Table:
		return NewTable(w, cols, o.Width, o.NoHeaders), nil
	case Wide:
		return NewTable(w, cols, 0, o.NoHeaders), nil
	case CSV:
		return NewCSV(w, cols, o.NoHeaders), nil
	case ExcelCSV:
		return NewExcelCSV(w, cols, o.NoHeaders), nil
	case JSON:
		return NewJSON(w, o.Encode), nil
	case NDJSON:
		return NewNDJSON(w, o.Encode), nil
	case YAML:
		return NewYAML(w, o.Encode), nil
	case XLSX:
		return NewXLSX(w, cols), nil
	default:
		return nil, &UnknownFormatError{Name: string(f), Known: strings.Fields("table wide csv json ndjson yaml xlsx excel")}
	}
}
