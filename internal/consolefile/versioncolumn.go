package consolefile

import (
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
)

// surveyVersions finds versions of apps that are numbers to a spreadsheet, which
// drops the zeros behind them, so that 4.0 becomes 4 and 4.10 becomes 4.1: by
// row, what is wrong. By itself such a cell tells nothing. A number without dots
// tells beside versions with dots; one of two parts where it is rare among
// longer ones of the same app. A cell such as 4.0 or 4.10 shows that no
// spreadsheet was at the column, and text in a workbook that it was no number.
func (r *reader) surveyVersions() map[int]string {
	found := map[int]string{}
	c, ok := r.file.column(fleet.KeyAppVersion)
	if !ok || len(c.Keys) > 1 {
		return found
	}
	whole, two, more := map[int]string{}, map[string]map[int]string{}, map[string]int{}
	dotted, untouched := false, r.sheet.Format != sheet.CSV
	for _, row := range r.rows {
		version, _ := taken(cell(row, c.at))
		app := fold(r.own(row, fleet.KeyApp))
		if two[app] == nil {
			two[app] = map[int]string{}
		}
		switch dots := strings.Count(version, "."); {
		case !isVersion(version) || !startsWithDigit(version):
		case dots > 1:
			more[app]++
			dotted = true
		case dots == 1:
			dotted = true
			if strings.Trim(version, "0123456789.") == "" {
				two[app][row.Number] = version
				untouched = untouched || strings.HasSuffix(version, "0")
			}
		case r.shapes.digits.MatchString(version):
			whole[row.Number] = version
		}
	}
	for row, version := range whole {
		if dotted {
			found[row] = strconv.Quote(version) + " has no dots as other versions have: a spreadsheet makes 4 of 4.0; or are the cells shifted?"
		}
	}
	const rare, enough = 10, 3
	for app, rows := range two {
		if untouched || more[app] < enough || len(rows) > 1 && rare*len(rows) > more[app] {
			continue
		}
		for row, version := range rows {
			found[row] = strconv.Quote(version) + " has fewer parts than the other versions: a spreadsheet makes 4.1 of 4.10"
		}
	}
	return found
}
