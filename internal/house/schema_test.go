package house_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestOutputHasItsSchema validates what worksctl really prints and writes
// against docs/schema, and shows that each schema is exact: no member may be
// missing and none may be added.
func TestOutputHasItsSchema(t *testing.T) {
	dir := t.TempDir()
	sandbox := environment(t)
	served := slices.Concat(sandbox, startServer(t))
	refused := slices.Concat(served, []string{"WORKSCTL_TOKEN=refused"})
	for _, tt := range []struct {
		schema string
		line   string
		env    []string
		more   []string // files that the line writes, of the same schema
		exit   int
	}{
		{schema: "devices", line: "worksctl devices list --profile sandbox -o json", env: sandbox},
		{schema: "devices", line: "worksctl devices search Galaxy -o json", env: served},
		{schema: "devices", line: "worksctl devices list --profile sandbox --model nothing -o json", env: sandbox},
		{schema: "devices", line: "worksctl devices export --profile sandbox --out - --format json", env: sandbox},
		{schema: "device", line: "worksctl devices list --profile sandbox -o ndjson", env: sandbox},
		{schema: "file-check", line: `printf 'Device,User,Notes\n10-Apr,A (a@example.com),x\n' > check.csv; worksctl devices check check.csv -o json`, env: sandbox, exit: 1},
		{schema: "file-check", line: "worksctl devices export --profile sandbox --limit 2 --out check.xlsx; worksctl devices check check.xlsx -o json", env: sandbox},
		{schema: "lost-plan", line: `printf 'Device,User\niPhone,A (a@example.com)\n' > lost.csv; worksctl lost a@example.com --from lost.csv -o json`, env: sandbox},
		{schema: "lost-plan", line: "worksctl lost seoyeon.shin285@example.com --profile sandbox -o json", env: sandbox},
		{schema: "lost-plan", line: "worksctl wipe 00d21a16-796a-41f2-b60a-f383f5de956f --profile sandbox --reason lost --yes -q >&2; worksctl lost seoyeon.shin285@example.com --profile sandbox", env: sandbox},
		{schema: "lost-plan", line: "worksctl lost 백 --profile sandbox", env: sandbox},
		{schema: "members", line: "worksctl members search seoyeon --profile sandbox -o json", env: sandbox},
		{schema: "members", line: "worksctl members search nobody --profile sandbox -o json", env: sandbox},
		{schema: "member", line: "worksctl members search seoyeon --profile sandbox -o ndjson", env: sandbox},
		{schema: "member", line: "worksctl members show seoyeon.choi255@example.com --profile sandbox -o json", env: sandbox},
		{schema: "job", line: "worksctl members suspend seoyeon.choi255@example.com --profile sandbox --dry-run -o json", env: sandbox},
		{schema: "mdm", line: "worksctl mdm status --profile sandbox -o json", env: sandbox},
		{schema: "mdm-devices", line: "worksctl mdm status 0037a4aa-c10f-4f67-9a0d-6e96cfb61d8f --profile sandbox -o json", env: sandbox},
		{schema: "job", line: "worksctl notify --os ios --profile sandbox --dry-run -o json", env: sandbox},
		{schema: "job", line: "worksctl wipe 0113b9c4-6ea5-48f4-8a44-233a2779550e --profile sandbox --reason lost --yes -o json", env: sandbox},
		{schema: "device-card", line: "worksctl devices show 0113b9c4-6ea5-48f4-8a44-233a2779550e --profile sandbox -o json", env: sandbox},
		{schema: "jobs", line: "worksctl jobs list -o json", env: sandbox},
		{schema: "job", line: "worksctl jobs show $(worksctl jobs list -o json --jq '.[0].jobId') -o json", env: sandbox},
		{schema: "job-verify", line: "worksctl jobs verify $(worksctl jobs list -o json --jq '.[0].jobId') --profile sandbox -o json", env: sandbox, exit: 6},
		{schema: "manifest", line: "worksctl devices export --profile sandbox --outdated --sort user --limit 9 --manifest --out a.csv", env: sandbox, more: []string{"a.csv.manifest.json"}},
		{schema: "manifest", line: "worksctl devices export --profile sandbox --excel --manifest --out b.csv", env: sandbox, more: []string{"b.csv.manifest.json"}},
		{schema: "manifest", line: "worksctl devices export --from b.csv --os ios --manifest --out c.xlsx", env: sandbox, more: []string{"c.xlsx.manifest.json"}},
		{schema: "manifest", line: "WORKSCTL_DOMAIN_ID=10000001 worksctl devices export --manifest --out d.ndjson", env: served, more: []string{"d.ndjson.manifest.json"}},
		{schema: "version", line: "worksctl version -o json", env: sandbox},
		{schema: "sandbox-info", line: "worksctl sandbox info -o json", env: sandbox},
		{schema: "auth-status", line: "worksctl auth status --profile sandbox -o json", env: sandbox},
		{schema: "auth-status", line: "worksctl auth status -o json", env: served},
		{schema: "auth-status", line: "worksctl auth status -o json", env: refused, exit: 3},
		{schema: "profile", line: "worksctl profile show -o json", env: served},
		{schema: "profiles", line: "printf 'profiles:\\n  - name: acme\\n' > p.yaml; chmod 600 p.yaml; WORKSCTL_CONFIG=p.yaml worksctl profile list -o json", env: sandbox},
		{schema: "profiles", line: "worksctl profile list -o json", env: sandbox},
		{schema: "doctor", line: "worksctl doctor --profile sandbox -o json", env: sandbox},
		{schema: "doctor", line: "worksctl doctor -o json", env: refused, exit: 3},
		{schema: "error", line: "worksctl devices list --os iso -o json 2>&1", env: sandbox, exit: 2},
		{schema: "error", line: "worksctl devices list -o ndjson 2>&1", env: sandbox, exit: 3},
		{schema: "error", line: "worksctl devices show 0 -o json 2>&1", env: served, exit: 1},
		{schema: "error", line: "worksctl devices list -o json 2>&1", env: refused, exit: 3},
	} {
		t.Run(tt.line, func(t *testing.T) {
			c := exec.CommandContext(t.Context(), "sh", "-c", tt.line)
			c.Dir, c.Env = dir, tt.env
			out, err := c.Output()
			if code := c.ProcessState.ExitCode(); code != tt.exit {
				t.Fatalf("exit code %d: %v\n%s", code, err, out)
			}
			documents := []string{string(out)}
			if tt.schema == "device" || tt.schema == "member" || tt.schema == "error" {
				documents = strings.Split(strings.TrimSpace(string(out)), "\n")
			}
			if tt.more != nil {
				documents = nil
			}
			for _, name := range tt.more {
				text, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				documents = append(documents, string(text))
			}
			schema := compile(t, tt.schema)
			for _, text := range documents {
				holds(t, schema, text)
			}
			exact(t, schema, documents[0])
		})
	}
}

