package cmd

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// stdinName is the DEVICE and the file that stand for standard input.
const stdinName = "-"

// resolve finds the one device that name stands for. If several answer, their
// cards are shown; where stderr is to be JSON, the error names their ids.
// anyName lets it be more than an id.
func (app *App) resolve(ctx context.Context, source fleet.Source, name string, anyName bool) (*api.Device, error) {
	d, err := fleet.Resolve(ctx, source, name, anyName)
	ambiguous, ok := errors.AsType[*fleet.AmbiguousError](err)
	if !ok {
		return d, err
	}
	asJSON := app.format == output.JSON || app.format == output.NDJSON
	var ids []string
	for i := range ambiguous.Devices {
		if ids = append(ids, ambiguous.Devices[i].DeviceID); !asJSON {
			app.showCard(source.Card(&ambiguous.Devices[i], app.view()))
		}
	}
	switch {
	case len(ids) > 1 && ids[0] != "" && ids[0] == ids[1]: // of a file
		err = &exit.Error{Exit: exit.Refused, ID: exit.As(err).ID, Hint: "the file has several rows of this device: worksctl devices list shows them", Err: err}
	case ids[0] == "": // of a file
		err = &exit.Error{Exit: exit.Refused, ID: exit.As(err).ID, Hint: "the file gives no device ids: name a serial number or Vendor ID that only one has", Err: err}
	case asJSON:
		err = &exit.Error{Exit: exit.Refused, ID: exit.As(err).ID, Hint: "name one of them by its device id: " + strings.Join(ids, ", "), Err: err}
	}
	return nil, err
}

// showCard writes a card to stderr.
func (app *App) showCard(fields []fleet.Field) {
	card := fleet.FormatCard(fields, app.Term.ErrStyle().Dim)
	_, _ = app.Term.Talk().Write([]byte(card + "\n")) // talk that nobody can hear is no error
}

// namedDevice is a device that was named for an action.
type namedDevice struct {
	name   string      // as named
	place  string      // "row 3" of a file; empty for an argument
	device *api.Device // nil where there is none
}

// named reads the devices that arguments name, each once, in their order. At a
// terminal a name may be more than an id.
func (a *acting) named(ctx context.Context, names []string) iter.Seq2[namedDevice, error] {
	for _, name := range names {
		if strings.TrimSpace(name) == "" {
			return failing(exit.Usagef("EMPTY_DEVICE", "name a device by its id", "a DEVICE is empty"))
		}
	}
	if !a.app.Term.Interactive() {
		return a.read(ctx, names, nil)
	}
	return func(yield func(namedDevice, error) bool) {
		source, err := a.app.deviceSource(ctx, selection{})
		if err != nil {
			yield(namedDevice{}, err)
			return
		}
		seen := map[string]bool{}
		for _, name := range names {
			d, err := a.app.resolve(ctx, source.Source, name, true)
			if e := exit.As(err); e != nil && e.ID == "NOT_FOUND" {
				d, err = nil, nil
			}
			if err != nil {
				yield(namedDevice{}, err)
				return
			}
			if d != nil {
				if seen[d.DeviceID] {
					continue
				}
				seen[d.DeviceID] = true
			}
			if !yield(namedDevice{name: name, device: d}, nil) {
				return
			}
		}
	}
}

// read reads devices by their ids from the back end, each once. places says
// where a file names them; it may be nil.
func (a *acting) read(ctx context.Context, ids []string, places map[string]string) iter.Seq2[namedDevice, error] {
	unique := slices.Clone(ids)
	seen := make(map[string]bool, len(ids))
	unique = slices.DeleteFunc(unique, func(id string) bool {
		again := seen[id]
		seen[id] = true
		return again
	})
	return func(yield func(namedDevice, error) bool) {
		for found, err := range a.runner(nil).Read(ctx, a.settings.DomainID, unique) {
			if err != nil {
				yield(namedDevice{}, err)
				return
			}
			if d := found.Device; d != nil && d.DeviceID != found.ID {
				yield(namedDevice{}, exit.Failedf("WRONG_DEVICE", "", "asked for device %q, the server answered with device %q", found.ID, d.DeviceID))
				return
			}
			if !yield(namedDevice{name: found.ID, place: places[found.ID], device: found.Device}, nil) {
				return
			}
		}
	}
}

func failing(err error) iter.Seq2[namedDevice, error] {
	return func(yield func(namedDevice, error) bool) { yield(namedDevice{}, err) }
}

// fileIDs reads the identities of a file. A bad row refuses the whole file,
// unless skipBad: then it is named in a warning and left out.
func (a *acting) fileIDs(ctx context.Context, path string, o devicefile.Options, skipBad bool) (ids []string, places map[string]string, err error) {
	file, err := devicefile.OpenIdentities(path, a.app.input(ctx, path), o)
	if e := exit.As(err); e != nil && e.ID == noDeviceIDs {
		return nil, nil, exit.Refusedf(noDeviceIDs, withoutIDs(path), "%s: it has no device ids: its devices can't be acted on by id", inputName(path))
	}
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = file.Close() }() // read only
	a.app.tellUnread(file.Unread())
	places = map[string]string{}
	var bad []string
	repeated, faulty := 0, false
	for row, err := range file.All(ctx) {
		switch {
		case err != nil:
			return nil, nil, err
		case len(row.Problems) > 0:
			p := row.Problems[0]
			bad, faulty = append(bad, p.Error()), faulty || p.Column != "" && p.Text != "is empty" // else it may be a fine row of devices
		case row.Repeated:
			repeated++
		default:
			ids = append(ids, row.DeviceID)
			places[row.DeviceID] = fmt.Sprintf("row %d", row.Line)
		}
	}
	if repeated > 0 {
		a.app.Term.Warnf("%s in the file more than once; each counts once", countOf(repeated))
	}
	if len(bad) > 0 && !skipBad {
		return nil, nil, a.badRows(path, o, bad, faulty)
	}
	return ids, places, a.leaveOut(path, bad, len(ids))
}

// noDeviceIDs names the error for a file that names devices in another way.
const noDeviceIDs = "NO_DEVICE_IDS"

// withoutIDs names what can be done for the members of a file without device ids.
func withoutIDs(path string) string {
	guide := "worksctl lost MEMBER"
	if path != stdinName {
		guide += " --from " + fleet.ShellQuote(path)
	}
	return "for a lost phone: " + guide + ", or worksctl members sign-out MEMBER"
}

// leaveOut names the bad rows of a file that are left out. Where no other row is
// left, nothing can be done with it: no device is another answer.
func (a *acting) leaveOut(path string, bad []string, good int) error {
	for _, b := range bad {
		a.app.Term.Warnf("left out: %s", b)
	}
	if len(bad) > 0 && good == 0 {
		return exit.Refusedf("BAD_ROW", "mend the file, or export it anew", "%s: every row was left out: nothing was sent", inputName(path))
	}
	return nil
}

// badRows names the first rows. Where their values are faulty, devices check
// shows them all, read as they were here.
func (a *acting) badRows(path string, o devicefile.Options, bad []string, faulty bool) error {
	const shown = 3
	text := strings.Join(bad[:min(len(bad), shown)], "; ")
	switch others := len(bad) - shown; {
	case others == 1:
		text += "; nor can another row be trusted"
	case others > 1:
		text += fmt.Sprintf("; nor can %d more rows be trusted", others)
	}
	hint := "mend the file, or export it anew"
	if faulty && path != stdinName {
		hint = "worksctl devices check " + fleet.ShellQuote(path) + o.Typed
	}
	return exit.Refusedf("BAD_ROW", hint, "%s: %s", inputName(path), text)
}
