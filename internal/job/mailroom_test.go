package job_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/botmessage"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/ledger"
	"github.com/worksctl/worksctl/internal/standin"
	"github.com/worksctl/worksctl/internal/wiretest"
	"github.com/worksctl/worksctl/pkg/api"
)

const (
	messagePath = "/messages"
	testBot     = 2000001
)

// mailroom sends a bot's messages to the members of a stand-in for what NAVER
// WORKS publishes.
type mailroom struct {
	t       testing.TB
	clock   *virtualClock
	service *standin.Service
	members []standin.Member
	folder  string
	beside  string // the device that each member has beside those of a plan

	mu      sync.Mutex
	arrived int
	at      map[int]func() // done before the request of this number is
}

// newMailroom has members who are all active. outside are the places of those
// whom the bot isn't open to.
func newMailroom(t testing.TB, members int, judged bool, outside ...int) *mailroom {
	t.Helper()
	const special = 8 // of the directory: suspended, deleted and the like
	m := &mailroom{t: t, members: standin.Directory(members + special)[special:], folder: t.TempDir(), at: map[int]func(){}}
	m.clock = &virtualClock{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	bot := standin.Bot{ID: testBot}
	for _, place := range outside {
		bot.Outside = append(bot.Outside, m.members[place].UserID)
	}
	wrap := m.watch
	if judged {
		judge := wiretest.Validator(t).AllowFaults()
		wrap = func(h http.Handler) http.Handler { return judge.Handler(m.watch(h)) }
	}
	m.serve(standin.Options{Members: m.members, Bots: []standin.Bot{bot}, Wrap: wrap})
	return m
}

func (m *mailroom) serve(o standin.Options) {
	m.t.Helper()
	o.Now = m.clock.Now
	var err error
	if m.service, err = standin.Start(o); err != nil {
		m.t.Fatal(err)
	}
	service := m.service
	m.t.Cleanup(func() {
		if err := service.Close(); err != nil {
			m.t.Error(err)
		}
	})
}

func (m *mailroom) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, messagePath) {
			m.mu.Lock()
			m.arrived++
			do := m.at[m.arrived]
			m.mu.Unlock()
			if do != nil {
				do()
			}
		}
		next.ServeHTTP(w, r)
	})
}

// runner is that of a new process.
func (m *mailroom) runner(scopes ...string) *job.Runner {
	m.t.Helper()
	client, err := api.New(api.Options{
		BaseURL: m.service.APIURL(), Tokens: api.StaticToken(api.NewSecret(m.service.Token(scopes...))), Now: m.clock.Now, Sleep: m.clock.Sleep,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return &job.Runner{Client: client, Now: m.clock.Now, Sleep: m.clock.Sleep, Notices: ledger.NewDir(filepath.Join(m.folder, "records")).Notices()}
}

func (m *mailroom) store() *journal.Dir {
	return journal.NewDir(filepath.Join(m.folder, "jobs"), m.clock.Now)
}

// phone is the nth device of a member.
func (m *mailroom) phone(place, n int) api.Device {
	who := m.members[place]
	return api.Device{
		DeviceID: fmt.Sprintf("device-%d-%d", place, n), Type: api.TypeMobile, DomainID: who.DomainID, Model: fmt.Sprintf("Phone %d", n),
		OS: api.OS{Type: api.OSIOS, Version: "18.1"}, App: api.App{Type: api.AppWorksMobile, Version: fmt.Sprintf("4.%d", 2-n)},
		User: api.User{UserID: who.UserID, Email: who.Email, UserName: who.UserName.LastName + who.UserName.FirstName},
	}
}

// phones are those of members in order; every third has a second one.
func (m *mailroom) phones(places ...int) []api.Device {
	var all []api.Device
	for _, place := range places {
		for n := range 1 + (place+2)%3/2 {
			all = append(all, m.phone(place, n))
		}
	}
	return all
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func (m *mailroom) plan(devices []api.Device, change ...func(*journal.Job)) journal.Journal {
	m.t.Helper()
	about := journal.Job{
		Action: fleet.Notify, Tenant: journal.NewTenant(m.service.APIURL(), 0, "test"), Cooldown: "24h0m0s", CreatedTime: m.clock.Now(),
		Bot: &journal.BotNotice{BotID: testBot, FromFile: true, Message: botmessage.Notice{
			Templates: botmessage.BuiltIn(), Language: botmessage.Auto, Link: "https://update.example.com",
		}},
	}
	for _, f := range change {
		f(&about)
	}
	d, err := m.store().Draft(m.t.Context(), about)
	if err != nil {
		m.t.Fatal(err)
	}
	for i := range devices {
		if err := d.Add(&devices[i], journal.Outcome{Status: journal.Planned, Beside: m.beside}); err != nil {
			m.t.Fatal(err)
		}
	}
	j, err := d.Commit(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { _ = j.Close() })
	return j
}

// send plans and sends; it must get through.
func (m *mailroom) send(devices []api.Device) journal.Journal {
	m.t.Helper()
	j := m.plan(devices)
	if err := m.runner().Run(m.t.Context(), j); err != nil {
		m.t.Fatal(err)
	}
	return j
}

// again opens a job as a later process does.
func (m *mailroom) again(j journal.Journal) journal.Journal {
	m.t.Helper()
	if err := j.Close(); err != nil {
		m.t.Fatal(err)
	}
	j, err := m.store().Open(m.t.Context(), j.Job().ID)
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { _ = j.Close() })
	return j
}

// eachOnce checks that the members at places, and nobody else, have one message.
func (m *mailroom) eachOnce(places ...int) {
	m.t.Helper()
	m.eachMessageOnce(places...)
	if n := m.service.Record().Throttled; n != 0 {
		m.t.Errorf("throttled %d times", n)
	}
}

// eachMessageOnce is eachOnce where requests may be put off.
func (m *mailroom) eachMessageOnce(places ...int) {
	m.t.Helper()
	done := m.service.Record()
	for _, place := range places {
		if n := done.Done["message"][m.members[place].UserID]; n != 1 {
			m.t.Errorf("member %d has %d messages", place, n)
		}
	}
	if n := done.Total("message"); n != len(places) {
		m.t.Errorf("%d messages, want %d", n, len(places))
	}
}
