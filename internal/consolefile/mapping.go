package consolefile

import (
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/output"
)

// Mapping says which device columns the cells below a header hold.
type Mapping struct {
	Header string
	Keys   []string // none: the column isn't read
	Order  Order    // of day, month and year, for last_access
	Domain string   // in lower case: the ids of user_id are the logins of e-mails there
	Exact  bool     // the cells are right as they stand, whatever they look like
}

// Order is how day, month and a year of two digits stand in dates.
type Order string

// The orders. Without one it is told by the dates of the file.
const (
	DayFirst   Order = "dmy"
	MonthFirst Order = "mdy"
	YearFirst  Order = "ymd" // of years of two digits; others tell it themselves
)

func orders() []Order { return []Order{DayFirst, MonthFirst, YearFirst} }

// nothing stands for no column, and exact behind one for cells that are right.
const (
	nothing = "-"
	exact   = "exact"
)

// ParseMapping reads the value of `--map`: 'Header=column'. The columns are the
// keys of the CSV header; several, joined by commas, for a cell that holds a name
// with an id, or a system or app with its version; `-` for one that isn't to be
// read; `last_access:dmy`, `:mdy` or `:ymd` for dates that don't tell themselves;
// `user_email:example.com`, or user_id likewise, for ids that are the part of an
// e-mail before the @; `:exact` behind any column for cells that are right as they
// stand. The error is an [exit.Error] with code 2.
func ParseMapping(text string) (Mapping, error) {
	at := strings.LastIndex(text, "=")
	if at < 0 || fold(text[:at]) == "" {
		return Mapping{}, exit.Usagef("BAD_MAP", "--map 'Header=model'", "--map %q: write the header, =, and a column", text)
	}
	m := Mapping{Header: plain(text[:at])}
	columns := strings.TrimSpace(text[at+1:])
	if columns == nothing {
		return m, nil
	}
	known := output.Keys(fleet.Columns(fleet.View{}))
	for key := range strings.SplitSeq(columns, ",") {
		key = strings.TrimSpace(key)
		name, more, ok := strings.Cut(key, ":")
		if before, found := strings.CutSuffix(key, ":"+exact); found && !isWords(name) {
			m.Exact, key = true, before
			name, more, ok = strings.Cut(key, ":")
		}
		switch {
		case !ok:
		case name == fleet.KeyLastAccess:
			if m.Order = Order(more); !slices.Contains(orders(), m.Order) {
				return Mapping{}, exit.Usagef("BAD_MAP", "--map 'Header=last_access:dmy'", "--map %q: the order of dates is dmy, mdy or ymd", text)
			}
			key = name
		case name == fleet.KeyUserID, name == fleet.KeyUserEmail:
			if m.Domain = strings.ToLower(more); !isDomain(m.Domain) {
				return Mapping{}, exit.Usagef("BAD_MAP", "--map 'Header=user_email:example.com'", "--map %q: %q is no domain of e-mails", text, more)
			}
			key = fleet.KeyUserID // where what is written as an e-mail is one
		}
		if slices.Contains(m.Keys, key) {
			continue
		}
		if !slices.Contains(known, key) {
			return Mapping{}, exit.Usagef("BAD_MAP", "columns: "+strings.Join(known, ", "), "--map %q: there is no column %q", text, key)
		}
		m.Keys = append(m.Keys, key)
	}
	if len(m.Keys) > 1 && !splits(m.Keys) {
		return Mapping{}, exit.Usagef("BAD_MAP", "together go user_name,user_id or user_name,user_email; os,os_version; app,app_version", "--map %q: no cell holds these columns together", text)
	}
	return m, nil
}

// splits reports whether one cell can hold all these columns.
func splits(keys []string) bool {
	for _, together := range [][]string{
		{fleet.KeyUserName, fleet.KeyUserID, fleet.KeyUserEmail},
		{fleet.KeyOS, fleet.KeyOSVersion}, {fleet.KeyApp, fleet.KeyAppVersion},
	} {
		if !slices.ContainsFunc(keys, func(k string) bool { return !slices.Contains(together, k) }) {
			return true
		}
	}
	return false
}

// String is the mapping as `--map` takes it.
func (m Mapping) String() string {
	text := m.Header + "="
	if len(m.Keys) == 0 {
		return text + nothing
	}
	text += strings.Join(m.Keys, ",")
	if m.Domain != "" {
		text = m.Header + "=" + strings.Replace(strings.Join(m.Keys, ","), fleet.KeyUserID, fleet.KeyUserEmail+":"+m.Domain, 1)
	}
	if m.Order != "" {
		text += ":" + string(m.Order)
	}
	if m.Exact {
		text += ":" + exact
	}
	return text
}

// isWords reports whether a column holds known words and numbers, of which none
// is judged by its looks.
func isWords(key string) bool {
	switch key {
	case fleet.KeyType, fleet.KeyMDMStatus, fleet.KeyMDMProvider, fleet.KeyDomainID:
		return true
	}
	return false
}
