package cmd_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/sandbox"
)

// phone is a device that can be acted on, as far as it has a name.
type phone struct{ id, serial, vendor, email, member, model string }

// anyPhones draws a fleet in which phones share serial numbers, names, models
// and members, are twins but for normal form, letter case or full-width digits,
// begin with each other, or have the id that is another's number.
func anyPhones() *rapid.Generator[[]phone] {
	number := rapid.SampledFrom([]string{
		"SN1", "sn1", "SN12", "ＳＮ１", "SN１", "１２", "12", "123", "é1", norm.NFD.String("é1"), "e1", "가1", norm.NFD.String("가1"), "각1", " SN1", "",
	})
	email := rapid.SampledFrom([]string{"kim@x.kr", "Kim@X.kr", "akim@x.kr", "é@x.kr", norm.NFD.String("É@x.kr"), "e@x.kr", "ｋim@x.kr", "12", ""})
	words := rapid.SampledFrom([]string{"김민수", norm.NFD.String("김민수"), "SN1", "12", "iPhone 15", "kim@x.kr"})
	ids := rapid.SampledFrom([]string{"id-1", "id-12", "ID-1", "id-１", "é-1", norm.NFD.String("é-1"), "SN1", "12", "kim@x.kr", "id/1", "id 1", "id%2F1"})
	one := rapid.Custom(func(t *rapid.T) phone {
		return phone{
			ids.Draw(t, "id"), number.Draw(t, "serial"), number.Draw(t, "vendor"),
			email.Draw(t, "e-mail"), words.Draw(t, "member"), words.Draw(t, "model"),
		}
	})
	return rapid.SliceOfNDistinct(one, 1, 6, func(p phone) string { return p.id })
}

// typed draws a text that somebody may type for a phone: one of its names
// whole, in another spelling, in part or with more around it, or what names
// nothing.
func (p *phone) typed(t *rapid.T) string {
	whole := rapid.SampledFrom([]string{p.id, p.serial, p.vendor, p.email}).Draw(t, "name")
	same := []string{whole, whole, strings.ToUpper(whole), strings.ToLower(whole), norm.NFC.String(whole), norm.NFD.String(whole)}
	other := []string{
		norm.NFKC.String(whole), wide(whole), " " + whole, whole + " ", "\t" + whole, whole + "\n", whole + "*", whole + "/", whole + "?",
		"serial:" + whole, p.member, p.model, "", " ", ".", "..", "*", "%",
	}
	for i := range whole { // also between a letter and its accent
		other = append(other, whole[:i], whole[i:])
	}
	other = slices.DeleteFunc(other, func(text string) bool { return text == "-" }) // standard input
	return rapid.SampledFrom(rapid.SampledFrom([][]string{same, other}).Draw(t, "kind")).Draw(t, "text")
}

// wide is text with its digits in full width.
func wide(text string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r - '0' + '０'
		}
		return r
	}, text)
}

// fold is the form in which cli.md compares numbers and e-mails.
func fold(text string) string { return strings.ToLower(norm.NFC.String(text)) }

// isNamed is cli.md's rule of what a DEVICE is.
func (p *phone) isNamed(text string, atTerminal bool) bool {
	return p.id == text || atTerminal && slices.ContainsFunc([]string{p.serial, p.vendor, p.email}, func(whole string) bool {
		return whole != "" && fold(whole) == fold(text)
	})
}

// lookAlikes is a back end with such phones, all under remote management.
type lookAlikes struct {
	mu     sync.Mutex
	phones []phone
	acted  []string // the ids that were acted on

	size  int  // of a page
	exact bool // finds what contains the keyword; else everything, as a server that knows no filter
	loose bool // finds an id in any letter case
}

// become makes it another back end.
func (b *lookAlikes) become(phones []phone, size int, exact, loose bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.phones, b.size, b.exact, b.loose = phones, size, exact, loose
}

// takeActed returns what was acted on since it was last asked, sorted.
func (b *lookAlikes) takeActed() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	acted := b.acted
	b.acted = nil
	slices.Sort(acted)
	return acted
}

