package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFilesAreCurrent generates everything anew and compares it with what is
// in the repository. It also shows that the same tree gives the same files.
func TestFilesAreCurrent(t *testing.T) {
	dir := t.TempDir()
	if err := run(dir); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join("..", "..")
	for _, folder := range []string{"docs/reference", "docs/man", "docs/images", "completions"} {
		want, got := files(t, filepath.Join(dir, folder)), files(t, filepath.Join(root, folder))
		if len(want) == 0 {
			t.Errorf("%s: nothing is generated", folder)
		}
		for name, text := range want {
			if diff := cmp.Diff(strings.Split(got[name], "\n"), strings.Split(text, "\n")); diff != "" {
				t.Errorf("%s/%s is not current, run `make generate` (-repository +generated):\n%s", folder, name, diff)
			}
		}
		for name := range got {
			if _, ok := want[name]; !ok {
				t.Errorf("%s/%s is not generated any more, run `make generate`", folder, name)
			}
		}
	}
}

// files are the texts of a folder by name.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, path))
		all[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSpansKeepEveryCell(t *testing.T) {
	for line, want := range map[string][]span{
		"":                   nil,
		"a b":                {{text: "a b", cells: 3}},
		"a  b":               {{text: "a", cells: 1}, {text: "  ", cells: 2}, {text: "b", cells: 1}},
		"田中 健太  x":           {{text: "田中", cells: 4, wide: true}, {text: " ", cells: 1}, {text: "健太", cells: 4, wide: true}, {text: "  ", cells: 2}, {text: "x", cells: 1}},
		"\x1b[1m$\x1b[0m x":  {{text: "\x1b[1m"}, {text: "$", cells: 1}, {text: "\x1b[0m"}, {text: " ", cells: 1}, {text: "x", cells: 1}},
		"\u1112\u1161\u11ab": {{text: "\u1112\u1161\u11ab", cells: 2, wide: true}}, // one syllable of three jamo
	} {
		if diff := cmp.Diff(want, spans(line), cmp.AllowUnexported(span{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", line, diff)
		}
	}
}

func TestReadablePages(t *testing.T) {
	got := readable("## worksctl x\n\nDoes x\n\n### Examples\n\n```\n  # Why\n  worksctl x\n```\n\n### Options\n\n```\n  -h, --help   help\n```\n\n### SEE ALSO\n\n* [worksctl](worksctl.md)\t - Root\n\n")
	want := "# worksctl x\n\nDoes x\n\n## Examples\n\n```sh\n# Why\nworksctl x\n```\n\n## Flags\n\n```text\n  -h, --help   help\n```\n\n## See also\n\n* [worksctl](worksctl.md): Root\n"
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
