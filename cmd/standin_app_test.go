package cmd_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/worksctl/worksctl/internal/standin"
)

// standInApp is the app NAME-client of a stand-in, with the secret and the
// service account that [startServer] gives it.
func standInApp(ts *testscript.TestScript, name string) standin.App {
	block, _ := pem.Decode([]byte(ts.ReadFile(name + ".pub")))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	ts.Check(err)
	return standin.App{Secret: name + "-canary-secret", ServiceAccount: name + ".serviceaccount@example.com", Key: key.(*rsa.PublicKey)}
}

// startNothing points WORKSCTL_API_URL to a server that has nothing at all.
func startNothing(ts *testscript.TestScript) {
	server := httptest.NewServer(http.NotFoundHandler())
	ts.Defer(server.Close)
	ts.Setenv("WORKSCTL_API_URL", server.URL)
}
