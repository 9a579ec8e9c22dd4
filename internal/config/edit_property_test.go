package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/config"
)

func names() []string { return []string{"acme-KR", "Acme-kr", "서울", "12", "yes", "x.y_z"} }

func drawProfile(t *rapid.T, name string) config.Profile {
	word := func(label string, words ...string) string {
		return rapid.SampledFrom(append(words, "")).Draw(t, label)
	}
	p := config.Profile{
		Name:           name,
		APIURL:         word("api", "https://a.example.com/v1", "http://127.0.0.1:8080"),
		AuthURL:        word("auth", "https://b.example.com"),
		DomainID:       rapid.SampledFrom([]int32{0, 1, 10000001}).Draw(t, "domain"),
		SignIn:         config.SignIn(word("sign-in", "web", "service-account")),
		Storage:        config.Storage(word("storage", "keyring", "file")),
		ClientID:       word("client", "abc", "0123", "null", "#x", "it's", `a"b`, "클라이언트"),
		ServiceAccount: word("account", "sa@example.com", "@x", "-x"),
		Output:         word("output", "csv", "json"),
	}
	if n := rapid.IntRange(0, 3).Draw(t, "scopes"); n > 0 {
		p.Scopes = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"user.read", "security.device", "a:b", "]", "7"}), n, n, rapid.ID).Draw(t, "scope")
	}
	if n := rapid.IntRange(0, 3).Draw(t, "columns"); n > 0 {
		p.Columns = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"Gerät=model", "사용자 정보=user_name,user_id", "a: b=os", "[x]=-", "端末=model", "Zuletzt=last_access:dmy", "#=-"}), n, n, rapid.ID).Draw(t, "column")
	}
	p.BotID = rapid.SampledFrom([]int{0, 0, 7, 2000001}).Draw(t, "bot")
	if rapid.Bool().Draw(t, "cap") {
		p.MaxWipesPerHour = new(rapid.IntRange(0, 3).Draw(t, "wipes"))
	}
	return p
}

// remark is a comment of a drawn file.
type remark struct {
	text    string
	profile string // that it stands inside, or below with more indent
	key     string // behind whose value it stands, or empty
}

// writer draws a config file in all the ways in which a person may write it.
type writer struct {
	t       *rapid.T
	b       strings.Builder
	remarks []remark
	dash    string // indent of the list of profiles
	begun   string // profile
	ended   bool   // all of its lines are written
}

func (w *writer) chance(label string) bool { return rapid.IntRange(0, 3).Draw(w.t, label) == 0 }

func (w *writer) remark(profile, key string) string {
	text := fmt.Sprintf("# c%d 'é\" [", len(w.remarks))
	w.remarks = append(w.remarks, remark{text, profile, key})
	return text
}

// line writes a line, perhaps with a comment on it, after lines that say nothing.
// key is that of a profile, or empty.
func (w *writer) line(key, text string) {
	for w.chance("between") {
		if w.chance("empty") {
			w.b.WriteString("\n")
			continue
		}
		indent, profile := rapid.IntRange(0, 8).Draw(w.t, "indent"), w.begun
		if w.ended && indent <= len(w.dash) {
			profile = ""
		}
		w.b.WriteString(strings.Repeat(" ", indent) + w.remark(profile, "") + "\n")
	}
	profile := w.begun
	if w.ended {
		profile = ""
	}
	if w.chance("behind") {
		text += "  " + w.remark(profile, key)
	}
	w.b.WriteString(text + "\n")
}

func (w *writer) scalar(text string) string {
	simple := !strings.ContainsAny(text[:1], "#@-[]0123456789") && !strings.Contains(text, ": ") && !slices.Contains([]string{"null", "yes"}, text)
	switch rapid.IntRange(0, 2).Draw(w.t, "quotes") {
	case 0:
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case 1:
		return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"`
	}
	if simple {
		return text
	}
	return `"` + text + `"`
}

func (w *writer) profile(p config.Profile) {
	type pair struct{ key, value string }
	pairs := []pair{{"name", w.scalar(p.Name)}}
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, pair{key, w.scalar(value)})
		}
	}
	add("api_url", p.APIURL)
	add("auth_url", p.AuthURL)
	add("sign_in", string(p.SignIn))
	add("storage", string(p.Storage))
	add("client_id", p.ClientID)
	add("service_account", p.ServiceAccount)
	add("output", p.Output)
	if p.DomainID != 0 {
		pairs = append(pairs, pair{"domain_id", fmt.Sprint(p.DomainID)})
	}
	if p.BotID != 0 {
		pairs = append(pairs, pair{"bot_id", fmt.Sprint(p.BotID)})
	}
	if p.MaxWipesPerHour != nil {
		pairs = append(pairs, pair{"max_wipes_per_hour", fmt.Sprint(*p.MaxWipesPerHour)})
	}
	if p.Scopes != nil {
		pairs = append(pairs, pair{key: "scopes"})
	}
	lists := map[string][]string{"scopes": p.Scopes, "columns": p.Columns}
	if p.Columns != nil {
		pairs = append(pairs, pair{key: "columns"})
	}
	lead, indent := w.dash+"- ", w.dash+"  "
	if w.chance("dash alone") {
		w.first("", w.dash+"-", p.Name)
		lead = indent
	}
	for _, kv := range rapid.Permutation(pairs).Draw(w.t, "order") {
		write := func(text string) {
			if lead == indent {
				w.line(kv.key, text)
				return
			}
			w.first(kv.key, text, p.Name)
			lead = indent
		}
		switch {
		case lists[kv.key] == nil:
			write(lead + kv.key + ": " + kv.value)
		case w.chance("in brackets"):
			list := make([]string, len(lists[kv.key]))
			for i, s := range lists[kv.key] {
				list[i] = `"` + s + `"`
			}
			write(lead + kv.key + ": [" + strings.Join(list, ", ") + "]")
		default:
			write(lead + kv.key + ":")
			deeper := indent + rapid.SampledFrom([]string{"", "  "}).Draw(w.t, "deeper")
			for _, s := range lists[kv.key] {
				write(deeper + "- " + w.scalar(s))
			}
		}
	}
	w.ended = true
}

