// Package auth turns a credential into access tokens: it signs the assertion of
// a service account, signs a person in with a browser, renews tokens before they
// end, and shares them between the processes of one profile so that one renewal
// serves all.
package auth

import (
	"fmt"
	"io"
	"time"

	"github.com/worksctl/worksctl/pkg/api"
)

// ServiceAccount is the credential of a service account (contract, "Auth").
type ServiceAccount struct {
	ClientID     string
	ClientSecret api.Secret
	Account      string // the service account's id, such as abc12.serviceaccount@example.com
	PrivateKey   []byte // PKCS#8 DER
	Scopes       []string
}

// Format writes which account it is and nothing that is secret, for every verb.
func (a ServiceAccount) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "service account "+a.Account+" of "+a.ClientID)
}

// Token is an answer of the auth server.
type Token struct {
	Access  api.Secret
	Refresh api.Secret // empty where the answer leaves it out
	Scope   string     // as granted, separated by blanks; may be empty
	Expires time.Time  // zero where the answer does not say
}
