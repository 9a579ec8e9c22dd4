package cmd

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// otherCredential is the code of an error where secrets were given for something
// else.
const otherCredential = "OTHER_CREDENTIAL" //nolint:gosec // a code of errors

// binding is kept beside the secrets of a profile and says what they were given
// for. The configuration file may be changed, or another one may have a profile
// of the same name: its secrets must not go to another address for that.
type binding struct {
	Session  string        `json:"session"` // of this sign-in: random
	SignIn   config.SignIn `json:"signIn"`
	APIURL   string        `json:"apiUrl"`
	AuthURL  string        `json:"authUrl"`
	ClientID string        `json:"clientId"`
	Account  string        `json:"account"` // of a service account
}

// bindingOf is what secrets for these settings are given for, of no sign-in yet.
func bindingOf(s config.Settings) binding {
	return binding{SignIn: s.SignIn, APIURL: s.APIURL, AuthURL: s.AuthURL, ClientID: s.ClientID, Account: s.ServiceAccount}
}

func (b binding) secret() (api.Secret, error) {
	text, err := json.Marshal(b)
	return api.NewSecret(string(text)), err
}

func readBinding(ctx context.Context, store credential.Store, profile string) (b binding, err error) {
	text, err := store.Get(ctx, profile, credential.Binding)
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal([]byte(text.Reveal()), &b); err != nil {
		return b, exit.SignInf("CREDENTIAL_DAMAGED", loginHint(profile), "what %s keeps of profile %s is damaged: sign in again", store.Name(), profile)
	}
	return b, nil
}

// fits is nil where the secrets were given for what the profile says now.
func (b binding) fits(s config.Settings) error {
	now := bindingOf(s)
	now.Session = b.Session
	if b == now {
		return nil
	}
	var what string
	for _, part := range []struct{ name, was, is string }{
		{"API", b.APIURL, now.APIURL}, {"auth server", b.AuthURL, now.AuthURL}, {"client id", b.ClientID, now.ClientID},
		{"service account", b.Account, now.Account}, {"kind of sign-in", string(b.SignIn), string(now.SignIn)},
	} {
		if part.was != part.is {
			what = fmt.Sprintf("the %s %s, and the profile names %s now", part.name, cmp.Or(part.was, none), cmp.Or(part.is, none))
			break
		}
	}
	return exit.SignInf(otherCredential, loginHint(s.Name), "the credential that is kept for profile %s was given for %s: sign in again", s.Name, what)
}