// first writes the first line of a profile: what stands above it is outside.
func (w *writer) first(key, text, profile string) {
	at := len(w.remarks)
	w.line(key, text)
	if len(w.remarks) > at && strings.HasSuffix(w.lastLine(), w.remarks[len(w.remarks)-1].text) {
		w.remarks[len(w.remarks)-1].profile = profile
	}
	w.begun, w.ended = profile, false
}

func (w *writer) lastLine() string {
	lines := strings.Split(strings.TrimSuffix(w.b.String(), "\n"), "\n")
	return lines[len(lines)-1]
}

func (w *writer) file(profiles []config.Profile, current string) string {
	w.dash = rapid.SampledFrom([]string{"", "  ", "    "}).Draw(w.t, "dash")
	first := rapid.Bool().Draw(w.t, "current first")
	if w.chance("marker") {
		w.line("", "---")
	}
	if current != "" && first {
		w.line("current", "current: "+w.scalar(current))
	}
	if len(profiles) > 0 || w.chance("no profiles") {
		w.line("", "profiles:")
	}
	for _, p := range profiles {
		w.profile(p)
	}
	if current != "" && !first {
		w.line("current", "current: "+w.scalar(current))
	}
	if w.chance("last") {
		w.b.WriteString(w.remark(w.begun, "")) // without the end of a line
	}
	text := w.b.String()
	if w.chance("Windows") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

// Whatever a valid file looks like, a change keeps every comment and every
// profile that it doesn't concern, and what is put can be read back.
func TestEditKeepsWhatItDoesNotConcern(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	lookup := vars{config.EnvConfig: path}.lookup
	rapid.Check(t, func(t *rapid.T) {
		want, order := map[string]config.Profile{}, []string{}
		var profiles []config.Profile
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names()), 0, 4, rapid.ID).Draw(t, "profiles") {
			p := drawProfile(t, name)
			profiles, order, want[name] = append(profiles, p), append(order, name), p
		}
		current := rapid.SampledFrom(append(slices.Clone(order), "")).Draw(t, "current")
		w := &writer{t: t}
		text := w.file(profiles, current)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var change func(*config.Editor) error
		lost := func(remark) bool { return false } // may be
		target := rapid.SampledFrom(names()).Draw(t, "target")
		_, known := want[target]
		switch kind := rapid.SampledFrom([]string{"put", "use", "remove"}).Draw(t, "change"); {
		case kind == "put" || !known:
			p := drawProfile(t, target)
			change = put(p)
			if !known {
				order = append(order, target)
			}
			if p.Output == "" {
				p.Output = want[target].Output
			}
			if p.Columns == nil {
				p.Columns = want[target].Columns
			}
			if p.BotID == 0 {
				p.BotID = want[target].BotID
			}
			if p.MaxWipesPerHour == nil {
				p.MaxWipesPerHour = want[target].MaxWipesPerHour
			}
			want[target] = p
			lost = func(r remark) bool {
				return r.profile == target && (r.key == "scopes" || r.key == "columns" || gone(p, r.key))
			}
		case kind == "use":
			change, current = use(target), target
		default:
			change = remove(target)
			delete(want, target)
			order = slices.DeleteFunc(order, func(n string) bool { return n == target })
			unused := current == target
			lost = func(r remark) bool { return r.profile == target || unused && r.key == "current" }
			if unused {
				current = ""
			}
		}
		if err := config.Edit(lookup, change); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, warnings, err := config.Load(lookup)
		if err != nil || len(warnings) > 0 {
			t.Fatalf("%v %q\n%s", err, warnings, data)
		}
		if diff := cmp.Diff(order, f.Names()); diff != "" && len(order) > 0 || f.Current != current {
			t.Errorf("current %q, want %q, names %s", f.Current, current, diff)
		}
		for name, p := range want {
			if got, _ := f.Profile(name); !cmp.Equal(p, got) {
				t.Errorf("%s (-want +got):\n%s", name, cmp.Diff(p, got))
			}
		}
		for _, r := range w.remarks {
			if !strings.Contains(string(data), r.text) && !lost(r) {
				t.Errorf("the comment %q is gone:\n%s----\n%s", r.text, text, data)
			}
		}
	})
}

// gone reports whether putting p removes a key.
func gone(p config.Profile, key string) bool {
	switch key {
	case "api_url":
		return p.APIURL == ""
	case "auth_url":
		return p.AuthURL == ""
	case "domain_id":
		return p.DomainID == 0
	case "sign_in":
		return p.SignIn == ""
	case "storage":
		return p.Storage == ""
	case "client_id":
		return p.ClientID == ""
	case "service_account":
		return p.ServiceAccount == ""
	}
	return false
}
