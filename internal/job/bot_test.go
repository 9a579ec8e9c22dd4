package job_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/standin"
	"github.com/worksctl/worksctl/pkg/api"
)

func TestOneMessageToEachMember(t *testing.T) {
	m := newMailroom(t, 60, true)
	j := m.send(m.phones(upTo(60)...))
	wantCounts(t, j, journal.Counts{journal.Sent: j.Len()})
	m.eachOnce(upTo(60)...)
	message := m.service.Record().Messages[m.members[3].UserID][0]
	for _, want := range []string{"button_template", "https://update.example.com", "Phone 0: ", "Phone 1: "} {
		if !strings.Contains(message, want) {
			t.Errorf("%s lacks %q", message, want)
		}
	}
}

// A member is recognized by id and by e-mail, a device by its id.
func TestMembersAreNotToldAgain(t *testing.T) {
	m := newMailroom(t, 10, true)
	first := m.send([]api.Device{m.phone(0, 0), m.phone(1, 0), m.phone(2, 0)})
	byMail := m.phone(0, 1)
	byMail.User.UserID, byMail.User.Email, byMail.DeviceID = "", strings.ToUpper(byMail.User.Email), ""
	newUser := m.phone(2, 0)
	newUser.User = m.phone(4, 0).User
	j := m.send([]api.Device{byMail, m.phone(1, 1), newUser, m.phone(4, 1), m.phone(5, 0)})
	wantCounts(t, j, journal.Counts{journal.Skipped: 3, journal.Sent: 2})
	for i := range 3 {
		wantStatus(t, j, i, journal.Skipped, "RECENTLY_NOTIFIED", first.Job().ID)
	}
	m.eachOnce(0, 1, 2, 4, 5)
	if text := m.service.Record().Messages[m.members[4].UserID][0]; strings.Contains(text, "Phone 0") {
		t.Errorf("the message tells of the device that was left out: %s", text)
	}
	_ = m.clock.Sleep(t.Context(), 25*time.Hour)
	wantCounts(t, m.send(m.phones(0)), journal.Counts{journal.Sent: 2})
}

