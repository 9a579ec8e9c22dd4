package cmd

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/output"
)

// tally counts the rows of a table by what became of the devices.
type tally struct {
	groups []*tallied // in the order of their first rows
}

// tallied are the rows of one status and code.
type tallied struct {
	status, code string
	rows         int
	details      []tallyDetail // the first distinct ones
	others       int           // rows with further details
}

type tallyDetail struct {
	text string
	rows int
}

func (t *tally) add(status, code, detail string) {
	const kept = 20 // in a job of very many devices each may have its own
	i := slices.IndexFunc(t.groups, func(g *tallied) bool { return g.status == status && g.code == code })
	if i < 0 {
		i = len(t.groups)
		t.groups = append(t.groups, &tallied{status: status, code: code})
	}
	g := t.groups[i]
	g.rows++
	switch i := slices.IndexFunc(g.details, func(d tallyDetail) bool { return d.text == detail }); {
	case i >= 0:
		g.details[i].rows++
	case len(g.details) < kept:
		g.details = append(g.details, tallyDetail{detail, 1})
	default:
		g.others++
	}
}

// text is a line for each status and code with the number of devices and what
// that means, or, in full, for each detail; local makes times those of a person's
// clock.
func (t *tally) text(full bool, local func(string) string) string {
	var fields []fleet.Field
	most := 0
	for _, g := range t.groups {
		most = max(most, g.rows)
	}
	width := len(fmt.Sprint(most))
	line := func(g *tallied, rows int, meaning string) {
		if meaning == "" {
			meaning = statusMeaning(g.status)
		}
		meaning = local(meaning)
		label := fmt.Sprintf("%*d %s", width, rows, output.Clean(statusAndCode(g.status, g.code)))
		fields = append(fields, fleet.Field{Label: label, Value: meaning})
	}
	for _, g := range t.groups {
		switch {
		case len(g.details) == 1:
			line(g, g.rows, g.details[0].text)
			continue
		case !full:
			line(g, g.rows, "")
			continue
		}
		for _, d := range g.details {
			line(g, d.rows, d.text)
		}
		if g.others > 0 {
			line(g, g.others, "for further reasons, which -o wide shows")
		}
	}
	return fleet.FormatCard(fields, nil)
}

func statusAndCode(status, code string) string { return strings.TrimSuffix(status+" "+code, " ") }

// statusMeaning says what a status of a result or a kind of evidence means.
func statusMeaning(status string) string {
	switch status {
	case string(journal.Sent):
		return "the server has sent the notice"
	case string(journal.Accepted):
		return "asked for, not carried out yet"
	case string(journal.Done):
		return "carried out"
	case string(journal.Skipped):
		return "nothing to do"
	case job.Failed: // of a device too
		return "not carried out"
	case string(journal.Refused):
		return "must not be done: nothing was sent"
	case string(journal.Canceled):
		return "taken back in time"
	case job.Unknown: // of a device too
		return "nobody knows what became of it"
	case string(journal.Sending):
		return "being sent right now"
	case string(journal.Planned):
		return "not sent"
	case job.Confirmed:
		return "it has happened"
	case job.Pending:
		return "asked for, not seen yet"
	case job.CameBack:
		return "it has happened, and the device has been used again since"
	}
	return "see -o wide"
}

// closeTable tells what a narrow terminal has no room for, and to a person how
// many devices came to what. Details are never lost: where their column is, they
// follow the table.
func closeTable[T any](app *App, format output.Format, sink output.Sink[T], t *tally) error {
	var hidden []string
	if s, ok := sink.(interface{ Hidden() []string }); ok {
		hidden = s.Hidden()
	}
	full := slices.Contains(hidden, "detail")
	hidden = slices.DeleteFunc(hidden, func(key string) bool { return key == "detail" })
	if len(hidden) > 0 {
		app.Term.Infof("no room for %s: widen the terminal or use -o wide", strings.Join(hidden, ", "))
	}
	text := t.text(full, app.localTimes)
	if full {
		_, err := io.WriteString(app.dataOut(format), "\n"+text)
		return err
	}
	for line := range strings.Lines(text) {
		app.Term.Infof("%s", strings.TrimSuffix(line, "\n"))
	}
	return nil
}
