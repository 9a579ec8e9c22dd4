package cmd

import (
	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/config"
)

func newProfile(app *App) *cobra.Command {
	return group("profile",
		"List, choose, show and remove profiles",
		`A profile says where a tenant is and as whom to sign in there; "auth login"
makes one. Name one with --profile, or choose the one that is used where none
is named. The profile "sandbox" is built in, and never chosen by itself.`,
		`  worksctl profile list
  worksctl profile show --profile sandbox`,
		newProfileList(app),
		newProfileUse(app),
		newProfileShow(app),
		newProfileRemove(app),
	)
}

// profileInfo is a profile with its defaults: docs/schema/profile.schema.json.
type profileInfo struct {
	Name            string   `json:"name"`
	Current         bool     `json:"current"` // used where none is named
	APIURL          *string  `json:"apiUrl"`
	AuthURL         *string  `json:"authUrl"`
	DomainID        *int32   `json:"domainId"`
	SignIn          string   `json:"signIn"`
	Storage         string   `json:"storage"`
	ClientID        *string  `json:"clientId"`
	ServiceAccount  *string  `json:"serviceAccount"`
	Scopes          []string `json:"scopes"` // that are asked for
	Output          string   `json:"output"`
	Columns         []string `json:"columns"` // of the console's files: 'Header=column'
	BotID           *int     `json:"botId"`
	MaxWipesPerHour int      `json:"maxWipesPerHour"`
}

func newProfileInfo(s config.Settings, current bool) profileInfo {
	d := describe(s)
	return profileInfo{
		Name: s.Name, Current: current, APIURL: d.APIURL, AuthURL: d.AuthURL, DomainID: d.DomainID,
		SignIn: d.SignIn, Storage: d.Storage, ClientID: d.ClientID, ServiceAccount: d.ServiceAccount, Scopes: d.RequestedScopes,
		Output: s.Output, Columns: append([]string{}, s.Columns...), BotID: orNull(s.BotID), MaxWipesPerHour: s.MaxWipesPerHour,
	}
}

// loadConfig reads the config file, with its warnings.
func (app *App) loadConfig() (*config.File, error) {
	file, warnings, err := config.Load(app.LookupEnv)
	for _, w := range warnings {
		app.Term.Warnf("%s", w)
	}
	return file, err
}

// ofFile are the settings of a profile by the file alone.
func ofFile(file *config.File, name string) (config.Settings, error) {
	nothing := func(string) (string, bool) { return "", false }
	s, _, err := config.Resolve(config.Flags{Profile: name}, nothing, file)
	return s, err
}

// completeNames names the profiles of the config file, for the first argument.
func (app *App) completeNames(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names, directive := app.completeProfiles(c, args, typed)
	return names[1:], directive // all but the sandbox
}
