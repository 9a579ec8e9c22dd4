// Package config turns the config file, the environment and the flags into one
// plain struct that says which back end worksctl talks to, and as whom.
//
// A setting is looked up in this order: flag, environment, profile, default.
// Three rules keep tenants and credentials apart:
//
//   - A profile named by --profile, and the built-in profile sandbox however it
//     is named, is taken whole: variables for connection and credential are
//     ignored, with a warning.
//   - WORKSCTL_API_URL with a credential in the environment and no profile
//     named makes a connection of its own, "env": the profile that happens to be
//     current gives it neither host nor domain nor credential.
//   - An address from the environment (WORKSCTL_API_URL, WORKSCTL_AUTH_URL) needs
//     a credential from the environment: one that was stored for a profile never
//     goes to an address that the profile does not name.
package config

import "strings"

// LookupEnv looks up a variable of the environment, as os.LookupEnv does.
type LookupEnv = func(name string) (string, bool)

// The variables that worksctl reads for its settings. An empty one counts as
// not set.
const (
	EnvConfig   = "WORKSCTL_CONFIG"    // another config file
	EnvStateDir = "WORKSCTL_STATE_DIR" // another state folder
	EnvProfile  = "WORKSCTL_PROFILE"
	EnvOutput   = "WORKSCTL_OUTPUT" // default of -o

	EnvAPIURL   = "WORKSCTL_API_URL"
	EnvAuthURL  = "WORKSCTL_AUTH_URL"
	EnvDomainID = "WORKSCTL_DOMAIN_ID"

	// EnvScopes are the scopes to ask for with a service account of the
	// environment, separated by blanks or commas. It is no credential by itself.
	EnvScopes = "WORKSCTL_SCOPES"

	EnvToken            = "WORKSCTL_TOKEN" //nolint:gosec // a name, not a credential
	EnvClientID         = "WORKSCTL_CLIENT_ID"
	EnvClientSecret     = "WORKSCTL_CLIENT_SECRET"      //nolint:gosec // a name
	EnvClientSecretFile = "WORKSCTL_CLIENT_SECRET_FILE" //nolint:gosec // a name
	EnvServiceAccount   = "WORKSCTL_SERVICE_ACCOUNT"
	EnvPrivateKeyFile   = "WORKSCTL_PRIVATE_KEY_FILE"

	// These open the encrypted file of a profile (StorageFile). They are no
	// credential by themselves, so a profile that is taken whole uses them too.
	EnvPassphrase     = "WORKSCTL_PASSPHRASE"      //nolint:gosec // a name
	EnvPassphraseFile = "WORKSCTL_PASSPHRASE_FILE" //nolint:gosec // a name
)

// tenantVariables are those for connection and credential, which a profile
// that is taken whole ignores.
func tenantVariables() []string {
	return []string{
		EnvAPIURL, EnvAuthURL, EnvDomainID, EnvScopes,
		EnvToken, EnvClientID, EnvClientSecret, EnvClientSecretFile, EnvServiceAccount, EnvPrivateKeyFile,
	}
}

// environment is a LookupEnv in which an empty variable is not set.
type environment struct{ lookup LookupEnv }

func (e environment) get(name string) string {
	value, _ := e.lookup(name)
	return value
}

// set returns those of names that have a value, in their order.
func (e environment) set(names ...string) []string {
	var found []string
	for _, name := range names {
		if e.get(name) != "" {
			found = append(found, name)
		}
	}
	return found
}

func list(names []string) string { return strings.Join(names, ", ") }
