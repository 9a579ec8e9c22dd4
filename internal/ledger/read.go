package ledger

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/go-json-experiment/json/jsontext"
)

const readBuffer = 64 << 10

// forget has the next call read the whole file.
func (l *log) forget() {
	l.end, l.lines, l.sum = 0, 0, 0
	l.book.reset()
}

// catchUp reads what other processes added, or all of a file that isn't the one
// read before. A last line without its line feed was never acted on and is cut
// off.
func (l *log) catchUp(file *os.File) error {
	if !l.continues(file) {
		l.forget()
	}
	r := bufio.NewReaderSize(io.NewSectionReader(file, l.end, math.MaxInt64-l.end), readBuffer)
	for {
		line, err := readLine(r)
		switch {
		case errors.Is(err, io.EOF) && l.lines > 0 && len(line) == 0:
			return nil
		case errors.Is(err, io.EOF) && l.lines > 0 && begins(line):
			if err := file.Truncate(l.end); err != nil {
				return l.notWritten(err)
			}
			return nil
		case errors.Is(err, io.EOF):
			return l.damaged(errors.New("it isn't a whole line"))
		case errors.Is(err, errZeroed):
			return l.damaged(err)
		case err != nil:
			return l.notRead(err)
		}
		if err := l.take(line); err != nil {
			return err
		}
	}
}

// continues tells whether the file is what was read before, or more of it: the
// line read last still stands there, with the checksum of all before it. A file
// of the same name, place and even size needn't be.
func (l *log) continues(file *os.File) bool {
	want := appendSum(nil, l.sum)
	got := make([]byte, len(want))
	if l.end < int64(len(want)) {
		return false
	}
	_, err := file.ReadAt(got, l.end-int64(len(want)))
	return err == nil && bytes.Equal(got, want)
}

// take takes in a whole line.
func (l *log) take(line []byte) error {
	text, sum, err := unseal(line, l.sum)
	if err == nil && l.lines == 0 {
		err = l.checkHead(text)
	} else if err == nil {
		err = l.book.read(text)
	}
	if err != nil {
		return l.damaged(err)
	}
	l.lines, l.end, l.sum = l.lines+1, l.end+int64(len(line)), sum
	return nil
}

// header is the first line of a log.
type header struct {
	Records int    `json:"records"` // the version of the form, 1
	Of      string `json:"of"`
}

func (l *log) head() (line []byte, sum uint32, err error) {
	return seal(nil, 0, header{Records: 1, Of: l.of})
}

func (l *log) checkHead(line []byte) error {
	var h header
	if err := parse(line, &h); err != nil {
		return err
	}
	if want := (header{Records: 1, Of: l.of}); h != want {
		return fmt.Errorf("it says version %d of %q, not %d of %q", h.Records, h.Of, want.Records, want.Of)
	}
	return nil
}

var errZeroed = errors.New("it holds zero bytes")

// readLine returns a line with its line feed, or the rest of the file with
// io.EOF. No line of ours holds a zero byte: what was zeroed isn't gathered, nor
// taken for a line cut short.
func readLine(r *bufio.Reader) ([]byte, error) {
	var long []byte
	for {
		part, err := r.ReadSlice('\n')
		if bytes.IndexByte(part, 0) >= 0 {
			return nil, errZeroed
		}
		if long == nil && !errors.Is(err, bufio.ErrBufferFull) {
			return part, err
		}
		long = append(long, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return long, err
		}
	}
}

// begins tells whether what stands at the end of a file is the beginning of a
// line, as a process that was killed leaves it.
func begins(rest []byte) bool {
	if rest[0] != '{' {
		return false
	}
	text, err := jsontext.NewDecoder(bytes.NewReader(rest)).ReadValue()
	return len(text) == len(rest) || errors.Is(err, io.ErrUnexpectedEOF)
}
