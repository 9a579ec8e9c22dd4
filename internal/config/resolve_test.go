package config_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

func acme() config.Settings {
	return config.Settings{
		Name: "acme-KR", APIURL: "https://kr.example.com/v1.0", AuthURL: "https://auth.example.com/kr", DomainID: 10000001,
		Output: "wide", MaxWipesPerHour: 3,
		Credential: config.Credential{
			SignIn: config.SignInWeb, Storage: config.StorageFile,
			ClientID: "abc123", ServiceAccount: "sa@kr.example.com", Scopes: []string{"security.device", "user.read"},
		},
	}
}

func bare(name string) config.Settings {
	return config.Settings{
		Name: name, APIURL: config.DefaultAPIURL, AuthURL: config.DefaultAuthURL, Output: "table", MaxWipesPerHour: 20,
		Credential: config.Credential{SignIn: config.SignInServiceAccount, Storage: config.StorageKeyring},
	}
}

func sandbox() config.Settings {
	return config.Settings{Name: "sandbox", Sandbox: true, Output: "table", MaxWipesPerHour: 20}
}

func with(s config.Settings, change func(*config.Settings)) config.Settings {
	change(&s)
	return s
}

// token gives s the credential that WORKSCTL_TOKEN=t makes.
func token(s config.Settings) config.Settings {
	s.Credential = config.Credential{SignIn: config.SignInToken, Storage: config.StorageEnvironment, Token: api.NewSecret("t"), Scopes: s.Scopes}
	return s
}

