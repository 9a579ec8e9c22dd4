package house_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// example is one command line of the documentation.
type example struct {
	place  string // file:line
	line   string // what the shell is given
	exit   int    // the exit code that a comment before it promises
	output string // what it prints, if shown
	shown  bool
	server bool // speaks to a server by WORKSCTL_API_URL and WORKSCTL_TOKEN
}

// fence is a fenced block of a Markdown file.
type fence struct {
	place string
	info  []string // words after the opening fence
	first int      // number of its first line
	lines []string
}

// documents lists README.md, CONTRIBUTING.md and the pages of docs. Those of
// docs/reference are written from the command tree, whose examples are run as
// such; docs/adr tells of the past.
func documents(t *testing.T) []string {
	t.Helper()
	root := filepath.Join("..", "..")
	files := []string{filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")}
	err := filepath.WalkDir(filepath.Join(root, "docs"), func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{"reference", "adr", "man"}, d.Name()) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func fences(t *testing.T, path string) []fence {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name, err := filepath.Rel(filepath.Join("..", ".."), path)
	if err != nil {
		t.Fatal(err)
	}
	var all []fence
	open := false
	for i, line := range strings.Split(string(text), "\n") {
		marker, isFence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case isFence && !open:
			all = append(all, fence{place: filepath.ToSlash(name), info: strings.Fields(marker), first: i + 2})
			open = true
		case isFence:
			open = false
		case open:
			f := &all[len(all)-1]
			f.lines = append(f.lines, line)
		}
	}
	if open {
		t.Fatalf("%s: a fence is not closed", name)
	}
	return all
}

// examples reads the command lines of a block. In ```sh every line is one; in
// ```console those after "$ ", and what follows is their output. Lines may go
// on after a backslash. "server" after the language gives them a server.
func (f fence) examples(t *testing.T) []example {
	t.Helper()
	var all []example
	console, exit := f.info[0] == "console", 0
	server := slices.Contains(f.info, "server")
	for i := 0; i < len(f.lines); i++ {
		line, at := f.lines[i], f.first+i
		if code, ok := strings.CutPrefix(line, "# exits with "); ok {
			var err error
			if exit, err = strconv.Atoi(code); err != nil {
				t.Fatalf("%s:%d: %v", f.place, at, err)
			}
			continue
		}
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case console && !isCommand:
			if len(all) == 0 {
				t.Fatalf("%s:%d: output before any command", f.place, at)
			}
			all[len(all)-1].output += line + "\n"
			continue
		case !console && (line == "" || strings.HasPrefix(line, "#")):
			continue
		}
		for strings.HasSuffix(command, "\\") && i+1 < len(f.lines) {
			i++
			command = strings.TrimSuffix(command, "\\") + strings.TrimSpace(f.lines[i])
		}
		all = append(all, example{
			place: f.place + ":" + strconv.Itoa(at), line: command, exit: exit, shown: console, server: server,
		})
		exit = 0
	}
	return all
}

// ours says whether a line runs worksctl.
func ours(line string) bool {
	line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
	return strings.HasPrefix(line, "worksctl ") || strings.HasPrefix(line, "go run . ")
}
