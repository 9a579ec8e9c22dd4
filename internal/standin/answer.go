package standin

import (
	"encoding/json"
	"net/http"
)

// refusal is an answer that refuses a request.
type refusal struct {
	status      int
	code        string
	description string
}

func (r *refusal) Error() string { return r.code + ": " + r.description }

func invalid(description string) error {
	return &refusal{http.StatusBadRequest, "INVALID_PARAMETER", description}
}

func notAllowed(description string) error {
	return &refusal{http.StatusBadRequest, "BAD_REQUEST", description}
}

func forbidden(description string) error {
	return &refusal{http.StatusForbidden, "FORBIDDEN", description}
}

func notThere(code, description string) error {
	return &refusal{http.StatusNotFound, code, description}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that has gone needs no answer
}

// refuse writes {"code","description"}.
func (r *refusal) write(w http.ResponseWriter) {
	writeJSON(w, r.status, map[string]string{"code": r.code, "description": r.description})
}

// nothing is the answer of every path that isn't published.
func (s *Service) nothing(w http.ResponseWriter, _ *http.Request) {
	if s.o.EmptyBodies {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	(&refusal{http.StatusNotFound, "NOT_FOUND", "the resource does not exist"}).write(w)
}
