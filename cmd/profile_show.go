package cmd

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/output"
)

func newProfileShow(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Show the settings in force",
		Long: `Shows the profile in force with its defaults, and what the environment changes
in it. It looks at no keyring and makes no request.`,
		Example: `  worksctl profile show --profile sandbox
  worksctl profile show --profile sandbox -o json --jq .maxWipesPerHour`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			format, err := app.objectFormat(c)
			if err != nil {
				return err
			}
			settings, err := app.Settings()
			if err != nil {
				return err
			}
			file, _, err := config.Load(app.LookupEnv) // Settings has told its warnings
			if err != nil {
				return err
			}
			p := newProfileInfo(settings, settings.Name == file.Current)
			return printObject(c.Context(), app, format, p, p.card(), output.EncodeJSON[profileInfo])
		},
	}
}

func (p *profileInfo) card() string {
	yesNo := func(b bool) string {
		if b {
			return "yes"
		}
		return "no"
	}
	fields := []fleet.Field{{Label: "Profile", Value: p.Name}, {Label: "Current", Value: yesNo(p.Current)}}
	if p.SignIn == none {
		fields = append(fields, fleet.Field{Label: "API", Value: "the embedded sandbox"}, fleet.Field{Label: "Sign-in", Value: "none is needed"})
	} else {
		fields = append(fields, whereFields(p.APIURL, p.AuthURL, p.DomainID, p.SignIn, p.Storage)...)
	}
	bot := ""
	if p.BotID != nil {
		bot = strconv.Itoa(*p.BotID)
	}
	for _, f := range []fleet.Field{
		{Label: "Client ID", Value: orEmpty(p.ClientID)},
		{Label: "Account", Value: orEmpty(p.ServiceAccount)},
		{Label: "Scopes", Value: strings.Join(p.Scopes, " ")},
		{Label: "Output", Value: p.Output},
		{Label: "Columns", Value: strings.Join(p.Columns, ", ")},
		{Label: "Bot", Value: bot},
		{Label: "Wipes an hour", Value: strconv.Itoa(p.MaxWipesPerHour)},
	} {
		if f.Value != "" {
			fields = append(fields, f)
		}
	}
	return fleet.FormatCard(fields, nil)
}
