package botmessage_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/botmessage"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

func device(name, model string, app api.AppType, version string) api.Device {
	return api.Device{
		Model: model, User: api.User{UserID: "id", UserName: name}, OS: api.OS{Type: api.OSIOS, Version: "18.1"}, App: api.App{Type: app, Version: version},
	}
}

func own(text string) botmessage.Notice {
	return botmessage.Notice{Templates: botmessage.Own(text), Language: botmessage.Auto}
}

func TestPlaceholders(t *testing.T) {
	devices := []api.Device{
		device("Jane {app}", "iPhone 15", api.AppWorksMobile, "4.10.0"),
		device("Jane {app}", "iPad\u202e\n", api.AppWorksMobile, "4.9"),
		device("Jane {app}", "PC", api.AppWorksPC, "beta"),
	}
	latest := []api.AppVersion{{AppType: api.AppWorksMobile, OSType: api.OSIOS, LatestVersion: "4.10.0"}}
	for text, want := range map[string]string{
		"{name}: {app} {version} on {model}": "Jane {app}: NAVER WORKS 4.9 on iPad  ",
		"{devices}":                          "- iPhone 15: NAVER WORKS 4.10.0\n- iPad  : NAVER WORKS 4.9 → 4.10.0\n- PC: NAVER WORKS (PC) beta",
		"now {latest}":                       "now 4.10.0",
		"{}{ {1} {a b} { name } {name":       "{}{ {1} {a b} { name } {name",
		"{{name}}":                           "{Jane {app}}",
	} {
		n := own(text)
		n.Latest = latest
		m, err := n.Render(devices)
		if err != nil || m.Text != want || m.Buttons != nil {
			t.Errorf("%q is %q, %v, want %q", text, m.Text, err, want)
		}
	}
}

// Nobody is offered the version that they have, or an older one.
func TestOnlyNewerVersionsAreOffered(t *testing.T) {
	for _, tc := range []struct{ version, latest, want string }{
		{"4.1.0", "4.0", "4.1.0"},
		{"4.1.0", "4.1", "4.1.0"},
		{"4.2.1-beta", "4.2.1", "4.2.1-beta"},
		{"4.9", "4.10", "4.9 → 4.10"},
		{"unknown", "4.10", "unknown → 4.10"},
		{"4.9", "soon", "4.9 → soon"},
		{"soon", "soon", "soon"},
	} {
		n := own("{devices}")
		n.Latest = []api.AppVersion{{AppType: api.AppWorksMobile, LatestVersion: tc.latest}}
		m, err := n.Render([]api.Device{device("Kim", "iPhone", api.AppWorksMobile, tc.version)})
		if want := "- iPhone: NAVER WORKS " + tc.want; err != nil || m.Text != want {
			t.Errorf("%s, latest %s: %q, %v", tc.version, tc.latest, m.Text, err)
		}
	}
}

// A row without a name doesn't hide the one that another row has.
func TestTheNameIsThatOfAnyRow(t *testing.T) {
	nameless := device(" ", "iPad", api.AppWorksMobile, "4.0.0")
	nameless.User.Email = "x@a.com"
	named := device("홍길동", "iPhone", api.AppWorksMobile, "4.2.0")
	for _, devices := range [][]api.Device{{named, nameless}, {nameless, named}} {
		n := own("{name}, {model}")
		if m, err := n.Render(devices); err != nil || m.Text != "홍길동, iPad" {
			t.Error(m.Text, err)
		}
	}
	n := own("{name}")
	if m, err := n.Render([]api.Device{nameless}); err != nil || m.Text != "x@a.com" {
		t.Error(m.Text, err)
	}
}

func TestManyDevicesAreNotAllListed(t *testing.T) {
	var many []api.Device
	for i := range 25 {
		many = append(many, device("홍길동", fmt.Sprint("iPhone ", i), api.AppWorksMobile, "4.1"))
	}
	n := own("{devices}")
	m, err := n.Render(many)
	if err != nil || strings.Count(m.Text, "\n") != 8 || !strings.HasSuffix(m.Text, "\nand 17 more") || !strings.HasSuffix(m.Texts[1].Text, "\n외 17대") {
		t.Error(m.Text, err)
	}
}

