package consolefile

import (
	"strings"

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
	has, ok := appWords(text)
	switch {
	case !ok:
		return "" // NAVER WORKS Admin is another app
	case has.explorer:
		return api.AppDriveExplorer
	case has.drive && (pc || has.pc || has.desktop):
		return api.AppDriveExplorer
	case has.drive:
		return api.AppDriveMobile
	case !has.works && (!has.pc || has.desktop):
		return ""
	case pc, has.pc, has.desktop:
		return api.AppWorksPC
	}
	return api.AppWorksMobile
}

func listType(text string) api.DeviceType {
	if t, ok := wire(text, api.TypeMobile, api.TypePC, api.TypeDriveMobile); ok {
		return t
	}
	switch fold(text) {
	case "mobile", "모바일", "モバイル", "mobileapp", "모바일앱", "モバイルアプリ", "スマートフォン", "smartphone", "phone", "tablet", "스마트폰", "태블릿", "휴대폰", "タブレット", "携帯電話":
		return api.TypeMobile
	case "pc", "desktop", "pcapp", "pc앱", "pcアプリ":
		return api.TypePC
	case "drive", "드라이브", "ドライブ", "drivemobile", "driveapp", "드라이브앱", "ドライブアプリ", "worksdrive":
		return api.TypeDriveMobile
	}
	return ""
}

// systemOf is the system that a cell of systems names, perhaps with an edition:
// "Windows Server", "macOS Sequoia".
func systemOf(name string) api.OSType {
	if t := osType(name); t != "" {
		return t
	}
	words := strings.Fields(name)
	if len(words) > 1 && strings.EqualFold(words[0], "microsoft") {
		words = words[1:]
	}
	if len(words) == 0 {
		return ""
	}
	return systemName(words[0])
}

// isSetting knows what the console shows of remote management as a setting of the
// tenant: it says nothing of one device.
func isSetting(text string) bool {
	switch fold(text) {
	case "사용안함", "선택", "필수", "無効", "個別設定する", "必須", "notinuse", "optional", "required":
		return true
	}
	return false
}

// mdmState is what the console shows of remote management; empty for what is no
// state of it. With another vendor's MDM the state is always unregistered (R4).
func mdmState(text string) (api.MDMStatus, api.MDMProvider) {
	if s, ok := wire(text, api.MDMRegistered, api.MDMPending, api.MDMUnregistered); ok {
		return s, ""
	}
	switch fold(text) {
	case "등록", "등록됨", "설치됨", "登録", "登録済み", "登録済", "installed", "enrolled", "yes", "y", "o", "○", "〇":
		return api.MDMRegistered, ""
	case "등록대기", "대기", "대기중", "등록대기중", "登録待ち", "申請中", "waiting", "pendingregistration", "registrationpending", "승인대기", "요청중", "登録待機", "待機中":
		return api.MDMPending, ""
	case "미등록", "未登録", "notregistered", "notinstalled", "미설치", "未インストール", "notenrolled", "none", "no", "n", "x", "×", "없음", "なし":
		return api.MDMUnregistered, ""
	case "외부mdm", "外部mdm", "3rdpartymdm", "thirdpartymdm", "external":
		return api.MDMUnregistered, api.ProviderExternal
	}
	return "", ""
}