// TestSchemasAreAllTested counts the schemas, so that a new one gets its test.
func TestSchemasAreAllTested(t *testing.T) {
	found, err := filepath.Glob(filepath.Join("..", "..", "docs", "schema", "*.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 20 {
		t.Errorf("%d schemas: %v", len(found), found)
	}
}

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	schema, err := c.Compile(filepath.Join("..", "..", "docs", "schema", name+".schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func holds(t *testing.T, schema *jsonschema.Schema, text string) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// exact changes the document in every way that adds or removes one member.
func exact(t *testing.T, schema *jsonschema.Schema, text string) {
	t.Helper()
	var v any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	tried := 0
	refuses := func(what string) {
		tried++
		if schema.Validate(v) == nil {
			t.Errorf("the schema allows a document with %s", what)
		}
	}
	var walk func(place string, v any)
	walk = func(place string, v any) {
		switch v := v.(type) {
		case []any:
			if len(v) > 0 {
				walk(place+"[]", v[0])
			}
		case map[string]any:
			v["unexpected"] = ""
			refuses("an unexpected member in " + place)
			delete(v, "unexpected")
			for name, value := range v {
				if place != ".query" { // its members are the flags given
					delete(v, name)
					refuses(fmt.Sprintf("%s.%s missing", place, name))
					v[name] = value
				}
				walk(place+"."+name, value)
			}
		}
	}
	walk("", v)
	if tried < 5 && strings.TrimSpace(text) != "[]" {
		t.Errorf("tried %d changes only", tried)
	}
}
