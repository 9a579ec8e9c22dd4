package consolefile

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
)

// doubt is what is wrong with a cell by its looks or by the rest of its column,
// and what to type if it is right: nothing where that was typed. What is surely
// damage, such as 1.23457E+12, doesn't invite to type it.
func (r *reader) doubt(c Column, text, why string) string {
	version := len(c.Keys) == 1 && slices.Contains(versionKeys(), c.Keys[0])
	switch {
	case why == "" || c.exact:
		return ""
	case r.shapes.cut.MatchString(text), version && r.shapes.isDate(text):
		return why
	}
	m := Mapping{Header: c.Header, Keys: c.said, Domain: c.domain, Order: c.order, Exact: true}
	return why + " (if right: --map " + fleet.ShellQuote(m.String()) + ")"
}

// doubt is that of the column that is being read.
func (p *parts) doubt(text string, whys ...string) string {
	return p.reader.doubt(p.column, text, cmp.Or(whys...))
}

// leaveOut is how to go on without the column that is being read.
func (p *parts) leaveOut() string {
	return " (to leave it out: --map " + fleet.ShellQuote(Mapping{Header: p.column.Header}.String()) + ")"
}

// leave doesn't read columns of known headers whose cells hold something else:
// domains that are names, and lists of which no cell names one. The latter are
// named as not read.
func (f *File) leave(rows []sheet.Row) {
	for i := range f.Columns {
		c := &f.Columns[i]
		domains, lists := slices.Equal(c.Keys, []string{fleet.KeyDomainID}), slices.Equal(c.Keys, []string{fleet.KeyType})
		if c.mapped || c.lang == "" || !domains && !lists {
			continue
		}
		filled := false
		known := slices.ContainsFunc(rows, func(row sheet.Row) bool {
			text, why := taken(cell(row, c.at))
			filled = filled || text != "" || why != ""
			_, err := strconv.ParseInt(text, 10, 32)
			return domains && err == nil || lists && listType(text) != ""
		})
		if filled && !known {
			c.Keys, c.Ignored = nil, domains
		}
	}
}

// isAbsent knows the words for nothing where an id, a version or a time is missing.
func isAbsent(text string) bool {
	switch fold(strings.Trim(text, "()（）[]<>")) {
	case "0", "unknown", "none", "never", "notinstalled", "notavailable", "notregistered", "norecord", "null", "nil",
		"알수없음", "없음", "해당없음", "확인불가", "미설치", "미등록", "미접속", "기록없음", "접속기록없음",
		"不明", "なし", "該当なし", "取得不可", "未登録", "未インストール", "未アクセス", "未使用", "記録なし":
		return true
	}
	return false
}
