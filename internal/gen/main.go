// Command gen writes what is made from the command tree: reference pages, man
// pages, completion scripts and the pictures of the README. Run it at the root
// of the repository (make generate). The same tree gives the same files.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/cmd"
)

func main() {
	log.SetFlags(0)
	if err := run("."); err != nil {
		log.Fatal(err)
	}
}

// run writes all files below dir.
func run(dir string) error {
	root := cmd.Tree()
	root.DisableAutoGenTag = true
	for _, step := range []struct {
		folder string
		write  func(folder string, root *cobra.Command) error
	}{
		{"docs/reference", reference},
		{"docs/man", man},
		{"docs/images", pictures},
		{"completions", completions},
	} {
		folder := filepath.Join(dir, filepath.FromSlash(step.folder))
		if err := fresh(folder); err != nil {
			return err
		}
		if err := step.write(folder, root); err != nil {
			return err
		}
	}
	return nil
}

// fresh empties a folder that holds generated files only, so that the page of
// a removed command goes too.
func fresh(folder string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	return os.MkdirAll(folder, 0o755) //nolint:gosec // documentation, to be read by all
}

func write(name, text string) error {
	return os.WriteFile(name, []byte(text), 0o644) //nolint:gosec // documentation, to be read by all
}

func completions(folder string, root *cobra.Command) error {
	for name, generate := range map[string]func(string) error{
		"worksctl.bash": func(f string) error { return root.GenBashCompletionFileV2(f, true) },
		"_worksctl":     root.GenZshCompletionFile,
		"worksctl.fish": func(f string) error { return root.GenFishCompletionFile(f, true) },
		"worksctl.ps1":  root.GenPowerShellCompletionFileWithDesc,
	} {
		if err := generate(filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	return nil
}