func TestLanguages(t *testing.T) {
	d := []api.Device{device("홍길동", "iPhone", api.AppWorksMobile, "4.1")}
	templates := map[string]botmessage.Template{"ko": {"{app} 안녕", "가기"}, "en": {"{app} hi", "Go"}}
	n := botmessage.Notice{Templates: templates, Language: botmessage.Auto, Link: "https://example.com"}
	m, err := n.Render(d)
	want := api.Message{
		Text:  "NAVER WORKS hi",
		Texts: []api.Translation{{Language: "en_US", Text: "NAVER WORKS hi"}, {Language: "ko_KR", Text: "네이버웍스 안녕"}},
		Buttons: []api.Button{{
			Label: "Go", URI: "https://example.com",
			Labels: []api.Translation{{Language: "en_US", Text: "Go"}, {Language: "ko_KR", Text: "가기"}},
		}},
	}
	if diff := cmp.Diff(want, m); diff != "" || err != nil {
		t.Error(diff, err)
	}
	n.Language, n.Link = "ko", ""
	m, err = n.Render(d)
	if diff := cmp.Diff(api.Message{Text: "네이버웍스 안녕"}, m); diff != "" || err != nil {
		t.Error(diff, err)
	}
	n.Language = "ja"
	if err := n.Check(); exit.CodeOf(err) != exit.Usage || !strings.Contains(err.Error(), "no text in ja") {
		t.Error(err)
	}
	delete(n.Templates, "en")
	n.Language = botmessage.Auto
	m, err = n.Render(d)
	if diff := cmp.Diff(api.Message{Text: "네이버웍스 안녕"}, m); diff != "" || err != nil {
		t.Errorf("the only language: %s %v", diff, err)
	}
}

func TestCheck(t *testing.T) {
	built := botmessage.BuiltIn()
	for name, tc := range map[string]struct {
		notice botmessage.Notice
		id     string
	}{
		"built in":            {botmessage.Notice{Templates: built, Language: botmessage.Auto}, ""},
		"with a link":         {botmessage.Notice{Templates: built, Language: botmessage.Auto, Link: "https://example.com/a?b=c"}, ""},
		"http":                {botmessage.Notice{Templates: built, Language: botmessage.Auto, Link: "http://example.com"}, "BAD_LINK"},
		"no host":             {botmessage.Notice{Templates: built, Language: botmessage.Auto, Link: "https:///x"}, "BAD_LINK"},
		"empty":               {own(" \n"), "EMPTY_MESSAGE"},
		"unknown placeholder": {own("{nome}"), "UNKNOWN_PLACEHOLDER"},
		"unknown in a label":  {botmessage.Notice{Templates: map[string]botmessage.Template{"ko": {Text: "x", Button: "{nome}"}}, Language: "ko"}, "UNKNOWN_PLACEHOLDER"},
		"no UTF-8":            {own("\xff"), "BAD_TEMPLATE"},
		"no label":            {botmessage.Notice{Templates: map[string]botmessage.Template{"ko": {Text: "x"}}, Language: "ko", Link: "https://example.com"}, "NO_BUTTON_LABEL"},
	} {
		err := tc.notice.Check()
		if tc.id == "" && err == nil {
			continue
		}
		if e := exit.As(err); e == nil || e.ID != tc.id || e.Exit != exit.Usage {
			t.Errorf("%s: %v, want %s", name, err, tc.id)
		}
	}
}

func TestLengths(t *testing.T) {
	d := []api.Device{device("홍길동", "iPhone", api.AppWorksMobile, "4.1")}
	for _, tc := range []struct {
		characters int
		link       string
		ok         bool
	}{{1000, "https://example.com", true}, {1001, "https://example.com", false}, {2000, "", true}, {2001, "", false}} {
		n := own("{name}" + strings.Repeat("가", tc.characters-3))
		n.Link = tc.link
		if _, err := n.Render(d); (err == nil) != tc.ok {
			t.Errorf("%d characters, link %q: %v", tc.characters, tc.link, err)
		}
	}
}

