// Command gen writes what follows from the command tree: docs/reference,
// docs/man, the completions and the pictures of docs/images. It is run by
// `make generate`; CI fails when the committed files differ.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/worksctl/worksctl/cmd"
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	root := cmd.Tree()
	root.DisableAutoGenTag = true
	for _, step := range []func(*cobra.Command) error{reference, man, completions, pictures} {
		if err := step(root); err != nil {
			return err
		}
	}
	return nil
}

// fresh empties a folder that holds generated files only, so that the page of
// a removed command goes too.
func fresh(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o755) //nolint:gosec // documentation, to be read by all
}

func reference(root *cobra.Command) error {
	dir := "docs/reference"
	if err := fresh(dir); err != nil {
		return err
	}
	if err := doc.GenMarkdownTree(root, dir); err != nil {
		return err
	}
	return write(filepath.Join(dir, "README.md"), index(root))
}

// index lists every command with its one-line description.
func index(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("# Commands\n\nWritten by `make generate` from the command tree.\n\n| command | what it does |\n|---|---|\n")
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if !c.IsAvailableCommand() && c.HasParent() {
			return
		}
		fmt.Fprintf(&b, "| [%s](%s.md) | %s |\n", c.CommandPath(), strings.ReplaceAll(c.CommandPath(), " ", "_"), c.Short)
		for _, child := range c.Commands() {
			walk(child)
		}
	}
	walk(root)
	return b.String()
}

func man(root *cobra.Command) error {
	dir := "docs/man"
	if err := fresh(dir); err != nil {
		return err
	}
	// A fixed date: the pages change only when the commands do.
	date := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	return doc.GenManTree(root, &doc.GenManHeader{Title: "WORKSCTL", Section: "1", Date: &date, Source: "worksctl", Manual: "worksctl"}, dir)
}

func completions(root *cobra.Command) error {
	dir := "completions"
	if err := fresh(dir); err != nil {
		return err
	}
	for name, generate := range map[string]func(string) error{
		"worksctl.bash": func(f string) error { return root.GenBashCompletionFileV2(f, true) },
		"_worksctl":     root.GenZshCompletionFile,
		"worksctl.fish": func(f string) error { return root.GenFishCompletionFile(f, true) },
		"worksctl.ps1":  root.GenPowerShellCompletionFileWithDesc,
	} {
		if err := generate(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

func write(name, text string) error {
	return os.WriteFile(name, []byte(text), 0o644) //nolint:gosec // documentation, to be read by all
}