func TestResolve(t *testing.T) {
	serviceAccount := vars{
		config.EnvClientID: "id", config.EnvClientSecret: "secret", config.EnvServiceAccount: "sa@x", config.EnvPrivateKeyFile: "/key.pem",
	}
	tests := []struct {
		name  string
		file  string
		flags config.Flags
		env   vars
		want  config.Settings
		warns string // part of the one warning
	}{
		{"current profile", twoProfiles, config.Flags{}, nil, acme(), ""},
		{"profile of defaults", twoProfiles, config.Flags{Profile: "Acme-kr"}, nil, bare("Acme-kr"), ""},
		{"profile by variable", twoProfiles, config.Flags{}, vars{config.EnvProfile: "Acme-kr"}, bare("Acme-kr"), ""},
		{"flag over variable", twoProfiles, config.Flags{Profile: "acme-KR"}, vars{config.EnvProfile: "Acme-kr"}, acme(), ""},
		{"empty variables are not set", twoProfiles, config.Flags{}, vars{config.EnvProfile: "", config.EnvAPIURL: "", config.EnvToken: "", config.EnvDomainID: ""}, acme(), ""},
		{
			"environment over profile", twoProfiles, config.Flags{}, vars{config.EnvToken: "t", config.EnvDomainID: "7", config.EnvOutput: "json"},
			token(with(acme(), func(s *config.Settings) { s.DomainID = 7; s.Output = "json" })), "",
		},
		{
			"address and credential alone", "", config.Flags{}, vars{config.EnvAPIURL: "http://127.0.0.1:8080/v1.0/", config.EnvToken: "t\n"},
			token(with(bare("env"), func(s *config.Settings) { s.APIURL = "http://127.0.0.1:8080/v1.0" })), "",
		},
		{
			"the current profile gives nothing to it", twoProfiles, config.Flags{}, vars{config.EnvAPIURL: "https://other.example.com", config.EnvToken: "t"},
			token(with(bare("env"), func(s *config.Settings) { s.APIURL = "https://other.example.com" })), "",
		},
		{
			"a profile named beside it fills the gaps", twoProfiles, config.Flags{},
			vars{config.EnvProfile: "acme-KR", config.EnvAPIURL: "https://other.example.com", config.EnvToken: "t"},
			token(with(acme(), func(s *config.Settings) { s.APIURL = "https://other.example.com" })), "",
		},
		{
			"service account of the environment", "", config.Flags{},
			func() vars {
				v := maps.Clone(serviceAccount)
				v[config.EnvAPIURL], v[config.EnvAuthURL] = "https://a.example.com", "https://b.example.com"
				return v
			}(),
			with(bare("env"), func(s *config.Settings) {
				s.APIURL, s.AuthURL = "https://a.example.com", "https://b.example.com"
				s.Credential = config.Credential{
					SignIn: config.SignInServiceAccount, Storage: config.StorageEnvironment,
					ClientID: "id", ClientSecret: api.NewSecret("secret"), ServiceAccount: "sa@x", PrivateKeyFile: "/key.pem",
				}
			}), "",
		},
		{
			"service account of the environment beside a profile", twoProfiles, config.Flags{}, serviceAccount,
			with(acme(), func(s *config.Settings) {
				s.Credential = config.Credential{
					SignIn: config.SignInServiceAccount, Storage: config.StorageEnvironment, Scopes: s.Scopes,
					ClientID: "id", ClientSecret: api.NewSecret("secret"), ServiceAccount: "sa@x", PrivateKeyFile: "/key.pem",
				}
			}), "",
		},
		{
			"scopes of the environment", twoProfiles, config.Flags{},
			func() vars {
				v := maps.Clone(serviceAccount)
				v[config.EnvScopes] = " user.read,user  bot.message\n"
				return v
			}(),
			with(acme(), func(s *config.Settings) {
				s.Credential = config.Credential{
					SignIn: config.SignInServiceAccount, Storage: config.StorageEnvironment, Scopes: []string{"user.read", "user", "bot.message"},
					ClientID: "id", ClientSecret: api.NewSecret("secret"), ServiceAccount: "sa@x", PrivateKeyFile: "/key.pem",
				}
			}), "",
		},
		{
			"scopes without a credential beside them", twoProfiles, config.Flags{}, vars{config.EnvScopes: "audit.read"},
			acme(), "ignoring WORKSCTL_SCOPES: it is for a service account in the environment",
		},
		{
			"scopes of a ready token", twoProfiles, config.Flags{}, vars{config.EnvScopes: "audit.read", config.EnvToken: "t"},
			token(acme()), "ignoring WORKSCTL_SCOPES",
		},
		{
			"scopes beside a profile that is taken whole", twoProfiles, config.Flags{Profile: "acme-KR"}, vars{config.EnvScopes: ","},
			acme(), "profile acme-KR is taken whole: ignoring WORKSCTL_SCOPES",
		},
		{
			"token before service account", twoProfiles, config.Flags{},
			vars{config.EnvToken: "t", config.EnvClientID: "id"}, token(acme()), "",
		},
		{"sandbox by flag", twoProfiles, config.Flags{Profile: "sandbox"}, nil, sandbox(), ""},
		{
			"sandbox by variable is whole too", twoProfiles, config.Flags{},
			vars{config.EnvProfile: "sandbox", config.EnvAPIURL: "https://other.example.com", config.EnvToken: "t"},
			sandbox(), "WORKSCTL_API_URL, WORKSCTL_TOKEN",
		},
		{
			"flag takes the profile whole", twoProfiles, config.Flags{Profile: "acme-KR"},
			vars{config.EnvToken: "t", config.EnvDomainID: "junk", config.EnvAPIURL: "junk", config.EnvOutput: "csv"},
			with(acme(), func(s *config.Settings) { s.Output = "csv" }), "profile acme-KR is taken whole: ignoring WORKSCTL_API_URL, WORKSCTL_DOMAIN_ID, WORKSCTL_TOKEN",
		},
		{
			"wipes forbidden", "profiles: [{name: a, max_wipes_per_hour: 0}]", config.Flags{Profile: "a"}, nil,
			with(bare("a"), func(s *config.Settings) { s.MaxWipesPerHour = 0 }), "",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, warnings, err := config.Resolve(tt.flags, tt.env.lookup, load(t, tt.file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, sameSecret()); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
			if all := strings.Join(warnings, "\n"); !strings.Contains(all, tt.warns) || (tt.warns == "") != (len(warnings) == 0) {
				t.Errorf("warnings %q, want %q", warnings, tt.warns)
			}
		})
	}
}

// Every combination of the layers that can set the output.
func TestOutputOrder(t *testing.T) {
	for layers := range 8 {
		file, flags, env, want := "profiles: [{name: a}]", config.Flags{Profile: "a"}, vars{}, "table"
		if layers&1 != 0 {
			file, want = "profiles: [{name: a, output: csv}]", "csv"
		}
		if layers&2 != 0 {
			env[config.EnvOutput], want = "yaml", "yaml"
		}
		if layers&4 != 0 {
			flags.Output, want = "json", "json"
		}
		got, _, err := config.Resolve(flags, env.lookup, load(t, file))
		if err != nil || got.Output != want {
			t.Errorf("layers %03b: got %q, %v, want %q", layers, got.Output, err, want)
		}
	}
}

