package config

import (
	"strings"
	"unicode"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// Credential says as whom worksctl signs in. With StorageEnvironment all that
// its kind of sign-in needs is filled; else ClientID and ServiceAccount are those
// of the profile, and the secrets lie in the storage under the profile's name.
type Credential struct {
	SignIn  SignIn
	Storage Storage

	Token api.Secret // SignInToken from the environment

	// Scopes are those of the profile; for a service account of the environment
	// those of WORKSCTL_SCOPES, if it is set. None means that none are named.
	Scopes []string

	ClientID         string     // SignInServiceAccount, and SignInWeb from a profile
	ClientSecret     api.Secret // or ClientSecretFile
	ClientSecretFile string
	ServiceAccount   string // these are for SignInServiceAccount
	PrivateKeyFile   string
}

// environmentCredential reads the credential that the environment holds, if
// any: a ready token goes before a service account. Half a service account is
// an error with exit code 3, for falling back to a stored credential would sign
// in as somebody else.
func environmentCredential(env environment) (Credential, bool, error) {
	if raw := env.get(EnvToken); raw != "" {
		// Secret files and here-documents end in a newline.
		token := strings.TrimSpace(raw)
		if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return Credential{}, false, exit.SignInf("BAD_TOKEN", "", "%s holds no access token: it must be one word of visible ASCII characters", EnvToken)
		}
		return Credential{SignIn: SignInToken, Storage: StorageEnvironment, Token: api.NewSecret(token)}, true, nil
	}
	found := env.set(EnvClientID, EnvClientSecret, EnvClientSecretFile, EnvServiceAccount, EnvPrivateKeyFile)
	if len(found) == 0 {
		return Credential{}, false, nil
	}
	secrets := env.set(EnvClientSecret, EnvClientSecretFile)
	if len(secrets) == 2 {
		return Credential{}, false, exit.Usagef("AMBIGUOUS_CREDENTIAL", "", "%s are both set: unset one", strings.Join(secrets, " and "))
	}
	var missing []string
	for _, name := range []string{EnvClientID, EnvServiceAccount, EnvPrivateKeyFile} {
		if env.get(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(secrets) == 0 {
		missing = append(missing, EnvClientSecretFile)
	}
	if len(missing) > 0 {
		return Credential{}, false, exit.SignInf("NO_CREDENTIAL", "",
			"half a service account in the environment: %s set without %s: set or unset them all", list(found), list(missing))
	}
	c := Credential{
		SignIn: SignInServiceAccount, Storage: StorageEnvironment,
		ClientID:         env.get(EnvClientID),
		ClientSecretFile: env.get(EnvClientSecretFile),
		ServiceAccount:   env.get(EnvServiceAccount),
		PrivateKeyFile:   env.get(EnvPrivateKeyFile),
	}
	if secret := env.get(EnvClientSecret); secret != "" {
		c.ClientSecret = api.NewSecret(secret)
	}
	var err error
	c.Scopes, err = environmentScopes(env)
	return c, true, err
}

// SplitScopes reads scopes that blanks or commas separate.
func SplitScopes(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
}

// environmentScopes are none where the variable is not set.
func environmentScopes(env environment) ([]string, error) {
	raw := env.get(EnvScopes)
	scopes := SplitScopes(raw)
	if raw != "" && len(scopes) == 0 || strings.ContainsFunc(strings.Join(scopes, ""), func(r rune) bool { return r < '!' || r > '~' }) {
		return nil, exit.Usagef("BAD_SCOPES", "", "%s is %q: it must be words such as user.read, separated by blanks or commas", EnvScopes, raw)
	}
	return scopes, nil
}
