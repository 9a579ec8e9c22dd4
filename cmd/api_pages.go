package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// eachPage follows the cursors of a listing and shows its pages, each on a line.
// One that breaks says how many pages came.
func eachPage(ctx context.Context, client *api.Client, r api.RawRequest, show func([]byte) error) error {
	seen := map[string]bool{r.Query.Get("cursor"): true}
	for pages := 0; ; pages++ {
		answer, err := client.Raw(ctx, r)
		next := ""
		if err == nil {
			next, err = nextCursor(r, answer)
		}
		if err == nil && next != "" && seen[next] {
			err = &api.BackendError{Op: r.Method + " " + r.Path, Reason: "a cursor came twice"}
		}
		if err != nil {
			what := ""
			if pages > 0 {
				what = fmt.Sprintf("not all pages: it broke after %d", pages)
			}
			return unfinished(ctx, err, what)
		}
		line := new(bytes.Buffer)
		if err := json.Compact(line, answer.Body); err != nil {
			return err
		}
		if err := show(line.Bytes()); err != nil {
			return err
		}
		if next == "" {
			return nil
		}
		seen[next] = true
		r.Query.Set("cursor", next)
	}
}

// nextCursor is empty on the last page. A page is an object that holds a list.
func nextCursor(r api.RawRequest, answer *api.RawAnswer) (string, error) {
	op := r.Method + " " + r.Path
	noPages := exit.Failedf("NOT_PAGES", "leave --paginate out", "%s does not answer in pages", op)
	var page map[string]json.RawMessage
	err := json.Unmarshal(answer.Body, &page)
	if _, other := errors.AsType[*json.UnmarshalTypeError](err); other {
		return "", noPages
	}
	if err != nil {
		return "", &api.ContentError{Op: op, URL: r.Path, Status: answer.Status, ContentType: answer.Header.Get("Content-Type")}
	}
	var meta struct {
		Next string `json:"nextCursor"`
	}
	list := func(value json.RawMessage) bool { return value[0] == '[' }
	switch found := page["responseMetaData"]; {
	case !slices.ContainsFunc(slices.Collect(maps.Values(page)), list):
		return "", noPages
	case found != nil && json.Unmarshal(found, &meta) != nil:
		return "", noPages
	}
	return meta.Next, nil
}
