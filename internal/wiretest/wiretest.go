// Package wiretest holds both sides of the wire to docs/openapi.yaml in tests:
// wrapped around the sandbox's handler or around the client's transport, a
// [V] reports each request and each answer that the document doesn't
// allow. It reads more strictly than a client may: a property, a query
// parameter, an enum value or a status that the document doesn't list is a
// violation, so that a misspelled tag can't agree with itself on both sides.
package wiretest

import (
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// V validates requests and answers against docs/openapi.yaml and reports
// violations to a test with Errorf. It is safe for concurrent use. Its methods
// that allow something return a changed copy, which shares the read document.
type V struct {
	tb          testing.TB
	doc         *openapi3.T
	router      routers.Router
	unknown     []string
	faults      bool
	badRequests bool
}

// Validator reads docs/openapi.yaml from the root of the module that holds the
// current folder, and ends the test if it can't. Paths are matched below
// /v1.0 and /oauth2/v2.0 of any host. Reading takes some tens of milliseconds:
// use [V.With] for subtests.
func Validator(tb testing.TB) *V {
	tb.Helper()
	doc, err := load()
	if err != nil {
		tb.Fatalf("wiretest: %v", err)
	}
	router, err := newRouter(doc)
	if err != nil {
		tb.Fatalf("wiretest: docs/openapi.yaml: %v", err)
	}
	return &V{tb: tb, doc: doc, router: router}
}

// With returns a copy that reports to tb.
func (v *V) With(tb testing.TB) *V {
	c := *v
	c.tb = tb
	return &c
}

// AllowUnknown returns a copy that lets requests, and their answers, pass
// unseen whose path begins with one of the prefixes and which are no operation
// of the document. The sandbox's own controls and the target of an audit log's
// redirect are such paths.
func (v *V) AllowUnknown(prefixes ...string) *V {
	c := *v
	c.unknown = slices.Concat(v.unknown, prefixes)
	return &c
}

// AllowFaults returns a copy that lets pass what a broken server, a proxy or a
// server without a device API sends: an answer of any status from 500 on, and
// one whose body is empty, cut or not JSON where the document wants JSON.
// Everything that can be read is still validated, and so is every request.
func (v *V) AllowFaults() *V {
	c := *v
	c.faults = true
	return &c
}

// ExpectBadRequests returns a copy for tests that send wrong requests on
// purpose: a request that breaks the contract is a violation only when
// the answer's status is below 400.
func (v *V) ExpectBadRequests() *V {
	c := *v
	c.badRequests = true
	return &c
}

func (v *V) allowsUnknown(path string) bool {
	return slices.ContainsFunc(v.unknown, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
}
