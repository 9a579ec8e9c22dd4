package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/pkg/api"
)

func TestAllPages(t *testing.T) {
	pages := func(raw ...string) []answerFunc {
		var out []answerFunc
		for _, r := range raw {
			out = append(out, sendJSON(200, r))
		}
		return out
	}
	a := `{"devices":[{"deviceId":"a"}],"responseMetaData":{"nextCursor":"k+/=="}}`
	for name, tc := range map[string]struct {
		answers []answerFunc
		want    []string
		stats   api.ListStats
	}{
		"empty cursor":     {pages(a, `{"devices":[{"deviceId":"b"}],"responseMetaData":{"nextCursor":""}}`), []string{"a", "b"}, api.ListStats{Pages: 2, Rows: 2}},
		"null cursor":      {pages(a, `{"devices":[{"deviceId":"b"}],"responseMetaData":{"nextCursor":null}}`), []string{"a", "b"}, api.ListStats{Pages: 2, Rows: 2}},
		"absent cursor":    {pages(a, `{"devices":[{"deviceId":"b"}],"responseMetaData":{}}`), []string{"a", "b"}, api.ListStats{Pages: 2, Rows: 2}},
		"null meta data":   {pages(a, `{"responseMetaData":null,"devices":[{"deviceId":"b"}]}`), []string{"a", "b"}, api.ListStats{Pages: 2, Rows: 2}},
		"no meta data":     {pages(a, `{"devices":[{"deviceId":"b"}]}`), []string{"a", "b"}, api.ListStats{Pages: 2, Rows: 2}},
		"empty page":       {pages(a, `{"devices":[],"responseMetaData":{"nextCursor":"z"}}`, `{"devices":[{"deviceId":"b"}]}`), []string{"a", "b"}, api.ListStats{Pages: 3, Rows: 2}},
		"row on two pages": {pages(a, `{"devices":[{"deviceId":"a"},{"deviceId":"b"},{"deviceId":"b"}]}`), []string{"a", "b"}, api.ListStats{Pages: 2, Rows: 2, Duplicates: 2}},
		"misleading tail": {pages(`{"devices":[{"deviceId":"a"}],"responseMetaData":{"nextCursor":"k"},"x":{"nextCursor":"wrong"}}`,
			`{"devices":[{"deviceId":"wrong"}]}`), nil, api.ListStats{}},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "misleading tail" {
				// Two requests may be on their way: answer by cursor, not by order.
				first := tc.answers[0]
				tc.answers = []answerFunc{func(w http.ResponseWriter, r *http.Request) {
					switch r.URL.Query().Get("cursor") {
					case "":
						first(w, r)
					case "k":
						devices("", "b")(w, r)
					default:
						devices("", "wrong")(w, r)
					}
				}}
				tc.want, tc.stats = []string{"a", "b"}, api.ListStats{Pages: 2, Rows: 2}
			}
			b := newBackend(t, tc.answers...)
			c, _ := newClient(t, b.URL)
			var stats api.ListStats
			got, err := ids(t, c, api.DeviceQuery{}, &stats)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tc.stats, stats); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCursorIsEncoded(t *testing.T) {
	b := newBackend(t, devices("a+b/c==", "a"), devices("", "b"))
	c, _ := newClient(t, b.URL)
	if _, err := ids(t, c, api.DeviceQuery{AccessedAfter: time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 9*3600))}, nil); err != nil {
		t.Fatal(err)
	}
	want := "accessedAfter=2026-01-02T03%3A04%3A05%2B09%3A00&count=1000&cursor=a%2Bb%2Fc%3D%3D"
	if got := b.seen()[1].URL.RawQuery; got != want {
		t.Errorf("query %s, want %s", got, want)
	}
}

