package standin

import (
	"maps"
	"slices"
	"time"
)

// Record is what a [Service] has done.
type Record struct {
	Done      map[string]map[string]int // action → user id → times: message, force-logout, suspend, unsuspend
	Messages  map[string][]string       // user id → the contents that the member received, as JSON
	Spans     [][2]time.Time            // of the audit logs asked for: first and last second
	Throttled int                       // requests refused for the rate limit
	Parallel  int                       // audit logs asked for while another was under way
	Leaked    int                       // requests for a file that carried a token
}

// Total is how often an action was done, for all members together.
func (r Record) Total(action string) int {
	n := 0
	for _, times := range r.Done[action] {
		n += times
	}
	return n
}

// Record returns what was done so far.
func (s *Service) Record() Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.log
	r.Done, r.Messages, r.Spans = map[string]map[string]int{}, map[string][]string{}, slices.Clone(r.Spans)
	for action, times := range s.log.Done {
		r.Done[action] = maps.Clone(times)
	}
	for id, messages := range s.log.Messages {
		r.Messages[id] = slices.Clone(messages)
	}
	return r
}

// done counts an action; the service is locked.
func (s *Service) done(action string, m *Member) {
	if s.log.Done[action] == nil {
		s.log.Done[action] = map[string]int{}
	}
	s.log.Done[action][m.UserID]++
}

// Change changes a member behind the client's back, as the admin site would.
func (s *Service) Change(userID string, change func(*Member)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.members, func(m Member) bool { return m.UserID == userID }); i >= 0 {
		change(&s.members[i])
	}
}
