package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/ledger"
)

func noticeCases() []contractCase {
	type against = map[string]ledger.Notice
	d := []string{"d"}
	return []contractCase{
		{"a reserved notice stands against others until it is known", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, by("one", 0), []string{"d", "e", "d"}, nil)
			wantReserved(t, b.Notices, by("two", time.Hour), []string{"d", "f"}, against{"d": {Job: "one", Time: noon()}})
			ok(t, a.Notices.Confirm(t.Context(), by("one", time.Minute), d))
			wantReserved(t, b.Notices, by("two", time.Hour), []string{"d", "e"}, against{
				"d": {Job: "one", Time: noon(), Sure: true}, "e": {Job: "one", Time: noon()},
			})
		}},
		{"the cooldown ends to the moment", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, by("one", 0), d, nil)
			wantReserved(t, b.Notices, by("two", 24*time.Hour-1), d, against{"d": {Job: "one", Time: noon()}})
			wantReserved(t, b.Notices, by("two", 24*time.Hour), d, nil)
		}},
		{"a notice to come stands: the clock was set back", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, by("one", 0), d, nil)
			wantReserved(t, b.Notices, by("two", -1000*time.Hour), d, against{"d": {Job: "one", Time: noon()}})
		}},
		{"without a cooldown nothing stands", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, by("one", time.Hour), d, nil)
			r := by("two", 0)
			r.Cooldown = 0
			wantReserved(t, b.Notices, r, d, nil)
		}},
		{"addresses know nothing of each other", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, by("one", 0), d, nil)
			r := by("two", 0)
			r.Address = "sandbox"
			wantReserved(t, b.Notices, r, d, nil)
			ok(t, b.Notices.Release(t.Context(), r, d))
			wantReserved(t, b.Notices, by("two", 0), d, against{"d": {Job: "one", Time: noon()}})
		}},
		{"what is released was never there", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, by("one", 0), []string{"d", "e"}, nil)
			ok(t, a.Notices.Release(t.Context(), by("one", 0), []string{"d", "never"}))
			wantReserved(t, b.Notices, by("two", 0), []string{"d", "never"}, nil)
		}},
		{"a release brings back what stood there before", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, by("one", 0), d, nil)
			ok(t, a.Notices.Confirm(t.Context(), by("one", 0), d))
			wantReserved(t, a.Notices, by("two", 30*time.Hour), d, nil)
			wantReserved(t, a.Notices, by("two", 31*time.Hour), d, nil) // again, after a crash
			ok(t, a.Notices.Release(t.Context(), by("two", 31*time.Hour), d))
			wantReserved(t, b.Notices, by("three", 2*time.Hour), d, against{"d": {Job: "one", Time: noon(), Sure: true}})
		}},
		{"what a job reserved never stands against itself", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, by("one", 0), d, nil)
			wantReserved(t, b.Notices, by("one", time.Hour), d, nil)
			wantReserved(t, b.Notices, by("two", 24*time.Hour), d, against{"d": {Job: "one", Time: noon().Add(time.Hour)}})
			ok(t, b.Notices.Release(t.Context(), by("one", time.Hour), d))
			wantReserved(t, b.Notices, by("two", 0), d, nil)
		}},
		{"what another job reserved since is not touched", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, by("one", 0), d, nil)
			wantReserved(t, b.Notices, by("two", 25*time.Hour), d, nil)
			ok(t, a.Notices.Confirm(t.Context(), by("one", 25*time.Hour), d))
			ok(t, a.Notices.Release(t.Context(), by("one", 25*time.Hour), d))
			wantReserved(t, a.Notices, by("three", 26*time.Hour), d, against{"d": {Job: "two", Time: noon().Add(25 * time.Hour)}})
		}},
		{"a look at what stands takes nothing", func(t *testing.T, a, b Handle) {
			wantStanding(t, a.Notices, by("one", 0), d, nil)
			wantReserved(t, b.Notices, by("two", 0), d, nil)
			wantStanding(t, a.Notices, by("one", 0), []string{"d", "e"}, against{"d": {Job: "two", Time: noon()}})
			wantStanding(t, a.Notices, by("two", 0), d, nil)
			wantReserved(t, a.Notices, by("three", 24*time.Hour), d, nil)
		}},
		{"a notice to a device stands against its member, not against the member's others", func(t *testing.T, a, b Handle) {
			m := []string{"m", "m@x"}
			wantReserved(t, a.Notices, using(by("one", 0), "d", m...), d, nil)
			wantReserved(t, b.Notices, using(by("two", time.Hour), "e", m...), []string{"e"}, nil)
			ok(t, b.Notices.Release(t.Context(), by("two", time.Hour), []string{"e"}))
			wantReserved(t, b.Notices, by("three", time.Hour), m, against{"m": {Job: "one", Time: noon()}, "m@x": {Job: "one", Time: noon()}})
			ok(t, a.Notices.Confirm(t.Context(), by("one", 0), d))
			wantStanding(t, b.Notices, by("three", time.Hour), m[1:], against{"m@x": {Job: "one", Time: noon(), Sure: true}})
			wantReserved(t, b.Notices, by("three", 24*time.Hour), m, nil)
		}},
		{"a notice to a member stands against their devices", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, by("one", 0), []string{"m"}, nil)
			r := using(by("two", time.Hour), "d", "m")
			wantStanding(t, b.Notices, r, []string{"d", "e"}, against{"d": {Job: "one", Time: noon()}})
			wantReserved(t, b.Notices, r, []string{"d", "e"}, against{"d": {Job: "one", Time: noon()}})
			wantReserved(t, a.Notices, by("one", time.Hour), []string{"m"}, nil) // d is not reserved
			ok(t, a.Notices.Release(t.Context(), by("one", time.Hour), []string{"m"}))
			wantReserved(t, b.Notices, r, d, nil)
		}},
		{"a notice that was sent is not taken back by its job", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, by("one", 0), d, nil)
			ok(t, a.Notices.Confirm(t.Context(), by("one", 0), d))
			wantReserved(t, a.Notices, by("one", time.Hour), d, nil) // for another member who uses it
			ok(t, a.Notices.Release(t.Context(), by("one", time.Hour), d))
			wantStanding(t, b.Notices, by("two", 2*time.Hour), d, against{"d": {Job: "one", Time: noon(), Sure: true}})
		}},
		{"a notice stands against the member who used the device then", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, using(by("one", 0), "d", "m"), d, nil)
			wantReserved(t, b.Notices, using(by("two", 24*time.Hour), "d", "n"), d, nil)
			now := by("three", 23*time.Hour)
			wantStanding(t, a.Notices, now, []string{"m", "n"}, against{"m": {Job: "one", Time: noon()}, "n": {Job: "two", Time: noon().Add(24 * time.Hour)}})
			ok(t, b.Notices.Release(t.Context(), by("two", 24*time.Hour), d))
			wantStanding(t, a.Notices, now, []string{"m", "n"}, against{"m": {Job: "one", Time: noon()}})
		}},
		{"of nothing", func(t *testing.T, a, b Handle) {
			wantReserved(t, a.Notices, by("one", 0), nil, nil)
			wantStanding(t, b.Notices, by("one", 0), nil, nil)
			ok(t, a.Notices.Confirm(t.Context(), by("one", 0), nil))
			ok(t, b.Notices.Release(t.Context(), by("one", 0), nil))
		}},
		{"what can't be kept takes nothing of the others", func(t *testing.T, a, b Handle) {
			for _, id := range []string{"", "\xff"} {
				if _, err := a.Notices.Reserve(t.Context(), by("one", 0), []string{"d", id}); err == nil {
					t.Errorf("device %q is reserved", id)
				}
			}
			for _, wrong := range []func(*ledger.Reservation){
				func(r *ledger.Reservation) { r.Address = "" },
				func(r *ledger.Reservation) { r.Job = "" },
				func(r *ledger.Reservation) { r.Now = time.Time{} },
				func(r *ledger.Reservation) { r.Now = r.Now.AddDate(1000, 0, 0) },
			} {
				r := by("one", 0)
				wrong(&r)
				if _, err := a.Notices.Reserve(t.Context(), r, d); err == nil {
					t.Errorf("%+v is reserved", r)
				}
			}
			wantReserved(t, b.Notices, by("two", 0), d, nil)
		}},
		{"ids are kept as they are", func(t *testing.T, a, b Handle) {
			ids := []string{"a", "A", "a ", "a\n", "\x00", `"},{`, "\\", "デバイス", "<&>", "\u2028"}
			want := against{}
			for _, id := range ids {
				want[id] = ledger.Notice{Job: "one", Time: noon(), Sure: true}
			}
			wantReserved(t, a.Notices, by("one", 0), ids, nil)
			ok(t, a.Notices.Confirm(t.Context(), by("one", 0), ids))
			wantReserved(t, b.Notices, by("two", 0), append(ids, "other"), want)
		}},
		{"an interrupted call gives the reason", func(t *testing.T, a, b Handle) {
			reason := errors.New("interrupted")
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(reason)
			_, err := a.Notices.Reserve(ctx, by("one", 0), d)
			for _, err := range []error{
				err, a.Notices.Confirm(ctx, by("one", 0), d), a.Notices.Release(ctx, by("one", 0), d),
				a.Wipes.Reserve(ctx, "t", "one", 1, noon(), 20), a.Wipes.Release(ctx, "t", "one", 1),
			} {
				if !errors.Is(err, reason) {
					t.Errorf("error %v", err)
				}
			}
			wantReserved(t, b.Notices, by("two", 0), d, nil)
		}},
		{"of jobs at the same time each device is one's", sameTime},
	}
}

// using is r with the member of a device.
func using(r ledger.Reservation, device string, names ...string) ledger.Reservation {
	r.Members = map[string][]string{device: names}
	return r
}

func sameTime(t *testing.T, a, b Handle) {
	ids := names(200)
	got := make([][]string, 8)
	var wg sync.WaitGroup
	for w := range got {
		wg.Go(func() {
			h := []Handle{a, b}[w%2]
			r := by(fmt.Sprint("job-", w), 0)
			for from := 0; from < len(ids); from += 20 {
				batch := ids[(from+w*40)%len(ids):][:20]
				standing, err := h.Notices.Reserve(t.Context(), r, batch)
				if err != nil {
					t.Error(err)
					return
				}
				for _, id := range batch {
					if n, is := standing[id]; !is {
						got[w] = append(got[w], id)
					} else if n.Job == r.Job {
						t.Errorf("job %s stands against itself", n.Job)
					}
				}
				if err := h.Notices.Confirm(t.Context(), r, batch); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	times := map[string]int{}
	for _, ids := range got {
		for _, id := range ids {
			times[id]++
		}
	}
	for _, id := range ids {
		if times[id] != 1 {
			t.Errorf("%s is reserved %d times", id, times[id])
		}
	}
}
