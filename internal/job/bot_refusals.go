package job

import (
	"slices"
	"sync"

	"github.com/worksctl/worksctl/internal/journal"
)

// refusals decides whether an answer that refuses a member is about the member.
// Until a message of the job was taken it may be about the bot or the
// credential: the members stay planned, so that a run which ends over it, or is
// killed, leaves them to a resume. Their verdicts are settled once a message is
// taken, or when nobody else is left to be tried.
type refusals struct {
	settle func(verdicts map[journal.Outcome][]int) error // of items that are planned

	mu      sync.Mutex
	sent    bool                    // a message of this job has been taken: bot and scope are right
	warned  bool                    // an earlier run has ended over its refusals, and somebody goes on all the same
	open    int                     // members who aren't at their end
	refused int                     // members in a row who were refused
	given   map[int]journal.Outcome // verdicts, by item, that the journal doesn't show as planned yet
	held    map[journal.Outcome][]int
}

// alone reports whether requests go one at a time: until a message is taken each
// answer may end the run.
func (r *refusals) alone() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.sent
}

func (r *refusals) reached() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent = true
}

// countRefused returns how many members in a row were refused before any was
// reached.
func (r *refusals) countRefused() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sent {
		return 0
	}
	r.refused++
	return r.refused
}

// verdict is what the items of a refused member are settled as for now.
func (r *refusals) verdict(o journal.Outcome, items []journal.Item) (journal.Outcome, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sent {
		return o, nil
	}
	if slices.ContainsFunc(items, func(it journal.Item) bool { return it.Doubtful() }) {
		r.open-- // what may have reached them stays in doubt, and isn't put off
		return o, r.settleHeld()
	}
	if r.given == nil {
		r.given, r.held = map[int]journal.Outcome{}, map[journal.Outcome][]int{}
	}
	for _, it := range items {
		r.given[it.Index] = o
	}
	return journal.Outcome{Status: journal.Planned}, nil
}

// refusedNow is told of items that the journal shows as planned again, or as
// failed.
func (r *refusals) refusedNow(items []journal.Item) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	ended := false
	for _, it := range items {
		if o, ok := r.given[it.Index]; ok {
			ended = true
			r.held[o] = append(r.held[o], it.Index)
			delete(r.given, it.Index)
		}
	}
	if !ended { // put off, or settled
		return nil
	}
	r.open--
	return r.settleHeld()
}

// ended is told that a member needs no message, or got one.
func (r *refusals) ended() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open--
	return r.settleHeld()
}

func (r *refusals) settleHeld() error {
	if !r.sent && r.open > 0 {
		return nil
	}
	held := r.held
	r.held = map[journal.Outcome][]int{}
	return r.settle(held)
}
