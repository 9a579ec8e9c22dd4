package cmd

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// An error may hold others: which of them decides is a promise to scripts.
func TestExplain(t *testing.T) {
	answer := func(status int, code string) *api.Error {
		return &api.Error{Op: "wipe device", Path: "/security/devices/x/wipe", Status: status, Code: code}
	}
	for name, tt := range map[string]struct {
		err  error
		code exit.Code
		id   string
	}{
		"unknown outcome after a 502": {&api.UnknownOutcomeError{Op: "wipe device", Err: answer(502, "")}, exit.Unknown, "OUTCOME_UNKNOWN"},
		"unknown outcome of a fault":  {fmt.Errorf("x: %w", &api.UnknownOutcomeError{Err: errors.New("reset")}), exit.Unknown, "OUTCOME_UNKNOWN"},
		"401":                         {answer(401, "UNAUTHORIZED"), exit.SignIn, "UNAUTHORIZED"},
		"missing scope":               {answer(403, "FORBIDDEN"), exit.SignIn, "FORBIDDEN"},
		"plan":                        {answer(403, "PLAN_NOT_SUPPORTED"), exit.Failed, "PLAN_NOT_SUPPORTED"},
		"not found":                   {answer(404, "DEVICE_NOT_EXIST"), exit.Failed, "DEVICE_NOT_EXIST"},
		"no code":                     {answer(500, ""), exit.Failed, "HTTP_ERROR"},
		"sign-in":                     {&api.SignInError{Err: api.ErrTokenRefused}, exit.SignIn, "NOT_SIGNED_IN"},
		"time limit":                  {&api.NetworkError{Op: "x", Err: api.ErrTimeout}, exit.Failed, "TIMEOUT"},
		"network":                     {&api.NetworkError{Op: "x", Err: context.DeadlineExceeded}, exit.Failed, "NETWORK"},
		"argument":                    {&api.ArgumentError{Op: "x", Argument: "deviceId", Reason: "is empty"}, exit.Usage, "BAD_ARGUMENT"},
		"column":                      {&output.UnknownColumnError{Name: "moedl", Known: []string{"model"}}, exit.Usage, "UNKNOWN_COLUMN"},
		"already explained":           {fmt.Errorf("x: %w", exit.Refusedf("AMBIGUOUS", "", "two")), exit.Refused, "AMBIGUOUS"},
		"anything else":               {errors.New("x"), exit.Failed, "FAILED"},
	} {
		if got := explain(tt.err); got.Exit != tt.code || got.ID != tt.id {
			t.Errorf("%s: exit code %d, %s; want %d, %s", name, got.Exit, got.ID, tt.code, tt.id)
		}
	}
}
