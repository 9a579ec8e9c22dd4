package botmessage

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/worksctl/worksctl/internal/appversion"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// The placeholders.
const (
	Latest  = "latest"  // the latest version of the app
	Devices = "devices" // a line for each device
)

// placeholders are all that a text may hold. Those of a single device are of the
// one with the oldest version.
func placeholders() []string { return []string{"name", "app", "version", Latest, "model", Devices} }

// Render words the message to the member who uses devices, of which there is at
// least one. Errors are [exit.Error]s: {latest} of an app whose latest version
// isn't known, or a text or label that is too long.
func (n *Notice) Render(devices []api.Device) (api.Message, error) {
	var m api.Message
	var button api.Button
	all := n.languages()
	for i, lang := range all {
		text, err := n.text(lang, devices)
		if err != nil {
			return api.Message{}, err
		}
		label, err := n.label(lang, devices)
		if err != nil {
			return api.Message{}, err
		}
		if i == 0 {
			m.Text, button = text, api.Button{Label: label, URI: n.Link}
		}
		if len(all) > 1 {
			m.Texts = append(m.Texts, api.Translation{Language: locale(lang), Text: text})
			button.Labels = append(button.Labels, api.Translation{Language: locale(lang), Text: label})
		}
	}
	if n.Link != "" {
		m.Buttons = []api.Button{button}
	}
	return m, nil
}

// text is the message in one language.
func (n *Notice) text(lang string, devices []api.Device) (string, error) {
	text, err := n.filled(n.Templates[lang].Text, lang, devices)
	if err != nil {
		return "", err
	}
	most := mostPlain
	if n.Link != "" {
		most = mostWithButton
	}
	if length := utf8.RuneCountInString(text); length > most {
		return "", exit.Usagef("MESSAGE_TOO_LONG", "shorten the text",
			"the message to %s has %d characters: at most %d are allowed", nameOf(devices), length, most)
	}
	return text, nil
}

// label is the button's in one language; without a link there is no button.
func (n *Notice) label(lang string, devices []api.Device) (string, error) {
	if n.Link == "" {
		return "", nil
	}
	label, err := n.filled(n.Templates[lang].Button, lang, devices)
	if length := utf8.RuneCountInString(label); length > mostLabel {
		return "", exit.Usagef("LABEL_TOO_LONG", "shorten it",
			"the button in the message to %s, %q, has %d characters: at most %d are allowed", nameOf(devices), label, length, mostLabel)
	}
	return label, err
}

// filled is a template with the values of its placeholders.
func (n *Notice) filled(template, lang string, devices []api.Device) (string, error) {
	oldest := oldestOf(devices)
	var b strings.Builder
	for p := range pieces(template) {
		switch {
		case !p.placeholder:
			b.WriteString(p.text)
		case p.text == Devices:
			n.list(&b, lang, devices)
		case p.text == Latest && n.latest(oldest) == "":
			return "", noLatest(oldest)
		case p.text == "name":
			b.WriteString(plain(nameOf(devices)))
		default:
			b.WriteString(plain(n.value(p.text, lang, oldest)))
		}
	}
	return b.String(), nil
}

func (n *Notice) value(placeholder, lang string, d *api.Device) string {
	switch placeholder {
	case "app":
		return appName(lang, d.App.Type)
	case "version":
		return d.App.Version
	case Latest:
		return n.latest(d)
	case "model":
		return d.Model
	}
	return ""
}

// nameOf is what the member is called by the first of their devices that says it.
func nameOf(devices []api.Device) string {
	for i := range devices {
		if name := devices[i].User.UserName; strings.TrimSpace(name) != "" {
			return name
		}
	}
	return cmp.Or(devices[0].User.Email, devices[0].User.UserID)
}

func noLatest(d *api.Device) error {
	return exit.Failedf("NO_LATEST_VERSION", "name it: --latest works=4.3.0 (or pc=, drive-explorer=, drive=), or leave {latest} out",
		"the message has {latest}, and nobody names the latest version of %s on %s", cmp.Or(string(d.App.Type), "an app"), cmp.Or(string(d.OS.Type), "an unknown system"))
}

// latest is empty where it isn't known.
func (n *Notice) latest(d *api.Device) string {
	for _, v := range n.Latest {
		if v.AppType == d.App.Type && (v.OSType == d.OS.Type || v.OSType == "") {
			return v.LatestVersion
		}
	}
	return ""
}

// list writes a line for each device, of many only the first ones: the text has
// to stay within its limit.
func (n *Notice) list(b *strings.Builder, lang string, devices []api.Device) {
	const most = 8
	for i := range devices {
		d := &devices[i]
		if i > 0 {
			b.WriteByte('\n')
		}
		if i == most {
			fmt.Fprintf(b, moreDevices(lang), len(devices)-most)
			return
		}
		app := strings.TrimSpace(appName(lang, d.App.Type) + " " + d.App.Version)
		if latest := n.latest(d); latest != "" && !reached(d.App.Version, latest) {
			app += " → " + latest
		}
		parts := slices.DeleteFunc([]string{shortened(d.Model), app}, func(s string) bool { return s == "" })
		b.WriteString("- " + plain(strings.Join(parts, ": ")))
	}
}

// reached reports whether a version is the latest already, or newer. One that
// can't be read is neither.
func reached(version, latest string) bool {
	v, ok := appversion.Parse(version)
	l, known := appversion.Parse(latest)
	return version == latest || ok && known && v.Compare(l) >= 0
}

// shortened cuts a model that is longer than any has been seen.
func shortened(model string) string {
	const most = 40
	if runes := []rune(model); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return model
}

// oldestOf is the device with the oldest app; one whose version can't be read
// comes last.
func oldestOf(devices []api.Device) *api.Device {
	oldest := &devices[0]
	version, known := appversion.Parse(oldest.App.Version)
	for i := range devices {
		if v, ok := appversion.Parse(devices[i].App.Version); ok && (!known || v.Compare(version) < 0) {
			oldest, version, known = &devices[i], v, true
		}
	}
	return oldest
}

// piece is a part of a template.
type piece struct {
	text        string
	placeholder bool // text is its name
}

// pieces takes a template apart. A brace that isn't around a word of Latin
// letters is a text like any other.
func pieces(text string) iter.Seq[piece] {
	return func(yield func(piece) bool) {
		rest := text
		for at := 0; at < len(rest); {
			name, ok := placeholderAt(rest[at:])
			if !ok {
				at++
				continue
			}
			if at > 0 && !yield(piece{text: rest[:at]}) || !yield(piece{name, true}) {
				return
			}
			rest, at = rest[at+len(name)+2:], 0
		}
		if rest != "" {
			yield(piece{text: rest})
		}
	}
}

func placeholderAt(text string) (name string, ok bool) {
	if text[0] != '{' {
		return "", false
	}
	name, _, closed := strings.Cut(text[1:], "}")
	other := func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' }
	return name, closed && name != "" && !strings.ContainsFunc(name, other)
}

// plain keeps what a device or a member is called from breaking the text.
func plain(value string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return ' '
		}
		return r
	}, value)
}
