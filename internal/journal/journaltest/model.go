package journaltest

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/journal"
)

// modeled is a job and what it must say.
type modeled struct {
	a, b     journal.Store
	j        journal.Journal // nil while closed
	id       string
	outcomes []journal.Outcome
	asked    bool
	keys     int
}

func model(t *testing.T, newStore func(t *testing.T) (a, b journal.Store)) {
	a, b := newStore(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 6).Draw(t, "items")
		m := &modeled{a: a, b: b, j: commit(t, a, n), outcomes: slices.Repeat([]journal.Outcome{{Status: journal.Planned}}, n)}
		m.id = m.j.Job().ID
		defer func() { _ = m.close() }()
		t.Repeat(map[string]func(*rapid.T){
			"sending": m.sending, "settle": m.settle, "reopen": m.reopen, "cancel": m.cancel, "": m.check,
		})
	})
}

func (m *modeled) close() error {
	if m.j == nil {
		return nil
	}
	j := m.j
	m.j = nil
	if !slices.ContainsFunc(m.outcomes, planned) {
		m.asked = false
	}
	return j.Close()
}

func planned(o journal.Outcome) bool { return o.Status == journal.Planned }

// draw draws items, now and then wrong ones.
func (m *modeled) draw(t *rapid.T) (items []int, right bool) {
	items = rapid.SliceOfN(rapid.IntRange(0, len(m.outcomes)), 0, 3).Draw(t, "of")
	sorted := slices.Sorted(slices.Values(items))
	return items, len(slices.Compact(sorted)) == len(items) && !slices.Contains(items, len(m.outcomes))
}

func (m *modeled) sending(t *rapid.T) {
	items, right := m.draw(t)
	for _, i := range items {
		right = right && planned(m.outcomes[i])
	}
	m.keys++
	o := journal.Outcome{Status: journal.Sending, Key: fmt.Sprint("key-", m.keys), Time: noon()}
	m.done(t, m.j.Sending(items, o.Key, o.Time), right, journal.Settlement{Items: items, Outcome: o})
}

func (m *modeled) settle(t *rapid.T) {
	items, right := m.draw(t)
	at := rapid.IntRange(0, len(items)).Draw(t, "split")
	draw := func(items []int) journal.Settlement {
		o := journal.Outcome{
			Status: rapid.SampledFrom([]journal.Status{
				journal.Planned, journal.Planned, journal.Sending, journal.Sent, journal.Failed, journal.Unknown,
			}).Draw(t, "status"),
			Code:      rapid.SampledFrom([]string{"", "NO"}).Draw(t, "code"),
			Detail:    rapid.String().Draw(t, "detail"),
			CommandID: rapid.SampledFrom([]string{"", "c"}).Draw(t, "command"),
		}
		right = right && (o.Status != journal.Unknown || len(items) == 0)
		for _, i := range items {
			if right && planned(o) && !planned(m.outcomes[i]) {
				right = m.outcomes[i].Status == journal.Sending
			}
		}
		return journal.Settlement{Items: items, Outcome: o}
	}
	groups := []journal.Settlement{draw(items[:at]), draw(items[at:])}
	m.done(t, m.j.Settle(groups...), right, groups...)
}

// done applies to the model what a call has done.
func (m *modeled) done(t *rapid.T, err error, right bool, groups ...journal.Settlement) {
	if (err == nil) != right {
		t.Fatalf("%+v: error %v, want success: %t", groups, err, right)
	}
	if !right {
		return
	}
	for _, g := range groups {
		for _, i := range g.Items {
			o := g.Outcome
			if o.Key == "" {
				o.Key = m.outcomes[i].Key
			}
			if o.CommandID == "" {
				o.CommandID = m.outcomes[i].CommandID
			}
			m.outcomes[i] = o
		}
	}
}

func (m *modeled) reopen(t *rapid.T) {
	ok(t, m.close())
	m.compare(t, must(m.a.Read(t.Context(), m.id))(t), false)
	m.a, m.b = m.b, m.a
	m.j = must(m.a.Open(t.Context(), m.id))(t)
}

func (m *modeled) cancel(t *rapid.T) {
	ok(t, m.b.Cancel(t.Context(), m.id))
	m.asked = true
}

func (m *modeled) check(t *rapid.T) {
	m.compare(t, m.j, true)
	m.compare(t, must(m.b.Read(t.Context(), m.id))(t), true)
	if got := m.j.CancelAsked(); got != m.asked {
		t.Fatalf("canceling is asked: %t, want %t", got, m.asked)
	}
}

func (m *modeled) compare(t *rapid.T, r journal.Record, held bool) {
	var got []journal.Outcome
	for _, item := range collect(t, r.Items(t.Context())) {
		got = append(got, item.Outcome)
	}
	same := func(a, b journal.Outcome) bool {
		at := a.Time.Equal(b.Time)
		a.Time = b.Time
		return at && a == b
	}
	if !slices.EqualFunc(got, m.outcomes, same) {
		t.Fatalf("the journal says %+v, want %+v", got, m.outcomes)
	}
	if _, is := r.Holder(); is != held {
		t.Fatalf("held: %t, want %t", is, held)
	}
}
