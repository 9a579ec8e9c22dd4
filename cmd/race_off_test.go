//go:build !race

package cmd_test

const (
	underRace  = false
	killRounds = 100 // how often a run is killed and resumed
)
