// Leftout says which tests a machine can't run, and why: `go test` shows nothing
// of tests that pass, and those that need a program that isn't there have to
// pass. It exits with 1 if a variable of the environment requires what is
// missing.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/worksctl/worksctl/internal/auth/foreignserver"
	"github.com/worksctl/worksctl/internal/credential/realkeyring"
	"github.com/worksctl/worksctl/internal/prism"
)

// part is what some tests need.
type part struct {
	name     string
	required string // the variable that makes its absence a failure, if there is one
	missing  func(context.Context) error
}

func parts() []part {
	return []part{
		{"a real keyring", realkeyring.Wanted, func(context.Context) error { return realkeyring.Missing() }},
		{"an auth server that nobody here wrote", foreignserver.Wanted, installs(foreignserver.Install)},
		{"a mock of the published API that nobody here wrote", prism.Wanted, installs(prism.Install)},
		{"LibreOffice", "", func(context.Context) error { return errors.New("make libreoffice runs them") }},
	}
}

// installs tries an installation.
func installs(install func(ctx context.Context, folder string) error) func(context.Context) error {
	return func(ctx context.Context) error {
		folder, err := os.MkdirTemp("", "leftout")
		if err != nil {
			return err
		}
		return errors.Join(install(ctx, folder), os.RemoveAll(folder))
	}
}

func main() {
	code := 0
	for _, p := range parts() {
		if err := p.missing(context.Background()); err != nil {
			fmt.Printf("LEFT OUT: the tests with %s: %v\n", p.name, err)
			if p.required != "" && os.Getenv(p.required) == "required" {
				code = 1
			}
			continue
		}
		fmt.Printf("ran: the tests with %s\n", p.name)
	}
	os.Exit(code)
}
