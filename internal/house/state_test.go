package house_test

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

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
