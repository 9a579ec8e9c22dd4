package cmd

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/pkg/output"
)

func newProfileList(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the profiles of the configuration file",
		Long: `Lists the profiles of the configuration file in its order. It looks at no
keyring and makes no request: "auth status" tells whether a profile works.`,
		Example: `  worksctl profile list
  worksctl profile list -o json --jq '.[].name'`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, _ []string) error { return app.listProfiles(c.Context()) },
	}
}

func (app *App) listProfiles(ctx context.Context) error {
	format, err := app.outputFormat(true)
	if err != nil {
		return err
	}
	columns := profileColumns()
	sink, err := newSink(ctx, app, format, columns, columns, output.EncodeJSON[profileInfo])
	if err != nil {
		return err
	}
	defer func() { _ = output.Abort(sink) }() // after Close it does nothing
	file, err := app.loadConfig()
	if err != nil {
		return err
	}
	for _, name := range file.Names() {
		s, err := ofFile(file, name)
		if err != nil {
			return err
		}
		if err := sink.Write(newProfileInfo(s, name == file.Current)); err != nil {
			return err
		}
	}
	if err := sink.Close(); err != nil {
		return err
	}
	tellHidden(app, sink)
	if len(file.Names()) == 0 {
		app.Term.Infof("no profile yet: worksctl auth login makes one")
	}
	return nil
}

func profileColumns() []output.Column[profileInfo] {
	return []output.Column[profileInfo]{
		{Key: "name", Exact: true, Value: func(p profileInfo) string { return p.Name }},
		{Key: "current", Value: func(p profileInfo) string { return strconv.FormatBool(p.Current) }, Human: func(p profileInfo) string {
			if p.Current {
				return "*"
			}
			return ""
		}},
		{Key: "api_url", Title: "api", Flex: 16, Value: func(p profileInfo) string { return orEmpty(p.APIURL) }},
		{Key: "domain_id", Title: "domain", Value: func(p profileInfo) string {
			if p.DomainID == nil {
				return ""
			}
			return strconv.Itoa(int(*p.DomainID))
		}},
		{Key: "sign_in", Title: "sign-in", Droppable: 2, Value: func(p profileInfo) string { return p.SignIn }},
		{Key: "storage", Title: "kept in", Droppable: 1, Value: func(p profileInfo) string { return p.Storage }},
	}
}
