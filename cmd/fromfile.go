package cmd

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// openFile opens --from and makes sure that the columns which filters and
// order read are there: without them every device would be left out.
func (app *App) openFile(ctx context.Context, sel selection) (*devicefile.File, error) {
	stdin := app.Term.In
	if sel.from == "-" {
		stdin = untilDone(ctx, stdin)
	} else {
		app.tellChanged(sel.from)
	}
	file, err := devicefile.Open(sel.from, stdin)
	if err != nil {
		return nil, err
	}
	columns := file.Columns()
	for _, key := range slices.Concat(sel.filter.Reads(), sel.sort.Reads()) {
		if columns != nil && !slices.Contains(columns, key) {
			_ = file.Close() // nothing was written to it
			return nil, exit.Failedf("COLUMN_MISSING", "export the file anew with all columns",
				"%s has no column %s, which a filter or the order needs", sel.from, key)
		}
	}
	return file, nil
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

func fromFile(ctx context.Context, file *devicefile.File, n *counts) iter.Seq2[api.Device, error] {
	return func(yield func(api.Device, error) bool) {
		defer func() { _ = file.Close() }() // read only
		for d, err := range file.Devices(ctx) {
			if !yield(d, err) {
				break
			}
		}
		n.file = file.Repeated()
	}
}