func TestBrokenListings(t *testing.T) {
	for name, tc := range map[string]struct {
		answers []answerFunc
		is      error
		says    string
	}{
		"cursor repeated at once":   {[]answerFunc{devices("k", "a"), devices("k", "b")}, api.ErrRepeatedCursor, ""},
		"cursor repeated later":     {[]answerFunc{devices("k", "a"), devices("l", "b"), devices("k", "c")}, api.ErrRepeatedCursor, ""},
		"no devices":                {[]answerFunc{sendJSON(200, `{"responseMetaData":{}}`)}, nil, `no "devices"`},
		"null devices":              {[]answerFunc{sendJSON(200, `{"devices":null}`)}, nil, "devices: want an array, got null"},
		"two lists":                 {[]answerFunc{sendJSON(200, `{"devices":[{"deviceId":"a"}],"devices":[]}`)}, nil, "a member twice"},
		"two meta data":             {[]answerFunc{sendJSON(200, `{"devices":[],"responseMetaData":{"nextCursor":"k"},"responseMetaData":null}`)}, nil, "a member twice"},
		"two cursors":               {[]answerFunc{sendJSON(200, `{"devices":[],"responseMetaData":{"nextCursor":"k","nextCursor":""}}`)}, nil, "a member twice"},
		"two ids":                   {[]answerFunc{sendJSON(200, `{"devices":[{"deviceId":"a","deviceId":"b"}]}`)}, nil, "a member twice"},
		"two names":                 {[]answerFunc{sendJSON(200, `{"devices":[{"deviceId":"a","user":{"userName":"x","userName":"y"}}]}`)}, nil, "a member twice"},
		"the same devices for ever": {[]answerFunc{devices("k1", "a", "b"), devices("k2", "b", "a"), devices("k3", "a"), devices("k4", "b"), devices("k5", "c")}, api.ErrRepeatedRows, ""},
		"row without id":            {[]answerFunc{sendJSON(200, `{"devices":[{"deviceId":"a"},{"model":"x"}]}`)}, nil, "devices[1] has no deviceId"},
		"null row":                  {[]answerFunc{sendJSON(200, `{"devices":[null]}`)}, nil, "devices[0]"},
		"wrong type":                {[]answerFunc{sendJSON(200, `{"devices":[{"deviceId":"a"},{"deviceId":"b","os":{"version":17}}]}`)}, nil, "devices[1].os.version: want a text, got a number"},
		"wrong number":              {[]answerFunc{sendJSON(200, `{"devices":[{"deviceId":"a","domainId":"1"}]}`)}, nil, "devices[0].domainId: want a number, got a text"},
		"object expected":           {[]answerFunc{sendJSON(200, `{"devices":[{"deviceId":"a","user":"x"}]}`)}, nil, "devices[0].user: want an object, got a text"},
		"array expected":            {[]answerFunc{sendJSON(200, `{"devices":{}}`)}, nil, "devices: want an array, got an object"},
		"not an object":             {[]answerFunc{sendJSON(200, `[]`)}, nil, "want an object, got an array"},
		"trailing data":             {[]answerFunc{sendJSON(200, `{"devices":[]}{}`)}, nil, "after"},
		"invalid UTF-8":             {[]answerFunc{sendJSON(200, "{\"devices\":[{\"deviceId\":\"a\xff\"}]}")}, nil, "UTF-8"},
		"later page fails":          {[]answerFunc{devices("k", "a"), refuse(403, "FORBIDDEN")}, api.ErrMissingScope, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, tc.answers...)
			c, _ := newClient(t, b.URL)
			_, err := ids(t, c, api.DeviceQuery{Count: 100}, nil)
			if err == nil {
				t.Fatal("no error")
			}
			if tc.is != nil && !errors.Is(err, tc.is) {
				t.Errorf("%v is not %v", err, tc.is)
			}
			if !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%q does not say %q", err, tc.says)
			}
		})
	}
}

// pageServer pages over n devices by offset and takes at most limit a page;
// refuse tells it how to say so.
func pageServer(n, limit int, refuse answerFunc) answerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		count, _ := strconv.Atoi(r.URL.Query().Get("count"))
		from, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
		if count > limit {
			refuse(w, r)
			return
		}
		var page []string
		for i := from; i < min(n, from+count); i++ {
			page = append(page, fmt.Sprintf("d%04d", i))
		}
		next := ""
		if from+count < n {
			next = strconv.Itoa(from + count)
		}
		devices(next, page...)(w, r)
	}
}

