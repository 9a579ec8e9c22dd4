package api_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/pkg/api"
)

// The error line is found wherever the server puts it at the end, and nowhere
// else.
func TestAuditErrorLine(t *testing.T) {
	rows := strings.Repeat("2026-11-01,홍길동,login\n", 1000)
	for name, tc := range map[string]struct {
		log    string
		failed bool
	}{
		"whole":                {rows, false},
		"no line end":          {rows + "downloadLogs error", true},
		"with a message":       {rows + "downloadLogs error: timeout\n", true},
		"a message on 3 lines": {rows + "downloadLogs error\ntimeout\nat row 7\n\n", true},
		"quoted":               {rows + "\"downloadLogs error\"\r\n", true},
		"behind a cut row":     {rows + "2026-11-01,홍downloadLogs error: timeout\n", true},
		"a member's words":     {"2026-11-01,a downloadLogs error was seen\n" + rows, false},
		"far from the end":     {"downloadLogs error\n" + rows, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, sendJSON(http.StatusOK, tc.log, "Content-Type", "text/csv"))
			c, _ := newClient(t, b.URL)
			var got strings.Builder
			_, err := c.Audit.Download(t.Context(), api.AuditQuery{Service: "auth"}, &got)
			if errors.Is(err, api.ErrAuditIncomplete) != tc.failed || !tc.failed && err != nil {
				t.Errorf("error %v", err)
			}
		})
	}
}
