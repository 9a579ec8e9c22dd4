package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

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

// nextCursor is empty on the last page.
func nextCursor(r api.RawRequest, answer *api.RawAnswer) (string, error) {
	var page struct {
		Meta *struct {
			Next *string `json:"nextCursor"`
		} `json:"responseMetaData"`
	}
	op := r.Method + " " + r.Path
	err := json.Unmarshal(answer.Body, &page)
	_, other := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case other:
		return "", exit.Failedf("NOT_PAGES", "leave --paginate out", "%s does not answer in pages", op)
	case err != nil:
		return "", &api.ContentError{Op: op, URL: r.Path, Status: answer.Status, ContentType: answer.Header.Get("Content-Type")}
	case page.Meta == nil || page.Meta.Next == nil:
		return "", nil
	}
	return *page.Meta.Next, nil
}