func TestTwoBotRunsAtOnce(t *testing.T) {
	m := newMailroom(t, 150, false)
	jobs := []journal.Journal{m.plan(m.phones(upTo(150)...)), m.plan(m.phones(upTo(150)...))}
	var wg sync.WaitGroup
	for _, j := range jobs {
		r := m.runner()
		wg.Go(func() {
			if err := r.Run(t.Context(), j); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	done := m.service.Record()
	for i, who := range m.members {
		if n := done.Done["message"][who.UserID]; n != 1 {
			t.Errorf("member %d has %d messages", i, n)
		}
	}
}

func TestRefusedMembers(t *testing.T) {
	m := newMailroom(t, 30, true, 3, 4)
	gone := m.phone(7, 0)
	gone.User = api.User{UserID: "nobody"}
	j := m.send(append(m.phones(upTo(7)...), gone))
	for i, want := range map[int]string{4: "BOT_NOT_OPEN", 5: "BOT_NOT_OPEN", 6: "BOT_NOT_OPEN", j.Len() - 1: "USER_NOT_EXIST"} {
		if o := j.Outcome(i); o.Status != journal.Failed || o.Code != want || o.Detail == "" {
			t.Errorf("item %d: %+v, want %s", i, o, want)
		}
	}
	m.eachOnce(0, 1, 2, 5, 6)
}

// Where the fault is not the members', the run stops early.
func TestABotThatRefusesEverybody(t *testing.T) {
	for name, tc := range map[string]struct {
		bot     int64
		scopes  []string
		outside bool
		failed  int
		code    exit.Code
	}{
		"no such bot":      {bot: 7, code: exit.Failed},
		"no scope":         {bot: testBot, scopes: []string{"user.read"}, failed: 9, code: exit.SignIn},
		"open to nobody":   {bot: testBot, outside: true, failed: 9, code: exit.SignIn},
		"open to somebody": {bot: testBot},
	} {
		t.Run(name, func(t *testing.T) {
			var outside []int
			if tc.outside {
				outside = upTo(50)
			}
			m := newMailroom(t, 50, true, outside...)
			j := m.plan(m.phones(upTo(50)...), func(j *journal.Job) { j.Bot.BotID = tc.bot })
			err := m.runner(tc.scopes...).Run(t.Context(), j)
			if exit.CodeOf(err) != tc.code {
				t.Errorf("%v", err)
			}
			if tc.code == 0 {
				m.eachOnce(upTo(50)...)
				return
			}
			failed := map[string]bool{}
			for it, err := range j.Items(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				if it.Status == journal.Failed {
					failed[it.Device.User.UserID] = true
				}
			}
			if len(failed) != tc.failed || m.arrived > 14 {
				t.Errorf("%d members failed after %d requests", len(failed), m.arrived)
			}
			m.eachOnce()
		})
	}
}

func TestUnclearAnswersToABot(t *testing.T) {
	for _, kind := range []standin.Kind{standin.DropBefore, standin.DropAfter, standin.FailBefore, standin.FailAfter} {
		t.Run(string(kind), func(t *testing.T) {
			m := newMailroom(t, 20, true)
			m.service.AddFault(standin.Fault{Kind: kind, Path: messagePath, After: 5})
			m.service.AddFault(standin.Fault{Kind: kind, Path: messagePath, After: 12})
			j := m.send(m.phones(upTo(20)...))
			done := m.service.Record()
			before := done.Total("message")
			unknown := map[string]bool{}
			for it, err := range j.Items(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				switch n := done.Done["message"][it.Device.User.UserID]; {
				case it.Status == journal.Sending && n <= 1:
					unknown[it.Device.User.UserID] = true
				case it.Status != journal.Sent || n != 1:
					t.Errorf("item %d is %s, with %d messages", it.Index, it.Status, n)
				}
			}
			if len(unknown) != 2 {
				t.Errorf("%d members are unknown, want 2", len(unknown))
			}
			j = m.again(j)
			if err := m.runner().Run(t.Context(), j); err != nil {
				t.Fatal(err)
			}
			wantCounts(t, m.send(m.phones(upTo(20)...)), journal.Counts{journal.Skipped: j.Len()})
			if after := m.service.Record().Total("message"); after != before {
				t.Errorf("%d messages more", after-before)
			}
		})
	}
}

func TestVerifyABotJobOfAFile(t *testing.T) {
	m := newMailroom(t, 5, true, 1)
	j := m.send(m.phones(0, 1))
	var got []string
	for e, err := range m.runner().Verify(t.Context(), j) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Evidence)
	}
	if diff := cmp.Diff([]string{job.Unknown, job.Unknown, job.Failed}, got); diff != "" {
		t.Error(diff)
	}
}

// Requests that were not sent because the run had ended are not unknown.
func TestOnlyWhatWasSentIsUnknown(t *testing.T) {
	for range 10 {
		m := newMailroom(t, 30, false)
		m.service.AddFault(standin.Fault{Kind: standin.FailAfter, Path: messagePath, After: 5, Times: 3})
		j := m.plan(m.phones(upTo(30)...))
		_ = m.runner().Run(t.Context(), j) // it may have got through, or ended after the third
		unknown := map[string]bool{}
		for it, err := range j.Items(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if it.Status == journal.Sending {
				unknown[it.Device.User.UserID] = true
			}
		}
		if len(unknown) != 3 {
			t.Fatalf("%d members are unknown, want 3", len(unknown))
		}
	}
}

// A journal that would reach a member twice isn't sent at all.
func TestAMemberWhoseDevicesStandApart(t *testing.T) {
	m := newMailroom(t, 5, true)
	j := m.plan([]api.Device{m.phone(0, 0), m.phone(1, 0), m.phone(0, 1)})
	if err := m.runner().Run(t.Context(), j); err == nil {
		t.Error("no error")
	}
	m.eachOnce()
}
