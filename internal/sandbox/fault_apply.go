package sandbox

import (
	"net/http"
	"strings"
)

// activeFault is what disturbs a request, if anything does.
type activeFault struct{ *Fault }

func (f activeFault) kind() faultKind {
	if f.Fault == nil {
		return ""
	}
	return f.Kind
}

// before does what happens instead of the request; true if that is all.
func (f activeFault) before(b *Backend, w http.ResponseWriter, r *http.Request) bool {
	switch f.kind() {
	case faultDropBefore:
		panic(http.ErrAbortHandler) // net/http closes the connection
	case faultSlow:
		return b.opt.Sleep(r.Context(), f.delay()) != nil
	case faultExpiredToken:
		write(w, errorAnswer(errUnauthorized("the access token has expired")))
		return true
	case faultStatus, faultNonJSON:
		if f.Acts {
			return false
		}
		write(w, f.answer())
		return true
	}
	return false
}

// after sends the answer to a request that was carried out.
func (f activeFault) after(w http.ResponseWriter, a answer) {
	switch f.kind() {
	case faultDropAfter:
		panic(http.ErrAbortHandler)
	case faultStatus, faultNonJSON:
		write(w, f.answer())
	case faultCutBody:
		if a.body == nil { // nothing to cut: promise something
			a.body = rawText{[]byte(strings.Repeat(" ", 64)), "application/json; charset=utf-8"}
		}
		data := a.send(w)
		_, _ = w.Write(data[:len(data)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	default:
		write(w, a)
	}
}

// answer is the wrong answer of the kinds that have one.
func (f activeFault) answer() answer {
	if f.Kind == faultNonJSON {
		return answer{status: http.StatusOK, body: rawText{
			[]byte("<!doctype html><title>Sign in to the guest network</title>\n"), "text/html; charset=utf-8"}}
	}
	code := strings.ToUpper(strings.ReplaceAll(http.StatusText(f.Status), " ", "_"))
	if code == "" {
		code = "UNKNOWN"
	}
	a := errorAnswer(refuse(f.Status, code, "a fault on demand"))
	if a.header = (http.Header{}); f.RetryAfter != "" {
		a.header.Set("Retry-After", f.RetryAfter)
	}
	return a
}