func TestResolveRefuses(t *testing.T) {
	const current = "current: a\nprofiles: [{name: a}]"
	account := func(scopes string) vars {
		return vars{
			config.EnvClientID: "id", config.EnvClientSecret: "s", config.EnvServiceAccount: "sa@x", config.EnvPrivateKeyFile: "/key.pem",
			config.EnvScopes: scopes,
		}
	}
	tests := []struct {
		name  string
		file  string
		flags config.Flags
		env   vars
		code  exit.Code
		want  []string
	}{
		{"nothing at all", "", config.Flags{}, nil, exit.SignIn, []string{"not signed in", "sign in", "sandbox"}},
		{"profiles but none in force", "profiles: [{name: a}]", config.Flags{}, nil, exit.SignIn, []string{"--profile", "a, sandbox"}},
		{"address only", "", config.Flags{}, vars{config.EnvAPIURL: "https://x.example.com"}, exit.SignIn, []string{config.EnvAPIURL, "without a credential", config.EnvToken}},
		{"credential only", "", config.Flags{}, vars{config.EnvToken: "t"}, exit.SignIn, []string{"without a server", config.EnvAPIURL}},
		{"unknown by flag", twoProfiles, config.Flags{Profile: "acme-kr"}, nil, exit.SignIn, []string{`"acme-kr"`, "--profile", "did you mean", "acme-KR, Acme-kr, sandbox"}},
		{"unknown by variable", twoProfiles, config.Flags{}, vars{config.EnvProfile: "x"}, exit.SignIn, []string{`"x"`, config.EnvProfile}},
		{"unknown current", "current: b", config.Flags{}, nil, exit.SignIn, []string{`"b"`, "current in ", "config.yaml"}},
		{"sandbox has one spelling", "", config.Flags{Profile: "Sandbox"}, nil, exit.SignIn, []string{`did you mean "sandbox"?`}},
		{"env is no profile", "", config.Flags{Profile: "env"}, nil, exit.SignIn, []string{`"env"`}},
		{"stored credential to a foreign API", current, config.Flags{}, vars{config.EnvAPIURL: "https://x.example.com"}, exit.SignIn, []string{"profile a", config.EnvAPIURL, "not sent"}},
		{"stored credential to a foreign auth server", current, config.Flags{}, vars{config.EnvProfile: "a", config.EnvAuthURL: "https://x.example.com"}, exit.SignIn, []string{"profile a", config.EnvAuthURL, "not sent"}},
		{"half a service account", current, config.Flags{}, vars{config.EnvClientID: "id"}, exit.SignIn, []string{config.EnvClientID, config.EnvServiceAccount, config.EnvPrivateKeyFile, config.EnvClientSecretFile}},
		{"two secrets", current, config.Flags{}, vars{config.EnvClientSecret: "s", config.EnvClientSecretFile: "f"}, exit.Usage, []string{config.EnvClientSecret, config.EnvClientSecretFile, "unset one"}},
		{"token of two words", current, config.Flags{}, vars{config.EnvToken: "Bearer hunter2"}, exit.SignIn, []string{config.EnvToken}},
		{"token of spaces", current, config.Flags{}, vars{config.EnvToken: " \n"}, exit.SignIn, []string{config.EnvToken}},
		{"http elsewhere", "", config.Flags{}, vars{config.EnvAPIURL: "http://x.example.com", config.EnvToken: "t"}, exit.Usage, []string{config.EnvAPIURL, "http://x.example.com", "loopback"}},
		{"auth http elsewhere", "", config.Flags{}, vars{config.EnvAPIURL: "https://x", config.EnvAuthURL: "http://x", config.EnvToken: "t"}, exit.Usage, []string{config.EnvAuthURL}},
		{"domain", current, config.Flags{}, vars{config.EnvDomainID: "1e3"}, exit.Usage, []string{config.EnvDomainID, `"1e3"`}},
		{"domain over int32", current, config.Flags{}, vars{config.EnvDomainID: "2147483648"}, exit.Usage, []string{config.EnvDomainID, "2147483647"}},
		{"no scopes", current, config.Flags{}, account(" , "), exit.Usage, []string{config.EnvScopes, `" , "`}},
		{"scopes that are none", current, config.Flags{}, account("user.read 사용자"), exit.Usage, []string{config.EnvScopes, "사용자"}},
		{"scopes are no credential", "", config.Flags{}, vars{config.EnvAPIURL: "https://x.example.com", config.EnvScopes: "user.read"}, exit.SignIn, []string{"without a credential"}},
		{"output", current, config.Flags{}, vars{config.EnvOutput: "jsn"}, exit.Usage, []string{config.EnvOutput, `did you mean "json"?`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := config.Resolve(tt.flags, tt.env.lookup, load(t, tt.file))
			if exit.CodeOf(err) != tt.code {
				t.Fatalf("%+v, error %v, want exit code %d", got, err, tt.code)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("shows a secret: %q", err)
			}
		})
	}
}

