package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

func newMDM(app *App) *cobra.Command {
	return group("mdm",
		"Show and switch mobile device management",
		`Shows and switches NAVER WORKS MDM, for single devices and for the tenant. Only
a registered device can be wiped or reset from afar.`,
		`  worksctl mdm status --profile sandbox
  worksctl mdm disable --tenant --profile sandbox --dry-run`,
		newMDMStatus(app),
		newMDMEnable(app),
		newMDMDisable(app),
	)
}

// mdmOptions are the flags of mdm enable and mdm disable.
type mdmOptions struct {
	from   string
	tenant bool
	mode   string // of enable
	dryRun bool
}

func (o *mdmOptions) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.from, "from", "", "the devices of this file: their ids count, the rest is read anew; - is standard input")
	f.BoolVar(&o.tenant, "tenant", false, "the whole tenant instead of devices")
	addDryRun(c, &o.dryRun)
	fileName(c, "from")
}

// check finds out, before anything else, whether devices or the tenant are
// meant: neither must not mean everything.
func (o *mdmOptions) check(c *cobra.Command, args []string) error {
	switch devices := len(args) > 0 || o.from != ""; {
	case o.tenant && devices:
		return exit.Usagef("CONTRADICTING_FLAGS", "leave one of the two out", "--tenant means every device, but devices are named too")
	case !o.tenant && !devices:
		return exit.Usagef("NOTHING_SELECTED", c.UseLine(), "neither a DEVICE nor --tenant is given")
	case len(args) > 0 && o.from != "":
		return exit.Usagef("CONTRADICTING_FLAGS", "leave one of the two out", "--from means nothing beside a DEVICE")
	}
	return nil
}

// switchMDM carries out mdm enable and mdm disable.
func (app *App) switchMDM(c *cobra.Command, o *mdmOptions, action fleet.Action, args []string) error {
	if err := o.check(c, args); err != nil {
		return err
	}
	mode, err := o.parseMode(c, action)
	if err != nil {
		return err
	}
	a, err := app.startActing(c, o.dryRun)
	if err != nil {
		return err
	}
	j := a.newJob(action)
	j.Query = givenFlags(c)
	if o.tenant {
		j.WholeTenant, j.Mode = true, mode
		return a.switchTenant(c.Context(), j)
	}
	return a.switchDevices(c.Context(), j, o.from, args)
}

// parseMode reads --mode, which belongs to mdm enable --tenant.
func (o *mdmOptions) parseMode(c *cobra.Command, action fleet.Action) (api.MDMMode, error) {
	given := c.Flags().Changed("mode")
	switch {
	case given && !o.tenant:
		return "", exit.Usagef("CONTRADICTING_FLAGS", "add --tenant, or leave --mode out", "--mode means nothing without --tenant")
	case action != fleet.EnableMDM || !o.tenant:
		return "", nil
	case !given:
		return "", exit.Usagef("MISSING_FLAG", "--mode optional, or --mode required", "--tenant needs --mode: may members register their devices, or must they?")
	}
	switch o.mode {
	case "optional":
		return api.MDMOptional, nil
	case "required":
		return api.MDMRequired, nil
	}
	return "", exit.Usagef("UNKNOWN_MODE", nearestValue("--mode", o.mode, []string{"optional", "required"}),
		"--mode %q is none: modes are optional and required", o.mode)
}

func ruledBy(t *api.TenantMDM) fleet.Tenant {
	return fleet.Tenant{Mode: t.Mode, External: t.ExternalMDM}
}

// modeWords says what a mode means.
func modeWords(mode api.MDMMode) string {
	switch mode {
	case api.MDMNotInUse:
		return "not in use"
	case api.MDMOptional:
		return "optional: members may register their devices"
	case api.MDMRequired:
		return "required: the app can't be used without it"
	}
	return string(mode)
}

// membersOf counts members: "3 devices of 2 members".
func membersOf(devices, members int) string {
	if members == 1 {
		return countOf(devices) + " of 1 member"
	}
	return fmt.Sprintf("%s of %d members", countOf(devices), members)
}
