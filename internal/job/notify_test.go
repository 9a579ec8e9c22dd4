package job_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

func TestNoticesGoOutByListAndDomain(t *testing.T) {
	c := newCampaign(t, t.TempDir(), 450)
	elsewhere := slices.Clone(c.devices[:30])
	for i := range elsewhere {
		elsewhere[i].DomainID++
		elsewhere[i].DeviceID = fmt.Sprintf("5e0c2f8e-0000-4000-8000-%012d", i)
	}
	mixed := slices.Concat(c.devices[:100], elsewhere, c.devices[100:])
	j := c.send(mixed)
	wantCounts(t, j, journal.Counts{journal.Sent: len(c.devices), journal.Failed: len(elsewhere)})
	c.eachOnce(c.devices)
	if c.settled != len(mixed) {
		t.Errorf("progress told of %d settled items, not %d", c.settled, len(mixed))
	}
	if o := j.Outcome(100); o.Code != "DEVICE_NOT_EXIST" || o.Detail == "" {
		t.Errorf("a device of another domain is %+v", o)
	}
	byID := map[string]api.Device{}
	for _, d := range mixed {
		byID[d.DeviceID] = d
	}
	groups := map[string]int{}
	keys := map[string]bool{}
	for _, n := range c.notices {
		groups[fmt.Sprint(n.DomainID, n.Type)] += len(n.DeviceIDs)
		keys[n.key] = true
		if len(n.DeviceIDs) > 100 {
			t.Errorf("%d devices in one request", len(n.DeviceIDs))
		}
		for _, id := range n.DeviceIDs {
			if d := byID[id]; d.Type != n.Type || d.DomainID != n.DomainID {
				t.Errorf("%s of %s in %d was sent with %s in %d", id, d.Type, d.DomainID, n.Type, n.DomainID)
			}
		}
	}
	if len(keys) != len(c.notices) {
		t.Errorf("%d keys in %d requests", len(keys), len(c.notices))
	}
	fewest := 0
	for _, n := range groups {
		fewest += (n + 99) / 100
	}
	if len(c.notices) != fewest {
		t.Errorf("%d requests where %d suffice", len(c.notices), fewest)
	}
}

func TestRecentlyNotifiedAreSkipped(t *testing.T) {
	c := newCampaign(t, t.TempDir(), 120)
	first := c.send(c.devices[:50])
	second := c.send(c.devices)
	wantCounts(t, second, journal.Counts{journal.Skipped: 50, journal.Sent: len(c.devices) - 50})
	wantStatus(t, second, 0, journal.Skipped, "RECENTLY_NOTIFIED", first.Job().ID)
	c.eachOnce(c.devices)
	if err := c.options.Sleep(t.Context(), 61*60e9); err != nil {
		t.Fatal(err)
	}
	wantCounts(t, c.send(c.devices[:50]), journal.Counts{journal.Sent: 50})
}

func TestABadIDIsFoundByHalving(t *testing.T) {
	for _, bad := range []string{"no id", "of another list"} {
		t.Run(bad, func(t *testing.T) {
			c := newCampaign(t, t.TempDir(), 600)
			phones := slices.DeleteFunc(slices.Clone(c.devices), func(d api.Device) bool { return d.Type != api.TypeMobile })[:250]
			wrong := phones[0]
			wrong.DeviceID = "no id"
			detail := wrong.DeviceID
			if bad == "of another list" {
				wrong = c.devices[slices.IndexFunc(c.devices, func(d api.Device) bool { return d.Type == api.TypePC })]
				wrong.Type = api.TypeMobile
				detail = wrong.DeviceID
			}
			j := c.send(slices.Insert(slices.Clone(phones), 137, wrong))
			wantCounts(t, j, journal.Counts{journal.Sent: len(phones), journal.Failed: 1})
			wantStatus(t, j, 137, journal.Failed, "INVALID_PARAMETER", detail)
			c.eachOnce(phones)
			if n := len(c.notices); n > 3+2*7 {
				t.Errorf("%d requests", n)
			}
			keys := map[string]bool{}
			for _, n := range c.notices {
				keys[n.key] = true
			}
			if len(keys) != len(c.notices) {
				t.Errorf("%d keys in %d requests: a half needs a new one", len(keys), len(c.notices))
			}
		})
	}
}

