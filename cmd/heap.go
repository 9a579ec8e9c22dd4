package cmd

import "runtime/debug"

// collectEarly keeps the heap near what it holds, which is little: the Go
// default would let it double. A listing that streams can afford a small
// percentage. It returns what undoes it.
func collectEarly(percent int) (undo func()) {
	old := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(old) }
}
