package cmd

import (
	"fmt"
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
)

func languageText(lang *string) string {
	switch orEmpty(lang) {
	case "en":
		return ", in English"
	case "ko":
		return ", in Korean"
	case "ja":
		return ", in Japanese"
	}
	return ""
}

func delimiterText(delimiter *string) string {
	switch orEmpty(delimiter) {
	case "":
		return ""
	case "\t":
		return "separated by tabs"
	case ";":
		return "separated by semicolons"
	}
	return "separated by commas"
}

func (r *checkRows) text() string {
	text := fmt.Sprintf("%d good, %d bad", r.Good, r.Bad)
	for _, more := range []struct {
		n    int
		what string
	}{{r.Hidden, "hidden"}, {r.Repeated, "the same as an earlier row"}, {r.Older, "left out for a later access of the same device, member and app"}, {r.Unlisted, "of a list that can't be told: say --type"}} {
		if more.n > 0 {
			text += fmt.Sprintf("; %d %s", more.n, more.what)
		}
	}
	return text
}

func (c *checkColumn) text() string {
	switch {
	case len(c.Holds) > 0:
		return strings.Join(c.Holds, ", ")
	case c.Map != nil:
		return "not read" + unreadText(c.suggest)
	}
	return "not read"
}

// unreadText says what to type for a column that isn't read.
func unreadText(suggest string) string {
	header, leftOut := strings.CutSuffix(suggest, "=-")
	if leftOut {
		return ": name what it holds, as in --map " + fleet.ShellQuote(header+"=model") + ", or leave it out: --map " + fleet.ShellQuote(suggest)
	}
	return "; by its looks it is --map " + fleet.ShellQuote(suggest)
}

// loginsText says what to type where members are named by logins without domain.
func loginsText(suggest string, members int) string {
	if members == 0 {
		return ""
	}
	subject := fmt.Sprintf("%d members are", members)
	if members == 1 {
		subject = "1 member is"
	}
	return subject + " named by a login without its domain, which no message reaches: say the domain: --map " + fleet.ShellQuote(suggest)
}

// rowsOf says how many of all rows.
func rowsOf(n, all int) string {
	if all == 1 {
		return "its only row"
	}
	return fmt.Sprintf("%d of %d rows", n, all)
}
