package ledger

import (
	"bufio"
	"io"
	"os"

	"github.com/worksctl/worksctl/internal/atomicfile"
)

// compact replaces the file by one with only the lines that still hold. Other
// processes then find that theirs doesn't continue.
func (l *log) compact() error {
	old, err := os.Open(l.path)
	if err != nil {
		return err
	}
	defer old.Close()
	next, err := atomicfile.Create(l.path, 0o600)
	if err != nil {
		return err
	}
	defer next.Abort()
	if err := l.rewrite(next, io.NewSectionReader(old, 0, l.end)); err != nil {
		return err
	}
	_ = old.Close() // an open file can't be replaced everywhere
	if err := next.Commit(); err != nil {
		return err
	}
	l.forget()
	return nil
}

func (l *log) rewrite(to io.Writer, from io.Reader) error {
	r := bufio.NewReaderSize(from, readBuffer)
	line, sum, err := l.head()
	if err != nil {
		return err
	}
	if _, err := to.Write(line); err != nil {
		return err
	}
	keep := l.book.sieve()
	var was uint32
	for n := range l.lines {
		read, err := readLine(r)
		if err != nil {
			return err
		}
		text, next, err := unseal(read, was)
		if err != nil {
			return err
		}
		was = next
		if n == 0 {
			continue // the header
		}
		kept, err := keep(text)
		if err != nil {
			return err
		}
		if kept == nil {
			continue
		}
		if line, sum, err = seal(line[:0], sum, kept); err != nil {
			return err
		}
		if _, err := to.Write(line); err != nil {
			return err
		}
	}
	return nil
}