// In cron HOME may be missing: that matters only to who needs the file.
func TestResolveWithoutHome(t *testing.T) {
	env := vars{config.EnvAPIURL: "https://x.example.com", config.EnvToken: "t"}
	f, _, err := config.Load(env.lookup)
	if err != nil {
		t.Fatal(err)
	}
	if s, _, err := config.Resolve(config.Flags{}, env.lookup, f); err != nil || s.Token.Reveal() != "t" {
		t.Errorf("%+v, %v", s, err)
	}
	if s, _, err := config.Resolve(config.Flags{Profile: "sandbox"}, env.lookup, f); err != nil || !s.Sandbox {
		t.Errorf("%+v, %v", s, err)
	}
	_, _, err = config.Resolve(config.Flags{}, vars{}.lookup, f)
	if exit.CodeOf(err) != exit.SignIn || !strings.Contains(err.Error(), config.EnvConfig) {
		t.Errorf("error %v", err)
	}
	_, _, err = config.Resolve(config.Flags{Profile: "acme"}, env.lookup, f)
	if exit.CodeOf(err) != exit.SignIn || !strings.Contains(err.Error(), "acme") || !strings.Contains(err.Error(), config.EnvConfig) {
		t.Errorf("error %v", err)
	}
}

// tenant variables with values of all sorts, good and bad.
func drawTenant(t *rapid.T) vars {
	env := vars{}
	for _, name := range []string{
		config.EnvAPIURL, config.EnvAuthURL, config.EnvDomainID, config.EnvScopes, config.EnvToken, config.EnvClientID, config.EnvClientSecret,
		config.EnvClientSecretFile, config.EnvServiceAccount, config.EnvPrivateKeyFile,
	} {
		if rapid.Bool().Draw(t, "set "+name) {
			env[name] = rapid.SampledFrom([]string{"", "junk", "7", "https://other.example.com", "http://other.example.com", "a b"}).Draw(t, name)
		}
	}
	return env
}

// A profile that is named by --profile does not depend on what the environment
// says about connection and credential, and what was ignored is said.
func TestNamedProfileIsWhole(t *testing.T) {
	f := load(t, twoProfiles)
	rapid.Check(t, func(t *rapid.T) {
		flags := config.Flags{Profile: rapid.SampledFrom(append(f.Names(), "sandbox")).Draw(t, "profile")}
		want, _, err := config.Resolve(flags, vars{}.lookup, f)
		if err != nil {
			t.Fatal(err)
		}
		env := drawTenant(t)
		env[config.EnvProfile] = rapid.SampledFrom([]string{"", "sandbox", "Acme-kr", "unknown"}).Draw(t, "variable")
		got, warnings, err := config.Resolve(flags, env.lookup, f)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, sameSecret()); diff != "" {
			t.Errorf("settings (-want +got):\n%s", diff)
		}
		for name, value := range env {
			if said := strings.Contains(strings.Join(warnings, "\n")+",", name+","); said != (value != "" && name != config.EnvProfile) {
				t.Errorf("%s=%q: warnings %q", name, value, warnings)
			}
		}
	})
}

// Whatever is set, a credential that was stored for a profile goes to the
// addresses of that profile only.
func TestStoredCredentialStaysHome(t *testing.T) {
	f := load(t, twoProfiles)
	rapid.Check(t, func(t *rapid.T) {
		env := drawTenant(t)
		env[config.EnvProfile] = rapid.SampledFrom([]string{"", "acme-KR", "sandbox"}).Draw(t, "variable")
		got, _, err := config.Resolve(config.Flags{}, env.lookup, f)
		if err != nil || got.Sandbox || got.Storage == config.StorageEnvironment {
			return
		}
		if home := acme(); got.APIURL != home.APIURL || got.AuthURL != home.AuthURL {
			t.Errorf("credential of %s would go to %s and %s", got.Name, got.APIURL, got.AuthURL)
		}
	})
}
