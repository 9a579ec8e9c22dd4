package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/pkg/api"
)

// numbered serves pages whose cursors count up; page tells what is on each.
func numbered(page func(n int) []string) answerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
		devices(strconv.Itoa(n+1), page(n)...)(w, r)
	}
}

func TestListingOfEmptyPagesEnds(t *testing.T) {
	const most = 1000
	for name, tc := range map[string]struct {
		page  func(n int) []string
		is    error
		stats api.ListStats
	}{
		"nothing":             {func(int) []string { return nil }, api.ErrEmptyPages, api.ListStats{Pages: most}},
		"one, then nothing":   {func(n int) []string { return []string{"a"}[:max(0, 1-n)] }, api.ErrEmptyPages, api.ListStats{Pages: most + 1, Rows: 1}},
		"nothing, then known": {func(n int) []string { return []string{"a"}[:(n+1)%2] }, api.ErrRepeatedRows, api.ListStats{Pages: 7, Rows: 1, Duplicates: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, numbered(tc.page))
			c, _ := newClient(t, b.URL)
			var stats api.ListStats
			_, err := ids(t, c, api.DeviceQuery{Count: 100}, &stats)
			if _, ok := errors.AsType[*api.BackendError](err); !ok || !errors.Is(err, tc.is) {
				t.Error(err)
			}
			if diff := cmp.Diff(tc.stats, stats); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A back end that filters late sends many empty pages between two rows.
func TestListingWithManyEmptyPages(t *testing.T) {
	b := newBackend(t, func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
		switch {
		case n == 1400:
			devices("", "last")(w, r)
		case n%700 == 0:
			devices(strconv.Itoa(n+1), fmt.Sprint("d", n))(w, r)
		default:
			devices(strconv.Itoa(n+1))(w, r)
		}
	})
	c, _ := newClient(t, b.URL)
	got, err := ids(t, c, api.DeviceQuery{Count: 100}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"d0", "d700", "last"}, got); diff != "" {
		t.Error(diff)
	}
}