func TestNextPageIsOnItsWay(t *testing.T) {
	second := make(chan struct{})
	b := newBackend(t, devices("k", "a", "b"), func(w http.ResponseWriter, r *http.Request) {
		close(second)
		devices("", "c")(w, r)
	})
	c, _ := newClient(t, b.URL)
	for d, err := range c.Devices.All(t.Context(), api.DeviceQuery{}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		if d.DeviceID == "a" {
			<-second // would never come if it were fetched after this page
		}
	}
}

func TestBreakingOffLeavesNoGoroutine(t *testing.T) {
	release := make(chan struct{})
	b := newBackend(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("cursor") == "" {
			devices("k", "a", "b")(w, r)
			return
		}
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	defer close(release)
	c, _ := newClient(t, b.URL)
	base := fetchGoroutines()
	for range 5 {
		for _, err := range c.Devices.All(t.Context(), api.DeviceQuery{}, nil) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if n := fetchGoroutines(); n > base {
		t.Errorf("%d fetching goroutines left", n-base)
	}

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range c.Devices.All(ctx, api.DeviceQuery{}, nil) {
		cancel()
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("canceled listing ended with %v", last)
	}
	if n := fetchGoroutines(); n > base {
		t.Errorf("%d fetching goroutines left after cancel", n-base)
	}
}

// fetchGoroutines counts the goroutines inside the prefetcher.
func fetchGoroutines() int {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	return strings.Count(string(buf), "(*prefetch).start.func")
}

func TestAllCanRunAgain(t *testing.T) {
	b := newBackend(t, func(w http.ResponseWriter, r *http.Request) { devices("", "a")(w, r) })
	c, _ := newClient(t, b.URL)
	seq := c.Devices.All(t.Context(), api.DeviceQuery{}, nil)
	for range 2 {
		n := 0
		for _, err := range seq {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 1 {
			t.Errorf("%d devices", n)
		}
	}
}

func TestListingSurvivesEveryFault(t *testing.T) {
	faults := []answerFunc{drop, cut(`{"devices":[`), refuse(429, "TOO_MANY_REQUESTS", "Retry-After", "1"), refuse(429, "TOO_MANY_REQUESTS"),
		refuse(502, ""), refuse(503, ""), refuse(504, ""), sendJSON(200, `{"devices":[{"deviceId"`)}
	good := pageServer(1000, 100, refuse(400, "OUT_OF_RANGE"))
	b := &backend{}
	n := 0
	b = newBackend(t, func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		n++
		i := n
		b.mu.Unlock()
		if i%2 == 0 {
			faults[i/2%len(faults)](w, r)
			return
		}
		good(w, r)
	})
	c, _ := newClient(t, b.URL)
	got, err := ids(t, c, api.DeviceQuery{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1000 || got[0] != "d0000" || got[999] != "d0999" {
		t.Errorf("%d devices", len(got))
	}
}

func TestDecodedDeviceIsWhole(t *testing.T) {
	want := api.Device{
		DeviceID: "5e0c", DomainID: -7, Type: "TOASTER", Model: "say \"hi\"\n\u2028\u202e😀", SerialNumber: "F2",
		User: api.User{UserID: "9b", Email: "a@b", UserName: "홍길동"}, OS: api.OS{Type: api.OSIOS, Version: "18.1"},
		App: api.App{Type: api.AppWorksMobile, Version: "4.2"}, MDM: api.MDM{Status: api.MDMPending, Provider: api.ProviderNone}, LastAccessTime: "2026",
	}
	raw, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	escaped := strings.Replace(string(raw), `{"deviceId"`, `{"new":{"a":[1,{"deviceId":"x"}]},"\u0064eviceId"`, 1)
	b := newBackend(t, sendJSON(200, `{"devices":[`+escaped+`]}`), sendJSON(200, escaped))
	c, _ := newClient(t, b.URL)
	page, err := c.Devices.List(t.Context(), api.DeviceQuery{}, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]api.Device{want}, page.Items); diff != "" {
		t.Error(diff)
	}
	d, err := c.Devices.Get(t.Context(), "5e0c")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&want, d); diff != "" {
		t.Error(diff)
	}
}
