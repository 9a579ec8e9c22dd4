package house_test

import (
	"go/ast"
	"slices"
	"testing"
)

// ofTheProcess lists what belongs to the process and to nobody below main:
// arguments, environment, streams and clock come in through cmd.Env, so that
// tests can set them and two runs in one process don't meet.
func ofTheProcess() map[string][]string {
	return map[string][]string{
		"os": {
			"Args", "Exit", "Stdin", "Stdout", "Stderr", "Getenv", "LookupEnv", "Environ", "ExpandEnv",
			"Setenv", "Unsetenv", "UserHomeDir", "UserConfigDir", "UserCacheDir",
		},
		"time": {"Now", "Since", "Until", "Sleep", "Local"},
		"log":  {"Fatal", "Fatalf", "Fatalln", "Print", "Printf", "Println", "SetFlags", "SetOutput", "Default"},
		"fmt":  {"Print", "Printf", "Println"},
	}
}

func TestOnlyMainTouchesTheProcess(t *testing.T) {
	fset, all := sources(t)
	for _, s := range all {
		if s.test || s.dir == "." || isTool(s.dir) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			use, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := use.X.(*ast.Ident)
			// A variable or parameter of that name has an object; a package hasn't.
			if ok && pkg.Obj == nil && slices.Contains(s.imports(), pkg.Name) && slices.Contains(ofTheProcess()[pkg.Name], use.Sel.Name) {
				t.Errorf("%s: %s.%s belongs to main: have it handed in", fset.Position(use.Pos()), pkg.Name, use.Sel.Name)
			}
			return true
		})
	}
}

// isTool says which packages are programs for the developer.
func isTool(dir string) bool {
	return below(dir, "internal/gen") || below(dir, "internal/bench") || below(dir, "internal/leftout")
}
