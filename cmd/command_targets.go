package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// commandTarget is a device that a wipe or reset is meant for.
type commandTarget struct {
	namedDevice
	outcome   journal.Outcome // planned, skipped or refused
	remedy    string          // what to do instead of what is refused
	newest    *api.Command    // of its wipes and resets, before the question
	pending   *api.Command    // why it is skipped
	asker     string          // the job of this state folder that asked for it, if one did
	relatives fleet.Relatives
}

func (t commandTarget) refused() bool { return t.outcome.Status == journal.Refused }

func (t *commandTarget) refuse(code, reason, remedy string) {
	t.outcome = journal.Outcome{Status: journal.Refused, Code: code, Detail: reason}
	t.remedy = remedy
}

// text names a target for a person.
func (t *commandTarget) text() string {
	if t.device == nil {
		return fmt.Sprintf("%q", t.name)
	}
	return fmt.Sprintf("%s (%s)", fleet.Brief(t.device), t.device.DeviceID)
}

// targets reads the devices that arguments or a file name, each once. One that
// isn't there, or to which several answer, is a refused target; where it is the
// only one, it is an error.
func (a *acting) targets(ctx context.Context, o *commandOptions, args []string) ([]commandTarget, error) {
	if o.from == "" {
		return a.namedTargets(ctx, args)
	}
	ids, places, err := a.fileIDs(ctx, o.from, o.fileOptions, false)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, exit.Refusedf("NOTHING_NAMED", "", "%s names no device: nothing was sent", o.from)
	}
	if err := o.checkMax(len(ids)); err != nil {
		return nil, err
	}
	var targets []commandTarget
	for n, err := range a.read(ctx, ids, places) {
		if err != nil {
			return nil, err
		}
		targets = append(targets, a.target(n))
	}
	return targets, nil
}

// namedTargets looks for each name by itself, so that all that can't be found
// are named.
func (a *acting) namedTargets(ctx context.Context, names []string) ([]commandTarget, error) {
	var targets []commandTarget
	seen := map[string]bool{}
	for _, name := range names {
		for n, err := range a.named(ctx, []string{name}) {
			t := a.target(n)
			if ambiguous, ok := errors.AsType[*fleet.AmbiguousError](err); ok && len(names) > 1 {
				t.name, err = name, nil
				t.refuse("AMBIGUOUS_DEVICE", fmt.Sprintf("%d devices answer to it", len(ambiguous.Devices)), "name one of them by its device id")
			}
			if err != nil {
				return nil, err
			}
			if d := t.device; d != nil {
				if seen[d.DeviceID] {
					continue
				}
				seen[d.DeviceID] = true
			}
			targets = append(targets, t)
		}
	}
	if first := targets[0]; len(names) == 1 && first.device == nil {
		return nil, exit.Failedf("NOT_FOUND", first.remedy, "%q: %s: nothing was sent", names[0], first.outcome.Detail)
	}
	return targets, nil
}

// target is refused where there is no such device.
func (a *acting) target(n namedDevice) commandTarget {
	t := commandTarget{namedDevice: n}
	if n.device == nil {
		t.refuse("DEVICE_NOT_EXIST", a.noSuch(n), "worksctl devices search TEXT")
	}
	return t
}

// noSuch says that a name names nothing, and why that may be.
func (a *acting) noSuch(n namedDevice) string {
	switch {
	case n.place != "":
		return fmt.Sprintf("there is no such device (%s of the file)", n.place)
	case a.app.Term.Interactive():
		return "no device answers to it"
	}
	return "no device has this id, and off a terminal only an id is a name"
}