func (b *lookAlikes) handler() http.Handler {
	const security = sandbox.APIPath + "/security/"
	mux := http.NewServeMux()
	handle := func(pattern string, answer func(r *http.Request) (int, any)) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+security+path, func(w http.ResponseWriter, r *http.Request) {
			b.mu.Lock()
			defer b.mu.Unlock()
			status, v := answer(r)
			writeJSON(w, status, v)
		})
	}
	handle("GET mdm", func(*http.Request) (int, any) {
		return http.StatusOK, map[string]any{"domainId": 1, "mode": "OPTIONAL", "externalMdm": false}
	})
	handle("GET device-commands", func(*http.Request) (int, any) {
		return http.StatusOK, map[string]any{"deviceCommands": []any{}}
	})
	handle("GET devices", b.list)
	handle("GET devices/{id}", b.get)
	handle("POST devices/{id}/{action}", func(r *http.Request) (int, any) {
		b.acted = append(b.acted, r.PathValue("id"))
		return http.StatusAccepted, map[string]any{
			"commandId": "c", "deviceId": r.PathValue("id"), "type": strings.ToUpper(r.PathValue("action")), "status": "REQUESTED",
			"idempotencyKey": nil, "reason": "lost", "requestedBy": "a", "requestedTime": testNow, "deliveredTime": nil, "completedTime": nil, "failure": nil,
		}
	})
	handle("POST devices/{id}/mdm/disable", func(r *http.Request) (int, any) {
		b.acted = append(b.acted, r.PathValue("id"))
		return http.StatusNoContent, nil
	})
	handle("POST devices/update-notifications", func(r *http.Request) (int, any) {
		var in struct{ DeviceIDs []string }
		_ = json.NewDecoder(r.Body).Decode(&in) // one that can't be read acts on nothing
		b.acted = append(b.acted, in.DeviceIDs...)
		var results []any
		for _, id := range in.DeviceIDs {
			results = append(results, map[string]string{"deviceId": id, "status": "SENT"})
		}
		return http.StatusOK, map[string]any{"results": results}
	})
	handle("POST {rest...}", func(r *http.Request) (int, any) {
		b.acted = append(b.acted, "by "+r.URL.Path)
		return http.StatusNotFound, map[string]string{"code": "NOT_FOUND"}
	})
	return mux
}

func (b *lookAlikes) list(r *http.Request) (int, any) {
	rows, keyword := []any{}, r.URL.Query().Get("keyword")
	for _, p := range b.phones {
		found := slices.ContainsFunc([]string{p.serial, p.vendor, p.email, p.member, p.model}, func(s string) bool {
			return strings.Contains(fold(s), fold(keyword))
		})
		if found || !b.exact {
			rows = append(rows, p.row())
		}
	}
	first, _ := strconv.Atoi(r.URL.Query().Get("cursor")) // the first page has none
	last := min(first+b.size, len(rows))
	next := ""
	if last < len(rows) {
		next = strconv.Itoa(last)
	}
	return http.StatusOK, map[string]any{"devices": rows[min(first, last):last], "responseMetaData": map[string]string{"nextCursor": next}}
}

func (b *lookAlikes) get(r *http.Request) (int, any) {
	id := r.PathValue("id")
	for _, same := range []func(string, string) bool{func(x, y string) bool { return x == y }, strings.EqualFold} {
		for _, p := range b.phones {
			if same(p.id, id) {
				return http.StatusOK, p.row()
			}
		}
		if !b.loose {
			break
		}
	}
	return http.StatusNotFound, map[string]string{"code": "DEVICE_NOT_EXIST", "description": "no such device"}
}

func (p *phone) row() map[string]any {
	orNull := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	return map[string]any{
		"deviceId": p.id, "domainId": 1, "type": "MOBILE", "model": p.model, "vendorId": orNull(p.vendor), "serialNumber": orNull(p.serial),
		"user": map[string]string{"userId": "u-" + p.member, "email": p.email, "userName": p.member},
		"os":   map[string]string{"type": "IOS", "version": "18"}, "app": map[string]string{"type": "WORKS_MOBILE", "version": "4.2.1"},
		"mdm": map[string]string{"status": "REGISTERED", "provider": "NAVER_WORKS"}, "lastAccessTime": "2026-11-20T10:15:00+09:00",
	}
}
