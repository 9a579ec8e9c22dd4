package consolefile

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/output"
)

// The languages of the console.
const (
	english  = "en"
	korean   = "ko"
	japanese = "ja"
)

// alias is a header of the console and the device columns that its cells hold.
type alias struct {
	keys []string
	lang string // empty for a header that is the same in several
}

// fold makes headers equal that differ in letter case, blanks, signs and width
// only. A bracket stays: "OS (version)" holds both, "OS version" one of them.
func fold(header string) string {
	header = strings.TrimSpace(norm.NFKC.String(header))
	folded := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '(' {
			return unicode.ToLower(r)
		}
		return -1
	}, header)
	if folded == "" {
		return plain(header) // signs only, such as #
	}
	return folded
}

// plain is a header as it can be typed: in one line, and without characters that
// can't be seen.
func plain(header string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf) {
			return -1
		}
		return r
	}, strings.Join(strings.Fields(header), " "))
}

// aliases are the headers of the console's download. The exact row isn't
// published: these are the names of its fields in the console and its manuals,
// with the spellings seen, and our own column keys.
func aliases() map[string]alias {
	all := map[string]alias{}
	add := func(lang string, keys []string, headers ...string) {
		for _, h := range headers {
			all[fold(h)] = alias{keys, lang}
		}
	}
	for _, key := range output.Keys(fleet.Columns(fleet.View{})) {
		add("", []string{key}, key)
	}
	one := func(key string) []string { return []string{key} }
	user := []string{fleet.KeyUserName, fleet.KeyUserID}
	system := []string{fleet.KeyOS, fleet.KeyOSVersion}
	app := []string{fleet.KeyApp, fleet.KeyAppVersion}

	add(english, one(fleet.KeyModel), "Device", "Device Model", "Model", "Model Name", "Device Name")
	add(korean, one(fleet.KeyModel), "기기", "모델", "모델명", "기기명", "기기 모델", "단말기")
	add(japanese, one(fleet.KeyModel), "デバイス", "モデル", "モデル(デバイス名)", "モデル名", "デバイス名", "端末", "機種")
	add("", one(fleet.KeyVendorID), "Vendor ID")
	add(korean, one(fleet.KeyVendorID), "벤더 ID")
	add(japanese, one(fleet.KeyVendorID), "ベンダーID")
	add(english, one(fleet.KeyDeviceID), "Device ID")
	add(korean, one(fleet.KeyDeviceID), "기기 ID", "기기 아이디", "단말기 ID")
	add(japanese, one(fleet.KeyDeviceID), "デバイスID", "端末ID")
	add("", one(fleet.KeySerialNumber), "Serial Number", "Serial No", "Serial")
	add(korean, one(fleet.KeySerialNumber), "일련번호", "시리얼 번호", "일련 번호")
	add(japanese, one(fleet.KeySerialNumber), "シリアル番号", "シリアルナンバー", "製造番号")
	add(english, user, "User", "User (name and ID)", "User (ID)", "User Name (ID)", "Member")
	add(korean, user, "사용자", "구성원", "사용자(ID)", "사용자 이름(ID)", "구성원(ID)", "이름(ID)")
	add(japanese, user, "ユーザー", "ユーザ", "メンバー", "ユーザー(ID)", "メンバー(ID)", "名前(ID)")
	add(english, one(fleet.KeyUserName), "User Name", "Name")
	add(korean, one(fleet.KeyUserName), "사용자 이름", "사용자명", "이름", "구성원 이름", "성명")
	add(japanese, one(fleet.KeyUserName), "ユーザー名", "名前", "氏名", "メンバー名")
	add(english, one(fleet.KeyUserID), "User ID", "ID", "Member ID", "Account")
	add(korean, one(fleet.KeyUserID), "사용자 ID", "아이디", "구성원 ID", "계정")
	add(japanese, one(fleet.KeyUserID), "ユーザーID", "メンバーID", "アカウント")
	add(english, one(fleet.KeyUserEmail), "Email", "E-mail", "E-mail Address", "User E-mail")
	add(korean, one(fleet.KeyUserEmail), "이메일", "메일", "이메일 주소")
	add(japanese, one(fleet.KeyUserEmail), "メール", "メールアドレス")
	add("", system, "OS")
	add(english, system, "Device OS", "OS (Version)", "Device OS (Version)", "Operating System")
	add(korean, system, "운영체제", "기기 OS", "OS(버전)", "기기 OS(버전)")
	add(japanese, system, "デバイスOS(バージョン)", "デバイスOS", "OS(バージョン)", "端末OS")
	add(english, one(fleet.KeyOSVersion), "OS Version", "Device OS Version")
	add(korean, one(fleet.KeyOSVersion), "OS 버전", "운영체제 버전")
	add(japanese, one(fleet.KeyOSVersion), "OSバージョン", "デバイスOSバージョン")
	add(english, app, "Installed App", "Installed Apps", "App", "Installed App (Version)", "App (Version)")
	add(korean, app, "설치된 앱", "설치 앱", "앱", "설치된 앱(버전)", "앱(버전)")
	add(japanese, app, "インストール済みアプリ", "インストールアプリ", "アプリ", "インストール済みアプリ(バージョン)", "アプリ(バージョン)")
	add(english, one(fleet.KeyAppVersion), "App Version", "Installed App Version")
	add(korean, one(fleet.KeyAppVersion), "앱 버전", "설치된 앱 버전")
	add(japanese, one(fleet.KeyAppVersion), "アプリバージョン", "アプリのバージョン")
	add(english, versionKeys(), "Version") // of which, see settle
	add(korean, versionKeys(), "버전")
	add(japanese, versionKeys(), "バージョン")
	add(english, one(fleet.KeyLastAccess), "Recent Access", "Recently Accessed", "Last Access", "Last Accessed", "Recent Access Date", "Recent Access Time")
	add(korean, one(fleet.KeyLastAccess), "최근 접속", "최근 접속일", "최근 접속일시", "최근 접속 일시", "마지막 접속", "최근 접속 시간")
	add(japanese, one(fleet.KeyLastAccess), "最近のアクセス", "最近のアクセス日時", "最終アクセス", "最終アクセス日時", "最近アクセス", "最近アクセス日時")
	add(english, one(fleet.KeyType), "Device Type", "List")
	add(korean, one(fleet.KeyType), "구분", "유형", "기기 유형", "기기 종류")
	add(japanese, one(fleet.KeyType), "種別", "区分", "デバイスの種類", "デバイス種別")
	add("", one(fleet.KeyMDMStatus), "MDM")
	add(english, one(fleet.KeyMDMStatus), "Remote Device Management", "MDM Registration", "MDM Profile")
	add(korean, one(fleet.KeyMDMStatus), "MDM 상태", "원격 기기 관리", "MDM 등록", "MDM 등록 상태")
	add(japanese, one(fleet.KeyMDMStatus), "MDM状態", "遠隔デバイス管理", "MDM登録", "MDMステータス", "MDM登録状態")
	add(english, one(fleet.KeyDomainID), "Domain")
	add(korean, one(fleet.KeyDomainID), "도메인", "도메인 ID")
	add(japanese, one(fleet.KeyDomainID), "ドメイン", "ドメインID")
	for _, h := range []string{"No", "번호", "番号", "Row"} {
		all[fold(h)] = alias{} // numbers of the rows
	}
	return all
}

