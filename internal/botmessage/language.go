package botmessage

import (
	"strings"
	"unicode"

	"github.com/worksctl/worksctl/pkg/api"
)

// LanguageOf is the language of a member's message: [Notice.Language], or with
// auto what the letters of their name suggest, since neither the device list nor
// the published directory names a language: Hangul is Korean, kana and bare
// Chinese characters are Japanese, everything else is English. Another one is
// taken where there is no template in it.
func (n *Notice) LanguageOf(u api.User) string {
	_, lang := n.template(n.wanted(u))
	return lang
}

func (n *Notice) wanted(u api.User) string {
	if n.Language != Auto {
		return n.Language
	}
	is := func(tables ...*unicode.RangeTable) bool {
		return strings.ContainsFunc(u.UserName, func(r rune) bool { return unicode.In(r, tables...) })
	}
	switch {
	case is(unicode.Hangul):
		return "ko"
	case is(unicode.Hiragana, unicode.Katakana, unicode.Han):
		return "ja"
	}
	return "en"
}

// appName is what members call an app.
func appName(lang string, t api.AppType) string {
	suite := map[string]string{"ko": "네이버웍스", "ja": "LINE WORKS"}[lang]
	if suite == "" {
		suite = "NAVER WORKS"
	}
	switch t {
	case api.AppWorksMobile:
		return suite
	case api.AppWorksPC:
		return suite + " (PC)"
	case api.AppDriveExplorer:
		return map[string]string{"ko": "드라이브 탐색기", "ja": "Driveエクスプローラー", "en": "Drive Explorer"}[lang]
	case api.AppDriveMobile:
		return map[string]string{"ko": "드라이브", "ja": "Drive", "en": "Drive"}[lang]
	}
	return string(t)
}

func moreDevices(lang string) string {
	switch lang {
	case "ko":
		return "외 %d대"
	case "ja":
		return "ほか %d 台"
	}
	return "and %d more"
}
