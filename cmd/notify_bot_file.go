package cmd

import (
	"context"
	"fmt"
	"iter"
	"os"
	"time"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/job"
)

// deviceFile is a file whose own data is acted on.
type deviceFile struct {
	name    string
	written time.Time // zero for standard input
	devices []namedDevice
}

// readFile reads a whole file. A row that can't be trusted, or whose member no
// message can be addressed to, refuses all of it, unless skipBad: then it is
// named in a warning and left out.
func (a *acting) readFile(ctx context.Context, sel selection, skipBad bool) (*deviceFile, error) {
	f := &deviceFile{name: inputName(sel.from)}
	stdin := a.app.Term.In
	if sel.from == stdinName {
		stdin = untilDone(ctx, stdin)
	} else {
		a.app.tellChanged(sel.from)
		if info, err := os.Stat(sel.from); err == nil { // else opening it says why
			f.written = info.ModTime()
		}
	}
	file, err := devicefile.Open(sel.from, stdin, sel.file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // read only
	if err := lacks(file, sel); err != nil {
		return nil, err
	}
	bad, err := f.read(ctx, file)
	if err != nil {
		return nil, err
	}
	if hidden := file.Hidden(); len(hidden) > 0 {
		return nil, exit.Refusedf("HIDDEN_ROWS", "show all rows and save it, or copy the rows you mean into a new workbook",
			"%s: row %d is hidden: a list to act on must show all its rows", f.name, hidden[0])
	}
	if n := file.Repeated(); n > 0 {
		a.app.Term.Warnf("%s in the file more than once; each counts once", countOf(n))
	}
	switch {
	case len(bad) > 0 && !skipBad:
		return nil, badRows(f.name, bad)
	case len(f.devices) == 0:
		a.app.Term.Warnf("%s named no device", f.name)
	}
	for _, b := range bad {
		a.app.Term.Warnf("left out: %s", b)
	}
	const fresh = 24 * time.Hour
	if !a.asks() && !a.dryRun && f.age(a.app.Now()) > fresh {
		a.app.Term.Warnf("%s", f.ageText(a.app))
	}
	return f, nil
}

// read returns what is wrong with the rows that are left out.
func (f *deviceFile) read(ctx context.Context, file *devicefile.File) (bad []string, err error) {
	what := "row"
	if file.Format() == devicefile.JSON || file.Format() == devicefile.NDJSON {
		what = "item"
	}
	for row, err := range file.Rows(ctx) {
		place := fmt.Sprintf("%s %d", what, row.Line)
		switch {
		case err != nil:
			return nil, err
		case len(row.Problems) > 0:
			bad = append(bad, row.Problems[0].Error())
		case row.Repeated:
		case job.MemberKey(row.Device.User) == "":
			bad = append(bad, place+": names no member: a user id or an e-mail is needed")
		default:
			f.devices = append(f.devices, namedDevice{name: row.Device.DeviceID, place: place, device: &row.Device})
		}
	}
	return bad, nil
}

// targets are the devices; those of a file that names no domain are of the
// profile's.
func (f *deviceFile) targets(domain int32) iter.Seq2[namedDevice, error] {
	return func(yield func(namedDevice, error) bool) {
		for _, d := range f.devices {
			if d.device.DomainID == 0 {
				d.device.DomainID = domain
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

func (f *deviceFile) age(now time.Time) time.Duration {
	if f.written.IsZero() {
		return 0
	}
	return now.Sub(f.written)
}

// ageText says how old the data is; empty where that can't be told.
func (f *deviceFile) ageText(app *App) string {
	if f.written.IsZero() {
		return ""
	}
	age, unit := f.age(app.Now()), "minute"
	n := int(age.Minutes())
	switch {
	case age >= 48*time.Hour:
		n, unit = int(age.Hours()/24), "day"
	case age >= 2*time.Hour:
		n, unit = int(age.Hours()), "hour"
	}
	if n != 1 {
		unit += "s"
	}
	ago := fmt.Sprintf("%d %s ago", n, unit)
	if n < 1 {
		ago = "just now"
	}
	return fmt.Sprintf("the devices are as %s had them %s (%s)", f.name, ago, app.clock(f.written.In(app.Location).Format(time.RFC3339)))
}
