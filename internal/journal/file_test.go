package journal_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

func device(i int) api.Device {
	return api.Device{
		DeviceID: fmt.Sprintf("0f8fad5b-d9cb-469f-a165-%012d", i), DomainID: 7, Type: api.TypeMobile, Model: "iPhone 15 Pro",
		VendorID: "9C1A6A3E-0F54-4C39-9A51-6D6A2C5B2F11", SerialNumber: "F2LXK0ABCD",
		User: api.User{UserID: fmt.Sprint("user-", i/2), UserName: "佐藤 花子", Email: fmt.Sprintf("user-%d@example.com", i/2)},
		OS:   api.OS{Type: api.OSIOS, Version: "17.5.1"}, App: api.App{Type: api.AppWorksMobile, Version: "4.1.0"},
		MDM: api.MDM{Status: api.MDMRegistered, Provider: api.ProviderNaverWorks}, LastAccessTime: "2026-11-20T09:12:00+09:00",
	}
}

func settled(s journal.Status, items ...int) journal.Settlement {
	return journal.Settlement{Items: items, Outcome: journal.Outcome{Status: s}}
}

// newFolder makes a folder with one job of n devices, which nobody holds.
func newFolder(t testing.TB, n int) (folder, id string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "state", "jobs")
	draft, err := journal.NewDir(folder, now).Draft(t.Context(), journal.Job{Action: "notify", CreatedTime: now()})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		d := device(i)
		if err := draft.Add(&d, journal.Outcome{}); err != nil {
			t.Fatal(err)
		}
	}
	j, err := draft.Commit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return folder, j.Job().ID
}

func file(folder, id string) string { return filepath.Join(folder, id+".jsonl") }