func TestABackEndThatRefusesEveryDevice(t *testing.T) {
	c := newCampaign(t, t.TempDir(), 2000)
	c.onRequest(func(_ int, w http.ResponseWriter, _ *http.Request) bool {
		answer(w, http.StatusBadRequest, `{"code":"INVALID_PARAMETER","description":"not today"}`)
		return true
	})
	j := c.plan(c.devices)
	err := c.runner().Run(t.Context(), j)
	if err == nil || len(c.notices) > 4*199 {
		t.Errorf("%d requests: %v", len(c.notices), err)
	}
	planned := 0
	for i := range j.Len() {
		if j.Outcome(i).Status == journal.Planned {
			planned++
		}
	}
	if planned < len(c.devices)-400 {
		t.Errorf("%d of %d stay planned", planned, len(c.devices))
	}
	c.onRequest(nil)
	wantCounts(t, c.send(c.devices), journal.Counts{journal.Sent: len(c.devices)})
}

func TestTwoRunsAtOnceNotifyOnce(t *testing.T) {
	c := newCampaign(t, t.TempDir(), 700)
	jobs := []journal.Journal{c.plan(c.devices), c.plan(c.devices)}
	var wg sync.WaitGroup
	for _, j := range jobs {
		r := c.runner()
		r.Progress = nil
		wg.Go(func() {
			if err := r.Run(t.Context(), j); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	c.eachOnce(c.devices)
	for i := range c.devices {
		a, b := jobs[0].Outcome(i), jobs[1].Outcome(i)
		if a.Status == journal.Skipped {
			a, b = b, a
		}
		if a.Status != journal.Sent || b.Status != journal.Skipped {
			t.Errorf("device %d is %s and %s", i, a.Status, b.Status)
		}
	}
}

// Each device gets an answer of its own kind.
func TestAnswersThatAreNotClear(t *testing.T) {
	c := newCampaign(t, t.TempDir(), 100)
	devices := slices.DeleteFunc(slices.Clone(c.devices), func(d api.Device) bool { return d.Type != api.TypeMobile })[:6]
	c.onRequest(func(_ int, w http.ResponseWriter, _ *http.Request) bool {
		type result = map[string]string
		body, err := json.Marshal(map[string][]result{"results": {
			{"deviceId": devices[1].DeviceID, "status": "SENT"},
			{"deviceId": devices[0].DeviceID, "status": "FAILED", "code": "GONE", "description": "left"},
			{"deviceId": "foreign", "status": "SENT"},
			{"deviceId": devices[2].DeviceID, "status": "SENT"},
			{"deviceId": devices[2].DeviceID, "status": "FAILED"},
			{"deviceId": devices[3].DeviceID, "status": "QUEUED"},
			{"deviceId": devices[4].DeviceID, "status": ""},
		}})
		if err != nil {
			t.Error(err)
		}
		answer(w, http.StatusOK, string(body))
		return true
	})
	j := c.send(devices)
	const unclear = "OUTCOME_UNKNOWN"
	wantStatus(t, j, 0, journal.Failed, "GONE", "left")
	wantStatus(t, j, 1, journal.Sent, "", "")
	wantStatus(t, j, 2, journal.Sending, unclear, "2 results")
	wantStatus(t, j, 3, journal.Sending, unclear, `"QUEUED"`)
	wantStatus(t, j, 4, journal.Sending, unclear, `""`)
	wantStatus(t, j, 5, journal.Sending, unclear, "0 results")

	c.onRequest(nil)
	next := c.send(devices)
	wantStatus(t, next, 0, journal.Sent, "", "")
	wantStatus(t, next, 1, journal.Skipped, "RECENTLY_NOTIFIED", j.Job().ID)
	for i := 2; i < 6; i++ {
		wantStatus(t, next, i, journal.Skipped, "MAYBE_NOTIFIED", j.Job().ID)
	}
}

func TestUnknownNoticesAreNeverSentAgain(t *testing.T) {
	for name, f := range map[string]sandbox.Fault{
		"dropped after":      {Kind: "drop-after"},
		"dropped before":     {Kind: "drop-before"},
		"cut":                {Kind: "cut-body"},
		"a page of HTML":     {Kind: "non-json", Acts: true},
		"500 that acted":     {Kind: "status", Status: 500, Acts: true},
		"502 that didn't":    {Kind: "status", Status: 502},
		"503 without a hint": {Kind: "status", Status: 503, Acts: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCampaign(t, t.TempDir(), 300)
			phones := slices.DeleteFunc(slices.Clone(c.devices), func(d api.Device) bool { return d.Type != api.TypeMobile })[:120]
			f.After = 1
			c.disturb(f)
			j := c.send(phones)
			got := journal.Counts{}
			for i := range j.Len() {
				got[j.Outcome(i).Status]++
			}
			if unknown := got[journal.Sending]; unknown != 100 && unknown != 20 || got[journal.Sent] != 120-unknown {
				t.Errorf("%v", got)
			}
			before := c.requests()
			j = c.again(j)
			if err := c.runner().Run(t.Context(), j); err != nil {
				t.Error(err)
			}
			other := c.send(phones)
			if c.requests() != before {
				t.Errorf("%d more requests", c.requests()-before)
			}
			for i := range j.Len() {
				o, code := j.Outcome(i), "RECENTLY_NOTIFIED"
				if o.Status == journal.Sending {
					code = "MAYBE_NOTIFIED"
					if o.Code != "OUTCOME_UNKNOWN" || o.Detail == "" || o.Key == "" {
						t.Errorf("item %d: %+v", i, o)
					}
				}
				wantStatus(t, other, i, journal.Skipped, code, j.Job().ID)
			}
		})
	}
}

func TestThreeUnknownRequestsInARowEndTheRun(t *testing.T) {
	c := newCampaign(t, t.TempDir(), 2000)
	c.disturb(sandbox.Fault{Kind: "drop-after", Times: -1, After: 2})
	j := c.plan(c.devices)
	err := c.runner().Run(t.Context(), j)
	if _, unknown := errors.AsType[*api.UnknownOutcomeError](err); !unknown {
		t.Error(err)
	}
	if n := c.requests(); n < 5 || n > 10 {
		t.Errorf("%d requests", n)
	}
	told := c.told()
	for i, d := range c.devices {
		if o := j.Outcome(i); o.Status == journal.Planned && told[d.DeviceID] > 0 {
			t.Fatalf("item %d is planned, but was sent", i)
		} else if o.Status == journal.Sending && told[d.DeviceID] == 0 {
			t.Fatalf("item %d is unknown, but never left", i)
		}
	}
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// What a bot told a member holds for their devices, though it names none of them,
// and what one of these was told for the member.
func TestANoticeKnowsTheMember(t *testing.T) {
	c := newCampaign(t, t.TempDir(), 100)
	told := c.devices[0].User
	notices := c.runner().Notices
	bot := ledger.Reservation{Address: c.options.BaseURL, Job: "bot", Now: c.options.Now(), Cooldown: time.Hour}
	if _, err := notices.Reserve(t.Context(), bot, job.MemberMarks(told)[:1]); err != nil {
		t.Fatal(err)
	}
	j := c.send(c.devices)
	var others []string
	for it, err := range j.Items(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if it.Device.User.UserID == told.UserID {
			wantStatus(t, j, it.Index, journal.Skipped, "MAYBE_NOTIFIED", "by job bot")
			continue
		}
		wantStatus(t, j, it.Index, journal.Sent, "", "") // each device, also several of a member
		others = append(others, job.MemberMarks(it.Device.User)...)
	}
	bot.Job = "another"
	standing, err := notices.Standing(t.Context(), bot, others)
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range others {
		if n := standing[mark]; n.Job != j.Job().ID || !n.Sure {
			t.Errorf("%s: %+v", mark, n)
		}
	}
}
