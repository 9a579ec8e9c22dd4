//go:build race

package cmd_test

// underRace is whether the race detector runs: every process is many times
// slower under it, and the full number of rounds runs without it.
const (
	underRace  = true
	killRounds = 5
)
