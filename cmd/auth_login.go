package cmd

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// loginOptions are the flags of login. None is a secret.
type loginOptions struct {
	web        bool
	port       int
	clientID   string
	secretFile string
	account    string
	keyFile    string
	domainID   int32
	apiURL     string
	authURL    string
	scopes     []string
	storage    string
}

func newAuthLogin(app *App) *cobra.Command {
	o := &loginOptions{}
	c := &cobra.Command{
		Use:   "login",
		Short: "Sign in with a service account, or with a browser",
		Long: `Signs in, and keeps what that takes under the profile named by --profile (else
the current one, else "default"). Nothing is kept before the auth server has
accepted it. The first profile becomes the current one.

What is missing is asked for at a terminal. Elsewhere give flags, and the
secrets in files, on standard input or in the environment: in
WORKSCTL_CLIENT_SECRET or WORKSCTL_CLIENT_SECRET_FILE, and in
WORKSCTL_PRIVATE_KEY_FILE. No flag takes a secret, since other users see the
arguments of a process. A profile that is signed in already has its secrets:
give only what changes, such as a new client secret or other scopes.

Secrets go to the keyring of the operating system. Where there is none, have
them kept in an encrypted file with --storage file; its passphrase comes from a
prompt, WORKSCTL_PASSPHRASE or WORKSCTL_PASSPHRASE_FILE.

--web signs you in as yourself: it shows a link to open in a browser, and waits
for 5 minutes. The browser comes back to http://127.0.0.1:PORT/callback; PORT is
any free one, or that of --port, for apps whose redirect address is registered
with its port. It is not kept: the next --web needs it again. Over SSH, forward
that port: ssh -L PORT:127.0.0.1:PORT HOST.`,
		Annotations: examplesExit("2"), // where there is no terminal and none of these files
		Example: `  # At a terminal, step by step
  worksctl auth login

  # A service account, for scripts and shared machines
  worksctl auth login --profile acme --api-url https://gateway.example.com/v1.0 --client-id x0aB --client-secret-file secret.txt --service-account abc12.serviceaccount@example.com --private-key-file private.key

  # As yourself; the app's redirect address is http://127.0.0.1:8123/callback
  worksctl auth login --web --port 8123 --profile me --client-id x0aB --client-secret-file secret.txt`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			format, err := app.objectFormat(c)
			if err != nil {
				return err
			}
			return app.login(c, o, format)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.web, "web", false, "sign in as yourself, with a browser")
	f.IntVar(&o.port, "port", 0, "with --web: port of the redirect address (default any free one)")
	f.StringVar(&o.clientID, "client-id", "", "client id of the app")
	f.StringVar(&o.secretFile, "client-secret-file", "", "file that holds the client secret; - is stdin")
	f.StringVar(&o.account, "service-account", "", "id of the service account")
	f.StringVar(&o.keyFile, "private-key-file", "", "private key of the service account (PEM)")
	f.Int32Var(&o.domainID, "domain-id", 0, "only devices of this domain; 0 is every domain (default as it was)")
	f.StringVar(&o.apiURL, "api-url", "", "base address of the API (default NAVER WORKS)")
	f.StringVar(&o.authURL, "auth-url", "", "base address of the auth server (likewise)")
	f.StringSliceVar(&o.scopes, "scope", nil, "scope to ask for; may be repeated (default the device API's; of NAVER WORKS itself user.read, user and bot.message)")
	f.StringVar(&o.storage, "storage", "", "where secrets go: keyring or file (default keyring)")
	freeText(c, "port", "client-id", "service-account", "domain-id", "api-url", "auth-url")
	fixedValues(c, "scope", "security.device", "security.device.read", "user.read", "user", "bot.message", "audit.read")
	fixedValues(c, "storage", string(config.StorageKeyring), string(config.StorageFile))
	fileName(c, "client-secret-file")
	fileName(c, "private-key-file")
	return c
}

