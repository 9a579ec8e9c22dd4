package api

import (
	"fmt"
	"io"
	"net/http"
)

// maxBody is the largest answer that is read into memory: a page of 1,000
// devices takes half a megabyte.
const maxBody = 64 << 20

// tooLargeError ends an answer over maxBody; repeating wouldn't help.
type tooLargeError struct{ limit int }

func (e *tooLargeError) Error() string {
	return fmt.Sprintf("the answer is larger than %d MiB", e.limit>>20)
}

// bodyPool reads bodies whole, into buffers that are used again. It is no
// sync.Pool: that one is emptied by each garbage collection, and a listing's
// two buffers are most of what it allocates.
type bodyPool struct {
	free  chan []byte
	limit int
}

// keptBodies is what a listing needs: one page being decoded, one on its way.
const keptBodies = 2

func newBodyPool(limit int) *bodyPool {
	return &bodyPool{free: make(chan []byte, keptBodies), limit: limit}
}

// get returns a buffer of any size.
func (p *bodyPool) get() []byte {
	select {
	case buf := <-p.free:
		return buf[:0]
	default:
		return nil
	}
}

func (p *bodyPool) put(buf []byte) {
	select {
	case p.free <- buf:
	default:
	}
}

// read replaces resp.Body by a wholeBody, or fails and closes it.
func (p *bodyPool) read(resp *http.Response) error {
	defer func(body io.Closer) { _ = body.Close() }(resp.Body)
	want := resp.ContentLength
	if want > int64(p.limit) {
		return &tooLargeError{p.limit}
	}
	data, err := readAll(resp.Body, p.get(), int(max(want, 0)), p.limit)
	if err == nil && want >= 0 && int64(len(data)) != want {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		p.put(data)
		return err
	}
	resp.Body = &wholeBody{data: data, pool: p}
	return nil
}

// readAll reads r to its end into data's capacity. One byte more than wanted
// is offered, so that the end is seen without growing, and some room for the
// next page, which is seldom of the same size.
func readAll(r io.Reader, data []byte, want, limit int) ([]byte, error) {
	if cap(data) <= want {
		data = make([]byte, 0, want+want/16+1)
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
	pool *bodyPool // nil when closed
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
	if b.pool != nil {
		b.pool.put(b.data)
		b.pool, b.data, b.off = nil, nil, 0
	}
	return nil
}

// discard reads a short rest of body, so that its connection is kept, and
// closes it.
func discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, 64<<10)
	_ = body.Close()
}
