//go:build unix

package cmd_test

import (
	"bytes"
	"io"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/creack/pty"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/exit"
)

// TestNeverTheWrongDevice types whole, partial and ambiguous names of phones
// that look alike, at a terminal and off it: a request leaves for exactly the
// devices that were named when each text names one, and for none otherwise.
func TestNeverTheWrongDevice(t *testing.T) {
	back := &lookAlikes{}
	server := httptest.NewServer(back.handler())
	defer server.Close()
	tty := terminalWithoutReader(t)
	s := newShell(t, server.URL, "token")
	state, _ := s.env.LookupEnv("WORKSCTL_STATE_DIR")

	tried := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		phones := anyPhones().Draw(t, "fleet")
		loose := rapid.Bool().Draw(t, "loose")
		back.become(phones, rapid.IntRange(1, 3).Draw(t, "page"), rapid.Bool().Draw(t, "exact"), loose)
		for range 12 {
			action := rapid.SampledFrom([]string{"wipe", "reset", "mdm disable", "notify"}).Draw(t, "action")
			var texts []string
			for range rapid.SampledFrom([]int{1, 1, 2}).Draw(t, "texts") {
				chosen := rapid.SampledFrom(phones).Draw(t, "phone")
				texts = append(texts, chosen.typed(t))
			}
			// Both streams must be terminals for this to be one.
			s.env.In, s.env.Err = &bytes.Buffer{}, &bytes.Buffer{}
			inTTY, errTTY := rapid.SampledFrom([]bool{true, true, true, false}).Draw(t, "in"), rapid.SampledFrom([]bool{true, true, true, false}).Draw(t, "err")
			if inTTY {
				s.env.In = tty
			}
			if errTTY {
				s.env.Err = tty
			}
			atTerminal := inTTY && errTTY
			if err := os.RemoveAll(state); err != nil { // what was done before must not matter
				t.Fatal(err)
			}

			args := append(strings.Fields(action), "--yes", "-o", "csv")
			if action == "wipe" || action == "reset" {
				args = append(args, "--reason", "lost", "--max", "2")
			}
			code, _, _ := s.run(t.Context(), append(append(args, "--"), texts...)...)

			meant, outcome := whatIsMeant(phones, texts, atTerminal)
			acted := back.takeActed()
			tried[action+" "+outcome]++
			tried[outcome]++
			switch {
			case len(acted) == 0 && code == exit.OK:
				t.Fatalf("%s %+q: exit code 0, and nothing was sent; meant are %+q", action, texts, meant)
			case len(acted) == 0 && (len(meant) == 0 || loose): // a loose back end may be told that it names another one
			case !slices.Equal(acted, meant):
				t.Fatalf("%s %+q, terminal %t: %+q were acted on, %+q are meant", action, texts, atTerminal, acted, meant)
			case code != exit.OK:
				t.Fatalf("%s %+q: exit code %d", action, texts, code)
			}
			if outcome == "several" && len(texts) == 1 && !loose && code != exit.Refused {
				t.Fatalf("%s %+q: exit code %d, want 5: several answer", action, texts, code)
			}
		}
	})
	if tried["two"] == 0 {
		t.Errorf("two devices at once were never tried: %v", tried)
	}
	for _, action := range []string{"wipe", "reset", "mdm disable", "notify"} {
		for _, outcome := range []string{"one", "one at a terminal", "several", "nobody"} {
			if tried[action+" "+outcome] == 0 {
				t.Errorf("%s %s was never tried: %v", action, outcome, tried)
			}
		}
	}
}

// whatIsMeant are the ids of the devices that texts name, sorted, each once;
// none unless each text names exactly one. The outcome says which case it is.
func whatIsMeant(phones []phone, texts []string, atTerminal bool) (ids []string, outcome string) {
	byID := true
	for _, text := range texts {
		var named []string
		for i := range phones {
			if phones[i].isNamed(text, atTerminal) {
				named = append(named, phones[i].id)
			}
		}
		switch {
		case len(named) == 0:
			return nil, "nobody"
		case len(named) > 1:
			return nil, "several"
		}
		ids = append(ids, named[0])
		byID = byID && named[0] == text
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	switch {
	case len(ids) > 1:
		return ids, "two"
	case byID:
		return ids, "one"
	}
	return ids, "one at a terminal"
}

// terminalWithoutReader is a terminal that shows what is written to it to
// nobody.
func terminalWithoutReader(t *testing.T) *os.File {
	t.Helper()
	screen, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	drained := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, screen) // ends with EIO when tty is closed
		close(drained)
	}()
	t.Cleanup(func() {
		_ = tty.Close()
		<-drained
		_ = screen.Close()
	})
	return tty
}
