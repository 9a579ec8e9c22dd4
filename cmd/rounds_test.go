//go:build !race

package cmd_test

// killRounds is how often a run is killed and resumed.
const killRounds = 100
