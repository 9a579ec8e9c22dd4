package ledgertest

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/ledger"
)

// noticeModel keeps for each device all notices in their order.
func noticeModel(t *testing.T, newStore func(t *testing.T) (a, b Handle)) {
	every := t
	rapid.Check(t, func(t *rapid.T) {
		a, b := newStore(every)
		all := map[string][]ledger.Notice{}
		clock := noon()
		draw := func(t *rapid.T) (ledger.Notices, ledger.Reservation, []string) {
			clock = clock.Add(time.Duration(rapid.IntRange(-1, 6).Draw(t, "hours")) * time.Hour)
			return rapid.SampledFrom([]Handle{a, b}).Draw(t, "handle").Notices, ledger.Reservation{
				Address: "address", Job: rapid.SampledFrom([]string{"one", "two", "three"}).Draw(t, "job"),
				Now: clock, Cooldown: time.Duration(rapid.IntRange(0, 12).Draw(t, "cooldown")) * time.Hour,
			}, rapid.SliceOfNDistinct(rapid.SampledFrom(names(4)), 0, 4, rapid.ID).Draw(t, "ids")
		}
		// own tells whether the last notice to a device is the job's.
		own := func(id, job string) bool {
			n := all[id]
			return len(n) > 0 && n[len(n)-1].Job == job
		}
		// sent tells whether it is known to have been sent: that stays so.
		sent := func(id string) bool { return all[id][len(all[id])-1].Sure }
		// stands tells whether the last notice to a device stands against another.
		stands := func(id string, r ledger.Reservation) bool {
			n := all[id]
			return len(n) > 0 && !own(id, r.Job) && r.Cooldown > 0 && r.Now.Before(n[len(n)-1].Time.Add(r.Cooldown))
		}
		t.Repeat(map[string]func(*rapid.T){
			"standing": func(t *rapid.T) {
				n, r, ids := draw(t)
				want := map[string]ledger.Notice{}
				for _, id := range ids {
					if stands(id, r) {
						want[id] = all[id][len(all[id])-1]
					}
				}
				wantStanding(t, n, r, ids, want)
			},
			"reserve": func(t *rapid.T) {
				n, r, ids := draw(t)
				want := map[string]ledger.Notice{}
				for _, id := range ids {
					if own(id, r.Job) && sent(id) {
						continue
					}
					if own(id, r.Job) {
						all[id] = all[id][:len(all[id])-1]
					} else if have := all[id]; len(have) > 0 {
						last := have[len(have)-1]
						if stands(id, r) {
							want[id] = last
							continue
						}
						all[id] = []ledger.Notice{last} // one before is enough
					}
					all[id] = append(all[id], ledger.Notice{Job: r.Job, Time: r.Now})
				}
				wantReserved(t, n, r, ids, want)
			},
			"confirm": func(t *rapid.T) {
				n, r, ids := draw(t)
				for _, id := range ids {
					if own(id, r.Job) {
						all[id][len(all[id])-1].Sure = true
					}
				}
				ok(t, n.Confirm(t.Context(), r, ids))
			},
			"release": func(t *rapid.T) {
				n, r, ids := draw(t)
				for _, id := range ids {
					if own(id, r.Job) && !sent(id) {
						all[id] = all[id][:len(all[id])-1]
					}
				}
				ok(t, n.Release(t.Context(), r, ids))
			},
		})
	})
}

func wipeModel(t *testing.T, newStore func(t *testing.T) (a, b Handle)) {
	type wipe struct {
		at  time.Time
		job string
	}
	every := t
	rapid.Check(t, func(t *rapid.T) {
		a, b := newStore(every)
		var all []wipe // in the order of their times
		clock := noon()
		draw := func(t *rapid.T) (w ledger.Wipes, job string, n int) {
			clock = clock.Add(time.Duration(rapid.IntRange(-10, 30).Draw(t, "minutes")) * time.Minute)
			return rapid.SampledFrom([]Handle{a, b}).Draw(t, "handle").Wipes,
				rapid.SampledFrom([]string{"one", "two"}).Draw(t, "job"), rapid.IntRange(0, 4).Draw(t, "n")
		}
		t.Repeat(map[string]func(*rapid.T){
			"reserve": func(t *rapid.T) {
				w, job, n := draw(t)
				limit := rapid.IntRange(0, 6).Draw(t, "limit")
				used := slices.DeleteFunc(slices.Clone(all), func(w wipe) bool { return !w.at.Add(time.Hour).After(clock) })
				err := w.Reserve(t.Context(), "tenant", job, n, clock, limit)
				if n > 0 && len(used)+n > limit {
					want := ledger.CapError{Asked: n, Used: len(used), Limit: limit}
					if n <= limit {
						want.Free = used[len(used)-(limit-n)-1].at.Add(time.Hour)
					}
					wantFull(t, err, want)
					return
				}
				ok(t, err)
				all = append(all, slices.Repeat([]wipe{{clock, job}}, n)...)
				slices.SortStableFunc(all, func(a, b wipe) int { return a.at.Compare(b.at) })
			},
			"release": func(t *rapid.T) {
				w, job, n := draw(t)
				ok(t, w.Release(t.Context(), "tenant", job, n))
				for i := len(all) - 1; i >= 0 && n > 0; i-- {
					if all[i].job == job {
						all = slices.Delete(all, i, i+1)
						n--
					}
				}
			},
		})
	})
}
