package fleet

import (
	"strconv"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
)

// spanAll is the span that sets no limit (cli.md, Filters).
const spanAll = "all"

// longestSpan is the longest span in years. Devices are listed for three (R2);
// what is far over that is a slip.
const longestSpan = 100

// span returns the time that lies a span such as 30d, 2w, 6m or 1y before now,
// in whole seconds as the wire has them. Months and years are calendar ones.
func (p *parser) span(flag, value string) time.Time {
	if value == "" {
		return time.Time{}
	}
	digits := strings.TrimRight(value, "dwmy")
	unit := value[len(digits):]
	n, err := strconv.ParseUint(digits, 10, 16)
	isNumber := digits != "" && strings.Trim(digits, "0123456789") == ""
	bad := func(hint, why string) time.Time {
		p.fail(exit.Usagef("BAD_SPAN", hint, "--%s %q %s", flag, value, why))
		return time.Time{}
	}
	example := "write a number and d, w, m (months) or y: --" + flag + " 30d"
	switch {
	case isNumber && unit == "":
		return bad("add a unit: --"+flag+" "+digits+"d", "has no unit: d, w, m (months) or y")
	case !isNumber || len(unit) != 1:
		return bad(p.spanHint(flag, value, example), "is not a span such as 30d, 2w, 6m or 1y")
	case err != nil || n > mostOf(unit):
		return bad(example, "is too long: at most "+strconv.Itoa(longestSpan)+"y")
	case n == 0:
		return bad(example, "is an empty span: at least 1"+unit)
	}
	return before(p.now, int(n), unit).Truncate(time.Second)
}

// spanHint names the slip behind a bad span where it is a common one.
func (p *parser) spanHint(flag, value, example string) string {
	switch lower := strings.ToLower(value); {
	case lower == spanAll && flag == "inactive":
		return "--inactive takes a span; leave it out to see active devices too"
	case lower == spanAll:
		return "--" + flag + " " + spanAll
	case strings.HasPrefix(value, "-"):
		return "spans count back from now and have no sign: --" + flag + " 30d"
	case lower != value:
		return "units are small letters: --" + flag + " " + lower
	case strings.HasSuffix(value, "h") || strings.HasSuffix(value, "min") || strings.HasSuffix(value, "s"):
		return "the smallest span is a day, and m means months: --" + flag + " 1d"
	}
	return example
}

func mostOf(unit string) uint64 {
	switch unit {
	case "d":
		return longestSpan * 365
	case "w":
		return longestSpan * 52
	case "m":
		return longestSpan * 12
	}
	return longestSpan
}

// before subtracts n units from t. A month before March 31 is the last day of
// February, not March 3.
func before(t time.Time, n int, unit string) time.Time {
	switch unit {
	case "d":
		return t.AddDate(0, 0, -n)
	case "w":
		return t.AddDate(0, 0, -7*n)
	case "y":
		n *= 12
	}
	first := t.AddDate(0, 0, 1-t.Day()).AddDate(0, -n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}
