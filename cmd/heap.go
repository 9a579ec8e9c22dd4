package cmd

import "runtime/debug"

// collectEarly keeps the heap of a streaming listing near what it holds, which
// is little: the Go default would let it double. It returns what undoes it.
func collectEarly() (undo func()) {
	const percent = 25
	old := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(old) }
}
