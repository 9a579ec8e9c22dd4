package cmd

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/appversion"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

const latestExample = "--latest works=4.3.0"

// addLatestFlag gives c --latest, which stands in for what a server says about
// app versions.
func addLatestFlag(c *cobra.Command) {
	c.Flags().StringArray("latest", nil, "latest version of an app, for which no server is asked then: works=4.3.0; may be repeated")
	freeText(c, "latest")
}

// namedLatest are the versions of --latest, which hold on every system.
func namedLatest(c *cobra.Command) ([]api.AppVersion, error) {
	texts, err := c.Flags().GetStringArray("latest")
	if err != nil {
		return nil, err
	}
	var versions []api.AppVersion
	for _, text := range texts {
		app, version, err := parseLatest(text)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(versions, func(v api.AppVersion) bool { return v.AppType == app }) {
			return nil, exit.Usagef("BAD_LATEST", "leave one of the two out", "--latest %q: another one names this app, too", text)
		}
		for _, os := range []api.OSType{api.OSIOS, api.OSAndroid, api.OSWindows, api.OSMacOS, ""} {
			versions = append(versions, api.AppVersion{AppType: app, OSType: os, LatestVersion: version})
		}
	}
	return versions, nil
}

// parseLatest reads APP=VERSION.
func parseLatest(text string) (api.AppType, string, error) {
	word, version, _ := strings.Cut(text, "=")
	apps := map[string]api.AppType{
		"works": api.AppWorksMobile, "pc": api.AppWorksPC, "drive-explorer": api.AppDriveExplorer, "drive": api.AppDriveMobile,
	}
	app, known := apps[strings.ToLower(word)]
	if _, ok := appversion.Parse(version); !known || !ok {
		return "", "", exit.Usagef("BAD_LATEST", "for example "+latestExample, "--latest %q: must be works, pc, drive-explorer or drive, = and a version", text)
	}
	return app, version, nil
}

// checkLatest reads --latest and refuses it where nothing is compared with it:
// beside --outdated, a message of a bot may name the latest version.
func checkLatest(c *cobra.Command, message bool) ([]api.AppVersion, error) {
	outdated, err := c.Flags().GetBool("outdated")
	if err != nil {
		return nil, err
	}
	versions, err := namedLatest(c)
	if err == nil && len(versions) > 0 && !outdated && !message {
		err = exit.Usagef("CONTRADICTING_FLAGS", "add --outdated", "--latest means nothing without --outdated, or a message of a bot that names the latest version")
	}
	return versions, err
}

// sentByBot reports whether c sends messages of a bot.
func sentByBot(c *cobra.Command) bool {
	via := c.Flags().Lookup("via")
	return via != nil && via.Value.String() == viaBot
}

// withLatest gives a filter the latest versions that the back end names.
func (app *App) withLatest(ctx context.Context, filter fleet.Filter) (fleet.Filter, error) {
	client, err := app.Client()
	if err != nil {
		return filter, err
	}
	settings, err := app.Settings() // also for a file, whose filter has no domain
	if err != nil {
		return filter, err
	}
	latest, err := client.AppVersions.List(ctx, settings.DomainID)
	if err != nil {
		return filter, app.blameDomain(err, settings.DomainID)
	}
	if filter = filter.WithLatest(latest); !filter.KnowsLatest() {
		return filter, exit.Failedf("NO_LATEST_VERSION", "name it: "+latestExample,
			"--outdated can't be told: the back end names no latest version that can be read")
	}
	return filter, nil
}

// withoutServer says of the devices of a file, which need no server, that
// --latest stands in for the one that could not be asked.
func (app *App) withoutServer(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	e := *explain(err)
	switch {
	case app.flags.profile == "" && (e.ID == "NO_PROFILE" || e.ID == "NO_CREDENTIAL"):
		return exit.Usagef("LATEST_UNKNOWN", "name it: "+latestExample+"; or sign in to a server that knows it: worksctl auth login",
			"--outdated needs the latest version, and there is no server to ask for it")
	case errors.Is(err, api.ErrNoDeviceAPI):
		return exit.Failedf("NO_LATEST_VERSION", "name it: "+latestExample, "--outdated can't be told: this server names no latest version")
	case e.ID != "NO_LATEST_VERSION":
		const named = "name the latest version yourself: " + latestExample
		if e.Hint == "" {
			e.Hint = named
		} else {
			e.Hint += "; or " + named
		}
	}
	return &e
}
