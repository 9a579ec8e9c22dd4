package cmd

import (
	"testing"

	"github.com/worksctl/worksctl/internal/fleet"
)

// A step can be typed as it stands, whatever the id begins with.
func TestStepCommand(t *testing.T) {
	const flags = " --profile x --reason 'lost, ticket 1'"
	for id, want := range map[string]string{
		"5e0c": "worksctl wipe 5e0c --profile x --reason 'lost, ticket 1'",
		"a b":  "worksctl wipe 'a b' --profile x --reason 'lost, ticket 1'",
		"-x":   "worksctl wipe --profile x --reason 'lost, ticket 1' -- '-x'",
		"--":   "worksctl wipe --profile x --reason 'lost, ticket 1' -- '--'",
	} {
		if got := stepCommand(fleet.Wipe, id, flags); got != want {
			t.Errorf("%q: %s, want %s", id, got, want)
		}
	}
}
