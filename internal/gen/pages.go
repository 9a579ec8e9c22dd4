package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// reference writes a page for each command, and their index.
func reference(folder string, root *cobra.Command) error {
	index := "# Commands\n\nWritten by `make generate` from the command tree.\n\n| command | what it does |\n|---|---|\n"
	for _, c := range available(root) {
		var page bytes.Buffer
		if err := doc.GenMarkdown(c, &page); err != nil {
			return err
		}
		name, text := pageName(c), page.String()
		if c.HasAvailableSubCommands() { // as --help has it
			text = strings.Replace(text, "\n"+c.UseLine()+"\n", "\n"+c.CommandPath()+" COMMAND [flags]\n", 1)
		}
		if err := write(filepath.Join(folder, name), readable(text)); err != nil {
			return err
		}
		index += fmt.Sprintf("| [%s](%s) | %s |\n", c.CommandPath(), name, c.Short)
	}
	return write(filepath.Join(folder, "README.md"), index)
}

// available lists a command and all below it that help shows.
func available(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, child := range c.Commands() {
		if child.IsAvailableCommand() {
			all = append(all, available(child)...)
		}
	}
	return all
}

// pageName is the name that cobra's links have.
func pageName(c *cobra.Command) string {
	return strings.ReplaceAll(c.CommandPath(), " ", "_") + ".md"
}

// readable makes a page of cobra's one that reads well by itself: headings one
// level up and in the words of --help, blocks with a language, examples that
// can be copied without their indentation.
func readable(page string) string {
	page = strings.NewReplacer(
		"\n### Options inherited from parent commands\n", "\n### Everywhere\n",
		"\n### Options\n", "\n### Flags\n",
		"\n### SEE ALSO\n", "\n### See also\n",
		"\t - ", ": ",
	).Replace(page)
	var out []string
	section, inBlock := "", false
	for _, line := range strings.Split(strings.TrimSpace(page), "\n") {
		switch heading, isHeading := strings.CutPrefix(line, "##"); {
		case isHeading && !inBlock:
			section = strings.TrimLeft(heading, "# ")
			line = line[1:]
		case line == "```" && inBlock:
			inBlock = false
		case line == "```":
			inBlock = true
			line += "text"
			if section == "Examples" {
				line = "```sh"
			}
		case inBlock && section == "Examples":
			line = strings.TrimPrefix(line, "  ")
		}
		out = append(out, strings.TrimRight(line, " "))
	}
	return strings.Join(out, "\n") + "\n"
}

// man writes a page for each command.
func man(folder string, root *cobra.Command) error {
	// A fixed date: the pages change only when the commands do.
	date := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	header := &doc.GenManHeader{Section: "1", Date: &date, Source: "worksctl", Manual: "worksctl"}
	if err := doc.GenManTree(root, header, folder); err != nil {
		return err
	}
	pages, err := filepath.Glob(filepath.Join(folder, "*.1"))
	if err != nil {
		return err
	}
	for _, name := range pages {
		text, err := os.ReadFile(name) //nolint:gosec // written just now
		if err != nil {
			return err
		}
		if err := write(name, hanging(string(text))); err != nil {
			return err
		}
	}
	return nil
}

// hanging gives each flag of a man page a paragraph of its own with its text
// indented below, where cobra's page has both on one line, a tab between them.
func hanging(page string) string {
	flag := regexp.MustCompile(`(?m)^(?:\.PP\n)?(\\fB-.*)\n\t(.*)$`)
	return strings.TrimRight(flag.ReplaceAllString(page, ".TP\n$1\n$2"), "\n") + "\n"
}