// examplesExit tells the test that runs all examples with which exit code those
// of a command end in an empty folder.
func examplesExit(code string) map[string]string {
	return map[string]string{"examples exit with": code}
}

// login finds out where and as whom, tries it, and keeps it.
func (app *App) login(c *cobra.Command, o *loginOptions, format output.Format) error {
	l, err := app.newLogin(c, o)
	if err != nil {
		return err
	}
	ctx := c.Context()
	if err := l.complete(ctx); err != nil {
		return err
	}
	token, err := l.try(ctx)
	for code := l.refusedFor(err); code != ""; code = l.refusedFor(err) {
		app.Term.Notef("%v", err)
		if hint := explain(err).Hint; hint != "" {
			app.Term.Notef("%s", hint)
		}
		if err := l.ask(ctx, code); err != nil {
			return err
		}
		token, err = l.try(ctx)
	}
	if err != nil {
		return err
	}
	current, err := l.keep(ctx, token)
	if err != nil {
		return err
	}
	status := describe(l.settings())
	app.granted(ctx, &status, token)
	text := "Signed in to profile " + l.profile.Name + "; the credential is in " + storageWords(l.profile.Storage) + ".\n"
	if current {
		text += "It is the current profile now.\n"
	}
	return printObject(ctx, app, format, status, text+status.card(app), output.EncodeJSON[signInStatus])
}

// newLogin takes what flags and the profile of that name say. It asks nothing.
func (app *App) newLogin(c *cobra.Command, o *loginOptions) (*login, error) {
	if o.web {
		if err := refuseBeside(c, "web", "service-account", "private-key-file"); err != nil {
			return nil, err
		}
	}
	file, err := app.configToWrite()
	if err != nil {
		return nil, err
	}
	name := app.loginName(file)
	if name == config.SandboxName {
		return nil, exit.Usagef("RESERVED_PROFILE", "worksctl devices list --profile sandbox", "profile %s needs no sign-in", name)
	}
	if err := config.CheckName(name); err != nil {
		return nil, err
	}
	l := &login{app: app, o: o, given: c.Flags().Changed, kept: map[credential.Item]api.Secret{}}
	l.before, _ = file.Profile(name)
	l.before.AuthURL = cmp.Or(l.before.AuthURL, config.DefaultAuthURL)
	l.before.SignIn = cmp.Or(l.before.SignIn, config.SignInServiceAccount)
	l.before.Storage = cmp.Or(l.before.Storage, config.StorageKeyring)
	l.profile = l.before
	if err := l.applyFlags(name); err != nil {
		return nil, err
	}
	if err := l.checkPort(); err != nil {
		return nil, err
	}
	app.tellNotUsed()
	return l, nil
}

// configToWrite is the config file, or an empty one where it is yet to be made.
func (app *App) configToWrite() (*config.File, error) {
	path, err := config.Path(app.LookupEnv)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return &config.File{Path: path}, nil
	}
	return app.loadConfig()
}

// loginName is the profile to sign in to.
func (app *App) loginName(file *config.File) string {
	fromEnv, _ := app.LookupEnv(config.EnvProfile)
	for _, name := range []string{app.flags.profile, fromEnv, file.Current} {
		if name != "" {
			return name
		}
	}
	return "default"
}

