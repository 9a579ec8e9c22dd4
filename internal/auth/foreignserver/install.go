// Package foreignserver starts an auth server that nobody here wrote, for tests:
// oidc-provider, a certified OpenID provider from npm, in which the verifier jose
// judges assertions (testdata/server.mjs). It listens on a loopback address only.
package foreignserver

import (
	"context"
	"embed"

	"github.com/worksctl/worksctl/internal/npm"
)

// Wanted is a variable of the environment. When it is "required", a machine
// where the server can't be installed fails the tests, as .ci/run has it.
const Wanted = "WORKSCTL_TEST_FOREIGN"

//go:embed testdata
var files embed.FS

// Install puts the server into a folder. Its error says, in one line, what is
// missing: node, npm, or the registry.
func Install(ctx context.Context, folder string) error { return npm.Install(ctx, folder, files) }
