package house_test

import (
	"go/ast"
	"go/token"
	"slices"
	"testing"
)

// TestFilesStaySmall keeps a file readable in one go.
func TestFilesStaySmall(t *testing.T) {
	const most = 350
	fset, all := sources(t)
	for _, s := range all {
		if n := fset.Position(s.file.FileEnd).Line; n > most {
			t.Errorf("%s has %d lines, more than %d", s.path, n, most)
		}
	}
}

// TestEveryPackageSaysWhatItIs asks for one package comment.
func TestEveryPackageSaysWhatItIs(t *testing.T) {
	_, all := sources(t)
	said := map[string]int{}
	for _, s := range all {
		if s.test {
			continue
		}
		if s.file.Doc != nil {
			said[s.dir]++
		} else {
			said[s.dir] += 0
		}
	}
	for dir, n := range said {
		if n != 1 {
			t.Errorf("package %s has %d package comments, not one", dir, n)
		}
	}
}

// TestImportablePackagesAreDocumented asks for a comment on everything that
// another program can use of pkg. Constants and variables of a group share one.
func TestImportablePackagesAreDocumented(t *testing.T) {
	fset, all := sources(t)
	for _, s := range all {
		if s.test || !below(s.dir, "pkg") {
			continue
		}
		missing := func(name *ast.Ident, docs ...*ast.CommentGroup) {
			for _, d := range docs {
				if d.Text() != "" {
					return
				}
			}
			if name.IsExported() {
				t.Errorf("%s: %s has no comment", fset.Position(name.Pos()), name.Name)
			}
		}
		for _, decl := range s.file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil || exportedReceiver(d.Recv) && !wellKnown(d.Name.Name) {
					missing(d.Name, d.Doc)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch v := spec.(type) {
					case *ast.TypeSpec:
						missing(v.Name, v.Doc, onlyOne(d))
					case *ast.ValueSpec:
						missing(v.Names[0], v.Doc, v.Comment, d.Doc)
					}
				}
			}
		}
	}
}

// onlyOne is the comment of a declaration that declares one thing.
func onlyOne(d *ast.GenDecl) *ast.CommentGroup {
	if d.Lparen == token.NoPos {
		return d.Doc
	}
	return nil
}

// exportedReceiver looks through pointers and type parameters.
func exportedReceiver(recv *ast.FieldList) bool {
	typ := recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.IndexListExpr:
			typ = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return false
		}
	}
}

// wellKnown lists the methods that the standard library documents once for all.
func wellKnown(method string) bool {
	return slices.Contains([]string{"Error", "String", "Read", "Write", "Close", "ServeHTTP"}, method)
}
