package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

// deviceCard is a device with all that devices show tells about it:
// docs/schema/device-card.schema.json.
type deviceCard struct {
	device   *api.Device
	verdicts []fleet.Verdict // in the order of cardActions
	commands []api.Command   // newest first; nil if they can't be read
	siblings []api.Device    // other devices of the member, newest first; for a person only
}

func cardActions() []fleet.Action {
	return []fleet.Action{fleet.Notify, fleet.Wipe, fleet.Reset, fleet.EnableMDM, fleet.DisableMDM}
}

// fewCommands is a page size that no back end refuses or answers with an empty
// page, which would be asked for again.
const fewCommands = 100

// readCard asks for what is told beside the device itself. What can't be read
// is left out with a warning: in an emergency half a card is better than none.
func (app *App) readCard(ctx context.Context, d *api.Device, siblings bool) (*deviceCard, error) {
	client, err := app.Client()
	if err != nil {
		return nil, err
	}
	card := &deviceCard{device: d}
	missing := func(what string, err error) error {
		if ctx.Err() != nil || errors.Is(err, api.ErrUnauthorized) {
			return err
		}
		app.Term.Warnf("%s can't be read: %v", what, explain(err))
		return nil
	}
	if card.verdicts, err = app.judgeCard(ctx, client, d, missing); err != nil {
		return nil, err
	}
	card.commands = []api.Command{}
	for c, err := range client.Commands.All(ctx, api.CommandQuery{DeviceID: d.DeviceID, Count: fewCommands}, nil) {
		if err != nil {
			card.commands = nil
			if err := missing("the device's commands", err); err != nil {
				return nil, err
			}
			break
		}
		if c.DeviceID == d.DeviceID {
			card.commands = append(card.commands, c)
		}
	}
	app.judgePending(card)
	app.judgeReset(card)
	if siblings && d.User.UserID != "" {
		if card.siblings, err = otherDevices(ctx, client, d); err != nil {
			err = missing("other devices of this member", err)
		}
	}
	return card, err
}

// judgePending says of a possible wipe or reset that another command stands in
// the way of it: it would be skipped.
func (app *App) judgePending(card *deviceCard) {
	i := slices.IndexFunc(card.commands, func(c api.Command) bool {
		return c.Status == api.CommandRequested || c.Status == api.CommandDelivered
	})
	if i < 0 {
		return
	}
	c := &card.commands[i]
	reason := fmt.Sprintf("a %s is pending since %s (%s)", strings.ToLower(string(c.Type)), app.shownText(c.RequestedTime), strings.ToLower(string(c.Status)))
	for n, action := range cardActions() {
		if isWipe(action) && card.verdicts[n].Outcome == fleet.Possible {
			card.verdicts[n] = fleet.Verdict{Outcome: fleet.Pointless, Code: "COMMAND_ALREADY_EXIST", Reason: reason}
		}
	}
}

// judgeReset says of a row whose phone was reset, and that was not used since,
// that nothing reaches it any more: the phone comes back as a new row.
func (app *App) judgeReset(card *deviceCard) {
	if len(card.commands) == 0 {
		return
	}
	newest := &card.commands[0]
	if newest.Type != api.CommandReset || newest.Status != api.CommandCompleted {
		return
	}
	completed, err := time.Parse(time.RFC3339, string(newest.CompletedTime))
	if err != nil {
		return
	}
	if used, err := card.device.LastAccess(); err != nil || used.After(completed) {
		return
	}
	reason := fmt.Sprintf("this device was reset on %s: nothing reaches this row any more", app.shownText(string(newest.CompletedTime)))
	for n, action := range cardActions() {
		if isWipe(action) && card.verdicts[n].Outcome == fleet.Possible {
			card.verdicts[n] = fleet.Verdict{Outcome: fleet.Pointless, Code: "ALREADY_RESET", Reason: reason}
		}
	}
}

// judgeCard judges every action. What the back end doesn't tell leaves those
// that depend on it unknown.
func (app *App) judgeCard(ctx context.Context, client *api.Client, d *api.Device, missing func(string, error) error) ([]fleet.Verdict, error) {
	var verdicts []fleet.Verdict
	tenant, unread := client.MDM.Get(ctx, d.DomainID)
	if unread != nil {
		if err := missing("the domain's MDM setting", unread); err != nil {
			return nil, err
		}
	}
	for _, action := range cardActions() {
		switch {
		case action == fleet.Notify:
			v := fleet.Judge(action, d, fleet.Tenant{})
			latest, err := client.AppVersions.List(ctx, d.DomainID)
			if err != nil {
				if err := missing("the latest app versions", err); err != nil {
					return nil, err
				}
			} else if v.Outcome == fleet.Possible && app.upToDate(d, latest) {
				v = fleet.Verdict{Outcome: fleet.Pointless, Code: "UP_TO_DATE", Reason: "the back end names no newer version than " + d.App.Version}
			}
			verdicts = append(verdicts, v)
		case unread != nil:
			verdicts = append(verdicts, fleet.Verdict{Outcome: outcomeUnknown, Code: "MDM_NOT_READ", Reason: "the domain's MDM setting can't be read"})
		default:
			verdicts = append(verdicts, fleet.Judge(action, d, ruledBy(tenant)))
		}
	}
	return verdicts, nil
}

// upToDate is false where no latest version can be told (R12).
func (app *App) upToDate(d *api.Device, latest []api.AppVersion) bool {
	outdated, err := fleet.ParseFilter(fleet.FilterInput{Outdated: true}, app.fleetNow())
	if err != nil {
		return false
	}
	outdated = outdated.WithLatest(latest)
	if !slices.ContainsFunc(latest, func(v api.AppVersion) bool { return v.AppType == d.App.Type && v.OSType == d.OS.Type }) {
		return false
	}
	is, unreadable := outdated.Match(d)
	return !is && !unreadable
}

// otherDevices lists what else the member uses, newest first.
func otherDevices(ctx context.Context, client *api.Client, d *api.Device) ([]api.Device, error) {
	var others []api.Device
	for o, err := range client.Devices.All(ctx, api.DeviceQuery{User: d.User.UserID}, nil) {
		if err != nil {
			return nil, err
		}
		if o.User.UserID == d.User.UserID && o.DeviceID != d.DeviceID {
			others = append(others, o)
		}
	}
	slices.SortStableFunc(others, func(a, b api.Device) int {
		x, _ := a.LastAccess() // one that can't be read comes last
		y, _ := b.LastAccess()
		return y.Compare(x)
	})
	return others, nil
}
