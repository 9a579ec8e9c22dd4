// Package sheet turns what a web console or a spreadsheet program wrote into
// rows of cells: CSV in the encodings and with the separators of Korea, Japan and
// the West, and Excel workbooks with what kind of value each cell holds. What
// the cells mean is for others to say.
package sheet

import (
	"bytes"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
)

// Format is how a file is written.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Kind is what a cell holds.
type Kind uint8

// The kinds of cells. In CSV all is text.
const (
	Text    Kind = iota
	Number       // of a workbook, in no date format
	Date         // a number in a date format; its text is as in 2026-11-20 10:15:00
	Formula      // what a formula gave when the workbook was saved
	Failure      // an error such as #N/A
)

// Cell is one cell of a row.
type Cell struct {
	Text   string
	Kind   Kind
	Merged bool // it lies under another cell that was merged over it
}

// IsFailure reports whether a text is an error as spreadsheets write it.
func IsFailure(text string) bool {
	switch text {
	case "#N/A", "#NAME?", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!":
		return true
	}
	return len(text) > 2 && strings.Trim(text, "#") == ""
}

// Row is one row of a file.
type Row struct {
	Number int  // as a spreadsheet counts, from 1: a blank line is a row, a line break in a cell is none
	Hidden bool // by a filter or by hand; in workbooks only
	Cells  []Cell
}

// Texts returns the texts of the cells.
func (r Row) Texts() []string {
	texts := make([]string, len(r.Cells))
	for i, c := range r.Cells {
		texts[i] = c.Text
	}
	return texts
}

// Blank reports whether a row holds nothing but blanks of any width. Spreadsheets
// keep such rows.
func (r Row) Blank() bool {
	for _, c := range r.Cells {
		if strings.TrimSpace(c.Text) != "" {
			return false
		}
	}
	return true
}

// Sheet is a whole file.
type Sheet struct {
	Format    Format
	Encoding  string // a name of [Encodings]; empty for a workbook
	Delimiter string // "," or ";" or a tab; empty for a workbook
	Rows      []Row

	date1904 bool
}

// Options say how to read a file.
type Options struct {
	// Encoding is a name for [ParseEncoding]; empty looks at the content.
	Encoding string
	// Known returns how many cells of a row are known headers. By it the
	// separator and the encoding are found.
	Known func(cells []string) int
}

// Read reads the content of a file: the first visible sheet of a workbook, else
// CSV. Errors are [exit.Error]s: code 2 for an encoding that isn't known or that the
// file's byte order mark contradicts, else 1.
func Read(content []byte, o Options) (*Sheet, error) {
	if o.Known == nil {
		o.Known = func([]string) int { return 0 }
	}
	switch {
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		book, err := OpenBook(content)
		if err != nil {
			return nil, err
		}
		return ReadBook(book, book.First())
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")):
		return nil, compound(content)
	}
	if len(content) > MaxSize {
		return nil, tooLarge("split it into several files", "the file is larger than %d MiB", MaxSize>>20)
	}
	text, encoding, err := decode(content, o)
	if err != nil {
		return nil, err
	}
	delimiter, _ := findDelimiter(text, o.Known)
	rows, err := split(text, delimiter)
	if err != nil {
		return nil, err
	}
	return &Sheet{Format: CSV, Encoding: encoding, Delimiter: string(delimiter), Rows: rows}, nil
}

// compound is the error for a file of the old Microsoft Office, which a workbook
// with a password is too.
func compound(content []byte) error {
	if bytes.Contains(content, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")) {
		return exit.Failedf("FILE_FORMAT", "save it as .xlsx without a password", "the file is an encrypted Excel file")
	}
	return exit.Failedf("FILE_FORMAT", "save it as .xlsx or CSV", "the file is an old Excel file")
}
