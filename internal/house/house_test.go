package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/worksctl/worksctl"

// source is one Go file of the repository.
type source struct {
	path string // from the root, with slashes
	dir  string // "." for the root
	test bool
	file *ast.File
}

func (s source) imports() []string {
	var paths []string
	for _, i := range s.file.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		paths = append(paths, p)
	}
	return paths
}

func sources(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	root := filepath.Join("..", "..")
	fset := token.NewFileSet()
	var all []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || (strings.HasPrefix(d.Name(), ".") && path != root)) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		all = append(all, source{path: rel, dir: filepath.ToSlash(filepath.Dir(rel)), test: strings.HasSuffix(rel, "_test.go"), file: f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("found only %d Go files below %s", len(all), root)
	}
	return fset, all
}

// below reports whether dir is folder or lies in it.
func below(dir, folder string) bool { return dir == folder || strings.HasPrefix(dir, folder+"/") }

// TestDirections holds main → cmd → internal/* → pkg/*, and keeps the two
// sides of the wire apart. Tests may look across.
func TestDirections(t *testing.T) {
	_, all := sources(t)
	for _, s := range all {
		if s.test {
			continue
		}
		for _, p := range s.imports() {
			target, ours := strings.CutPrefix(p, module+"/")
			if !ours {
				continue
			}
			tool := below(s.dir, "internal/gen") || below(s.dir, "internal/bench")
			switch {
			case below(s.dir, "pkg") && !below(target, "pkg"):
				t.Errorf("%s imports %s: pkg imports nothing of ours but pkg", s.path, target)
			case below(s.dir, "pkg/api") && below(target, "pkg/output"), below(s.dir, "pkg/output") && below(target, "pkg/api"):
				t.Errorf("%s imports %s: api and output know nothing of each other", s.path, target)
			case below(s.dir, "internal/sandbox") && below(target, "pkg"):
				t.Errorf("%s imports %s: the two sides of the wire share no code", s.path, target)
			case below(target, "cmd") && s.dir != "." && !tool:
				t.Errorf("%s imports %s: only main and the generators import the commands", s.path, target)
			case below(target, "internal/wiretest"), below(target, "internal/gen"), below(target, "internal/bench"):
				t.Errorf("%s imports %s: that is for tests and tools", s.path, target)
			}
		}
	}
}

// homes lists the libraries that may be imported from certain folders only.
func homes() map[string][]string {
	return map[string][]string{
		"github.com/spf13/cobra":                {"cmd", "internal/gen"},
		"github.com/spf13/viper":                {"internal/config"},
		"github.com/olekukonko/tablewriter":     {"pkg/output"},
		"github.com/itchyny/gojq":               {"pkg/output"},
		"github.com/xuri/excelize":              {"pkg/output", "internal/devicefile"},
		"github.com/go-resty/resty":             {"pkg/api"},
		"github.com/go-json-experiment/json":    {"pkg/api"},
		"github.com/zalando/go-keyring":         {"internal/credential"},
		"go.etcd.io/bbolt":                      {"internal/sandbox"},
		"golang.org/x/term":                     {"internal/terminal"},
		"github.com/getkin/kin-openapi":         {"internal/wiretest"},
		"github.com/rogpeppe/go-internal":       {}, // tests only
		"pgregory.net/rapid":                    {},
		"github.com/google/go-cmp":              {},
		"github.com/santhosh-tekuri/jsonschema": {},
	}
}

func TestLibrariesStayAtHome(t *testing.T) {
	_, all := sources(t)
	for _, s := range all {
		if s.test {
			continue
		}
		for _, p := range s.imports() {
			for library, folders := range homes() {
				if p != library && !strings.HasPrefix(p, library+"/") {
					continue
				}
				home := false
				for _, f := range folders {
					home = home || below(s.dir, f)
				}
				if !home {
					t.Errorf("%s imports %s, whose home is %v", s.path, p, folders)
				}
			}
		}
	}
}

// TestNoPackageState allows sentinel errors, embedded files and interface
// assertions as package-level variables, and in main what the linker sets.
func TestNoPackageState(t *testing.T) {
	fset, all := sources(t)
	for _, s := range all {
		if s.test {
			continue
		}
		for _, decl := range s.file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					t.Errorf("%s: init function", fset.Position(d.Pos()))
				}
			case *ast.GenDecl:
				if d.Tok != token.VAR {
					continue
				}
				for _, spec := range d.Specs {
					v := spec.(*ast.ValueSpec)
					if !allowedVar(s, d, v) {
						t.Errorf("%s: package-level variable %s", fset.Position(v.Pos()), v.Names[0].Name)
					}
				}
			}
		}
	}
}

func allowedVar(s source, d *ast.GenDecl, v *ast.ValueSpec) bool {
	if v.Names[0].Name == "_" {
		return true
	}
	if s.dir == "." && len(v.Values) == 0 {
		return true // -ldflags -X
	}
	for _, doc := range []*ast.CommentGroup{d.Doc, v.Doc} {
		if doc == nil {
			continue
		}
		for _, c := range doc.List {
			if strings.HasPrefix(c.Text, "//go:embed ") {
				return true
			}
		}
	}
	for _, value := range v.Values {
		call, ok := value.(*ast.CallExpr)
		if !ok {
			return false
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || f.Sel.Name != "New" {
			return false
		}
		if pkg, ok := f.X.(*ast.Ident); !ok || pkg.Name != "errors" {
			return false
		}
	}
	return len(v.Values) > 0
}

// TestFilesStaySmall keeps a file readable in one go.
func TestFilesStaySmall(t *testing.T) {
	const most = 350
	fset, all := sources(t)
	for _, s := range all {
		if n := fset.Position(s.file.End()).Line; n > most && !s.test {
			t.Errorf("%s has %d lines, more than %d", s.path, n, most)
		}
	}
}

// TestEveryPackageSaysWhatItIs asks for one package comment.
func TestEveryPackageSaysWhatItIs(t *testing.T) {
	_, all := sources(t)
	said := map[string]bool{}
	for _, s := range all {
		if !s.test {
			said[s.dir] = said[s.dir] || s.file.Doc != nil
		}
	}
	for dir, ok := range said {
		if !ok {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}