// applyFlags lays the flags over the profile.
func (l *login) applyFlags(name string) error {
	o, p := l.o, &l.profile
	p.Name = name
	p.APIURL = cmp.Or(o.apiURL, p.APIURL, config.DefaultAPIURL)
	p.AuthURL = cmp.Or(o.authURL, p.AuthURL)
	p.ClientID = cmp.Or(o.clientID, p.ClientID)
	p.ServiceAccount = cmp.Or(o.account, p.ServiceAccount)
	for flag, url := range map[string]string{"--api-url": p.APIURL, "--auth-url": p.AuthURL} {
		if err := checkAddress(url); err != nil {
			return exit.Usagef("BAD_URL", "", "%s %v", flag, err)
		}
	}
	if l.given("domain-id") {
		if o.domainID < 0 {
			return exit.Usagef("BAD_DOMAIN_ID", "", "--domain-id %d: must be a whole number from 1 to 2147483647, or 0 for every domain", o.domainID)
		}
		p.DomainID = o.domainID
	}
	if len(o.scopes) > 0 {
		p.Scopes = config.SplitScopes(strings.Join(o.scopes, " "))
	}
	switch s := config.Storage(o.storage); s {
	case config.StorageKeyring, config.StorageFile:
		p.Storage = s
	case "":
	default:
		return exit.Usagef("BAD_STORAGE", nearestValue("--storage", o.storage, []string{"keyring", "file"}), "--storage %q: must be keyring or file", o.storage)
	}
	again := p.SignIn == config.SignInWeb && !l.given("service-account") && !l.given("private-key-file")
	p.SignIn = config.SignInServiceAccount
	if o.web || again {
		p.SignIn, p.ServiceAccount = config.SignInWeb, ""
	}
	for flag, word := range map[string]string{"--client-id": p.ClientID, "--service-account": p.ServiceAccount} {
		if err := checkWord(word); word != "" && err != nil {
			return exit.Usagef("BAD_FLAG", "", "%s %v", flag, err)
		}
	}
	return nil
}

// checkPort refuses a port that nobody can listen at without being root, and one
// that means nothing.
func (l *login) checkPort() error {
	switch port := l.o.port; {
	case !l.given("port"):
		return nil
	case l.profile.SignIn != config.SignInWeb:
		return exit.Usagef("CONTRADICTING_FLAGS", "add --web, or leave --port out", "--port means something with --web only")
	case port < 1024 || port > 65535:
		return exit.Usagef("BAD_PORT", "", "--port %d: must be a whole number from 1024 to 65535", port)
	}
	return nil
}

// tellNotUsed warns of variables that say where or as whom to sign in elsewhere:
// what is kept for a profile must not depend on them.
func (app *App) tellNotUsed() {
	var found []string
	for _, name := range []string{config.EnvAPIURL, config.EnvAuthURL, config.EnvDomainID, config.EnvScopes, config.EnvToken, config.EnvClientID, config.EnvServiceAccount} {
		if value, _ := app.LookupEnv(name); value != "" {
			found = append(found, name)
		}
	}
	if len(found) > 0 {
		app.Term.Warnf("signing in takes addresses, ids and scopes from flags: ignoring %s", strings.Join(found, ", "))
	}
}

// settings are what the profile will be.
func (l *login) settings() config.Settings { return settingsOf(l.profile) }

func settingsOf(p config.Profile) config.Settings {
	return config.Settings{
		Name: p.Name, APIURL: base(p.APIURL), AuthURL: base(p.AuthURL), DomainID: p.DomainID,
		Credential: config.Credential{SignIn: p.SignIn, Storage: p.Storage, Scopes: p.Scopes, ClientID: p.ClientID, ServiceAccount: p.ServiceAccount},
	}
}

// base writes an address as the settings of other commands have it.
func base(address string) string {
	if u, err := api.ParseBaseURL(address); err == nil {
		return u.String()
	}
	return address
}

// login is one sign-in under way.
type login struct {
	app     *App
	o       *loginOptions
	given   func(flag string) bool
	before  config.Profile // of that name; without a client id nobody has signed in
	profile config.Profile
	asked   bool                           // step by step
	kept    map[credential.Item]api.Secret // what the profile keeps already
	keptFor binding                        // what that was given for

	clientSecret api.Secret
	privateKey   []byte // PKCS#8 DER
}

// identity is as whom this signs in.
func (l *login) identity() (identity, error) {
	i := identityOf(l.settings())
	i.clientSecret, i.privateKey = l.clientSecret, l.privateKey
	var err error
	i.store, err = l.app.store(l.profile.Storage)
	return i, err
}
