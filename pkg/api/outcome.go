package api

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// mayHaveActed reports whether a refusing answer leaves open what became of a
// request that acts: a gateway may have lost the answer of a server that acted,
// and a page of its own is no word of that server.
func mayHaveActed(e *Error) bool {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusNotImplemented:
		return false
	case http.StatusServiceUnavailable:
		return !e.told
	case http.StatusRequestTimeout:
		return true
	}
	refused := e.Status >= 400 && e.Status < 500
	return !refused || !e.coded && !e.insufficientScope
}

// whyOpen is what an [*UnknownOutcomeError] holds of a refusing answer. A 4xx
// that can't be believed is no [*Error] there: it would match the sentinel of
// the refusal that it only looks like.
func (a *answer) whyOpen(e *Error) error {
	if e.Status < 400 || e.Status >= 500 || e.coded {
		return e
	}
	if err := a.notJSON(); err != nil {
		return err
	}
	return &BackendError{Op: a.op, Reason: fmt.Sprintf("status %d came without a code", e.Status)}
}

// unclear returns why a 2xx doesn't show that a request that acts was carried
// out, or nil: a proxy answers so too, with a sign-in page or an error in the
// body.
func (cl *call) unclear(a *answer) error {
	empty := len(bytes.TrimSpace(a.body)) == 0
	switch {
	case cl.bare:
		return a.notDone(empty)
	case cl.opaque && empty:
		return nil
	case cl.opaque && a.notJSON() == nil && !jsontext.Value(a.body).IsValid():
		return &BackendError{Op: a.op, Reason: "the answer can't be read"}
	}
	return a.notJSON()
}

// notDone judges an answer that should have no body. The contract knows 201,
// 202 and 204, whose body is put up with if it is JSON and no error; a 200 is
// put up with too, but what it says in a body may be anything.
func (a *answer) notDone(empty bool) error {
	status := a.resp.StatusCode
	switch status {
	case http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusNoContent:
	default:
		return &BackendError{Op: a.op, Reason: fmt.Sprintf("status %d doesn't say that it was done", status)}
	}
	if empty {
		return nil
	}
	if err := a.notJSON(); err != nil {
		return err
	}
	var said struct {
		Code  jsontext.Value `json:"code"`
		Error jsontext.Value `json:"error"`
	}
	if err := json.Unmarshal(a.body, &said, jsontext.AllowDuplicateNames(true)); err != nil {
		return &BackendError{Op: a.op, Reason: "the answer can't be read", Err: plainJSONError(err)}
	}
	if status == http.StatusOK || said.Code != nil || said.Error != nil {
		return &BackendError{Op: a.op, Reason: fmt.Sprintf("status %d came with %s", status, firstLine(a.body))}
	}
	return nil
}
