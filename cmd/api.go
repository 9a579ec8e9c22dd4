package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// maxData is far above any body of the contract.
const maxData = 16 << 20

// apiOptions are the flags of api.
type apiOptions struct {
	data     string
	paginate bool
}

func newAPI(app *App) *cobra.Command {
	o := &apiOptions{}
	c := &cobra.Command{
		Use:   "api METHOD PATH",
		Short: "Send a signed-in request that worksctl has no command for",
		Long: `Sends one request to the API of the profile in force, with its access token,
and prints the body of the answer as it came. PATH is below the API's address
and may hold a query. The token goes to that address and to no other.

--paginate follows the next cursor of a GET: each page is a line.

Any method other than GET asks first, and off a terminal needs --yes.
What has a command of its own (devices, MDM, device commands) is refused: the
command knows what must not be done.`,
		Example: `  worksctl api GET /security/mdm --profile sandbox
  worksctl api GET '/users?count=100' --paginate --jq '.users[].email' --profile sandbox`,
		Args:              methodAndPath,
		ValidArgsFunction: completeMethod,
		RunE: func(c *cobra.Command, args []string) error {
			if err := refuseFlags(c, "columns", "no-headers"); err != nil {
				return err
			}
			return app.callAPI(c, o, args[0], args[1])
		},
	}
	c.Flags().StringVar(&o.data, "data", "", "JSON to send; @FILE reads a file, - standard input")
	c.Flags().BoolVar(&o.paginate, "paginate", false, "with GET: all pages, each on a line")
	fileName(c, "data")
	return c
}

func methods() []string {
	return []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
}

func methodAndPath(c *cobra.Command, args []string) error {
	if len(args) != 2 {
		return exit.Usagef("MISSING_ARGUMENT", "worksctl api GET /security/mdm", "%q needs a METHOD and a PATH", c.CommandPath())
	}
	if !slices.Contains(methods(), strings.ToUpper(args[0])) {
		return exit.Usagef("UNKNOWN_METHOD", "worksctl api GET "+args[1], "unknown method %q: one of %s", args[0], strings.Join(methods(), ", "))
	}
	return nil
}

func completeMethod(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return methods(), cobra.ShellCompDirectiveNoFileComp
}

func (app *App) callAPI(c *cobra.Command, o *apiOptions, method, path string) error {
	r, err := app.rawRequest(c, o, strings.ToUpper(method), path)
	if err != nil {
		return err
	}
	acts := r.Method != http.MethodGet
	if acts {
		settings, err := app.Settings()
		if err != nil {
			return err
		}
		address, _ := url.Parse(settings.APIURL) // the settings are checked
		if err := refuseOwn(address.Path, r.Path); err != nil {
			return err
		}
		if err := app.needAnswer(c); err != nil {
			return err
		}
	}
	show, err := app.rawSink(c.Context())
	if err != nil {
		return err
	}
	client, err := app.Client()
	if err != nil {
		return err
	}
	ctx := c.Context()
	if acts {
		r.Key = api.NewIdempotencyKey()
		if err := app.agreeToSend(ctx, r); err != nil {
			return err
		}
		outliveReaders()
	}
	if o.paginate {
		return eachPage(ctx, client, r, show)
	}
	answer, err := client.Raw(ctx, r)
	if err != nil {
		return err
	}
	return show(answer.Body)
}

// rawRequest checks a request as far as nobody has to be asked for that.
func (app *App) rawRequest(c *cobra.Command, o *apiOptions, method, path string) (api.RawRequest, error) {
	r := api.RawRequest{Method: method}
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || u.Fragment != "" || strings.HasPrefix(path, "//") {
		return r, exit.Usagef("BAD_PATH", "worksctl api GET /security/mdm", "%q is not a path below the API's address", path)
	}
	r.Path, _, _ = strings.Cut(path, "?")
	if !strings.HasPrefix(r.Path, "/") {
		r.Path = "/" + r.Path
	}
	if r.Query, err = url.ParseQuery(u.RawQuery); err != nil {
		return r, exit.Usagef("BAD_PATH", "", "the query of %q can't be read: %v", path, err)
	}
	get := method == http.MethodGet
	switch {
	case o.paginate && !get:
		return r, exit.Usagef("CONTRADICTING_FLAGS", "leave --paginate out", "--paginate goes with GET, not with %s", method)
	case c.Flags().Changed("data") && get:
		return r, exit.Usagef("CONTRADICTING_FLAGS", "leave --data out", "--data goes with a method that sends something, not with GET")
	case c.Flags().Changed("data"):
		r.Body, err = app.readData(o.data)
	}
	return r, err
}

func (app *App) readData(data string) (body []byte, err error) {
	source := "--data"
	if file, ok := strings.CutPrefix(data, "@"); ok {
		source = "--data " + data
		body, err = readFileUpTo(file, maxData)
	} else if data == "-" {
		source = "--data -"
		body, err = readUpTo(app.Term.In, maxData)
	} else {
		body = []byte(data)
	}
	switch {
	case err != nil:
		return nil, exit.Failedf("BAD_DATA", "", "%s: %v", source, err)
	case !json.Valid(body):
		return nil, exit.Usagef("BAD_DATA", "", "%s is not JSON", source)
	}
	return body, nil
}

// agreeToSend shows what will be sent where, then asks.
func (app *App) agreeToSend(ctx context.Context, r api.RawRequest) error {
	if app.flags.yes {
		return nil
	}
	settings, err := app.Settings()
	if err != nil {
		return err
	}
	if r.Body != nil {
		app.Term.Notef("%s", r.Body)
	}
	return app.agree(ctx, fmt.Sprintf("Send %s %s to %s (profile %s)?", r.Method, r.Path, app.host(), settings.Name), "nothing was sent")
}

// rawSink prints the body of one answer after the other: as it is, or what --jq
// makes of it.
func (app *App) rawSink(ctx context.Context) (func(body []byte) error, error) {
	switch output.Format(app.flags.output) {
	case "", output.JSON, output.NDJSON:
	default:
		return nil, exit.Usagef("BAD_FORMAT", "leave -o out", "-o %s: what the server answers is printed as it is", app.flags.output)
	}
	if app.flags.jq == "" {
		out := app.dataOut(output.JSON)
		return func(body []byte) error {
			if len(body) > 0 && !bytes.HasSuffix(body, []byte("\n")) {
				body = append(body, '\n')
			}
			_, err := out.Write(body)
			return err
		}, nil
	}
	asItIs := func(dst []byte, body []byte) ([]byte, error) { return append(dst, body...), nil }
	if _, err := newSink(ctx, app, output.NDJSON, nil, []output.Column[[]byte]{}, asItIs); err != nil {
		return nil, err // a bad expression is found before the request
	}
	return func(body []byte) error {
		if len(bytes.TrimSpace(body)) == 0 {
			return nil
		}
		if !json.Valid(body) {
			return exit.Failedf("JQ_NOT_JSON", "leave --jq out", "the answer is not JSON, so --jq can't be used on it")
		}
		sink, err := newSink(ctx, app, output.NDJSON, nil, []output.Column[[]byte]{}, asItIs)
		if err != nil {
			return err
		}
		if err := sink.Write(body); err != nil {
			_ = output.Abort(sink) // the error is told already
			return err
		}
		return sink.Close()
	}, nil
}
