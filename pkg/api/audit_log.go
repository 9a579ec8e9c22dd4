package api

import (
	"bytes"
	"fmt"
)

// auditLog reads a log as CSV records while it passes, to tell whether it is
// whole. Its zero value is ready for use; finish says what was found.
//
// Three things can't be told: a whole log whose last record has the words of the
// error line in a cell without quotes counts as not whole; an error line behind a
// whole record, between quotes that close, counts as a cell of it; and so does
// one below which its message goes on with a line of as many commas as a record.
type auditLog struct {
	record []byte // under way, as far as mostRecord
	cells  int    // separators of that record
	quoted bool   // within quotes, where neither separators nor line feeds count
	closed bool   // the last byte closed quotes
	torn   bool   // something follows closed quotes, as where a cell was cut

	width   int  // separators of the header; 0 before it is read
	suspect bool // the last record as wide as the header has the error line in it
	err     error
}

const (
	auditErrorText = "downloadLogs error"
	mostRecord     = 1 << 20
)

// Write never fails: a log that isn't whole is read to its end, so that its
// connection can be used again.
func (l *auditLog) Write(p []byte) (int, error) {
	for _, b := range p {
		if len(l.record) < mostRecord {
			l.record = append(l.record, b)
		}
		closed := false
		switch {
		case b == '"':
			closed = l.quoted
			l.quoted = !l.quoted
		case l.quoted:
		case b == '\n':
			l.end()
		case b == ',':
			l.cells++
		case b != '\r':
			l.torn = l.torn || l.closed
		}
		l.closed = closed
	}
	return len(p), nil
}

// end judges a record. The first fault counts. The error line of the server is a
// record that begins with its text, or one that was cut, in the middle of a cell
// or before its last, and goes on with it. Its commas may fill up a record that
// was cut: as the line stands at the end of a log, one in a cell without quotes
// is suspect until another record follows.
func (l *auditLog) end() {
	record := bytes.TrimLeft(bytes.TrimPrefix(l.record, []byte("\ufeff")), " \t\r\n\"")
	cut := l.torn || l.quoted || l.cells != l.width
	switch {
	case l.err != nil:
	case bytes.HasPrefix(record, []byte(auditErrorText)), l.width > 0 && cut && bytes.Contains(record, []byte(auditErrorText)):
		l.err = ErrAuditIncomplete
	case bytes.IndexByte(l.record, 0) >= 0:
		l.err = fmt.Errorf("%w: it has zero bytes in it", ErrAuditDamaged)
	case l.quoted:
		l.err = fmt.Errorf("%w: it ends within a quoted field", ErrAuditDamaged)
	case l.width > 0 && cut: // no record: a blank line, say, or the message goes on
	case l.width > 0:
		l.suspect = saysError(l.record)
	case l.cells == 0, len(record) == 0, record[0] == '<', record[0] == '{': // XML, JSON, a sentence
		l.err = fmt.Errorf("%w: it doesn't begin with the names of columns", ErrAuditDamaged)
	default:
		l.width, l.suspect = l.cells, saysError(l.record)
	}
	l.record, l.cells, l.torn, l.quoted = l.record[:0], 0, false, false
}

// saysError reports whether a cell without quotes around it has the error's text.
func saysError(record []byte) bool {
	for bytes.Contains(record, []byte(auditErrorText)) {
		quoted := false
		end := bytes.IndexFunc(record, func(r rune) bool {
			quoted = quoted != (r == '"')
			return r == ',' && !quoted
		})
		cell := record
		if end >= 0 {
			cell = record[:end]
		}
		if !bytes.HasPrefix(cell, []byte{'"'}) && bytes.Contains(cell, []byte(auditErrorText)) {
			return true
		}
		record = bytes.TrimPrefix(record[len(cell):], []byte{','})
	}
	return false
}

// finish says what is wrong with the log.
func (l *auditLog) finish() error {
	if len(l.record) > 0 {
		l.end()
	}
	switch {
	case l.err != nil:
		return l.err
	case l.width == 0:
		return fmt.Errorf("%w: it is empty, without even a header", ErrAuditDamaged)
	case l.suspect:
		return ErrAuditIncomplete
	}
	return nil
}
