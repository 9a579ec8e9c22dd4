package wiretest

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

var errNoModule = errors.New("no go.mod in this folder or above it")

// load reads the document from the module's root.
func load() (*openapi3.T, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	return openapi3.NewLoader().LoadFromFile(filepath.Join(root, "docs", "openapi.yaml"))
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errNoModule
		}
		dir = parent
	}
}

// newRouter makes a router that matches the operations on any host: the
// document's servers are cut down to their paths.
func newRouter(doc *openapi3.T) (routers.Router, error) {
	all := []openapi3.Servers{doc.Servers}
	for _, item := range doc.Paths.Map() {
		all = append(all, item.Servers)
	}
	for _, servers := range all {
		for _, server := range servers {
			u, err := url.Parse(server.URL)
			if err != nil {
				return nil, fmt.Errorf("server %s: %w", server.URL, err)
			}
			server.URL = u.Path
		}
	}
	return gorillamux.NewRouter(doc)
}
