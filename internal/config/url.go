package config

import (
	"errors"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// The bases of the public service (contract.md).
const (
	DefaultAPIURL  = "https://www.worksapis.com/v1.0"
	DefaultAuthURL = "https://auth.worksmobile.com/oauth2/v2.0"
)

// checkURL returns the base address raw without a slash at its end. what names
// its source in the error, which has exit code 2.
func checkURL(what, raw string) (string, error) {
	u, err := api.ParseBaseURL(raw)
	if bad, ok := errors.AsType[*api.BaseURLError](err); ok {
		return "", exit.Usagef("BAD_URL", "", "%s %s: %s", what, bad.URL, bad.Reason)
	}
	return u.String(), err
}
