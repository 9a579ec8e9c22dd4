package consolefile

import (
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

// stray says whose cell a text is that stands in a column of names or ids. Only
// what can't be one of this column's counts: a member may be called Mac, and a
// model Windows PC.
func stray(key, text string) string {
	const shifted = ": are the cells shifted?"
	quoted := strconv.Quote(text)
	name, version := splitVersion(text)
	login, id := splitUser(text)
	email := isEmail(id) && isDomain(strings.ToLower(id[strings.Index(id, "@")+1:]))
	versioned := version != "" && isVersion(version) && (strings.Contains(version, ".") || len(version) < 4)
	system := systemName(name)
	user := key == fleet.KeyUserName
	switch {
	case email && user:
		return ""
	case email && (login != "" || isEmail(text)):
		return quoted + " names a member" + shifted
	case isModel(text) && (!isID(key) || strings.Contains(text, " ")) && key != fleet.KeyModel && (!user || id == ""):
		return quoted + " names a model" + shifted
	case system != "" && key != fleet.KeyOS && (versioned || version == "" && !user):
		if pc := system == api.OSWindows || system == api.OSMacOS; key == fleet.KeyModel && pc {
			return "" // PCs are called so, and a PC's system in the wrong column shows there
		}
		return quoted + " names a system" + shifted
	case key == fleet.KeyModel && strings.ContainsAny(text, "-_"): // PCs are called so
	case isID(key) && appType(name, false) != "" && (version == "" || strings.Contains(version, ".")), isApp(name) && key != fleet.KeyApp && (versioned || version == "" && id == ""):
		return quoted + " names an app" + shifted
	}
	return ""
}

func isID(key string) bool {
	return key == fleet.KeyDeviceID || key == fleet.KeyVendorID || key == fleet.KeySerialNumber
}

// systemName is the system of a name that names nothing else: an iPhone is a
// model too, and a Mac may be a person.
func systemName(name string) api.OSType {
	switch fold(name) {
	case "iphone", "ipad", "mac", "맥", "マック", "win":
		return ""
	}
	return osType(name)
}

// isModel reports whether a text begins as the names of common models do.
func isModel(text string) bool {
	text = strings.ToLower(text)
	return strings.ContainsAny(text, "0123456789") && hasBrand(text)
}

// hasBrand reports whether a text in lower case begins with the brand of a model.
func hasBrand(text string) bool {
	for _, begin := range []string{
		"iphone", "ipad", "galaxy", "pixel", "sm-", "macbook", "imac", "thinkpad", "xperia", "aquos", "surface ", "아이폰", "아이패드", "갤럭시", "アイフォン", "アクオス",
	} {
		rest, ok := strings.CutPrefix(text, begin)
		if serial := begin != "sm-" || strings.IndexAny(rest, "0123456789") == 1; ok && serial && !strings.HasPrefix(strings.TrimSpace(rest), "os") {
			return true
		}
	}
	return false
}

// isApp reports whether a name is that of one of the apps and nothing more.
func isApp(name string) bool {
	words, ok := appWords(name)
	return ok && words.works
}

// isOther knows what stands for systems and apps beside those of the contract.
func isOther(text string) bool {
	switch fold(text) {
	case "harmony", "harmonyos", "wearos", "darwin", "androidtv", "tvos", "linux", "ubuntu", "tizen", "chromeos", "fireos", "kaios", "watchos", "visionos",
		"unknown", "other", "others", "etc", "기타", "알수없음", "その他", "不明":
		return true
	}
	return false
}

// isKnownApp reports whether an app's name, whatever stands beside it, is known.
func isKnownApp(name string) bool {
	folded := fold(name)
	return appType(name, false) != "" || listType(name) != "" || isOther(name) ||
		strings.Contains(folded, "app") || strings.Contains(folded, "앱") || strings.Contains(folded, "アプリ")
}

// severalApps reports whether a cell lists apps. A row is for one.
func severalApps(text string) bool {
	names := 0
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;/|&\r\n、，；／・+", r) }) {
		part = strings.TrimSpace(part)
		if name, _ := splitVersion(part); !startsWithDigit(part) && (appType(name, false) != "" || appType(part, false) != "") {
			names++
		}
	}
	lists := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;|\r\n、，；", r) })
	for i, part := range lists {
		part = strings.TrimSpace(part)
		if i > 0 && names > 0 && part != "" && !startsWithDigit(trimV(part)) && !strings.HasSuffix(part, ")") {
			return true
		}
	}
	return names > 1
}

// isTotal reports whether a row only sums up: a word for it, and beside it
// nothing but numbers.
func (s *shapes) isTotal(texts []string) bool {
	word := false
	for _, text := range texts {
		text = fold(text)
		switch {
		case s.total.MatchString(text):
			word = true
		case text != "-" && !s.count.MatchString(text):
			return false
		}
	}
	return word
}
