package cmd

import (
	"time"

	"github.com/spf13/cobra"
)

// NewRoot builds the whole command tree over app.
func NewRoot(app *App) *cobra.Command {
	f := &app.flags
	f.timeout = duration(30 * time.Second)

	root := group("worksctl",
		"Find, export, notify and wipe the devices of a NAVER WORKS organization",
		`worksctl is the device administrator's command line for NAVER WORKS (LINE
WORKS): it finds and exports the devices of an organization, sends update
notices, wipes lost devices, and proves afterwards what happened.

To look around without an account, add --profile sandbox to any command: it
runs against an embedded back end with a made-up fleet, and nothing leaves the
process.`,
		`  # Look at a fleet without an account
  worksctl devices search "Galaxy" --profile sandbox

  # Everybody on an app older than 4.2, as CSV
  worksctl devices list --profile sandbox --app-version-max 4.1.99 -o csv

  # Who would get an update notice, and what can be done about a lost device?
  worksctl notify --profile sandbox --outdated --dry-run
  worksctl lost 백정숙 --profile sandbox --dry-run`,
		newDevices(app),
		newNotify(app),
		newMDM(app),
		newJobs(app),
		newWipe(app),
		newReset(app),
		newLost(app),
		newMembers(app),
		newAudit(app),
		newAuth(app),
		newProfile(app),
		newDoctor(app),
		newAPI(app),
		newSandbox(app),
		newVersion(app),
		newCompletion(),
	)
	root.SilenceErrors = true
	root.SilenceUsage = true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetIn(app.Term.In)
	root.SetOut(app.Term.Out)
	root.SetErr(app.Term.Talk())
	root.Version = app.Build.complete().text()
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetUsageTemplate(usageTemplate())
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelp(root))
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error { return app.applyFlags(c) }

	p := root.PersistentFlags()
	p.StringVar(&f.profile, "profile", "", "use this profile, whole; sandbox is built in")
	p.StringVarP(&f.output, "output", "o", "", "table, wide, csv, json, ndjson or yaml (default table)")
	p.StringSliceVar(&f.columns, "columns", nil, "only these columns, in this order (table, wide, csv, xlsx)")
	p.BoolVar(&f.noHeaders, "no-headers", false, "leave the header row out (table, wide, csv)")
	p.StringVar(&f.jq, "jq", "", "filter JSON output with a jq expression")
	p.Var(&f.timeout, "timeout", "give up on one request after this time")
	p.BoolVar(&f.yes, "yes", false, "answer yes to the question asked before an action")
	p.BoolVar(&f.noInput, "no-input", false, "never ask; fail where an answer is needed")
	p.BoolVarP(&f.quiet, "quiet", "q", false, "no warnings and no progress")
	p.BoolVarP(&f.verbose, "verbose", "v", false, "show each request and answer on stderr, secrets redacted")
	p.StringVar(&f.color, "color", "auto", "auto, always or never")
	fixedValues(root, "output", "table", "wide", "csv", "json", "ndjson", "yaml")
	fixedValues(root, "color", "auto", "always", "never")
	fixedValues(root, "timeout", "10s", "30s", "2m")
	freeText(root, "jq")
	completeFlag(root, "columns", completeColumns)
	completeFlag(root, "profile", app.completeProfiles)
	root.InitDefaultVersionFlag() // here, or "help" and the reference pages miss it; -v is taken by now
	return root
}

// Tree is the command tree without anything behind it, for what is written
// from it: reference pages, man pages and completions.
func Tree() *cobra.Command {
	return NewRoot(newApp(Env{LookupEnv: func(string) (string, bool) { return "", false }}))
}
