package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

// openFile opens --from and makes sure that the columns which filters and
// order read are there: without them every device would be left out.
func (app *App) openFile(ctx context.Context, sel selection) (*devicefile.File, error) {
	file, err := devicefile.Open(sel.from, app.input(ctx, sel.from), sel.file)
	if err != nil {
		return nil, err
	}
	if err := lacks(file, sel); err != nil {
		_ = file.Close() // nothing was written to it
		return nil, err
	}
	app.tellConsole(file)
	return file, nil
}

// lacks names a column that a filter or the order needs. A console's download
// need not have every column where a text is looked for.
func lacks(file *devicefile.File, sel selection) error {
	for _, keys := range slices.Concat(sel.filter.Needs(), sel.sort.Needs()) {
		if err := missing(file, sel.from, keys, file.Console() != nil); err != nil {
			return err
		}
	}
	return missing(file, sel.from, sel.looksIn, true)
}

// missing names those of keys that a file has no column of; one of them may be
// enough.
func missing(file *devicefile.File, from string, keys []string, one bool) error {
	columns := file.Columns()
	not := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return slices.Contains(columns, key) })
	if columns == nil || len(not) == 0 || one && len(not) < len(keys) {
		return nil
	}
	hint := anewHint
	switch {
	case file.Console() != nil && not[0] == fleet.KeyType:
		hint = "say what list the file is of: --type mobile, pc or drive"
	case file.Console() != nil:
		hint = "if a column of the file holds it: --map 'Header=" + not[0] + "'"
		switch suggest := suggested(file.Console(), not); len(suggest) {
		case 0:
		case 1:
			hint = "by its looks a column of the file holds it: " + suggest[0]
		default:
			hint = "by their looks several columns of the file may hold it: " + strings.Join(suggest, " or ")
		}
	}
	return exit.Failedf("COLUMN_MISSING", hint, "%s has no column %s, which a filter or the order needs", inputName(from), strings.Join(not, ", "))
}

const anewHint = "export the file anew with all columns"

// suggested are the flags for the columns that aren't read and, by their looks,
// hold one of keys.
func suggested(console *consolefile.File, keys []string) (flags []string) {
	for _, c := range console.Unknown() {
		at := strings.LastIndex(c.Suggest, "=")
		if at >= 0 && slices.ContainsFunc(strings.Split(c.Suggest[at+1:], ","), func(key string) bool { return slices.Contains(keys, key) }) {
			flags = append(flags, "--map "+fleet.ShellQuote(c.Suggest))
		}
	}
	return flags
}

// refuseHidden refuses a file to act on if a spreadsheet hides rows of it.
func refuseHidden(file *devicefile.File, name string) error {
	hidden := file.Hidden()
	if len(hidden) == 0 {
		return nil
	}
	return exit.Refusedf("HIDDEN_ROWS", "show all rows and save it, or copy the rows you mean into a new workbook",
		"%s: row %d is hidden: a list to act on must show all its rows", name, hidden[0])
}

// tellUnread warns of the visible sheets of a workbook beside its list.
func (app *App) tellUnread(sheets []string) {
	for _, name := range sheets {
		app.Term.Warnf("sheet %s isn't read: by its headers it lists no devices", strconv.Quote(name))
	}
}

// tellConsole warns of what a file leaves open.
func (app *App) tellConsole(file *devicefile.File) {
	app.tellUnread(file.Unread())
	console := file.Console()
	if console == nil || console.Bad > 0 { // that error comes first
		return
	}
	for _, c := range console.Unknown() {
		app.Term.Warnf("column %s isn't read%s", c.Header, unreadText(c.Suggest))
	}
}

// tellUntyped warns of devices of which the list can't be told, where --type
// says it.
func (app *App) tellUntyped(file *devicefile.File) {
	if console := file.Console(); console != nil && console.Bad == 0 && console.Untyped > 0 {
		app.Term.Warnf("the list of %s can't be told: say --type mobile, pc or drive", countOf(console.Untyped))
	}
}

// hiddenText names up to five rows.
func hiddenText(rows []int) string {
	const shown = 5
	names := make([]string, 0, shown)
	for _, n := range rows[:min(len(rows), shown)] {
		names = append(names, strconv.Itoa(n))
	}
	text := "row " + names[0] + " of the file is hidden"
	if len(rows) > 1 {
		text = "rows " + strings.Join(names, ", ") + " of the file are hidden"
	}
	if more := len(rows) - shown; more > 0 {
		text += fmt.Sprintf(", and %d more", more)
	}
	return text
}

// input is standard input for a file that is about to be opened, which may be
// that; of any other it warns if it was changed.
func (app *App) input(ctx context.Context, from string) io.Reader {
	if from == stdinName {
		return untilDone(ctx, app.Term.In)
	}
	app.tellChanged(from)
	return app.Term.In
}

// tellChanged warns of a file that isn't as large as the manifest beside it
// says: a file cut at the end of a line can't be told from a whole one by
// itself.
func (app *App) tellChanged(file string) {
	text, err := os.ReadFile(beside(file))
	if err != nil {
		return // most files have none
	}
	info, err := os.Stat(file)
	if err != nil {
		return // opening it says why
	}
	var m manifest
	if json.Unmarshal(text, &m) == nil && m.File == filepath.Base(file) && m.Bytes != info.Size() {
		app.Term.Warnf("%s has %d bytes, its manifest says %d with %s: it was cut or edited", file, info.Size(), m.Bytes, countOf(m.Rows))
	}
}

// untilDone is r until ctx ends: a signal must not wait for the program that
// feeds standard input.
func untilDone(ctx context.Context, r io.Reader) io.Reader {
	out, in := io.Pipe()
	context.AfterFunc(ctx, func() { in.CloseWithError(context.Cause(ctx)) })
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err)
	}()
	return out
}

// wholeFile reads a file to its end.
func wholeFile(ctx context.Context, file *devicefile.File) (all []api.Device, n *counts, err error) {
	n = &counts{from: true}
	for d, err := range fromFile(ctx, file, n) {
		if err != nil {
			return nil, nil, err
		}
		all = append(all, d)
	}
	return all, n, nil
}

func fromFile(ctx context.Context, file *devicefile.File, n *counts) iter.Seq2[api.Device, error] {
	return func(yield func(api.Device, error) bool) {
		defer func() { _ = file.Close() }() // read only
		for d, err := range file.Devices(ctx) {
			if !yield(d, err) {
				break
			}
		}
		n.file = file.Repeated()
		n.hidden, n.older = file.Hidden(), file.Older()
	}
}
