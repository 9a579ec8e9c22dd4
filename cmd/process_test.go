package cmd_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox"
)

// process is a worksctl of its own that talks to server.
func process(t *testing.T, server *httptest.Server, args ...string) (c *exec.Cmd, stderr *bytes.Buffer) {
	t.Helper()
	c = exec.CommandContext(t.Context(), "worksctl", args...)
	c.Dir = t.TempDir()
	c.Env = []string{ // and nothing of the caller's
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "WORKSCTL_TEST_NOW=" + testNow, "GORACE=" + noExitSleep,
		"WORKSCTL_API_URL=" + server.URL + sandbox.APIPath, "WORKSCTL_TOKEN=token",
	}
	stderr = &bytes.Buffer{}
	c.Stderr = stderr
	c.WaitDelay = 10 * time.Second
	return c, stderr
}

// pages serves numbered devices in pages. A page is held back until held
// returns.
func pages(t *testing.T, count, size int, held func(page int, r *http.Request)) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("orderBy") {
			t.Error("a listing asked for an order: its pages need not hold every device then")
		}
		page, _ := strconv.Atoi(r.URL.Query().Get("cursor")) // the first has none
		held(page, r)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(pageOf(page, count, size))
	}))
	t.Cleanup(server.Close)
	return server
}

func pageOf(page, count, size int) []byte {
	rows := make([]string, size)
	for i := range rows {
		rows[i] = deviceJSON(page*size + i)
	}
	next := ""
	if page+1 < count {
		next = strconv.Itoa(page + 1)
	}
	return fmt.Appendf(nil, `{"devices":[%s],"responseMetaData":{"nextCursor":%q}}`, strings.Join(rows, ","), next)
}

// deviceJSON is the numbered device n.
func deviceJSON(n int) string {
	return fmt.Sprintf(`{"deviceId":"device-%06d","domainId":1,"type":"MOBILE","model":"iPhone 15","vendorId":null,"serialNumber":null,`+
		`"user":{"userId":"u","email":"a@example.com","userName":"홍길동"},"os":{"type":"IOS","version":"18"},`+
		`"app":{"type":"WORKS_MOBILE","version":"4.2.1"},"mdm":{"status":"UNREGISTERED","provider":"NONE"},`+
		`"lastAccessTime":"2026-11-20T10:15:00+09:00"}`, n)
}

// leftovers are the names of the files in a folder.
func leftovers(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, filepath.Base(e.Name()))
	}
	return names
}
