package api_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/pkg/api"
)

func TestCountFallsBackTo100(t *testing.T) {
	for name, tc := range map[string]struct {
		n      int
		refuse answerFunc
	}{
		"refused":          {250, refuse(400, "OUT_OF_RANGE")},
		"empty first page": {250, devices("")},
		"really empty":     {0, devices("")},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, pageServer(tc.n, 100, tc.refuse))
			c, _ := newClient(t, b.URL)
			var stats api.ListStats
			got, err := ids(t, c, api.DeviceQuery{}, &stats)
			if err != nil || len(got) != tc.n {
				t.Fatalf("%d devices, %v", len(got), err)
			}
			if !stats.CountFallback {
				t.Error("fallback not counted")
			}
			page, err := c.Devices.List(t.Context(), api.DeviceQuery{Count: 500}, "")
			if err != nil || len(page.Items) != min(tc.n, 100) {
				t.Errorf("List: %d devices, %v", len(page.Items), err)
			}
		})
	}
}

func TestCountRefusedInTheMiddleKeepsTheCursor(t *testing.T) {
	b := newBackend(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		switch {
		case q.Get("cursor") == "":
			devices("k", "a")(w, r)
		case q.Get("count") != "100":
			refuse(400, "OUT_OF_RANGE")(w, r)
		default:
			devices("", "b")(w, r)
		}
	})
	c, _ := newClient(t, b.URL)
	got, err := ids(t, c, api.DeviceQuery{}, nil)
	if err != nil || cmp.Diff([]string{"a", "b"}, got) != "" {
		t.Fatalf("%v, %v", got, err)
	}
	last := b.seen()[b.count()-1].URL.Query()
	if last.Get("cursor") != "k" || last.Get("count") != "100" {
		t.Errorf("last query %v", last)
	}
}

func TestCountOf100IsNotAskedAgain(t *testing.T) {
	for name, answer := range map[string]answerFunc{"refused": refuse(400, "OUT_OF_RANGE"), "empty": devices("")} {
		b := newBackend(t, answer)
		c, _ := newClient(t, b.URL)
		_, err := ids(t, c, api.DeviceQuery{Count: 100}, nil)
		if b.count() != 1 || errors.Is(err, api.ErrCountRefused) != (name == "refused") {
			t.Errorf("%s: %d requests, %v", name, b.count(), err)
		}
	}
}

func TestWrongCountMakesNoRequest(t *testing.T) {
	b := newBackend(t, devices(""))
	c, _ := newClient(t, b.URL)
	_, err := ids(t, c, api.DeviceQuery{Count: 1001}, nil)
	if _, ok := errors.AsType[*api.ArgumentError](err); !ok || b.count() != 0 {
		t.Errorf("%v after %d requests", err, b.count())
	}
}
