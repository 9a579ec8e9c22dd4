package cmd

import (
	"cmp"
	"errors"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/exit"
)

// explainSignIn is explain for what the auth server says of a credential, and
// nil for anything else. An auth server that is down or broken says nothing of
// the credential.
func explainSignIn(err error) *exit.Error {
	if e, ok := errors.AsType[*auth.SkewError](err); ok {
		return &exit.Error{Exit: exit.SignIn, ID: "CLOCK_SKEW", Err: e, Hint: "set the clock, or have it set by the network (NTP)"}
	}
	if e, ok := errors.AsType[*auth.KeyError](err); ok {
		return &exit.Error{Exit: exit.SignIn, ID: "BAD_PRIVATE_KEY", Err: e}
	}
	e, ok := errors.AsType[*auth.Error](err)
	if !ok {
		return nil
	}
	x := &exit.Error{Exit: exit.Failed, ID: "AUTH_SERVER", HTTPStatus: e.Status, Err: e, Hint: cmp.Or(e.Remedy(), "try again later")}
	if e.Refused() {
		x.Exit, x.ID, x.Hint = exit.SignIn, "SIGN_IN_REFUSED", e.Remedy()
	}
	return x
}
