package cmd_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/standin"
)

// TestKilledBotRunsWriteOnce kills a run of messages through a bot at a random
// moment, resumes it, kills that too, and resumes it to its end. By the count of
// the stand-in nobody gets two messages, who is called sent got one, and everybody
// else is called unknown.
func TestKilledBotRunsWriteOnce(t *testing.T) {
	for round := range killRounds / 5 {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			killBotRound(t, rand.New(rand.NewPCG(uint64(round), 5)))
		})
	}
}

func killBotRound(t *testing.T, random *rand.Rand) {
	const members = 200
	var back reaper
	directory := slices.DeleteFunc(standin.Directory(members+10), func(m standin.Member) bool {
		return m.IsSuspended || m.IsPending || m.IsAwaiting || m.IsDeleted // nobody writes to them
	})[:members]
	service := startWatched(t, directory, &back)
	list, state := filepath.Join(t.TempDir(), "list.csv"), t.TempDir()
	if err := os.WriteFile(list, downloadOf(directory), 0o600); err != nil {
		t.Fatal(err)
	}
	token := service.Token()
	run := func(out *bytes.Buffer, moment func(<-chan *os.Process) func(), args ...string) int {
		c, stderr := process(t, &httptest.Server{}, args...)
		c.Env = append(c.Env, "WORKSCTL_STATE_DIR="+state, "WORKSCTL_API_URL="+service.APIURL(), "WORKSCTL_TOKEN="+token)
		c.Stdout = out
		return runKilled(t, c, stderr, moment)
	}
	id := ""
	for id == "" { // killed before the journal appeared, nothing was sent
		run(&bytes.Buffer{}, back.killAt(random, members, 300*time.Millisecond), "notify", "--via", "bot", "--bot-id", "1", "--from", list, "--yes")
		id = onlyJob(t, state)
		if n := service.Record().Total("message"); id == "" && n > 0 {
			t.Fatalf("%d messages of a job that left no journal", n)
		}
	}
	run(&bytes.Buffer{}, back.killAt(random, members, 200*time.Millisecond), "jobs", "resume", id, "--yes")
	last := run(&bytes.Buffer{}, unharmed, "jobs", "resume", id, "--yes")

	var shown bytes.Buffer
	run(&shown, unharmed, "jobs", "show", id, "-o", "csv", "--columns", "user_email,status", "--no-headers")
	rows, err := csv.NewReader(&shown).ReadAll()
	if err != nil || len(rows) != 2*members {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	got, unknown := service.Record().Done["message"], map[string]bool{}
	ids := map[string]string{}
	for _, m := range directory {
		ids[m.Email] = m.UserID
	}
	for _, row := range rows {
		email, status, n := row[0], row[1], got[ids[row[0]]]
		switch {
		case n > 1:
			t.Errorf("%s got %d messages", email, n)
		case status == "sent" && n != 1:
			t.Errorf("%s is called sent, and got %d messages", email, n)
		case status == "unknown":
			unknown[email] = true
		case status != "sent":
			t.Errorf("%s ends as %q", email, status)
		}
	}
	if len(unknown) > 2*4 { // what was under way when a process died, at most four each time
		t.Errorf("%d members unknown", len(unknown))
	}
	if want := map[bool]int{true: 6, false: 0}[len(unknown) > 0]; last != want {
		t.Errorf("exit code %d with %d members unknown", last, len(unknown))
	}
}

// startWatched starts a stand-in with bot 1, whose messages a reaper watches.
func startWatched(t *testing.T, members []standin.Member, back *reaper) *standin.Service {
	t.Helper()
	now, err := time.Parse(time.RFC3339, testNow)
	if err != nil {
		t.Fatal(err)
	}
	service, err := standin.Start(standin.Options{
		Now: func() time.Time { return now }, Members: members, Bots: []standin.Bot{{ID: 1}}, PerMinute: 1_000_000,
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/messages") {
					back.during(func() { next.ServeHTTP(w, r) })
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := service.Close(); err != nil {
			t.Error(err)
		}
	})
	return service
}

// downloadOf is a console's list with two devices of each member.
func downloadOf(members []standin.Member) []byte {
	var b bytes.Buffer
	b.WriteString("Device,User,OS,Installed App\n")
	for _, m := range members {
		fmt.Fprintf(&b, "iPhone 15,A (%s),iOS 18.1,NAVER WORKS 4.1.0\nGalaxy S24,A (%s),Android 14,NAVER WORKS 4.2.0\n", m.Email, m.Email)
	}
	return b.Bytes()
}
