package cmd

import (
	"context"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/api"
)

// selectionFlags are the flags that say which devices: the same on list,
// search and export.
type selectionFlags struct {
	filter fleet.FilterInput
	sort   string
	limit  int
	from   string
	file   fileFlags

	failEmpty bool
}

func (s *selectionFlags) add(c *cobra.Command) {
	addFilterFlags(c, &s.filter)
	addLatestFlag(c)
	f := c.Flags()
	f.StringVar(&s.sort, "sort", "", "order by "+strings.Join(fleet.SortWords(), ", ")+"; a leading - reverses")
	f.IntVar(&s.limit, "limit", 0, "at most this many devices (default all)")
	f.StringVar(&s.from, "from", "", "read devices from this file instead of the API: an own\nexport or the console's download; - is standard input")
	s.file.add(c)
	f.BoolVar(&s.failEmpty, "fail-empty", false, "exit with 1 when there is no device")
	var orders []string
	for _, w := range fleet.SortWords() {
		orders = append(orders, w, "-"+w)
	}
	fixedValues(c, "sort", orders...)
	freeText(c, "limit")
	fileName(c, "from")
}

// empty is the error of --fail-empty for a result without devices, else nil.
func (s *selectionFlags) empty() error {
	if !s.failEmpty {
		return nil
	}
	return exit.Failedf("EMPTY", "leave a filter out, or --fail-empty", "no device matches")
}

// selection is what the flags mean, checked, before anything is asked.
type selection struct {
	filter fleet.Filter
	sort   fleet.Sort
	limit  int
	from   string
	file   devicefile.Options // how to read it

	looksIn []string // keys of columns, of which the file has to have one
}

// parse checks the flags. Without --from, the profile must be usable too,
// since its domain belongs to the query.
func (s *selectionFlags) parse(app *App, c *cobra.Command) (selection, error) {
	sel := selection{limit: s.limit, from: s.from}
	if c.Flags().Changed("limit") && s.limit < 1 {
		return sel, exit.Usagef("BAD_LIMIT", "leave --limit out for every device", "--limit %d: must be 1 or more", s.limit)
	}
	var err error
	if sel.sort, err = fleet.ParseSort(s.sort); err != nil {
		return sel, err
	}
	if s.filter.Latest, err = checkLatest(c, sentByBot(c)); err != nil {
		return sel, err
	}
	// Bad filters are named even where there is no profile yet.
	if sel.filter, err = fleet.ParseFilter(s.filter, app.Now()); err != nil {
		return sel, err
	}
	// Of a file whose rows don't tell what list they are of, --type says it.
	if sel.file, err = s.file.options(app, c, s.from, sel.filter.Query().Type); err != nil || s.from != "" {
		return sel, err
	}
	settings, err := app.Settings()
	if err != nil {
		return sel, err
	}
	if settings.Sandbox {
		if _, err := app.Client(); err != nil { // tells what the sandbox's clock says
			return sel, err
		}
	}
	in := s.filter
	in.DomainID = settings.DomainID
	sel.filter, err = fleet.ParseFilter(in, app.fleetNow())
	return sel, err
}

// counts is what a listing can tell about itself when it is over, and while it
// runs.
type counts struct {
	progress *terminal.Progress // of the devices read; nil shows none

	api  api.ListStats
	rows fleet.Stats
	from bool // the devices come from a file
	file int  // devices that stood in it more than once

	columns []string // keys of those that the file has; nil where there is none or a row has them all

	hidden []int // rows of it that a spreadsheet hides, told at the end
	older  []int // rows of it that are left out for a later one of the same device
}

// foreign is how many devices the back end should not have sent. A file was
// asked for nothing.
func (n *counts) foreign() int {
	if n.from {
		return 0
	}
	return n.rows.Foreign
}

// devices streams the devices that sel selects, from the API or from a file.
// It has made no request for them when it returns.
func (app *App) devices(ctx context.Context, sel selection, n *counts) (iter.Seq2[api.Device, error], error) {
	filter := sel.filter
	if filter.NeedsLatest() && !filter.KnowsLatest() {
		var err error
		if filter, err = app.withLatest(ctx, filter); err != nil && sel.from != "" {
			err = app.withoutServer(ctx, err)
		}
		if err != nil {
			return nil, err
		}
	}
	var rows iter.Seq2[api.Device, error]
	if sel.from != "" {
		file, err := app.openFile(ctx, sel)
		if err != nil {
			return nil, err
		}
		app.tellUntyped(file)
		n.from, n.columns = true, file.Columns()
		rows = fromFile(ctx, file, n)
	} else {
		client, err := app.Client()
		if err != nil {
			return nil, err
		}
		q := filter.Query()
		q.Count = pageSize(sel)
		if !sel.sort.IsSet() {
			q.Want = sel.limit
		}
		rows = app.blamed(client.Devices.All(ctx, q, &n.api), q.DomainID)
	}
	if n.progress != nil {
		rows = counted(rows, n.progress)
	}
	return fleet.Select(rows, filter, sel.sort, sel.limit, &n.rows), nil
}

// counted shows how many devices of rows were read.
func counted(rows iter.Seq2[api.Device, error], p *terminal.Progress) iter.Seq2[api.Device, error] {
	return func(yield func(api.Device, error) bool) {
		for d, err := range rows {
			p.Add(1)
			if !yield(d, err) {
				return
			}
		}
	}
}

// pageSize asks for no more than a small --limit needs: if the back end filters
// as asked, the first page is enough. What it can't filter takes whole pages.
func pageSize(sel selection) int {
	if sel.limit > 0 && !sel.sort.IsSet() && !sel.filter.NeedsLatest() {
		return min(max(sel.limit, 100), api.MaxCount)
	}
	return api.MaxCount
}
