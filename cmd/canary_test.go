package cmd_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

// TestNoSecretInErrors shows the errors of the two packages that send secrets in
// every way that fmt knows.
func TestNoSecretInErrors(t *testing.T) {
	s := newCanaryServer(t)
	secret, account := api.NewSecret(canarySecret), auth.ServiceAccount{ClientID: "acme-client", ClientSecret: api.NewSecret(canarySecret), Account: "acme@example.com", PrivateKey: s.der}
	static := api.NewSecret("canary-static-token-of-forty-characters!")
	for _, s.mode = range echoes()[1:] {
		server := auth.NewServer(s.URL+sandbox.AuthPath, nil, s.now)
		client, err := api.New(api.Options{BaseURL: s.URL + sandbox.APIPath, Tokens: api.StaticToken(static), Now: s.now, Sleep: s.pass,
			Trace: func(e api.TraceEvent) { s.judge(t, s.mode.String()+": trace", fmt.Appendf(nil, "%v %+v", e, e.Err)) }})
		if err != nil {
			t.Fatal(err)
		}
		_, byAccount := server.ServiceAccount(t.Context(), account)
		_, byRefresh := server.Refresh(t.Context(), "acme-client", secret, api.NewSecret("canary-refresh-token-of-some-length"))
		_, byCode := server.Code(t.Context(), "acme-client", secret, "canary-code-of-some-length", "http://127.0.0.1:1/", "canary-verifier-of-some-length")
		revoked := server.Revoke(t.Context(), "acme-client", secret, static, "access_token")
		_, read := client.Raw(t.Context(), api.RawRequest{Method: http.MethodGet, Path: "/security/devices"})
		_, acted := client.Raw(t.Context(), api.RawRequest{Method: http.MethodPost, Path: "/security/devices/d/wipe", Key: api.NewIdempotencyKey()})
		for _, err := range []error{byAccount, byRefresh, byCode, revoked, read, acted} {
			s.judge(t, s.mode.String(), fmt.Appendf(nil, "%v|%+v|%#v|%q", err, err, err, err))
		}
	}
}

// TestNoFlagTakesASecret keeps secrets out of the arguments of processes.
func TestNoFlagTakesASecret(t *testing.T) {
	walk(t, func(t *testing.T, c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if regexp.MustCompile(`secret|token|passw|passphrase|key`).MatchString(f.Name) && !strings.HasSuffix(f.Name, "-file") {
				t.Errorf("--%s takes a secret: have it name a file", f.Name)
			}
		})
	})
}

// TestNoSecretIsShown sends secrets through every command, with every answer of
// [echoes], by every kind of credential.
func TestNoSecretIsShown(t *testing.T) {
	for name, credential := range map[string][]string{
		"environment": {"WORKSCTL_CLIENT_ID=acme-client", "WORKSCTL_SERVICE_ACCOUNT=acme@example.com"},
		"token":       {"WORKSCTL_TOKEN="},
		"file":        {"--service-account", "acme@example.com"},
		"web":         {"--web"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newCanaryRun(t, name, credential).all(t)
		})
	}
}

// canaryRun is a person's worksctl: an environment and a folder.
type canaryRun struct {
	*canaryServer
	env     map[string]string
	folder  string
	devices []string
	member  string
	job     string
	login   []string
	stored  bool // the credential is a profile's
}

