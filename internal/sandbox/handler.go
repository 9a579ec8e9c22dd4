package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// handle serves a route of the contract, faults included.
func (b *Backend) handle(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := readBody(r)
		if err != nil {
			write(w, errorAnswer(err))
			return
		}
		f, err := b.takeFault(r)
		if err != nil {
			write(w, errorAnswer(err))
			return
		}
		if f.before(b, w, r) {
			return
		}
		ans := b.run(r.Context(), rt, r, body, f.kind())
		f.after(w, ans)
	}
}

// control serves one of the sandbox's own endpoints, which no fault touches.
func (b *Backend) control(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := readBody(r)
		if err != nil {
			write(w, errorAnswer(err))
			return
		}
		write(w, b.run(r.Context(), rt, r, body, ""))
	}
}

// write sends an answer with its length.
func write(w http.ResponseWriter, a answer) {
	data := a.send(w)
	_, _ = w.Write(data) //nolint:gosec // JSON or CSV by its Content-Type; nobody is left to tell of an error
}

// send writes status and header and returns the body that belongs to them.
func (a answer) send(w http.ResponseWriter) []byte {
	data, contentType := a.render()
	for k, v := range a.header {
		w.Header()[k] = v
	}
	if contentType != "" {
		w.Header().Set("Content-Type", contentType)
	}
	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	}
	w.WriteHeader(a.status)
	return data
}

func (a answer) render() (data []byte, contentType string) {
	switch body := a.body.(type) {
	case nil:
		return nil, ""
	case rawText:
		return body.data, body.contentType
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a.body); err != nil {
		panic(err) // the sandbox's own types
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), "application/json; charset=utf-8"
}

// rawText is a body that is not JSON.
type rawText struct {
	data        []byte
	contentType string
}
