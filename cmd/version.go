package cmd

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/pkg/output"
)

// Build says what was built, by the release build; a build from source leaves
// it empty and the toolchain's own information is shown.
type Build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Date    string `json:"date"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// complete fills what the release build didn't set.
func (b Build) complete() Build {
	b.Go, b.OS, b.Arch = runtime.Version(), runtime.GOOS, runtime.GOARCH
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	if b.Version == "" && info.Main.Version != "(devel)" {
		b.Version = info.Main.Version
	}
	if b.Version == "" {
		b.Version = "dev"
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && b.Commit == "":
			b.Commit = s.Value
		case s.Key == "vcs.time" && b.Date == "":
			b.Date = s.Value
		}
	}
	return b
}

// text is the version for a person, in one line.
func (b Build) text() string {
	return "worksctl " + b.Version + " (" + b.Go + " " + b.OS + "/" + b.Arch + ")"
}

func newVersion(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Long:  "Prints the version of worksctl, and with -o json what it was built from.",
		Example: `  worksctl version
  worksctl version -o json`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			format, err := app.objectFormat(c)
			if err != nil {
				return err
			}
			b := app.Build.complete()
			return printObject(c.Context(), app, format, b, b.text()+"\n", output.EncodeJSON[Build])
		},
	}
}
