package house_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/output"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestLinksLeadSomewhere follows the relative links of all pages, generated
// ones included.
func TestLinksLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	pages := documents(t)
	for _, folder := range []string{"reference", "adr"} {
		more, err := filepath.Glob(filepath.Join("..", "..", "docs", folder, "*.md"))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, more...)
	}
	total := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			total++
			name := page
			if target != "" {
				name = filepath.Join(filepath.Dir(page), filepath.FromSlash(target))
			}
			if _, err := os.Stat(name); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", page, m[1])
			} else if anchor != "" && !slices.Contains(anchors(t, name), anchor) {
				t.Errorf("%s: %s has no heading #%s", page, target, anchor)
			}
		}
	}
	if total < 60 {
		t.Errorf("followed %d links only", total)
	}
}

// anchors are the names that GitHub gives the headings of a page.
func anchors(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, line := range strings.Split(string(text), "\n") {
		if heading, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			name := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(heading), "")
			names = append(names, strings.ReplaceAll(name, " ", "-"))
		}
	}
	return names
}

// TestExitCodesAreDocumented holds the table of docs/exit-codes.md against the
// list in package exit.
func TestExitCodesAreDocumented(t *testing.T) {
	var documented []int
	for _, m := range regexp.MustCompile(`(?m)^\| (\d+) \| `).FindAllStringSubmatch(read(t, "docs/exit-codes.md"), -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		documented = append(documented, n)
	}
	want := []int{
		int(exit.OK), int(exit.Failed), int(exit.Usage), int(exit.SignIn), int(exit.Partial), int(exit.Refused),
		int(exit.Unknown), int(exit.Interrupted), int(exit.Terminated),
	}
	if !slices.Equal(documented, want) {
		t.Errorf("documented are %v, package exit has %v", documented, want)
	}
}

// TestColumnsAreDocumented holds the table of docs/output.md against the
// columns of a CSV file, in their order.
func TestColumnsAreDocumented(t *testing.T) {
	var documented []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| `[a-zA-Z.]+` \\|").FindAllStringSubmatch(read(t, "docs/output.md"), -1) {
		documented = append(documented, m[1])
	}
	if want := output.Keys(fleet.Columns(fleet.View{})); !slices.Equal(documented, want) {
		t.Errorf("documented are %v, the columns are %v", documented, want)
	}
}

// TestFlagsOfListAreDocumented looks for every flag of a listing in the two
// pages that describe them.
func TestFlagsOfListAreDocumented(t *testing.T) {
	pages := read(t, "docs/filters.md") + read(t, "docs/output.md") + read(t, "docs/guide/spreadsheets.md")
	list, _, err := cmd.Tree().Find([]string{"devices", "list"})
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(list.LocalNonPersistentFlags().FlagUsages()) {
		name := regexp.MustCompile(`--[a-z-]+`).FindString(line)
		if name != "--help" && !regexp.MustCompile("`"+name+"[ `=]").MatchString(pages) {
			t.Errorf("%s is described neither in docs/filters.md nor in docs/output.md", name)
		}
	}
}

// TestConfigurationExample reads the file that docs/configuration.md shows.
func TestConfigurationExample(t *testing.T) {
	for _, f := range fences(t, filepath.Join("..", "..", "docs", "configuration.md")) {
		if f.info[0] != "yaml" {
			continue
		}
		path := filepath.Join(t.TempDir(), "config.yaml")
		if err := os.WriteFile(path, []byte(strings.Join(f.lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		file, warnings, err := config.Load(func(name string) (string, bool) { return path, name == config.EnvConfig })
		if err != nil || len(warnings) > 0 || !slices.Equal(file.Names(), []string{"acme", "lab"}) || file.Current != "acme" {
			t.Errorf("read %+v, warnings %q, error %v", file, warnings, err)
		}
		return
	}
	t.Error("docs/configuration.md shows no file")
}

// TestContributingNamesEveryPackage compares its map of the house with the
// folders that there are.
func TestContributingNamesEveryPackage(t *testing.T) {
	var named []string
	for _, m := range regexp.MustCompile(`(?m)^((?:internal|pkg)/[a-z]+)/ `).FindAllStringSubmatch(read(t, "CONTRIBUTING.md"), -1) {
		named = append(named, m[1])
	}
	var found []string
	for _, folder := range []string{"internal", "pkg"} {
		entries, err := os.ReadDir(filepath.Join("..", "..", folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.IsDir() {
				found = append(found, folder+"/"+e.Name())
			}
		}
	}
	slices.Sort(named)
	slices.Sort(found)
	if !slices.Equal(named, found) {
		t.Errorf("CONTRIBUTING.md names %v, there are %v", named, found)
	}
}
