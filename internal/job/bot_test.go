package job_test

import (
	"errors"
	"net/http"
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

// A member is recognized by id and by e-mail, a device by its id. What stands
// against one of them holds for all devices of the member.
func TestMembersAreNotToldAgain(t *testing.T) {
	m := newMailroom(t, 10, true)
	first := m.send([]api.Device{m.phone(0, 0), m.phone(1, 0), m.phone(2, 0)})
	byMail := m.phone(0, 1)
	byMail.User.UserID, byMail.User.Email, byMail.DeviceID = "", strings.ToUpper(byMail.User.Email), ""
	newUser := m.phone(2, 0)
	newUser.User = m.phone(4, 0).User
	j := m.send([]api.Device{byMail, m.phone(1, 1), newUser, m.phone(4, 1), m.phone(5, 0)})
	wantCounts(t, j, journal.Counts{journal.Skipped: 4, journal.Sent: 1})
	for i := range 4 {
		wantStatus(t, j, i, journal.Skipped, "RECENTLY_NOTIFIED", first.Job().ID)
	}
	m.eachOnce(0, 1, 2, 5)
	_ = m.clock.Sleep(t.Context(), 25*time.Hour)
	wantCounts(t, m.send(m.phones(0)), journal.Counts{journal.Sent: 2})
}

// Nothing but a device tells that two jobs write to the same member.
func TestADeviceHoldsForItsMember(t *testing.T) {
	m := newMailroom(t, 3, true)
	byID, byMail, other := m.phone(0, 0), m.phone(0, 0), m.phone(0, 1)
	byID.User.Email, byMail.User.UserID, other.User.UserID = "", "", ""
	second := m.plan([]api.Device{byMail, other})
	m.send([]api.Device{byID})
	if err := m.runner().Run(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	wantCounts(t, second, journal.Counts{journal.Skipped: 2})
	m.eachOnce(0)
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
		if o := j.Outcome(i); o.Status != journal.Failed || o.Code != want || !strings.Contains(o.Detail, "; the service says: the ") {
			t.Errorf("item %d: %+v, want %s", i, o, want)
		}
	}
	m.eachOnce(0, 1, 2, 5, 6)
}

// Where the fault is not the members', the run stops early, calls nobody failed,
// and goes on once it is mended.
func TestABotThatRefusesEverybody(t *testing.T) {
	for name, tc := range map[string]struct {
		members int
		bot     int64
		scopes  []string
		outside bool
		id      string
		code    exit.Code
	}{
		"no such bot":            {members: 50, bot: 7, id: "BOT_REFUSED", code: exit.Failed},
		"no scope":               {members: 50, bot: testBot, scopes: []string{"user.read"}, id: "MISSING_SCOPE", code: exit.SignIn},
		"no scope, few members":  {members: 3, bot: testBot, scopes: []string{"user.read"}, id: "MISSING_SCOPE", code: exit.SignIn},
		"open to nobody":         {members: 50, bot: testBot, outside: true, id: "BOT_REFUSED", code: exit.SignIn},
		"open to none of ten":    {members: 10, bot: testBot, outside: true, id: "BOT_REFUSED", code: exit.SignIn},
		"everything is in order": {members: 50, bot: testBot},
	} {
		t.Run(name, func(t *testing.T) {
			var outside []int
			if tc.outside {
				outside = upTo(tc.members)
			}
			m := newMailroom(t, tc.members, true, outside...)
			j := m.plan(m.phones(upTo(tc.members)...), func(j *journal.Job) { j.Bot.BotID = tc.bot })
			err := m.runner(tc.scopes...).Run(t.Context(), j)
			if exit.CodeOf(err) != tc.code || tc.id != "" && exit.As(err).ID != tc.id {
				t.Errorf("%v", err)
			}
			if tc.code != 0 {
				wantCounts(t, j, journal.Counts{journal.Planned: j.Len()})
				if m.eachOnce(); m.arrived > 10 {
					t.Errorf("%d requests", m.arrived)
				}
			}
			if tc.bot != testBot || tc.outside {
				return
			}
			j = m.again(j)
			if err := m.runner().Run(t.Context(), j); err != nil {
				t.Error(err)
			}
			wantCounts(t, j, journal.Counts{journal.Sent: j.Len()})
			m.eachOnce(upTo(tc.members)...)
		})
	}
}

// Members who were refused before any was reached stay planned until it shows
// that it was about them.
func TestRefusedBeforeAnybodyWasReached(t *testing.T) {
	t.Run("somebody was reached later", func(t *testing.T) {
		m := newMailroom(t, 30, true, upTo(7)...)
		j := m.send(m.phones(upTo(30)...))
		wantCounts(t, j, journal.Counts{journal.Failed: len(m.phones(upTo(7)...)), journal.Sent: j.Len() - len(m.phones(upTo(7)...))})
	})
	t.Run("there is nobody else", func(t *testing.T) {
		m := newMailroom(t, 4, true, upTo(4)...)
		j := m.send(m.phones(upTo(4)...))
		wantCounts(t, j, journal.Counts{journal.Failed: j.Len()})
	})
	t.Run("the others needed nothing", func(t *testing.T) {
		m := newMailroom(t, 15, true, upTo(9)...)
		j := m.plan(m.phones(upTo(15)...))
		m.send(m.phones(9, 10, 11, 12, 13, 14))
		if err := m.runner().Run(t.Context(), j); err != nil {
			t.Error(err)
		}
		wantCounts(t, j, journal.Counts{journal.Failed: len(m.phones(upTo(9)...)), journal.Skipped: len(m.phones(9, 10, 11, 12, 13, 14))})
	})
	t.Run("a resume goes on past many", func(t *testing.T) {
		m := newMailroom(t, 30, true, upTo(12)...)
		j := m.plan(m.phones(upTo(30)...))
		if err := m.runner().Run(t.Context(), j); exit.As(err) == nil || exit.As(err).ID != "BOT_REFUSED" {
			t.Error(err)
		}
		wantCounts(t, j, journal.Counts{journal.Planned: j.Len()})
		j = m.again(j)
		if err := m.runner().Run(t.Context(), j); err != nil {
			t.Error(err)
		}
		outside := len(m.phones(upTo(12)...))
		wantCounts(t, j, journal.Counts{journal.Failed: outside, journal.Sent: j.Len() - outside})
	})
	t.Run("somebody's answer was lost", func(t *testing.T) {
		m := newMailroom(t, 6, true, 1, 2, 3, 4, 5)
		m.service.AddFault(standin.Fault{Kind: standin.DropBefore, Path: messagePath})
		j := m.plan(m.phones(upTo(6)...))
		if err := m.runner().Run(t.Context(), j); err != nil {
			t.Error(err)
		}
		lost := len(m.phones(0))
		wantCounts(t, j, journal.Counts{journal.Sending: lost, journal.Failed: j.Len() - lost})
	})
	t.Run("the run is broken off", func(t *testing.T) {
		m := newMailroom(t, 30, true, upTo(8)...)
		j := m.breakOff(m.plan(m.phones(upTo(30)...)), func(run int) int { return 5 * (run + 1) })
		failed := len(m.phones(upTo(8)...))
		wantCounts(t, j, journal.Counts{journal.Failed: failed, journal.Sent: j.Len() - failed})
	})
}

// What a refusal is about is read from the answer.
func TestWhatAServiceSaysOfARefusal(t *testing.T) {
	for name, tc := range map[string]struct {
		challenge, description string
		code                   exit.Code
	}{
		"a challenge":            {challenge: `Bearer error="insufficient_scope", scope="bot.message"`, code: exit.SignIn},
		"words":                  {description: "Insufficient scope", code: exit.SignIn},
		"the bot's own scope":    {description: "the member is outside the scope of use"},
		"the member, no answers": {},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMailroom(t, 2, false)
			m.serve(standin.Options{Members: m.members, Wrap: func(http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					if tc.challenge != "" {
						w.Header().Set("WWW-Authenticate", tc.challenge)
					}
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(http.StatusForbidden)
					_, _ = w.Write([]byte(`{"code":"FORBIDDEN","description":"` + tc.description + `"}`))
				})
			}})
			j := m.plan(m.phones(0))
			err := m.runner().Run(t.Context(), j)
			if exit.CodeOf(err) != tc.code || errors.Is(err, api.ErrMissingScope) != (tc.code == exit.SignIn) {
				t.Errorf("%v", err)
			}
			if tc.code != 0 {
				wantCounts(t, j, journal.Counts{journal.Planned: j.Len()})
			} else {
				wantStatus(t, j, 0, journal.Failed, "BOT_NOT_OPEN", tc.description)
			}
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

// A journal that would reach a member twice, or somebody else, isn't sent at all.
func TestAJournalThatIsNotSent(t *testing.T) {
	m := newMailroom(t, 5, true)
	jobs := [][]api.Device{{m.phone(0, 0), m.phone(1, 0), m.phone(0, 1)}}
	for _, name := range []string{"", ".", "..", "me", "ME", "a/b", "a b", "a?b", "a#b", "%2e%2e", "a\x00b", "a\u200bb", "externalKey:1"} {
		strange := m.phone(2, 0)
		strange.User = api.User{UserID: name}
		jobs = append(jobs, []api.Device{m.phone(1, 0), strange})
	}
	for _, devices := range jobs {
		if err := m.runner().Run(t.Context(), m.plan(devices)); err == nil {
			t.Errorf("%q: no error", devices[1].User.UserID)
		}
	}
	m.eachOnce()
}

// E-mails are sent in lower case, as the service has them.
func TestAnEmailInCapitals(t *testing.T) {
	m := newMailroom(t, 1, true)
	d := m.phone(0, 0)
	d.User = api.User{Email: strings.ToUpper(d.User.Email)}
	wantCounts(t, m.send([]api.Device{d}), journal.Counts{journal.Sent: 1})
}
