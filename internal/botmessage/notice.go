// Package botmessage words the messages that a bot sends to members about their
// devices: templates with placeholders, in the member's language.
package botmessage

import (
	"iter"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// Notice is all that the messages of a job are made of. It is frozen with the
// job, so that a resumed one says the same.
type Notice struct {
	// Templates are by language: ko, ja, en.
	Templates map[string]Template `json:"templates"`
	// Language is that of every message; with auto a message is in all of them, and
	// the service shows each member theirs.
	Language string `json:"language"`
	// Link is opened by the button; empty for a text without one.
	Link string `json:"link,omitempty"`
	// Latest are the latest versions, as far as they are known.
	Latest []api.AppVersion `json:"latest,omitempty"`
}

// Template is a message in one language, with placeholders such as {name}.
type Template struct {
	Text   string `json:"text" yaml:"text"`
	Button string `json:"button" yaml:"button"` // the label; used with a link only
}

// Auto is the language that each member's app is set to. Only the service knows
// it: neither the device list nor the published directory names one.
const Auto = "auto"

// Languages are those that templates may be in, in the order in which one
// stands in for a language that has none.
func Languages() []string { return []string{"en", "ko", "ja"} }

// The most characters of a text and of a button's label, in each language, as
// published. That of labels is the one that the page on action objects gives for
// a postback; for the action that opens an address none was found, and what is
// shorter fits in any case.
const (
	mostWithButton = 1000
	mostPlain      = 2000
	mostLabel      = 20
)

// Check finds what is wrong whatever the members: a language without a text, a
// placeholder that isn't known, a link that isn't https, a text that is empty.
// Errors are [exit.Error]s with code 2.
func (n *Notice) Check() error {
	if n.Language != Auto && !n.has(n.Language) {
		return exit.Usagef("NO_TEMPLATE", "add it, or leave --language out", "there is no text in %s, as --language asks for", n.Language)
	}
	if err := checkLink(n.Link); err != nil {
		return err
	}
	for _, lang := range Languages() {
		t, ok := n.Templates[lang]
		switch {
		case !ok:
			continue
		case strings.TrimSpace(t.Text) == "":
			return exit.Usagef("EMPTY_MESSAGE", "", "the message in %s is empty", lang)
		case !utf8.ValidString(t.Text) || !utf8.ValidString(t.Button):
			return exit.Usagef("BAD_TEMPLATE", "save it as UTF-8", "the message in %s is no UTF-8", lang)
		case n.Link != "" && strings.TrimSpace(t.Button) == "":
			return exit.Usagef("NO_BUTTON_LABEL", "add a line button: under "+lang, "the message in %s has no label for the button that --link makes", lang)
		}
		for p := range t.pieces() {
			if p.placeholder && !slices.Contains(placeholders(), p.text) {
				return exit.Usagef("UNKNOWN_PLACEHOLDER", "known are {"+strings.Join(placeholders(), "} {")+"}",
					"the message has an unknown placeholder {%s}", p.text)
			}
		}
	}
	return nil
}

func checkLink(link string) error {
	if link == "" {
		return nil
	}
	if u, err := url.Parse(link); err != nil || u.Scheme != "https" || u.Host == "" {
		return exit.Usagef("BAD_LINK", "for example --link https://update.example.com", "--link %q is no https address", link)
	}
	return nil
}

// Uses reports whether any template has a placeholder. Labels count with a link
// only.
func (n *Notice) Uses(placeholder string) bool {
	for _, t := range n.Templates {
		if n.Link == "" {
			t.Button = ""
		}
		for p := range t.pieces() {
			if p.placeholder && p.text == placeholder {
				return true
			}
		}
	}
	return false
}

// pieces are those of the text and of the label.
func (t Template) pieces() iter.Seq[piece] { return pieces(t.Text + "\n" + t.Button) }

// languages are those of the messages: the first is shown to members whose own
// is missing.
func (n *Notice) languages() []string {
	if n.Language != Auto {
		return []string{n.Language}
	}
	return slices.DeleteFunc(Languages(), func(lang string) bool { return !n.has(lang) })
}

func (n *Notice) has(lang string) bool {
	_, ok := n.Templates[lang]
	return ok
}
