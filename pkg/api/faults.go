package api

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// UnknownOutcomeError says that a request that acts may or may not have been
// carried out: the connection broke after it was sent, or the answer can't be
// read as one, a 4xx without the contract's error included. Ask the back end
// before sending it again.
type UnknownOutcomeError struct {
	Op     string
	Method string
	Path   string
	Key    string // the Idempotency-Key it carried
	Err    error  // what happened; an [*Error] for a 3xx, a 5xx or a 408
}

func (e *UnknownOutcomeError) Error() string {
	return e.Op + ": outcome unknown: " + strings.TrimPrefix(e.Err.Error(), e.Op+": ")
}

// Unwrap returns what happened.
func (e *UnknownOutcomeError) Unwrap() error { return e.Err }

// NetworkError says that no whole answer arrived. Unless it is inside an
// [*UnknownOutcomeError] the request was not carried out, or only reads.
type NetworkError struct {
	Op       string
	Method   string
	Path     string
	Host     string
	Attempts int // how often it was sent or tried
	Err      error
}

func (e *NetworkError) Error() string {
	if e.Attempts > 1 {
		return fmt.Sprintf("%s: no answer from %s in %d attempts: %v", e.Op, e.Host, e.Attempts, e.Err)
	}
	return fmt.Sprintf("%s: no answer from %s: %v", e.Op, e.Host, e.Err)
}

// Unwrap returns the last attempt's fault.
func (e *NetworkError) Unwrap() error { return e.Err }

// ContentError says that an answer isn't JSON: the sign-in page of a network,
// a proxy's message, or a wrong base URL.
type ContentError struct {
	Op          string
	URL         string // that answered at last, without its query
	Status      int
	Want        string // what was expected; empty means JSON
	ContentType string // as received; may be empty
}

func (e *ContentError) Error() string {
	kind := e.ContentType
	if kind == "" {
		kind = "an unnamed content type"
	}
	return fmt.Sprintf("%s: %s answered %d with %s instead of %s; check the base URL, a proxy or the network's sign-in page",
		e.Op, e.URL, e.Status, kind, cmp.Or(e.Want, "JSON"))
}

// BackendError says that an answer breaks the contract. Nothing in it is used.
type BackendError struct {
	Op     string
	Reason string // names the field and the row where there is one
	Err    error  // the cause, or nil
}

func (e *BackendError) Error() string {
	if e.Err != nil {
		return e.Op + ": back-end fault: " + e.Reason + ": " + e.Err.Error()
	}
	return e.Op + ": back-end fault: " + e.Reason
}

// Unwrap returns the cause.
func (e *BackendError) Unwrap() error { return e.Err }

// ErrRepeatedCursor is in the [*BackendError] of a listing whose back end
// answered with a cursor for the second time.
var ErrRepeatedCursor = errors.New("the next cursor was given before")

// ErrRepeatedRows is in the [*BackendError] of a listing whose back end went on
// with pages that held nothing but rows of earlier pages.
var ErrRepeatedRows = errors.New("page after page holds only what came before")

// ErrEmptyPages is in the [*BackendError] of a listing whose back end went on
// and on with pages that held no rows.
var ErrEmptyPages = errors.New("page after page is empty")

// ArgumentError says that a call can't be made with what it was given. No
// request was made.
type ArgumentError struct {
	Op       string
	Argument string
	Reason   string
}

func (e *ArgumentError) Error() string { return e.Op + ": " + e.Argument + " " + e.Reason }
