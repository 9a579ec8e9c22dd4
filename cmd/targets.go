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
			app.showCard(fleet.Card(&ambiguous.Devices[i], app.view()))
		}
	}
	switch {
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
	stdin := a.app.Term.In
	if path == stdinName {
		stdin = untilDone(ctx, stdin)
	} else {
		a.app.tellChanged(path)
	}
	file, err := devicefile.OpenIdentities(path, stdin, o)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = file.Close() }() // read only
	places = map[string]string{}
	var bad []string
	repeated := 0
	for row, err := range file.All(ctx) {
		switch {
		case err != nil:
			return nil, nil, err
		case len(row.Problems) > 0:
			bad = append(bad, row.Problems[0].Error())
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
	if len(bad) == 0 {
		return ids, places, nil
	}
	if skipBad {
		for _, b := range bad {
			a.app.Term.Warnf("left out: %s", b)
		}
		return ids, places, nil
	}
	return nil, nil, badRows(path, bad)
}

// badRows names up to ten rows.
func badRows(path string, bad []string) error {
	const shown = 10
	text := strings.Join(bad[:min(len(bad), shown)], "; ")
	if len(bad) > shown {
		text += fmt.Sprintf("; and %d more rows", len(bad)-shown)
	}
	return exit.Refusedf("BAD_ROW", "mend the file, or export it anew", "%s: %s", path, text)
}
