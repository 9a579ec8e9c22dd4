package api

import (
	"bytes"
	"fmt"
)

// auditLog reads a log as CSV records while it passes, to tell whether it is
// whole. Its zero value is ready for use; finish says what was found.
type auditLog struct {
	record []byte // under way, as far as mostRecord
	cells  int    // separators of that record
	quoted bool   // within quotes, where neither separators nor line feeds count
	closed bool   // the last byte closed quotes
	torn   bool   // something follows closed quotes, as where a cell was cut

	width int // separators of the header; 0 before it is read
	err   error
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
// or before its last, and goes on with it: a whole record may quote it.
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
	case l.width > 0:
	case l.cells == 0, len(record) == 0, record[0] == '<', record[0] == '{': // XML, JSON, a sentence
		l.err = fmt.Errorf("%w: it doesn't begin with the names of columns", ErrAuditDamaged)
	default:
		l.width = l.cells
	}
	l.record, l.cells, l.torn, l.quoted = l.record[:0], 0, false, false
}

// finish says what is wrong with the log.
func (l *auditLog) finish() error {
	if len(l.record) > 0 {
		l.end()
	}
	if l.err == nil && l.width == 0 {
		return fmt.Errorf("%w: it is empty, without even a header", ErrAuditDamaged)
	}
	return l.err
}
