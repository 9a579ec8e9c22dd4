package consolefile

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/pkg/api"
)

// wire says that a word may already be one of the contract's.
func wire[T ~string](text string, known ...T) (T, bool) {
	for _, k := range known {
		if strings.EqualFold(text, string(k)) {
			return k, true
		}
	}
	return "", false
}

func osType(text string) api.OSType {
	if t, ok := wire(text, api.OSIOS, api.OSAndroid, api.OSWindows, api.OSMacOS); ok {
		return t
	}
	switch fold(text) {
	case "ios", "iphoneos", "ipados", "iphone", "ipad":
		return api.OSIOS
	case "android", "안드로이드", "アンドロイド":
		return api.OSAndroid
	case "windows", "win", "윈도우", "윈도우즈", "ウィンドウズ", "microsoftwindows":
		return api.OSWindows
	case "macos", "mac", "osx", "macosx", "맥", "マック":
		return api.OSMacOS
	}
	return ""
}

// appType is the app of a name. WORKS alone is the PC app on a PC.
func appType(text string, pc bool) api.AppType {
	if t, ok := wire(text, api.AppWorksMobile, api.AppWorksPC, api.AppDriveExplorer, api.AppDriveMobile); ok {
		return t
	}
	name := fold(text)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(name, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("explorer", "탐색기", "エクスプローラ"):
		return api.AppDriveExplorer
	case has("drive", "드라이브", "ドライブ"):
		if pc {
			return api.AppDriveExplorer
		}
		return api.AppDriveMobile
	case !has("works", "웍스", "ワークス") && name != "pc" && name != "pcapp" && name != "pc앱" && name != "pcアプリ":
		return ""
	case pc, has("pc", "desktop"):
		return api.AppWorksPC
	}
	return api.AppWorksMobile
}

func listType(text string) api.DeviceType {
	if t, ok := wire(text, api.TypeMobile, api.TypePC, api.TypeDriveMobile); ok {
		return t
	}
	switch fold(text) {
	case "mobile", "모바일", "モバイル", "mobileapp", "모바일앱", "モバイルアプリ", "スマートフォン", "smartphone":
		return api.TypeMobile
	case "pc", "desktop", "pcapp", "pc앱", "pcアプリ":
		return api.TypePC
	case "drive", "드라이브", "ドライブ", "drivemobile", "driveapp", "드라이브앱", "ドライブアプリ", "worksdrive":
		return api.TypeDriveMobile
	}
	return ""
}

// mdmState is what the console shows of remote management. With another
// vendor's MDM the state is always unregistered (R4).
func mdmState(text string) (api.MDMStatus, api.MDMProvider) {
	if s, ok := wire(text, api.MDMRegistered, api.MDMPending, api.MDMUnregistered); ok {
		return s, ""
	}
	switch fold(text) {
	case "등록", "등록됨", "설치됨", "登録", "登録済み", "登録済", "installed":
		return api.MDMRegistered, ""
	case "등록대기", "대기", "대기중", "등록대기중", "登録待ち", "申請中", "waiting", "pendingregistration":
		return api.MDMPending, ""
	case "미등록", "未登録", "notregistered", "notinstalled", "미설치", "未インストール":
		return api.MDMUnregistered, ""
	case "외부mdm", "外部mdm", "3rdpartymdm", "thirdpartymdm", "external":
		return api.MDMUnregistered, api.ProviderExternal
	}
	return api.MDMStatus(text), ""
}

// splitVersion splits "iOS 18.1" and "NAVER WORKS(4.2.1)" into the name and the
// version behind it, which begins with a digit and has no blank before a digit.
func splitVersion(cell string) (name, version string) {
	text := strings.TrimSpace(norm.NFKC.String(cell))
	if i := strings.LastIndexAny(text, "(["); i > 0 && strings.ContainsAny(text[len(text)-1:], ")]") {
		inner := strings.TrimSpace(text[i+1 : len(text)-1])
		if isVersion(trimV(inner)) {
			before, _ := splitVersion(text[:i])
			if before == "" {
				before = strings.TrimSpace(text[:i])
			}
			return strings.TrimSpace(before), trimV(inner)
		}
	}
	fields := strings.Fields(text)
	for i := range fields {
		v := trimV(fields[i])
		if rest := strings.Join(append([]string{v}, fields[i+1:]...), " "); isVersion(v) && (i > 0 || len(fields) == 1) {
			return strings.TrimRight(strings.Join(fields[:i], " "), " :/"), rest
		}
	}
	if at := strings.IndexFunc(text, unicode.IsDigit); at > 0 && len(fields) == 1 && isVersion(text[at:]) {
		return strings.TrimRight(text[:at], "-/:_v"), text[at:]
	}
	return text, ""
}

// trimV takes off what may stand before a version: "v4.2.1", "Ver.4.2.1".
func trimV(text string) string {
	for _, prefix := range []string{"version", "ver.", "ver", "v.", "v", "버전", "バージョン"} {
		if len(text) > len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) && unicode.IsDigit(rune(text[len(prefix)])) {
			return text[len(prefix):]
		}
	}
	return text
}

// isVersion reports whether a text begins as versions do.
func isVersion(text string) bool { return text != "" && text[0] >= '0' && text[0] <= '9' }

// splitUser splits "Name (ID)". What isn't written like an id belongs to the
// name, such as a team in brackets.
func splitUser(cell string) (name, id string) {
	text := strings.TrimSpace(cell)
	for _, pair := range []struct{ left, right string }{{"(", ")"}, {"（", "）"}, {"<", ">"}, {"[", "]"}} {
		inner, ok := strings.CutSuffix(text, pair.right)
		at := strings.LastIndex(inner, pair.left)
		if !ok || at < 0 {
			continue
		}
		if id := strings.TrimSpace(inner[at+len(pair.left):]); isLogin(id) {
			return strings.TrimSpace(inner[:at]), id
		}
	}
	if strings.Contains(text, "@") && isLogin(text) {
		return "", text
	}
	return text, ""
}

func isLogin(text string) bool {
	return text != "" && strings.IndexFunc(text, func(r rune) bool {
		return r >= 0x80 || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-+%@", r)
	}) < 0
}