func newCanaryRun(t *testing.T, name string, credential []string) *canaryRun {
	t.Helper()
	s := newCanaryServer(t)
	r := &canaryRun{canaryServer: s, folder: t.TempDir(), stored: name == "file" || name == "web"}
	apiURL, authURL, pass := s.URL+sandbox.APIPath, s.URL+sandbox.AuthPath, "a canary passphrase, quite long"
	s.add("passphrase", pass)
	r.env = map[string]string{
		"HOME": r.folder, "WORKSCTL_STATE_DIR": filepath.Join(r.folder, "state"),
		"WORKSCTL_PASSPHRASE": pass,
	}
	r.login = []string{"auth", "login", "--storage", "file", "--client-id", "acme-client", "--api-url", apiURL, "--auth-url", authURL, "--profile", "acme"}
	for _, scope := range []string{"security.device", "security.device.read", "user.read", "directory", "audit.read"} {
		r.login = append(r.login, "--scope", scope)
	}
	if r.stored {
		r.login = append(r.login, credential...)
		r.hold(canarySecret)
		if code, out := r.run(t, r.login...); code != exit.OK {
			t.Fatalf("exit code %d: %s", code, out)
		}
		r.hold("")
	} else {
		if name == "environment" {
			r.hold(canarySecret)
		}
		r.login = append(r.login, "--service-account", "acme@example.com")
		r.env["WORKSCTL_API_URL"], r.env["WORKSCTL_AUTH_URL"] = apiURL, authURL
		for _, c := range credential {
			key, value, _ := strings.Cut(c, "=")
			if r.env[key] = value; value == "" {
				r.env[key], _ = s.backend.(*sandbox.Backend).AccessToken(t.Context())
			}
		}
	}
	code, out := r.run(t, "devices", "list", "--type", "mobile", "--mdm", "registered", "-o", "json", "--jq", ".[].deviceId", "-q")
	if r.devices = strings.Fields(out); code != exit.OK || len(r.devices) < 3 {
		t.Fatalf("exit code %d: %s", code, out)
	}
	code, out = r.run(t, "members", "search", "@", "-o", "json", "--jq", "[.[] | select(.isAdministrator or .isSuspended or .isPending | not)][0].userId", "-q")
	if r.member = strings.TrimSpace(out); code != exit.OK {
		r.member = "nobody@example.com" // a credential of the environment can't ask for that scope
	}
	return r
}

// hold has the environment say the client secret and the key; "" has it say none.
func (r *canaryRun) hold(clientSecret string) {
	r.env["WORKSCTL_CLIENT_SECRET"], r.env["WORKSCTL_PRIVATE_KEY_FILE"] = clientSecret, r.key
	if clientSecret == "" {
		r.env["WORKSCTL_PRIVATE_KEY_FILE"] = ""
	}
}

// run executes a command line and judges what it writes, in one text.
func (r *canaryRun) run(t *testing.T, args ...string) (exit.Code, string) {
	t.Helper()
	out := &browser{}
	code := cmd.Run(t.Context(), cmd.Env{
		Args: args, In: &bytes.Buffer{}, Out: out, Err: out, Now: r.now, Location: time.UTC, Sleep: r.pass,
		LookupEnv: func(name string) (string, bool) { v, ok := r.env[name]; return v, ok },
	})
	r.judge(t, r.mode.String()+" "+strings.Join(args[:2], " "), out.Bytes())
	if found := regexp.MustCompile(`(?m)^job: (\S+)$`).FindSubmatch(out.Bytes()); found != nil {
		r.job = string(found[1])
	}
	return code, out.String()
}

