package cmd_test

import "github.com/rogpeppe/go-internal/testscript"

// screen has no pseudo terminal here; its script stops before it.
func screen(ts *testscript.TestScript, _ bool, _ []string) { ts.Fatalf("no pseudo terminal") }
