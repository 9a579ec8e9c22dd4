package consolefile

import (
	"cmp"
	"strings"
	"unicode"
)

// appParts are the parts that the name of an app has. PC alone names one; Windows
// doesn't.
type appParts struct{ works, drive, explorer, pc, desktop bool }

// appWords takes a name apart; ok is false where it has a word that none of the
// apps has, and so names another app.
func appWords(name string) (has appParts, ok bool) {
	rest := fold(name)
	for rest != "" {
		found := false
		for _, word := range []string{
			"naver", "line", "네이버", "라인", "ネイバー", "ライン", "works", "웍스", "ワークス", "drive", "드라이브", "ドライブ",
			"explorer", "탐색기", "エクスプローラー", "エクスプローラ", "mobile", "모바일", "モバイル",
			"desktop", "데스크톱", "데스크탑", "デスクトップ", "pc", "windows", "윈도우", "macos", "mac", "app", "앱", "アプリ",
			"for", "용", "用", "版", "ios", "android", "iphone", "ipad", "tablet", "태블릿", "タブレット", "(",
		} {
			after, ok := strings.CutPrefix(rest, word)
			if !ok {
				continue
			}
			rest, found = after, true
			switch word {
			case "works", "웍스", "ワークス":
				has.works = true
			case "drive", "드라이브", "ドライブ":
				has.drive = true
			case "explorer", "탐색기", "エクスプローラー", "エクスプローラ":
				has.explorer = true
			case "pc":
				has.pc = true
			case "desktop", "데스크톱", "데스크탑", "デスクトップ", "windows", "윈도우", "macos", "mac":
				has.desktop = true
			}
			break
		}
		if !found {
			return has, false
		}
	}
	return has, name != ""
}

// mayBeApp reports whether a name beside those of the apps is that of another one:
// a short word, or one with a version of several parts, in its cell or beside it.
// Names with digits are models.
func mayBeApp(name, version, beside string) bool {
	const short = 16
	if hasBrand(strings.ToLower(name)) || systemName(name) != "" || strings.ContainsAny(name, ",;@") || strings.IndexFunc(name, unicode.IsDigit) >= 0 {
		return false
	}
	word := version == "" && len([]rune(name)) <= short && !strings.ContainsAny(name, " -")
	version = cmp.Or(version, beside)
	return word || isVersion(version) && strings.Contains(version, ".")
}
