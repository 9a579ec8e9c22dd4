package consolefile

import (
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
)

// looksLike judges by its cells what a column may hold.
func (r *reader) looksLike(at int) []string {
	votes := map[string]int{}
	filled := 0
	for _, row := range r.rows {
		text, why := taken(cell(row, at))
		if why != "" || text == "" {
			continue
		}
		filled++
		votes[strings.Join(r.guess(text), ",")]++
	}
	for keys, n := range votes {
		if keys != "" && 2*n > filled {
			return strings.Split(keys, ",")
		}
	}
	return nil
}

func (r *reader) guess(text string) []string {
	name, version := splitVersion(text)
	login, id := splitUser(text)
	_, dated := r.clock.read(text)
	switch {
	case r.shapes.uuid.MatchString(text):
		return []string{fleet.KeyVendorID}
	case dated && !r.shapes.digits.MatchString(text): // 20190301 may number anything
		return []string{fleet.KeyLastAccess}
	case r.shapes.version.MatchString(text):
		return []string{fleet.KeyAppVersion}
	case isModel(text): // iPhone 15 is no system
		return []string{fleet.KeyModel}
	case osType(name) != "" && version != "":
		return []string{fleet.KeyOS, fleet.KeyOSVersion}
	case osType(name) != "":
		return []string{fleet.KeyOS}
	case appType(name, false) != "" && version != "":
		return []string{fleet.KeyApp, fleet.KeyAppVersion}
	case strings.Contains(id, "@") && login == "":
		return []string{fleet.KeyUserEmail}
	case id != "" && login != "":
		return []string{fleet.KeyUserName, fleet.KeyUserID}
	}
	return nil
}
