package cmd_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/internal/exit"
)

// TestEveryFilterOnAConsoleFile has every filter and order select in a
// download of the console, and refused on one without its column: with every
// command that takes them, and no request.
func TestEveryFilterOnAConsoleFile(t *testing.T) {
	const server = "http://127.0.0.1:1"
	commands := []string{
		"devices list --count",
		"devices search example.com --count",
		"devices export --out - --columns type --no-headers",
		"notify --via bot --bot-id 1 --message {name} --dry-run -o json --jq .counts.planned",
	}
	header := "모델명,Vendor ID,시리얼 번호,사용자,OS,설치된 앱,MDM,최근 접속\n"
	rows := []string{
		"아이폰 15,3F2504E0-4F89-11D3-9A0C-0305E82C3301,F2LXK0QZ0D91,홍길동(gildong.hong@example.com),iOS 18.1,네이버웍스 4.2.1,등록,2026-11-20 10:15\n",
		"갤럭시 S24,,,김민수(minsu.kim@example.com),Android 14,네이버웍스 4.1.0,미등록,2026-01-02 15:04\n",
	}
	full := consoleFile(t, "full.csv", header+strings.Join(rows, ""))
	for name, f := range map[string]struct {
		flags   string
		column  string // without which it is refused
		missing string // as the refusal names it
	}{
		"type":            {"--type mobile --model 아이폰", "모델명", "model"},
		"user":            {"--user gildong", "사용자", "user_name, user_id, user_email"},
		"user name":       {"--user 길동", "사용자", "user_name, user_id, user_email"},
		"model":           {"--model 15", "모델명", "model"},
		"os":              {"--os ios", "OS", "os"},
		"os version":      {"--os-version 18", "OS", "os_version"},
		"os version max":  {"--os-version-max 17", "OS", "os_version"},
		"app":             {"--app works --app-version-max 4.1.99", "설치된 앱", "app"},
		"app version":     {"--app-version 4.2.1", "설치된 앱", "app_version"},
		"app version max": {"--app-version-max 4.1.99", "설치된 앱", "app_version"},
		"outdated":        {"--outdated --latest works=4.2.0", "설치된 앱", "app"},
		"last access":     {"--last-access 30d", "최근 접속", "last_access"},
		"inactive":        {"--inactive 90d", "최근 접속", "last_access"},
		"mdm":             {"--mdm registered", "MDM", "mdm_status"},
		"by user":         {"--limit 1 --sort user", "사용자", "user_name, user_email"},
		"by model":        {"--limit 1 --sort model", "모델명", "model"},
		"by app version":  {"--limit 1 --sort app-version", "설치된 앱", "app_version"},
		"by os version":   {"--limit 1 --sort os-version", "OS", "os_version"},
		"by last access":  {"--limit 1 --sort=-last-access", "최근 접속", "last_access"},
	} {
		t.Run(name, func(t *testing.T) {
			lacking := consoleFile(t, "lacking.csv", strings.Replace(header, f.column, "어떤 것", 1)+rows[0])
			for _, command := range commands {
				line := func(file string) []string { return strings.Fields(command + " --from " + file + " " + f.flags) }
				code, out, talk := run(t, server, "token", line(full)...)
				if one := out == "1\n" || out == "MOBILE\n"; code != exit.OK || !one {
					t.Errorf("%s: exit code %d, %q, want one device: %s", command, code, out, talk)
				}
				code, out, talk = run(t, server, "token", line(lacking)...)
				named := strings.Contains(talk, "no column "+f.missing) && strings.Contains(talk, "--map ")
				if code != exit.Failed || out != "" || !named {
					t.Errorf("%s without %s: exit code %d, %q: %s", command, f.column, code, out, talk)
				}
			}
		})
	}
}

func consoleFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Rows that a spreadsheet hides are read with a word, and refused for acting, of
// an own export as of a download.
func TestHiddenRows(t *testing.T) {
	const server = "http://127.0.0.1:1"
	rows := [][]string{{"Device", "User"}, {"iPad", "Minsu Kim (minsu@example.com)"}, {"iPhone 15", "Jane Doe (jane@example.com)"}}
	console := filepath.Join(t.TempDir(), "console.xlsx")
	book := excelize.NewFile()
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SaveAs(console); err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(t.TempDir(), "own.xlsx")
	if code, _, talk := run(t, server, "token", "devices", "export", "--from", console, "--out", own); code != exit.OK {
		t.Fatal(talk)
	}
	for _, file := range []string{console, own} {
		book, err := excelize.OpenFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(book.SetRowVisible(book.GetSheetName(0), 3, false), book.Save(), book.Close()); err != nil {
			t.Fatal(err)
		}
		for line, want := range map[string]exit.Code{
			"devices list": exit.OK, "devices search example": exit.OK, "devices show jane@example.com": exit.OK,
			"lost minsu": exit.Refused, "lost minsu -o json": exit.Refused,
		} {
			code, out, talk := run(t, server, "token", append(strings.Fields(line), "--from", file)...)
			told := strings.Contains(talk, "row 3 of the file is hidden; they were read all the same")
			if lost := strings.HasPrefix(line, "lost"); lost {
				told = out == "" && strings.Contains(talk, "row 3 is hidden: a list to act on must show all its rows")
			}
			if code != want || !told {
				t.Errorf("%s: %s: exit code %d, want %d, %q: %s", filepath.Base(file), line, code, want, out, talk)
			}
		}
	}
}
