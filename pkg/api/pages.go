package api

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
)

// Page is one page of a listing.
type Page[T any] struct {
	Items      []T
	NextCursor string // empty on the last page
}

// ListStats counts what a listing did. It is written while the listing runs
// and must not be read before it is over by another goroutine.
type ListStats struct {
	Pages         int  // pages decoded
	Rows          int  // rows handed out
	Duplicates    int  // rows dropped because an earlier page had them
	CountFallback bool // the back end didn't take the page size, so pages of 100 were asked for
}

// Page sizes of the contract.
const (
	MaxCount      = 1000 // the largest page that may be asked for
	fallbackCount = 100  // what every back end takes
)

// listing is what the listings of devices, commands and users have in common.
type listing[T any] struct {
	c        *Client
	op       string
	template string
	query    url.Values
	field    string           // of the array in the answer
	row      rowDecoder[T]    // decodes a row
	id       func(*T) *string // by which rows are told apart
	idField  string
	count    int // rows asked for; 0 leaves it to the back end
	want     int // rows that are likely to be used; 0 for all
	reader   *reader
	rows     []T
}

// fetched is a page's answer, not decoded yet.
type fetched struct {
	a   *answer
	err error
}

func (l *listing[T]) fetch(ctx context.Context, cursor string, count int) fetched {
	query := maps.Clone(l.query)
	if query == nil {
		query = url.Values{}
	}
	if count > 0 {
		query.Set("count", strconv.Itoa(count))
	}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	a, err := l.c.do(ctx, call{op: l.op, template: l.template, query: query})
	return fetched{a, err}
}

// decode reads a page into l.rows, which it uses again for the next one.
func (l *listing[T]) decode(a *answer) (rows []T, next string, err error) {
	if err := a.notJSON(); err != nil {
		return nil, "", err
	}
	rows, next, err = page(l.reader, a.body, l.op, l.field, l.row, l.rows)
	if err != nil {
		return nil, "", err
	}
	l.rows = rows
	for i := range rows {
		if *l.id(&rows[i]) == "" {
			return nil, "", &BackendError{Op: l.op, Reason: l.field + "[" + strconv.Itoa(i) + "] has no " + l.idField}
		}
	}
	return rows, next, nil
}

// smaller reports whether a page must be asked for again with fallbackCount:
// the back end refused the count, or answered the first page with nothing.
func (l *listing[T]) smaller(cursor string, n int, err error) bool {
	if l.count <= fallbackCount {
		return false
	}
	return errors.Is(err, ErrCountRefused) || err == nil && n == 0 && cursor == ""
}

// one returns a single page.
func (l *listing[T]) one(ctx context.Context, cursor string) (Page[T], error) {
	for {
		f := l.fetch(ctx, cursor, l.count)
		var rows []T
		var next string
		err := f.err
		if err == nil {
			rows, next, err = l.decode(f.a)
			f.a.release()
		}
		if l.smaller(cursor, len(rows), err) {
			l.count = fallbackCount
			continue
		}
		if err != nil {
			return Page[T]{}, err
		}
		return Page[T]{Items: slices.Clip(rows), NextCursor: next}, nil
	}
}

// all hands out the rows of all pages, the next page being on its way while
// one is decoded and used. make prepares a new run.
func all[T any](ctx context.Context, prepare func() (*listing[T], error), stats *ListStats) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		l, err := prepare()
		if err == nil {
			if stats == nil {
				stats = &ListStats{}
			}
			err = l.run(ctx, stats, func(row *T) bool { return yield(*row, nil) })
		}
		if err != nil {
			var zero T
			yield(zero, err)
		}
	}
}

// run calls use for each row until it returns false. Its error is for the
// consumer, and nil when that broke off.
func (l *listing[T]) run(ctx context.Context, stats *ListStats, use func(*T) bool) error {
	ahead := newPrefetch(ctx, l.fetch)
	defer ahead.stop()
	ids, cursors := newSeenSet(), newSeenSet()
	earlier := stats.Rows // of runs before this one
	idle := 0             // pages since the last new row that held only known ones
	empty := 0            // pages since the last new row that held none
	for cursor := ""; ; {
		f := ahead.get(cursor, l.count)
		var rows []T
		var next string
		err := f.err
		if err == nil {
			if !l.suffices(stats.Rows-earlier, l.count) {
				ahead.start(guessCursor(f.a.body), l.count)
			}
			rows, next, err = l.decode(f.a)
			f.a.release()
		}
		if l.smaller(cursor, len(rows), err) {
			l.count = fallbackCount
			stats.CountFallback = true
			continue
		}
		if err != nil {
			return err
		}
		stats.Pages++
		if next != "" && !cursors.add(next) {
			return &BackendError{Op: l.op, Reason: "the listing would not end", Err: ErrRepeatedCursor}
		}
		if !l.suffices(stats.Rows-earlier, len(rows)) {
			ahead.start(next, l.count)
		}
		before := stats.Rows
		for i := range rows {
			if !ids.add(*l.id(&rows[i])) {
				stats.Duplicates++
				continue
			}
			stats.Rows++
			if !use(&rows[i]) {
				return nil
			}
		}
		if next == "" {
			return nil
		}
		switch {
		case stats.Rows > before:
			idle, empty = 0, 0
		case len(rows) > 0:
			idle++
		default:
			empty++
		}
		switch {
		case idle == maxIdle:
			return &BackendError{Op: l.op, Reason: "the listing would not end", Err: ErrRepeatedRows}
		case empty == maxEmpty:
			return &BackendError{Op: l.op, Reason: "the listing would not end", Err: ErrEmptyPages}
		}
		cursor = next
	}
}

// suffices reports whether a page of n rows, after those handed out before,
// probably holds the last one that is used. Whoever goes on behind it has shown
// the opposite.
func (l *listing[T]) suffices(before, n int) bool {
	return before < l.want && l.want <= before+n
}

// maxIdle is how many pages in a row may hold nothing but devices of earlier
// pages. Rows that move bring a few again, not page after page.
const maxIdle = 3

// maxEmpty is how many empty pages may come before the next new row. A back end
// that filters after it has cut its pages sends many: these are a million rows
// at the largest page.
const maxEmpty = 1000

// guessCursor finds the next cursor in a page's tail without decoding it. It
// may be wrong: what it starts is compared with what the decoder finds.
func guessCursor(body []byte) string {
	tail := body[max(0, len(body)-guessTail):]
	_, after, ok := cutLast(tail, []byte(`"nextCursor"`))
	if !ok {
		return ""
	}
	after = bytes.TrimLeft(after, " \t\r\n:")
	if len(after) == 0 || after[0] != '"' {
		return ""
	}
	text, _, ok := bytes.Cut(after[1:], []byte(`"`))
	if !ok || bytes.IndexByte(text, '\\') >= 0 {
		return ""
	}
	return string(text)
}

const guessTail = 16 << 10

func cutLast(s, sep []byte) (before, after []byte, ok bool) {
	i := bytes.LastIndex(s, sep)
	if i < 0 {
		return s, nil, false
	}
	return s[:i], s[i+len(sep):], true
}
