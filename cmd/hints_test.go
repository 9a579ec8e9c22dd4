package cmd_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/standin"
)

// Each command that is said to work without a device API does, as it is written.
func TestWhatWorksWithoutDeviceAPI(t *testing.T) {
	now, err := time.Parse(time.RFC3339, testNow)
	if err != nil {
		t.Fatal(err)
	}
	s, err := standin.Start(standin.Options{
		Now: func() time.Time { return now }, Members: standin.Directory(20), Bots: []standin.Bot{{ID: 7}},
		Logs: map[string][]standin.Line{"auth": standin.Daily(now.AddDate(0, -1, 0), now)},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	server := strings.TrimSuffix(s.APIURL(), sandbox.APIPath)
	file := consoleFile(t, "console.csv", "Device,User,Installed App\niPhone 15,Minsu Kim (member0008@example.com),NAVER WORKS 4.1.0\n")
	code, _, said := run(t, server, s.Token(), "devices", "list")
	commands := regexp.MustCompile(`worksctl ([^,;\n]+)`).FindAllStringSubmatch(said, -1)
	if code != exit.Failed || len(commands) != 5 {
		t.Fatalf("exit code %d, %d commands: %s", code, len(commands), said)
	}
	for _, c := range commands {
		written, _, _ := strings.Cut(c[1], " reads ")
		from := strings.NewReplacer("--from FILE", "--from "+file, "--out FILE", "--out "+filepath.Join(t.TempDir(), "log.csv"),
			"MEMBER", "member0008@example.com", " N ", " 7 ", "YYYY-MM-DD", "2026-11-20")
		line := strings.Fields(from.Replace(written))
		if acts := strings.HasPrefix(written, "members sign-out") || strings.HasPrefix(written, "notify"); acts {
			line = append(line, "--yes") // which nobody is asked for here
		}
		if code, _, talk := run(t, server, s.Token(), line...); code != exit.OK {
			t.Errorf("%s: exit code %d: %s", written, code, talk)
		}
	}
	if r := s.Record(); r.Total("message") != 1 || r.Total("force-logout") != 1 {
		t.Errorf("%d messages, %d sign-outs", r.Total("message"), r.Total("force-logout"))
	}
}
