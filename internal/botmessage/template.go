package botmessage

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/worksctl/worksctl/internal/exit"
)

// BuiltIn are the templates that are there without any of one's own.
func BuiltIn() map[string]Template {
	return map[string]Template{
		"ko": {
			Text: `{name}님, 안녕하세요.

아래 기기의 앱을 최신 버전으로 업데이트해 주시기 바랍니다.
{devices}

이미 업데이트하셨다면 이 메시지는 확인만 부탁드립니다.
감사합니다.`,
			Button: "업데이트",
		},
		"ja": {
			Text: `{name} 様

お疲れ様です。
お手数ですが、以下のデバイスのアプリを最新バージョンに更新していただきますようお願いいたします。
{devices}

行き違いですでに更新済みの場合は、ご容赦ください。`,
			Button: "更新する",
		},
		"en": {
			Text: `Hello {name},

Please update the app to the latest version on:
{devices}

If you have updated it already, there is nothing left to do. Thank you.`,
			Button: "Update",
		},
	}
}

// Own are templates that say text, whatever the language. Their buttons are the
// built-in ones.
func Own(text string) map[string]Template {
	own := BuiltIn()
	for lang, t := range own {
		t.Text = text
		own[lang] = t
	}
	return own
}

// Parse reads templates from YAML: under each of ko, ja and en, of which some
// may be missing, a text and a button; a button that is missing is the built-in
// one. name is what messages call the file. Errors are [exit.Error]s with code
// 2.
func Parse(name string, content []byte) (map[string]Template, error) {
	const hint = "write under ko, ja or en a text: and, for --link, a button:"
	d := yaml.NewDecoder(bytes.NewReader(content))
	d.KnownFields(true)
	var own map[string]Template
	if err := d.Decode(&own); errors.Is(err, io.EOF) || err == nil && len(own) == 0 {
		return nil, exit.Usagef("BAD_TEMPLATE", hint, "%s has no template", name)
	} else if err != nil {
		return nil, exit.Usagef("BAD_TEMPLATE", hint, "%s: %s", name, strings.Join(strings.Fields(err.Error()), " "))
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, exit.Usagef("BAD_TEMPLATE", hint+" in one document", "%s has more than one document: a line --- begins another", name)
	}
	known := BuiltIn()
	for lang, t := range own {
		if !slices.Contains(Languages(), lang) {
			return nil, exit.Usagef("BAD_TEMPLATE", hint, "%s: %q is none of ko, ja and en", name, lang)
		}
		if t.Button == "" {
			t.Button = known[lang].Button
		}
		t.Text = strings.TrimSpace(t.Text)
		own[lang] = t
	}
	return own, nil
}
