package cmd

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
)

// deviceFile is a file whose own data is acted on.
type deviceFile struct {
	name    string
	written time.Time // zero for standard input
	devices []namedDevice
	roll    *roll // of the members of all rows that can be trusted
}

// readFile reads a whole file. A row that can't be trusted, or whose member no
// message can be addressed to, refuses all of it, unless skipBad: then it is
// named in a warning and left out.
func (a *acting) readFile(ctx context.Context, sel selection, skipBad bool) (*deviceFile, error) {
	f := &deviceFile{name: inputName(sel.from), written: writtenAt(sel.from), roll: newRoll()}
	file, err := devicefile.Open(sel.from, a.app.input(ctx, sel.from), sel.file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // read only
	if err := cmp.Or(lacks(file, sel), lacksMembers(file, f.name)); err != nil {
		return nil, err
	}
	a.app.tellConsole(file)
	if _, suggest, n := file.BareLogins(); n > 0 {
		a.app.Term.Warnf("%s", loginsText(suggest, n))
	}
	bad, faulty, err := f.read(ctx, file)
	if err != nil {
		return nil, err
	}
	if err := refuseHidden(file, f.name); err != nil {
		return nil, err
	}
	if n := file.Repeated(); n > 0 {
		a.app.Term.Warnf("%s", sameRows(n))
	}
	if rows := file.Older(); len(rows) > 0 {
		a.app.Term.Warnf("%s", olderRows(rows))
	}
	switch {
	case len(bad) > 0 && !skipBad:
		return nil, a.badRows(sel.from, sel.file, bad, faulty)
	case len(bad) == 0 && len(f.devices) == 0:
		a.app.Term.Warnf("%s named no device", f.name)
	}
	if err := a.leaveOut(sel.from, bad, len(f.devices)); err != nil {
		return nil, err
	}
	a.warnOld(f)
	return f, nil
}

// writtenAt is when a file was written; zero where that isn't known.
func writtenAt(from string) time.Time {
	info, err := os.Stat(from)
	if err != nil || from == stdinName { // opening it says why
		return time.Time{}
	}
	return info.ModTime()
}

// fileOf is the file that a job's devices come from; one of no age if they don't.
func fileOf(j journal.Job) *deviceFile {
	f := &deviceFile{name: inputName(j.Query["from"])}
	if j.Bot != nil {
		f.written = j.Bot.FileTime
	}
	return f
}

// warnOld tells whoever isn't asked that the data of a file is old.
func (a *acting) warnOld(f *deviceFile) {
	const fresh = 24 * time.Hour
	if !a.asks() && !a.dryRun && f.age(a.app.Now()) > fresh {
		a.app.Term.Warnf("%s", f.ageText(a.app))
	}
}

// read returns what is wrong with the rows that are left out; faulty says that
// the values of some are, which devices check shows, too.
func (f *deviceFile) read(ctx context.Context, file *devicefile.File) (bad []string, faulty bool, err error) {
	what := "row"
	if file.Format() == devicefile.JSON || file.Format() == devicefile.NDJSON {
		what = "item"
	}
	for row, err := range file.Rows(ctx) {
		place := fmt.Sprintf("%s %d", what, row.Line)
		if err != nil {
			return nil, false, err
		}
		switch fault := job.MemberFault(row.Device.User); {
		case len(row.Problems) > 0:
			bad, faulty = append(bad, row.Problems[0].Error()), true
		case row.Repeated || row.Older:
		case fault != "":
			bad = append(bad, place+": "+fault)
		default:
			f.devices = append(f.devices, namedDevice{name: row.Device.DeviceID, place: place, device: &row.Device})
		}
	}
	for _, d := range f.devices {
		f.roll.add(d.device)
	}
	strange, by, others := f.roll.strangers(f.devices)
	bad = append(bad, f.drop(func(d namedDevice) string {
		if strange[d.place] {
			return fmt.Sprintf("names its member by %s, other rows by %s: the same member could get two messages", by, others)
		}
		return ""
	})...)
	return bad, faulty, nil
}

// drop takes out the devices with which something is wrong, and returns what.
func (f *deviceFile) drop(wrong func(namedDevice) string) (bad []string) {
	f.devices = slices.DeleteFunc(f.devices, func(d namedDevice) bool {
		why := wrong(d)
		if why != "" {
			bad = append(bad, d.place+": "+why)
		}
		return why != ""
	})
	return bad
}

// lacksMembers is the error for a file without any column that names members.
func lacksMembers(file *devicefile.File, name string) error {
	columns := file.Columns()
	if columns == nil || slices.Contains(columns, fleet.KeyUserID) || slices.Contains(columns, fleet.KeyUserEmail) {
		return nil
	}
	hint := anewHint
	if console := file.Console(); console != nil {
		hint = "if a column of the file holds it: --map 'Header=user_name,user_id'"
		if suggest := suggested(console, []string{fleet.KeyUserID, fleet.KeyUserEmail}); len(suggest) > 0 {
			hint = strings.Join(suggest, " or ")
		}
	}
	return exit.Failedf("COLUMN_MISSING", hint, "%s has no column that names members by user id or e-mail", name)
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