// A label is filled in as the text is, and stays within its own limit.
func TestLabels(t *testing.T) {
	d := []api.Device{device("홍길동", "iPhone", api.AppWorksPC, "4.1")}
	for label, want := range map[string]string{
		"Get {app}":             "Get NAVER WORKS (PC)",
		"Now get {app}":         "LABEL_TOO_LONG",
		strings.Repeat("가", 20): strings.Repeat("가", 20),
		strings.Repeat("가", 21): "LABEL_TOO_LONG",
		"{latest}":              "NO_LATEST_VERSION",
	} {
		n := botmessage.Notice{Templates: map[string]botmessage.Template{"en": {Text: "hi", Button: label}}, Language: "en", Link: "https://example.com"}
		m, err := n.Render(d)
		var got string
		if e := exit.As(err); e != nil {
			got = e.ID
		} else {
			got = m.Buttons[0].Label
		}
		if got != want {
			t.Errorf("%q is %q, want %q", label, got, want)
		}
		if uses := n.Uses(botmessage.Latest); uses != (label == "{latest}") {
			t.Errorf("%q uses the latest version: %t", label, uses)
		}
		if n.Link = ""; n.Uses(botmessage.Latest) {
			t.Errorf("%q counts without a button", label)
		}
		if _, err := n.Render(d); err != nil {
			t.Errorf("%q counts without a button: %v", label, err)
		}
	}
}

func TestLatestUnknown(t *testing.T) {
	n := own("{latest}")
	if _, err := n.Render([]api.Device{device("홍길동", "iPhone", api.AppWorksMobile, "4.1")}); exit.As(err) == nil || exit.As(err).ID != "NO_LATEST_VERSION" {
		t.Error(err)
	}
	if !n.Uses(botmessage.Latest) || n.Uses(botmessage.Devices) {
		t.Error("what the text uses is wrong")
	}
}

func TestParse(t *testing.T) {
	got, err := botmessage.Parse("own.yaml", []byte("ko:\n  text: |\n    안녕\n    {name}\nen: {text: hi, button: Go}\n"))
	want := map[string]botmessage.Template{"ko": {Text: "안녕\n{name}", Button: "업데이트"}, "en": {Text: "hi", Button: "Go"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for _, good := range []string{"---\nen: {text: x}\n", "en: {text: x}\n...\n", "en: {text: x} # ---\n\n"} {
		if _, err := botmessage.Parse("own.yaml", []byte(good)); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", "[]", "zh: {text: x}", "ko: {txt: x}", "ko: [", "text: x", "ko: {text: x}\nko: {text: y}", "en: {text: x}\n---\nko: {text: y}", "en: {text: x}\n---\nko: ["} {
		if _, err := botmessage.Parse("own.yaml", []byte(bad)); exit.CodeOf(err) != exit.Usage || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Built-in texts fit whatever the devices are, with a link too.
func TestBuiltInFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringN(0, 40, -1).Draw(t, "name")
		var devices []api.Device
		for range rapid.IntRange(1, 30).Draw(t, "devices") {
			model := rapid.StringN(0, 80, -1).Draw(t, "model")
			devices = append(devices, device(name, model, rapid.SampledFrom([]api.AppType{api.AppWorksMobile, api.AppWorksPC, api.AppDriveExplorer, ""}).Draw(t, "app"), "10.20.3000"))
		}
		n := botmessage.Notice{Templates: botmessage.BuiltIn(), Language: botmessage.Auto, Link: "https://example.com"}
		m, err := n.Render(devices)
		if err != nil || len(m.Texts) != 3 {
			t.Fatal(m, err)
		}
		for _, text := range m.Texts {
			if utf8.RuneCountInString(text.Text) > 1000 {
				t.Fatal(text)
			}
		}
	})
}