// mappings returns what the person and the profile say of headers.
func (o Options) mappings() []Mapping {
	all := slices.Clone(o.Map)
	for _, saved := range o.Saved {
		if !slices.ContainsFunc(o.Map, func(m Mapping) bool { return fold(m.Header) == fold(saved.Header) }) {
			all = append(all, saved)
		}
	}
	return all
}

// Known returns what counts the headers that are known, the mapped ones included.
func (o Options) Known() func(cells []string) int {
	return newMatcher(o.mappings()).known
}

// IsHeader returns what reports whether a row is the header of a list of devices:
// one that [Read] takes, and that says which device a row is or whose. A count of
// devices by their systems, say, has known headers too, and lists none.
func (o Options) IsHeader() func(cells []string) bool {
	match := newMatcher(o.mappings())
	return func(cells []string) bool {
		mapped := slices.ContainsFunc(o.Map, func(m Mapping) bool {
			_, known := match.aliases[fold(m.Header)]
			return !known && len(m.Keys) > 0 && slices.ContainsFunc(cells, func(c string) bool { return fold(c) == fold(m.Header) })
		})
		return (mapped || match.known(cells) >= enough) && slices.ContainsFunc(cells, match.names)
	}
}

// matcher finds the device columns of a header.
type matcher struct {
	aliases map[string]alias
	mapped  map[string]Mapping
}

func newMatcher(m []Mapping) *matcher {
	t := &matcher{aliases(), map[string]Mapping{}}
	for _, one := range m {
		t.mapped[fold(one.Header)] = one
	}
	return t
}

// known counts the headers that say something about a device, each column once.
func (t *matcher) known(cells []string) int {
	seen := map[string]bool{}
	for _, c := range cells {
		name := fold(c)
		if m, ok := t.mapped[name]; ok && name != "" {
			seen[strings.Join(m.Keys, ",")+" "+name] = true
			continue
		}
		if a, ok := t.aliases[name]; ok && len(a.keys) > 0 {
			seen[strings.Join(a.keys, ",")] = true
		}
	}
	return len(seen)
}

// names reports whether the cells below a header tell one device from another, or
// whose it is.
func (t *matcher) names(header string) bool {
	keys := t.aliases[fold(header)].keys
	if m, ok := t.mapped[fold(header)]; ok {
		keys = m.Keys
	}
	return slices.ContainsFunc(keys, func(key string) bool {
		switch key {
		case fleet.KeyDeviceID, fleet.KeyVendorID, fleet.KeySerialNumber, fleet.KeyModel, fleet.KeyUserName, fleet.KeyUserID, fleet.KeyUserEmail:
			return true
		}
		return false
	})
}
