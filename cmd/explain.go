package cmd

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/suggest"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// explain gives every error its exit code, its name in JSON and the next step:
// the one place where the errors of the importable packages, which know of no
// exit codes, meet the list in package exit.
func explain(err error) *exit.Error {
	if e := exit.As(err); e != nil {
		return e
	}
	if e, ok := errors.AsType[*api.UnknownOutcomeError](err); ok { // before the answer that it may hold
		return &exit.Error{Exit: exit.Unknown, ID: "OUTCOME_UNKNOWN", Err: e}
	}
	if e, ok := errors.AsType[*api.Error](err); ok {
		return explainAnswer(e, err)
	}
	if e, ok := errors.AsType[*api.ArgumentError](err); ok {
		return &exit.Error{Exit: exit.Usage, ID: "BAD_ARGUMENT", Message: e.Argument + " " + e.Reason}
	}
	if x := explainSignIn(err); x != nil {
		return x
	}
	if _, ok := errors.AsType[*api.BaseURLError](err); ok {
		return &exit.Error{Exit: exit.Usage, ID: "BAD_URL", Err: err, Hint: "use https, or http for a loopback address only"}
	}
	if e, ok := errors.AsType[*output.UnknownColumnError](err); ok {
		return &exit.Error{Exit: exit.Usage, ID: "UNKNOWN_COLUMN", Err: err, Hint: nearestValue("--columns", e.Name, e.Known)}
	}
	if _, ok := errors.AsType[*output.JQError](err); ok {
		return &exit.Error{Exit: exit.Failed, ID: "JQ_FAILED", Err: err}
	}
	if _, ok := errors.AsType[*output.SheetLimitError](err); ok {
		return &exit.Error{Exit: exit.Failed, ID: "SHEET_LIMIT", Err: err, Hint: "write csv instead: --format csv"}
	}
	if _, ok := errors.AsType[*output.InexactError](err); ok {
		return &exit.Error{Exit: exit.Failed, ID: "INEXACT_CELL", Err: err, Hint: "write csv, which changes no value: --format csv"}
	}
	if e, ok := errors.AsType[*api.ContentError](err); ok {
		return &exit.Error{Exit: exit.Failed, ID: "NOT_JSON", HTTPStatus: e.Status, Err: err}
	}
	if _, ok := errors.AsType[*api.NetworkError](err); ok {
		if errors.Is(err, api.ErrTimeout) {
			return &exit.Error{Exit: exit.Failed, ID: "TIMEOUT", Err: err, Hint: "try again, or allow a request more time with --timeout 2m"}
		}
		return &exit.Error{Exit: exit.Failed, ID: "NETWORK", Err: err, Hint: "check the network and the address of the profile, then try again"}
	}
	if _, ok := errors.AsType[*api.BackendError](err); ok {
		return &exit.Error{Exit: exit.Failed, ID: "BACKEND_FAULT", Err: err, Hint: "try again; if it stays so, tell those who run the server"}
	}
	if _, ok := errors.AsType[*api.SignInError](err); ok { // after the faults of an auth server that it may hold
		return &exit.Error{Exit: exit.SignIn, ID: "NOT_SIGNED_IN", Err: err, Hint: signInHint}
	}
	return &exit.Error{Exit: exit.Failed, ID: "FAILED", Err: err}
}

const signInHint = "worksctl doctor"

// explainAnswer is explain for an answer of the back end. err is the whole
// chain that holds e, and so the text to show.
func explainAnswer(e *api.Error, err error) *exit.Error {
	x := &exit.Error{Exit: exit.Failed, ID: e.Code, HTTPStatus: e.Status, RequestID: e.RequestID, Err: err}
	switch {
	case errors.Is(e, api.ErrUnauthorized):
		x.Exit, x.Hint = exit.SignIn, signInHint
	case errors.Is(e, api.ErrPlanNotSupported):
		x.Message, x.Err = "this tenant's plan does not include device management", nil
		x.Hint = "it needs WORKS Drive, WORKS Approval, or NAVER WORKS Core Lite, Standard or Standard Plus"
	case errors.Is(e, api.ErrMissingScope):
		scope := cmp.Or(e.Scope, neededScope(e))
		switch {
		case strings.Contains(err.Error(), scope):
		case strings.Contains(e.Description, "scope"):
			x.Err = fmt.Errorf("%w (needs scope %s)", err, scope)
		default:
			x.Err = fmt.Errorf("%w (needs scope %s; if the token has it, a service account may not do this here)", err, scope)
		}
		x.Exit, x.Hint = exit.SignIn, "sign in with a credential that has the scope "+scope
	case asksForMe(e):
		x.Hint = "a service account is no member and has no me: name the member by id or e-mail, or sign in as yourself with worksctl auth login --web"
	case errors.Is(e, api.ErrForbidden) && e.Method == http.MethodGet:
		x.Hint = "worksctl auth status tells who is signed in; what a service account may not see, a person may: worksctl auth login --web"
	case errors.Is(e, api.ErrNoDeviceAPI):
		return noDeviceAPI(e.Status, e.RequestID)
	case errors.Is(e, api.ErrRateLimited):
		x.Hint = "wait a minute, then try again"
	case errors.Is(e, api.ErrServer):
		x.Hint = "try again later"
	}
	if x.ID == "" {
		x.ID = "HTTP_ERROR"
	}
	return x
}

// neededScope is the scope of the contract for a request, where the answer does
// not name it.
func neededScope(e *api.Error) string {
	reads := e.Method == http.MethodGet
	switch {
	case strings.HasPrefix(e.Path, "/users") && reads:
		return "user.read"
	case strings.HasPrefix(e.Path, "/users"):
		return "user"
	case strings.HasPrefix(e.Path, "/bots"):
		return "bot.message"
	case strings.HasPrefix(e.Path, "/audits"):
		return "audit.read"
	case reads:
		return "security.device.read"
	}
	return "security.device"
}

// asksForMe reports whether a request was refused that names its sender as the
// member, as only a person can.
func asksForMe(e *api.Error) bool {
	return e.Status >= 400 && e.Status < 500 && (e.Path == "/users/me" || strings.HasPrefix(e.Path, "/users/me/"))
}

// explainFormat says which flag named a format that isn't on offer.
func explainFormat(flag string, err error) error {
	x := &exit.Error{Exit: exit.Usage, ID: "UNKNOWN_FORMAT", Err: fmt.Errorf("%s: %w", flag, err)}
	if e, ok := errors.AsType[*output.UnknownFormatError](err); ok {
		x.Hint = nearestValue(flag, e.Name, e.Known)
	}
	return x
}

// nearestValue is a hint with the value of flag that was probably meant.
func nearestValue(flag, typed string, known []string) string {
	if near := suggest.Nearest(typed, known); near != "" {
		return flag + " " + near
	}
	return ""
}
