package standin

import (
	"net/http"
	"net/http/httptest"
	"strings"
)

// Kind is a way of failing.
type Kind string

// The kinds.
const (
	DropBefore Kind = "drop-before" // the connection ends, and nothing was done
	DropAfter  Kind = "drop-after"  // the connection ends, and it was done
	FailBefore Kind = "fail-before" // 500, and nothing was done
	FailAfter  Kind = "fail-after"  // 500, and it was done
	Cut        Kind = "cut"         // the connection ends after half of the answer
	LogError   Kind = "log-error"   // an audit log ends with the published error line
)

// Fault is a failure that is planned.
type Fault struct {
	Kind   Kind
	Method string // empty for any
	Path   string // a part of the path; a log file's ends with .csv
	After  int    // how many requests go well before
	Times  int    // how many go wrong then; 0 is one
}

// AddFault plans a failure.
func (s *Service) AddFault(f Fault) {
	f.Times = max(f.Times, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// fault takes a fault that is due, of one of the kinds; the service is locked.
func (s *Service) fault(r *http.Request, kinds ...Kind) (Kind, bool) {
	for i := range s.faults {
		f := &s.faults[i]
		due := f.Times > 0 && (f.Method == "" || f.Method == r.Method) && strings.Contains(r.URL.Path, f.Path)
		for _, k := range kinds {
			if !due || f.Kind != k {
				continue
			}
			if f.After > 0 {
				f.After--
				continue
			}
			f.Times--
			return k, true
		}
	}
	return "", false
}

// faulty fails as planned, around everything else.
func (s *Service) faulty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		kind, _ := s.fault(r, DropBefore, DropAfter, FailBefore, FailAfter, Cut)
		s.mu.Unlock()
		switch kind {
		case "":
			next.ServeHTTP(w, r)
			return
		case DropAfter, FailAfter, Cut:
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			if kind == Cut {
				for name, values := range answer.Header() {
					w.Header()[name] = values
				}
				w.Header().Set("Content-Length", itoa(answer.Body.Len()))
				w.WriteHeader(answer.Code)
				_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()/2])
				_ = http.NewResponseController(w).Flush()
			}
		}
		if kind == FailBefore || kind == FailAfter {
			(&refusal{http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "an internal error"}).write(w)
			return
		}
		panic(http.ErrAbortHandler) // drops the connection
	})
}
