package api

import (
	"fmt"
	"io"
	"net/http"
	"sync"
)

// maxBody is the largest answer that is read into memory: a page of 1,000
// devices takes half a megabyte.
const maxBody = 64 << 20

// tooLargeError ends an answer over maxBody; repeating wouldn't help.
type tooLargeError struct{ limit int }

func (e *tooLargeError) Error() string {
	return fmt.Sprintf("the answer is larger than %d MiB", e.limit>>20)
}

// bodyPool reads bodies whole, into buffers that are used again.
type bodyPool struct {
	pool  sync.Pool
	limit int
}

// read replaces resp.Body by a wholeBody, or fails and closes it.
func (p *bodyPool) read(resp *http.Response) error {
	defer func(body io.Closer) { _ = body.Close() }(resp.Body)
	want := resp.ContentLength
	if want > int64(p.limit) {
		return &tooLargeError{p.limit}
	}
	buf, _ := p.pool.Get().(*[]byte)
	if buf == nil {
		buf = new([]byte)
	}
	data, err := readAll(resp.Body, (*buf)[:0], int(max(want, 0)), p.limit)
	*buf = data
	if err == nil && want >= 0 && int64(len(data)) != want {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		p.pool.Put(buf)
		return err
	}
	resp.Body = &wholeBody{data: data, buf: buf, pool: &p.pool}
	return nil
}

// readAll reads r to its end into data's capacity. One byte more than wanted
// is offered, so that the end is seen without growing.
func readAll(r io.Reader, data []byte, want, limit int) ([]byte, error) {
	if cap(data) <= want {
		data = make([]byte, 0, want+1)
	}
	for {
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case len(data) > limit:
			return data, &tooLargeError{limit}
		case err == io.EOF:
			return data, nil
		case err != nil:
			return data, err
		}
	}
}

// wholeBody is a body that has arrived. Closing it gives its buffer back:
// nothing may refer to data after that.
type wholeBody struct {
	data []byte
	off  int
	buf  *[]byte
	pool *sync.Pool
}

func (b *wholeBody) Read(p []byte) (int, error) {
	if b.off == len(b.data) {
		return 0, io.EOF
	}
	n := copy(p, b.data[b.off:])
	b.off += n
	return n, nil
}

func (b *wholeBody) Close() error {
	if b.buf != nil {
		b.pool.Put(b.buf)
		b.buf, b.data, b.off = nil, nil, 0
	}
	return nil
}

// discard reads a short rest of body, so that its connection is kept, and
// closes it.
func discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, 64<<10)
	_ = body.Close()
}
