package config

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/spf13/viper"

	"github.com/worksctl/worksctl/internal/exit"
)

// Resolve finds the settings in force: see the package comment for the order
// and its rules. The texts returned are warnings for the user. Errors have exit
// code 2 for a bad value and 3 for a missing or unknown profile or credential;
// that a stored credential can be used is not looked at here.
func Resolve(flags Flags, lookup LookupEnv, file *File) (Settings, []string, error) {
	env := environment{lookup}
	from, err := choose(flags, env, file)
	if err != nil {
		return Settings{}, nil, err
	}
	s := Settings{Name: from.name, Sandbox: from.name == SandboxName}

	var warnings []string
	var connection map[string]any
	credential, own := Credential{}, false
	if from.whole {
		warnings = ignored(from.name, env)
	} else {
		if connection, err = environmentConnection(env); err != nil {
			return Settings{}, nil, err
		}
		if credential, own, err = environmentCredential(env); err != nil {
			return Settings{}, nil, err
		}
		if err := keepTogether(from.name, env, own); err != nil {
			return Settings{}, nil, err
		}
	}
	format, err := outputLayer(flags, env)
	if err != nil {
		return Settings{}, nil, err
	}
	v, err := merge(defaults(), from.values, connection, format)
	if err != nil {
		return Settings{}, nil, err
	}
	s.Output, s.Columns, s.BotID, s.MaxWipesPerHour = v.Output, v.Columns, v.BotID, v.MaxWipesPerHour
	if s.Sandbox {
		return s, warnings, nil
	}
	if !own {
		credential = Credential{SignIn: SignIn(v.SignIn), Storage: Storage(v.Storage), ClientID: v.ClientID, ServiceAccount: v.ServiceAccount}
	}
	if account := own && credential.SignIn == SignInServiceAccount; env.get(EnvScopes) != "" && !from.whole && !account {
		warnings = append(warnings, "ignoring "+EnvScopes+": it is for a service account in the environment")
	}
	if len(credential.Scopes) == 0 {
		credential.Scopes = v.Scopes
	}
	s.Credential, s.DomainID = credential, v.DomainID
	if s.APIURL, err = checkURL("api_url of "+s.Name, v.APIURL); err != nil {
		return Settings{}, nil, err
	}
	if s.AuthURL, err = checkURL("auth_url of "+s.Name, v.AuthURL); err != nil {
		return Settings{}, nil, err
	}
	return s, warnings, nil
}

// profile is the layer between environment and defaults.
type profile struct {
	name   string
	values map[string]any
	whole  bool // variables for connection and credential don't count
}

func choose(flags Flags, env environment, file *File) (profile, error) {
	if flags.Profile != "" {
		return named(flags.Profile, "--profile", true, file)
	}
	if name := env.get(EnvProfile); name != "" {
		return named(name, EnvProfile, name == SandboxName, file)
	}
	if env.get(EnvAPIURL) != "" && hasCredential(env) {
		return profile{name: EnvName}, nil
	}
	if file.Current != "" {
		return named(file.Current, "current in "+file.Path, false, file)
	}
	return profile{}, noProfile(env, file)
}

func named(name, source string, whole bool, file *File) (profile, error) {
	if name == SandboxName {
		return profile{name: name, whole: true}, nil
	}
	values, ok := file.profile(name)
	if ok {
		return profile{name, values, whole}, nil
	}
	if file.noPath != nil {
		return profile{}, exit.SignInf("UNKNOWN_PROFILE", "", "profile %q (%s) can't be looked up: %s", name, source, file.noPath)
	}
	known := append(file.Names(), SandboxName)
	return profile{}, exit.SignInf("UNKNOWN_PROFILE", "",
		"no profile %q (%s)%s: known are %s", name, source, didYouMean(name, known), list(known))
}

func noProfile(env environment, file *File) error {
	const id, hint = "NO_PROFILE", "worksctl auth login"
	switch {
	case env.get(EnvAPIURL) != "":
		return exit.SignInf("NO_CREDENTIAL", "", "%s is set without a credential: set %s or a service account, or try --profile sandbox", EnvAPIURL, EnvToken)
	case hasCredential(env):
		return exit.SignInf(id, "", "a credential is set in the environment without a server: set %s, or try --profile sandbox", EnvAPIURL)
	case file.noPath != nil:
		return exit.SignInf(id, "", "not signed in: set %s and %s, or for a profile in a file: %s", EnvAPIURL, EnvToken, file.noPath)
	case len(file.Names()) > 0:
		return exit.SignInf(id, "worksctl --profile "+file.Names()[0]+" devices list", "no profile is in force: name one with --profile: known are %s", list(append(file.Names(), SandboxName)))
	default:
		return exit.SignInf(id, hint, "not signed in: sign in, or look around with --profile sandbox")
	}
}

func hasCredential(env environment) bool {
	credentials := tenantVariables()
	return len(env.set(credentials[slices.Index(credentials, EnvToken):]...)) > 0
}

func ignored(name string, env environment) []string {
	found := env.set(tenantVariables()...)
	if len(found) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("profile %s is taken whole: ignoring %s", name, list(found))}
}

// keepTogether refuses to send a stored credential to an address that its
// profile does not name.
func keepTogether(name string, env environment, own bool) error {
	addresses := env.set(EnvAPIURL, EnvAuthURL)
	if own || len(addresses) == 0 {
		return nil
	}
	return exit.SignInf("FOREIGN_ADDRESS", "worksctl --profile "+name+" devices list",
		"the stored credential of profile %s is not sent to the address in %s: set %s too, or unset the address", name, list(addresses), EnvToken)
}

func environmentConnection(env environment) (map[string]any, error) {
	layer := map[string]any{}
	for _, address := range []struct{ variable, key string }{{EnvAPIURL, "api_url"}, {EnvAuthURL, "auth_url"}} {
		raw := env.get(address.variable)
		if raw == "" {
			continue
		}
		if _, err := checkURL(address.variable, raw); err != nil {
			return nil, err
		}
		layer[address.key] = raw
	}
	if raw := env.get(EnvDomainID); raw != "" {
		id, err := strconv.ParseInt(raw, 10, 32)
		if err != nil || id < 1 {
			return nil, exit.Usagef("BAD_DOMAIN_ID", "", "%s is %q: it must be a whole number from 1 to %d", EnvDomainID, raw, math.MaxInt32)
		}
		layer["domain_id"] = int(id)
	}
	return layer, nil
}

func outputLayer(flags Flags, env environment) (map[string]any, error) {
	if flags.Output != "" {
		return map[string]any{"output": flags.Output}, nil
	}
	raw := env.get(EnvOutput)
	if raw == "" {
		return nil, nil
	}
	if !slices.Contains(outputs(), raw) {
		return nil, exit.Usagef("BAD_OUTPUT", "", "%s is %q: it must be one of %s%s", EnvOutput, raw, list(outputs()), didYouMean(raw, outputs()))
	}
	return map[string]any{"output": raw}, nil
}

// merge lays each layer over the ones before it.
func merge(layers ...map[string]any) (values, error) {
	v := viper.New()
	for _, layer := range layers {
		if err := v.MergeConfigMap(layer); err != nil {
			return values{}, fmt.Errorf("merging settings: %w", err)
		}
	}
	var merged values
	if err := v.Unmarshal(&merged); err != nil {
		return values{}, fmt.Errorf("merging settings: %w", err)
	}
	return merged, nil
}
