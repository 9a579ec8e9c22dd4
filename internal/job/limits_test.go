package job_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/pkg/api"
)

// A back end that refuses nine devices, all that there are, may have nine bad
// ids before it; one that refuses ten has something against all of them.
func TestTenRefusedAreNoAccident(t *testing.T) {
	for _, devices := range []int{9, 10} {
		t.Run(fmt.Sprint(devices), func(t *testing.T) {
			c := newCampaign(t, t.TempDir(), 1)
			c.onRequest(func(_ int, w http.ResponseWriter, _ *http.Request) bool {
				answer(w, http.StatusBadRequest, `{"code":"INVALID_PARAMETER","description":"not today"}`)
				return true
			})
			var all []api.Device
			for i := range devices {
				d := c.devices[0]
				d.DeviceID = fmt.Sprintf("5e0c2f8e-0000-4000-8000-%012d", i)
				all = append(all, d)
			}
			j := c.plan(all)
			err := c.runner().Run(t.Context(), j)
			e := exit.As(err)
			if stopped := e != nil && e.ID == "ALL_REFUSED"; stopped != (devices >= 10) || !stopped && err != nil {
				t.Errorf("%d refused: %v", devices, err)
			}
			wantCounts(t, j, journal.Counts{journal.Failed: devices})
		})
	}
}

// Wipes leave one after another: the third in a row without a clear answer is
// the last, and a clear one between them begins the count anew.
func TestTheThirdUnknownInARowIsTheLast(t *testing.T) {
	for name, tt := range map[string]struct {
		lost func(n int) bool // which requests are
		want []journal.Status
	}{
		"all": {
			func(int) bool { return true },
			[]journal.Status{journal.Sending, journal.Sending, journal.Sending, journal.Planned, journal.Planned, journal.Planned},
		},
		"but every third": {
			func(n int) bool { return n%3 != 2 },
			[]journal.Status{journal.Sending, journal.Sending, journal.Accepted, journal.Sending, journal.Sending, journal.Accepted},
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			requests := 0
			l.server = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					if requests++; tt.lost(requests - 1) {
						panic(http.ErrAbortHandler)
					}
				}
				l.backend.ServeHTTP(w, r)
			})
			p := l.phones(false)
			j := l.begin(wipe(), &p[0], &p[1], &p[2], &p[3], &p[4], &p[5])
			err := l.runner.Run(t.Context(), j)
			_, unknown := errors.AsType[*api.UnknownOutcomeError](err)
			left := 0
			for i, want := range tt.want {
				if got := j.Outcome(i).Status; got != want {
					t.Errorf("item %d is %s, want %s", i, got, want)
				}
				if want == journal.Planned {
					left++
				}
			}
			if unknown != (left > 0) || requests != len(tt.want)-left {
				t.Errorf("%d requests: %v", requests, err)
			}
		})
	}
}

// The last use of a phone may fall in the very second in which it was wiped.
func TestCameBackMeansUsedLaterThanDone(t *testing.T) {
	for later, want := range map[time.Duration]string{-time.Second: "confirmed", 0: "confirmed", time.Second: "came-back"} {
		t.Run(later.String(), func(t *testing.T) {
			l := newLab(t)
			p := &l.phones(true)[0]
			j := l.run(wipe(), p)
			l.does(p, "online")
			l.pass(time.Hour)
			c, err := l.client.Commands.Get(t.Context(), j.Outcome(0).CommandID)
			if err != nil {
				t.Fatal(err)
			}
			done, err := time.Parse(time.RFC3339, string(c.CompletedTime))
			if err != nil {
				t.Fatal(err)
			}
			used := *p
			used.LastAccessTime = done.Add(later).UTC().Format(time.RFC3339)
			l.server = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasSuffix(r.URL.Path, "/security/devices/"+p.DeviceID) {
					l.backend.ServeHTTP(w, r)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(used)
			})
			wantEvidence(t, l.verify(j), want, "completed at")
		})
	}
}

// A batch that the cooldown leaves nothing of gives its turn of the rate limit
// back: else 18 of them would hold up those who come after them for a minute.
func TestBatchesThatAreLeftOutCostNoTime(t *testing.T) {
	const devices, free, limit = 1951, 100, 12
	synctest.Test(t, func(t *testing.T) {
		c, all, seen := pacing(t, limit, 400*time.Millisecond, devices)
		r := c.runner()
		run := func(devices []api.Device) journal.Journal {
			t.Helper()
			j := c.plan(devices)
			if err := r.Run(t.Context(), j); err != nil {
				t.Fatal(err)
			}
			return j
		}
		run(all[devices-1:]) // from its answer on the limit is known

		recent := make([]string, devices-free)
		for i := range recent {
			recent[i] = all[i].DeviceID
		}
		before := ledger.Reservation{
			Address: journal.NewTenant(c.options.BaseURL, 0, "test").Address, Job: "another", Now: time.Now(), Cooldown: time.Hour,
		}
		if _, err := r.Notices.Reserve(t.Context(), before, recent); err != nil {
			t.Fatal(err)
		}
		if err := r.Notices.Confirm(t.Context(), before, recent); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		j := run(all)
		wantCounts(t, j, journal.Counts{journal.Skipped: len(recent), journal.Failed: free})
		if took := time.Since(start); took > 5*time.Second || len(seen.times) != 3 {
			t.Errorf("2 requests and 18 that were not needed took %s; %d were made in all", took, len(seen.times))
		}
	})
}
