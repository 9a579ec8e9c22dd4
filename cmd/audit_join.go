package cmd

import (
	"bytes"
	"fmt"
	"io"

	"github.com/worksctl/worksctl/pkg/api"
)

// joinedLog is a log put together of CSV parts with the same header, which
// [api.AuditService.Download] has found whole. What is in
// the parts stays as it is, byte for byte, but for the headers and byte order
// marks of later parts and a line feed where a part lacks its last one.
type joinedLog struct {
	w       io.Writer
	header  []byte // of the first part, with its byte order mark and line end
	parts   int
	records int
}

// counted is how many records the log has, without its header.
func (l *joinedLog) counted() string {
	if l.records == 1 {
		return "1 line"
	}
	return fmt.Sprintf("%d lines", l.records)
}

// part begins the next part. It is for one goroutine, and until finish.
func (l *joinedLog) part() *logPart {
	l.parts++
	return &logPart{log: l}
}

// logPart writes one part on.
type logPart struct {
	log    *joinedLog
	header []byte // as far as it is read
	begun  bool   // the header is over
	quoted bool   // within quotes, where a line feed ends no record
	open   bool   // a record has begun and not ended
}

const mostHeader = 64 << 10

// Write takes more of the part.
func (p *logPart) Write(b []byte) (int, error) {
	rest := b
	if !p.begun {
		end := p.recordEnd(b)
		if end < 0 {
			if p.header = append(p.header, b...); len(p.header) > mostHeader {
				return 0, notALog("its first line does not end")
			}
			return len(b), nil
		}
		p.header, rest = append(p.header, b[:end]...), b[end:]
		if err := p.begin(); err != nil {
			return 0, err
		}
	}
	for at := 0; at < len(rest); {
		end := p.recordEnd(rest[at:])
		if end < 0 {
			break
		}
		at += end
		p.log.records++
	}
	if _, err := p.log.w.Write(rest); err != nil {
		return 0, err
	}
	return len(b), nil
}

// recordEnd is where the record ends that b begins with or goes on with; -1
// where it goes on behind b.
func (p *logPart) recordEnd(b []byte) int {
	for i, c := range b {
		switch {
		case c == '"':
			p.quoted = !p.quoted
		case c == '\n' && !p.quoted:
			p.open = false
			return i + 1
		}
		p.open = true
	}
	return -1
}

// begin writes the first part's header and compares those of the others.
func (p *logPart) begin() error {
	p.begun = true
	if p.log.header == nil {
		p.log.header = p.header
		_, err := p.log.w.Write(p.header)
		return err
	}
	if !bytes.Equal(bareHeader(p.header), bareHeader(p.log.header)) {
		return notALog(fmt.Sprintf("part %d has other columns than those before it", p.log.parts))
	}
	return nil
}

func bareHeader(h []byte) []byte {
	return bytes.TrimRight(bytes.TrimPrefix(h, []byte("\ufeff")), "\r\n")
}

// finish ends the last record, where the part doesn't.
func (p *logPart) finish() error {
	switch {
	case !p.begun: // a header without a line end
		p.header = append(p.header, '\n')
		return p.begin()
	case p.open:
		p.log.records++
		_, err := p.log.w.Write([]byte{'\n'})
		return err
	}
	return nil
}

func notALog(why string) error {
	return fmt.Errorf("%w: %s", api.ErrAuditDamaged, why)
}
