package cmd_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"
)

// TestTheFirstRowIsOutBeforeTheLastPage holds the last page back until a row
// has come out of the process, however few rows there are. Were rows kept until
// the end, both would wait for each other.
func TestTheFirstRowIsOutBeforeTheLastPage(t *testing.T) {
	for _, format := range []string{"csv", "ndjson", "json", "yaml"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			const last = 1
			rowSeen := make(chan struct{})
			server := pages(t, last+1, 10, func(page int, r *http.Request) {
				if page == last {
					select {
					case <-rowSeen:
					case <-r.Context().Done():
					}
				}
			})
			c, stderr := process(t, server, "devices", "list", "-o", format)
			out, err := c.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			stuck := time.AfterFunc(patience, func() {
				t.Error("no row came out while the last page was held back")
				_ = c.Process.Kill()
			})
			defer stuck.Stop()
			var seen []byte // JSON ends a row's line with the next row
			chunk := make([]byte, 64<<10)
			for {
				n, err := out.Read(chunk)
				before := bytes.Contains(seen, []byte("device-000000"))
				seen = append(seen, chunk[:n]...)
				if !before && bytes.Contains(seen, []byte("device-000000")) {
					close(rowSeen)
				}
				if err != nil {
					break
				}
			}
			if err := c.Wait(); err != nil || stderr.Len() > 0 {
				t.Errorf("%v, stderr %q", err, stderr)
			}
			if rows := bytes.Count(seen, []byte("device-")); rows != 20 {
				t.Errorf("%d rows, want 20", rows)
			}
		})
	}
}
