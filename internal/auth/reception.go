package auth

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/worksctl/worksctl/pkg/api"
)

// reception is where the auth server sends the browser to. It takes the first
// answer that carries the state and no other.
type reception struct {
	state     string
	taken     atomic.Bool
	strangers atomic.Bool         // answers came whose state was wrong
	answer    chan browsersAnswer // gets one
}

type browsersAnswer struct {
	code string
	err  error
}

func newReception(state string) *reception {
	return &reception{state: state, answer: make(chan browsersAnswer, 1)}
}

func (d *reception) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case r.URL.Path != callbackPath:
		page(w, http.StatusNotFound, "There is nothing here.")
	case r.Method != http.MethodGet:
		page(w, http.StatusMethodNotAllowed, "This page takes no such request.")
	case subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(d.state)) == 0:
		// Ending the sign-in here would let any page in the browser end it.
		d.strangers.Store(true)
		page(w, http.StatusBadRequest, "This is not the sign-in that worksctl waits for. Use the newest link that it showed.")
	case !d.taken.CompareAndSwap(false, true):
		page(w, http.StatusGone, "This sign-in was answered already. You can close this window.")
	case q.Get("error") != "":
		page(w, http.StatusOK, "You are not signed in. The terminal says why. You can close this window.")
		d.answer <- browsersAnswer{err: &Error{What: theBrowserSignIn, Code: line(q.Get("error")), Description: line(q.Get("error_description"))}}
	case q.Get("code") == "":
		page(w, http.StatusBadRequest, "The answer of the sign-in page is incomplete. You can close this window.")
		d.answer <- browsersAnswer{err: &api.BackendError{Op: "sign in with the browser", Reason: "the browser came back without a code"}}
	default:
		page(w, http.StatusOK, "Go back to the terminal. You can close this window.")
		d.answer <- browsersAnswer{code: q.Get("code")}
	}
}

// page writes a page that loads and passes on nothing: its address holds the code.
func page(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Connection", "close")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>worksctl</title><p>%s</p></html>\n", text)
}
