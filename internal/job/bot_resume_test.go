package job_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/standin"
	"github.com/worksctl/worksctl/pkg/api"
)

// A run is broken off at random requests, with an answer lost now and then, and
// resumed until nothing is left.
func TestABotRunIsResumable(t *testing.T) {
	for round := range uint64(20) {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			random := rand.New(rand.NewPCG(round, 5))
			const members = 60
			m := newMailroom(t, members, false)
			for range 3 {
				kinds := []standin.Kind{standin.DropBefore, standin.DropAfter, standin.FailAfter}
				m.service.AddFault(standin.Fault{Kind: kinds[random.IntN(3)], Path: messagePath, After: random.IntN(members)})
			}
			j := m.plan(m.phones(upTo(members)...))
			runs := m.breakOff(j, func(int) int { return 1 + random.IntN(12) })
			done := m.service.Record()
			unknown := map[string]bool{}
			for it, err := range m.again(runs).Items(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				n := done.Done["message"][it.Device.User.UserID]
				if it.Status == journal.Sent && n != 1 || n > 1 || it.Status != journal.Sent && it.Status != journal.Sending {
					t.Errorf("item %d is %s, with %d messages", it.Index, it.Status, n)
				}
				if it.Status == journal.Sending {
					unknown[it.Device.User.UserID] = true
				}
			}
			if len(unknown) > 3 {
				t.Errorf("%d unknown members of 3 faults", len(unknown))
			}
		})
	}
}

// breakOff runs a job, each run until so many requests have arrived, until
// nothing is planned.
func (m *mailroom) breakOff(j journal.Journal, requests func(run int) int) journal.Journal {
	m.t.Helper()
	for run := 0; slices.ContainsFunc(upTo(j.Len()), func(i int) bool { return j.Outcome(i).Status == journal.Planned }); run++ {
		if run > 300 {
			m.t.Fatal("never done")
		}
		ctx, cancel := context.WithCancel(m.t.Context())
		m.mu.Lock()
		m.at[m.arrived+requests(run)] = cancel
		m.mu.Unlock()
		if err := m.runner().Recheck(ctx, j); err != nil {
			m.t.Fatal(err)
		}
		_ = m.runner().Run(ctx, j) // how it ends shows in the journal
		cancel()
		j = m.again(j)
	}
	return j
}

// Ten thousand members at 120 a minute, half of what the service takes, broken
// off and resumed eleven times. At the full rate they would take 42 minutes. What
// is left for the last run is still a long one, which goes at half the rate, too.
func TestTenThousandMembersThroughABot(t *testing.T) {
	const members = 10_000
	m := newMailroom(t, members, false)
	var devices []api.Device
	for i := range members {
		devices = append(devices, m.phone(i, 0))
	}
	began := m.clock.Now()
	var after []time.Duration // the time at the end of each run
	random := rand.New(rand.NewPCG(10_000, 240))
	j := m.breakOff(m.plan(devices), func(run int) int {
		after = append(after, m.clock.Now().Sub(began))
		if run > 10 {
			return members
		}
		return 50 + random.IntN(200)
	})
	wantCounts(t, j, journal.Counts{journal.Sent: members})
	m.eachOnce(upTo(members)...)
	if took := m.clock.Now().Sub(began); took < 82*time.Minute || took > 85*time.Minute {
		t.Errorf("%d messages took %s", members, took)
	}
	if len(after) != 12 || after[11] < 5*time.Minute {
		t.Errorf("%d runs: %v", len(after), after)
	}
}

// A run over 30 minutes goes at half the rate; requests count, not devices.
func TestALongBotRunGoesAtHalfTheRate(t *testing.T) {
	const limit = 10
	for members, want := range map[int][2]time.Duration{
		30 * limit:   {29 * time.Minute, 45 * time.Minute},
		30*limit + 1: {60 * time.Minute, 62 * time.Minute},
	} {
		t.Run(fmt.Sprint(members), func(t *testing.T) {
			m := newMailroom(t, members, false)
			m.serve(standin.Options{Members: m.members, Bots: []standin.Bot{{ID: testBot}}, PerMinute: limit})
			began := m.clock.Now()
			m.send(m.phones(upTo(members)...))
			if took := m.clock.Now().Sub(began); took < want[0] || took > want[1] {
				t.Errorf("it took %s, want %s", took, want)
			}
			if members == 30*limit {
				// At the full rate one may be put off: another request's wait moves this
				// clock for all, also for one that is under way.
				m.eachMessageOnce(upTo(members)...)
				return
			}
			m.eachOnce(upTo(members)...)
		})
	}
}