// all runs every command with every answer.
func (r *canaryRun) all(t *testing.T) {
	modes := echoes()
	if r.stored {
		modes = []echo{{}, {"auth", 401, "headers"}, {"api", 401, "json"}}
	}
	if underRace {
		modes = modes[:2]
	}
	ran := map[string]bool{}
	for n, mode := range modes {
		r.mode = mode
		r.echoed.Store(0)
		for i, line := range r.lines() {
			if i%4 != 0 && r.stored && (n > 0 || underRace) { // each command unlocks the file, which takes its time
				continue
			}
			if i%4 == 0 { // have the auth server asked again
				_ = os.RemoveAll(filepath.Join(r.folder, "state", "tokens"))
			}
			args := append(strings.Fields(strings.ReplaceAll(line, "JOB", r.job)), "-v")
			if n%2 == 1 {
				args = append(args, "-o", "json")
			}
			code, out := r.run(t, args...)
			if r.mode == (echo{}) && code == exit.Usage {
				t.Errorf("%s is not how it is used: %s", line, out)
			}
			ran[args[0]], ran[strings.Join(args[:2], " ")] = true, true
		}
		if asked := r.mode.from != "auth" || r.env["WORKSCTL_TOKEN"] == ""; asked && r.mode.from != "" && r.echoed.Load() == 0 {
			t.Errorf("%s: nothing was echoed", r.mode)
		}
		r.judgeFolder(t, r.mode.String(), r.folder)
	}
	r.signIn(t)
	if underRace {
		return
	}
	walk(t, func(t *testing.T, c *cobra.Command) {
		path := strings.TrimPrefix(c.CommandPath(), "worksctl ")
		first, _, _ := strings.Cut(path, " ")
		if without := []string{"worksctl", "help", "completion", "sandbox", "auth"}; !c.HasSubCommands() && !slices.Contains(without, first) && !ran[path] {
			t.Errorf("%s is not tried with secrets: add it to lines", path)
		}
	})
}

// lines are all commands that deal with secrets, but for those of signIn.
func (r *canaryRun) lines() []string {
	d, devices := r.devices, filepath.Join(r.folder, "devices.csv")
	return []string{
		"devices list", "devices search galaxy", "devices show " + d[0], "devices export --out " + devices,
		"notify --type mobile --yes --cooldown 0s", "jobs show JOB", "jobs resume --yes --resend-unknown JOB",
		"devices check " + devices, "notify --via bot --bot-id 2000001 --from " + devices + " --yes --cooldown 0s",
		"mdm status", "mdm status " + d[0], "mdm enable --yes --tenant --mode optional", "mdm enable --yes " + d[0], "mdm disable --yes " + d[2],
		"wipe --reason lost --yes " + d[0], "jobs verify JOB", "jobs wait --wait-timeout 5s JOB", "jobs cancel JOB",
		"reset --reason lost --yes " + d[1], "jobs resume --yes JOB", "jobs list", "lost --dry-run " + d[1],
		"mdm disable --yes --tenant", "doctor", "api GET /security/mdm", "api POST /groups/nobody/members --yes",
		"members search 김", "members show " + r.member, "members suspend --yes " + r.member, "members unsuspend --yes " + r.member,
		"members sign-out --yes " + r.member, "audit download --since 2026-11-01 --out " + filepath.Join(r.folder, "audit.csv"),
		"auth status", "profile list", "profile show", "profile use acme", "profile remove nobody --yes", "version --color never",
	}
}

// signIn signs in and out, with answers of every kind and with a dead server.
func (r *canaryRun) signIn(t *testing.T) {
	r.hold(canarySecret)
	dead := httptest.NewServer(nil)
	dead.Close()
	r.add("wrong secret", "wrong+canary/secret=of-some-length")
	for _, r.mode = range []echo{{"auth", 400, "json"}, {"auth", 401, "json"}, {"auth", 403, "html"}, {"auth", 500, "text"}, {"auth", 302, "headers"}, {}} {
		_, _ = r.run(t, append(r.login, "-v")...)
		_, _ = r.run(t, "auth", "logout", "-v")
	}
	r.hold("wrong+canary/secret=of-some-length")
	_, _ = r.run(t, append(r.login, "-v", "-o", "json")...)
	r.hold(canarySecret)
	_, _ = r.run(t, append(r.login, "-v", "--auth-url", dead.URL, "--api-url", dead.URL)...)
	r.judgeFolder(t, "signing in", r.folder)
}

// browser is what worksctl writes; it follows the link that login shows.
type browser struct{ bytes.Buffer }

func (b *browser) Write(p []byte) (int, error) {
	if link := regexp.MustCompile(`(?m)^http\S+/authorize\?\S+$`).Find(p); link != nil {
		go func() {
			if page, err := http.Get(string(link)); err == nil {
				_ = page.Body.Close()
			}
		}()
	}
	return b.Buffer.Write(p)
}
