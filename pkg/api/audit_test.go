package api_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/pkg/api"
)

// Whether a log is whole is told by its records.
func TestAuditLogIsWhole(t *testing.T) {
	const header = "\ufeffDate,User,Task\r\n"
	rows := header + strings.Repeat("2026-11-01,홍길동,login\n", 1000)
	long := strings.Repeat("at module.function (file.js:10:20)\n", 1000)
	wide := func(text string) string {
		return "\xff\xfe" + strings.Join(append(strings.Split(text, ""), ""), "\x00")
	}
	incomplete, damaged := api.ErrAuditIncomplete, api.ErrAuditDamaged
	for name, tc := range map[string]struct {
		log  string
		want error
	}{
		"whole":                          {rows, nil},
		"only a header":                  {header, nil},
		"a header without a line end":    {"Date,Task", nil},
		"a blank line at the end":        {rows + "\n", nil},
		"a record quotes it":             {rows + "2026-11-01,a,\"a\ndownloadLogs error\nwas seen\"\n", nil},
		"a record quotes it, more":       {rows + "2026-11-01,a,\"he wrote \"\"downloadLogs error\"\", twice\"", nil},
		"a record with its words":        {rows + "2026-11-01,a,a downloadLogs error was seen\n2026-11-01,b,c\n", nil},
		"the same at the end":            {rows + "2026-11-01,a,a downloadLogs error was seen\n", incomplete},
		"only quotes have it":            {rows + "2026-11-01,\"a, downloadLogs error\",c\n", nil},
		"quotes and a cell have it":      {rows + "2026-11-01,\"a, downloadLogs error\",cdownloadLogs error", incomplete},
		"behind a quoted cell":           {rows + "2026-11-01,a,\"b\"downloadLogs error: x", incomplete},
		"behind a quoted cell, filled":   {rows + "2026-11-01,\"a\"downloadLogs error: x, y", incomplete},
		"behind a whole row":             {rows + "2026-11-01,홍길동,lodownloadLogs error: timeout\n", incomplete},
		"behind a whole row, and more":   {rows + "2026-11-01,홍길동,lodownloadLogs error: timeout\nat foo\n\n", incomplete},
		"behind a whole row, quoting":    {rows + "2026-11-01,홍길동,lodownloadLogs error: near \"x, y\"\n", incomplete},
		"in place of the last cell":      {rows + "2026-11-01,홍길동,downloadLogs error", incomplete},
		"its commas fill a row of two":   {rows + "2026-11-01,홍길동downloadLogs error: a, b", incomplete},
		"its commas fill a row of one":   {rows + "2026-11-01downloadLogs error: a, b, c", incomplete},
		"its commas fill a row":          {rows + "2026-11-01downloadLogs error: a, b", incomplete},
		"behind a header":                {"Date,User,TadownloadLogs error: timeout", incomplete},
		"a short record":                 {rows + "2026-11-01,a\n", nil},
		"no line end":                    {rows + "downloadLogs error", incomplete},
		"with a message":                 {rows + "downloadLogs error: timeout\n", incomplete},
		"a message on 3 lines":           {rows + "downloadLogs error\ntimeout\nat row 7\n\n", incomplete},
		"quoted":                         {rows + "\"downloadLogs error\"\r\n", incomplete},
		"behind a cut row":               {rows + "2026-11-01,홍downloadLogs error: timeout\n", incomplete},
		"behind a cut row, and more":     {rows + "2026-11-01,홍downloadLogs error: timeout\nat foo\n\n", incomplete},
		"behind a cut quoted cell":       {rows + "2026-11-01,a,\"홍\ndownloadLogs error: timeout\n", incomplete},
		"behind a cut cell, with quotes": {rows + "2026-11-01,a,\"홍\ndownloadLogs error: near \"x, y\"\nat foo\n", incomplete},
		"nothing else, with a mark":      {"\ufeffdownloadLogs error: x\nat foo", incomplete},
		"a long message":                 {rows + "downloadLogs error: x\n" + long, incomplete},
		"a long message at once":         {"downloadLogs error: x\n" + long, incomplete},
		"in UTF-16":                      {wide("downloadLogs error: x\n"), damaged},
		"in UTF-16 at the end":           {rows + wide("downloadLogs error: x\n"), damaged},
		"empty":                          {"", damaged},
		"blank lines":                    {"\ufeff\r\n\n", damaged},
		"within quotes":                  {rows + "2026-11-01,a,\"b\n", damaged},
		"XML":                            {"<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>", damaged},
		"XML with commas":                {"<Error><Message>a, b</Message></Error>\n", damaged},
		"JSON":                           {`{"code":"NOT_FOUND","description":"x"}`, damaged},
		"a sentence":                     {"not found\n", damaged},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, sendJSON(http.StatusOK, tc.log, "Content-Type", "text/csv"))
			c, _ := newClient(t, b.URL)
			var got strings.Builder
			_, err := c.Audit.Download(t.Context(), api.AuditQuery{Service: "auth"}, &got)
			if !errors.Is(err, tc.want) || tc.want == nil && got.String() != tc.log {
				t.Errorf("error %v, want %v", err, tc.want)
			}
		})
	}
}

// A disk that is full is no fault of the network.
func TestAuditWriterFails(t *testing.T) {
	b := newBackend(t, sendJSON(http.StatusOK, "Date,Task\n", "Content-Type", "text/csv"))
	c, _ := newClient(t, b.URL)
	full := errors.New("no space left on device")
	_, err := c.Audit.Download(t.Context(), api.AuditQuery{Service: "auth"}, failingWriter{full})
	if _, network := errors.AsType[*api.NetworkError](err); !errors.Is(err, full) || network {
		t.Errorf("error %v", err)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
