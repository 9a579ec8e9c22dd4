package prism

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// published writes the part of a description that NAVER WORKS publishes: the
// operations and parameters that don't say x-published: false, without servers,
// so that any address will do.
func published(t *testing.T, description string) (path string, operations int) {
	t.Helper()
	text, err := os.ReadFile(description)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	parameters := doc["components"].(map[string]any)["parameters"].(map[string]any)
	paths := doc["paths"].(map[string]any)
	for path, item := range paths {
		item := item.(map[string]any)
		delete(item, "servers")
		dropOurs(item, parameters)
		for method, op := range item {
			op, ok := op.(map[string]any)
			switch {
			case !ok || op["responses"] == nil:
			case op["x-published"] == true:
				operations++
				dropOurs(op, parameters)
			default:
				delete(item, method)
			}
		}
		if _, only := item["parameters"]; len(item) == 0 || only && len(item) == 1 {
			delete(paths, path)
		}
	}
	doc["servers"] = []any{map[string]any{"url": "/"}}
	out, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "published.json")
	if err := os.WriteFile(path, out, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, operations
}

// dropOurs takes the parameters away that aren't published.
func dropOurs(holder, components map[string]any) {
	list, _ := holder["parameters"].([]any)
	var kept []any
	for _, p := range list {
		p := p.(map[string]any)
		if ref, ok := p["$ref"].(string); ok {
			p = components[ref[strings.LastIndexByte(ref, '/')+1:]].(map[string]any)
		}
		if p["x-published"] != false {
			kept = append(kept, p)
		}
	}
	if kept != nil {
		holder["parameters"] = kept
	} else {
		delete(holder, "parameters")
	}
}