func list(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func wantStatuses(t *testing.T, folder, id string, want ...journal.Status) {
	t.Helper()
	rec, err := journal.NewDir(folder, now).Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var got []journal.Status
	for i := range rec.Len() {
		got = append(got, rec.Outcome(i).Status)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("statuses %q, want %q", got, want)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// used makes a job and sends of it.
func used(t *testing.T) (folder, id string) {
	t.Helper()
	folder, id = newFolder(t, 4)
	j, err := journal.NewDir(folder, now).Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		j.Sending([]int{0, 1, 2}, "k", now()),
		j.Settle(settled(journal.Sent, 0), settled(journal.Failed, 1, 2)),
		j.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder, id
}

func TestJournalIsReadable(t *testing.T) {
	folder, id := used(t)
	lines := strings.Split(strings.TrimSpace(string(read(t, file(folder, id)))), "\n")
	for i, want := range []string{
		`{"job":{"jobId":"` + id + `","action":"notify",`,
		`{"item":0,"device":{"deviceId":"0f8fad5b-d9cb-469f-a165-000000000000","domainId":7,`,
		`{"item":1,"device":{`, `{"item":2,"device":{`, `{"item":3,"device":{`,
		`{"items":4,"sha256":"`,
		`{"run":{"pid":`, `{"run":{"pid":`,
		`{"status":"sending","key":"k","time":"2026-11-22T12:00:00Z","of":[0,1,2]}`,
		`{"outcomes":[{"status":"sent","of":[0]},{"status":"failed","of":[1,2]}]}`,
	} {
		if i >= len(lines) || !strings.HasPrefix(lines[i], want) {
			t.Fatalf("line %d does not begin with %s:\n%s", i+1, want, strings.Join(lines, "\n"))
		}
	}
}

func TestOnlyTheUserMayRead(t *testing.T) {
	folder, id := used(t)
	if err := journal.NewDir(folder, now).Cancel(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{
		filepath.Dir(folder): 0o700, folder: 0o700, file(folder, id): 0o600,
		filepath.Join(folder, id+".lock"): 0o600, filepath.Join(folder, id+".cancel"): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %v, want %v", filepath.Base(path), got, want)
		}
	}
	if err := os.Chmod(file(folder, id), 0o644); err != nil {
		t.Fatal(err)
	}
	wantStatuses(t, folder, id, journal.Sent, journal.Failed, journal.Failed, journal.Planned)
}

// A line is acted on only once it is on disk whole: a part of the last one
// counts for nothing, wherever it was cut, and the next line doesn't stick to it.
func TestTornLastLine(t *testing.T) {
	folder, id := used(t)
	path := file(folder, id)
	whole := read(t, path)
	last := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	torn := [][]byte{append(slices.Clone(whole[:last]), make([]byte, 40)...), append(slices.Clone(whole[:last]), "\x00\x00\n"...)}
	for cut := last; cut < len(whole); cut++ {
		torn = append(torn, slices.Clone(whole[:cut]))
	}
	store := journal.NewDir(folder, now)
	for _, text := range torn {
		write(t, path, text)
		wantStatuses(t, folder, id, journal.Sending, journal.Sending, journal.Sending, journal.Planned)
		j, err := store.Open(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Settle(settled(journal.Sent, 2)); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		wantStatuses(t, folder, id, journal.Sending, journal.Sending, journal.Sent, journal.Planned)
	}
	write(t, path, whole)
	wantStatuses(t, folder, id, journal.Sent, journal.Failed, journal.Failed, journal.Planned)
}

func TestDamage(t *testing.T) {
	replace := func(old, by string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, by, 1) }
	}
	until := func(end string) func(string) string {
		return func(s string) string { s, _, _ = strings.Cut(s, end); return s }
	}
	for name, tt := range map[string]struct {
		change func(string) string
		line   int
	}{
		"empty":                     {func(string) string { return "" }, 1},
		"no job":                    {replace(`{"job":`, `{"jab":`), 1},
		"a copy":                    {replace(`"jobId":"2026`, `"jobId":"2025`), 1},
		"a job of a later version":  {replace(`"profile":`, `"new":1,"profile":`), 1},
		"another device":            {replace("000000000001", "000000000009"), 6},
		"an item twice":             {replace(`{"item":1,`, `{"item":0,`), 3},
		"an item cut":               {replace(`+09:00"}}`, ``), 2},
		"items missing":             {replace(`{"items":4,`, `{"items":5,`), 6},
		"the list not closed":       {until(`{"items":`), 5},
		"the closing line cut":      {until(`"sha256"`), 6},
		"a run before the list":     {replace(`{"items":4,`, `{"run":{"pid":1,"host":"h","since":"2026-11-22T12:00:00Z"}}`+"\n"+`{"items":4,`), 6},
		"a line cut in the middle":  {replace(`"key":"k"`, `"key":"k`), 9},
		"a line of a later version": {replace(`{"status":"sending"`, `{"paused":true,"status":"sending"`), 9},
		"another kind of line":      {func(s string) string { return s + `{"paused":true}` + "\n" }, 11},
		"an empty object":           {func(s string) string { return s + "{}\n" }, 11},
		"two things in a line":      {func(s string) string { return s + `{"outcomes":[],"status":"sent","of":[3]}` + "\n" }, 11},
		"an item beyond the end":    {replace(`"of":[0,1,2]`, `"of":[0,1,4]`), 9},
		"a status unknown":          {replace(`"status":"sent"`, `"status":"seen"`), 10},
		"sent and planned again":    {func(s string) string { return s + `{"status":"planned","of":[0]}` + "\n" }, 11},
	} {
		t.Run(name, func(t *testing.T) {
			folder, id := used(t)
			path := file(folder, id)
			before := string(read(t, path))
			after := tt.change(before)
			if after == before {
				t.Fatal("nothing was changed")
			}
			write(t, path, []byte(after))
			store := journal.NewDir(folder, now)
			_, err := store.Read(t.Context(), id)
			_, openErr := store.Open(t.Context(), id)
			for _, err := range []error{err, openErr} {
				e := exit.As(err)
				if e == nil || e.ID != "JOURNAL_DAMAGED" || e.Exit != exit.Failed {
					t.Fatalf("error %v, want JOURNAL_DAMAGED", err)
				}
				if want := fmt.Sprintf("%s, line %d: ", path, tt.line); !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
					t.Errorf("error %q does not name %s", err, want)
				}
			}
			if string(read(t, path)) != after {
				t.Error("the damaged journal was changed")
			}
		})
	}
}

func TestOtherFilesAreNoJobs(t *testing.T) {
	folder, id := used(t)
	for _, name := range []string{"notes.jsonl", id + ".jsonl.bak", "." + id + ".jsonl", "20261122-090000-x.json"} {
		write(t, filepath.Join(folder, name), []byte("x"))
	}
	ids, err := journal.NewDir(folder, now).IDs(t.Context())
	if err != nil || !slices.Equal(ids, []string{id}) {
		t.Errorf("ids %q (%v)", ids, err)
	}
}
