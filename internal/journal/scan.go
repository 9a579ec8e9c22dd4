package journal

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/worksctl/worksctl/internal/exit"
)

const readBuffer = 256 << 10

// lines reads a file line by line.
type lines struct {
	r      *bufio.Reader
	long   []byte
	number int   // of the line read last, from 1
	end    int64 // of the line read last
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, readBuffer)} }

// next returns a line with its line feed, valid until the next call. At the end
// it is io.EOF; a last line without a line feed comes with it.
func (l *lines) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		l.long = append(l.long[:0], line...)
		for errors.Is(err, bufio.ErrBufferFull) {
			line, err = l.r.ReadSlice('\n')
			l.long = append(l.long, line...)
		}
		line = l.long
	}
	if len(line) > 0 {
		l.number++
		l.end += int64(len(line))
	}
	return line, err
}

// last tells that nothing follows the line read last.
func (l *lines) last() bool {
	_, err := l.r.Peek(1)
	return err != nil
}

// contents is what a journal says.
type contents struct {
	job    Job
	items  outcomes
	holder Holder // of the last process that took hold
	end    int64  // of the last whole line
}

// scanner reads a journal once. The devices are passed over: the checksum tells
// that they are as they were written.
type scanner struct {
	path  string
	lines *lines
	sum   hash.Hash
	contents
}

// scan reads the journal at path from r. A last line that isn't whole was never
// acted on and is passed over; anything else that can't be understood is an
// error.
func scan(path string, r io.Reader) (*contents, error) {
	s := &scanner{path: path, lines: newLines(r), sum: sha256.New()}
	line, err := s.lines.next()
	if err != nil {
		return nil, s.broken(err)
	}
	if err := parse(line, &jobLine{Job: &s.job}); err != nil {
		return nil, s.damaged("this version of worksctl can't read what the job is")
	}
	if id := strings.TrimSuffix(filepath.Base(path), journalSuffix); s.job.ID != id {
		return nil, s.damaged("it is a copy of job %q", s.job.ID)
	}
	s.sum.Write(line)
	if err := s.list(); err != nil {
		return nil, err
	}
	for {
		s.end = s.lines.end
		line, err := s.lines.next()
		switch {
		case errors.Is(err, io.EOF):
			return &s.contents, nil
		case err != nil:
			return nil, notRead(s.path, err)
		case !jsontext.Value(line).IsValid() && s.lines.last():
			return &s.contents, nil
		}
		if err := s.event(line); err != nil {
			return nil, s.damaged("%s", err)
		}
	}
}

// list reads the frozen list and the line that closes it.
func (s *scanner) list() error {
	var o *Outcome
	var same []byte // how o is written
	for {
		line, err := s.lines.next()
		if err != nil {
			return s.broken(err)
		}
		if !bytes.HasPrefix(line, []byte(itemPrefix)) {
			return s.closing(line)
		}
		s.sum.Write(line)
		_, rest, err := splitItem(line[:len(line)-1], len(s.items))
		if err != nil {
			return s.damaged("%s", err)
		}
		if o == nil || !bytes.Equal(rest, same) {
			same = append(same[:0], rest...)
			if o, err = parseRest(rest); err != nil {
				return s.damaged("the outcome of item %d can't be read", len(s.items))
			}
		}
		s.items = append(s.items, o)
	}
}

func (s *scanner) closing(line []byte) error {
	var c closingLine
	switch err := parse(line, &c); {
	case err != nil:
		return s.damaged("neither a device nor the end of the list")
	case c.Items != len(s.items):
		return s.damaged("the list has %d devices, not %d", len(s.items), c.Items)
	case c.SHA256 != hex.EncodeToString(s.sum.Sum(nil)):
		return s.damaged("the list before it was changed: its checksum is another one")
	}
	return nil
}

func (s *scanner) event(line []byte) error {
	var e event
	if err := parse(line, &e); err != nil {
		return errors.New("this version of worksctl doesn't know what it says")
	}
	groups, ok := e.groups()
	if !ok {
		return errors.New("it doesn't say one thing")
	}
	if e.Run != nil {
		s.holder = *e.Run
	}
	for _, g := range groups {
		if err := s.items.check(g.Of, g.Status); err != nil {
			return err
		}
		s.items.apply(g.Of, g.Outcome)
	}
	return nil
}

// broken words a list that ends too early, or that can't be read.
func (s *scanner) broken(err error) error {
	if !errors.Is(err, io.EOF) {
		return notRead(s.path, err)
	}
	return s.damaged("the list of devices ends here, before it is complete")
}

func (s *scanner) damaged(format string, args ...any) error {
	return damaged(s.path, max(s.lines.number, 1), fmt.Sprintf(format, args...))
}

func damaged(path string, line int, what string) error {
	return exit.Failedf("JOURNAL_DAMAGED", "nothing of this job will be sent; look at the file, then move it away",
		"reading the journal %s, line %d: %s", path, line, what)
}
