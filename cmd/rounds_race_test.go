//go:build race

package cmd_test

// killRounds is smaller under the race detector, which makes every process
// many times slower; the full number runs without it.
const killRounds = 5
