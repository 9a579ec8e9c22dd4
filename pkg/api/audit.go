package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"time"
)

// AuditService downloads audit logs, by an endpoint that NAVER WORKS publishes.
// Scope audit.read.
type AuditService struct{ c *Client }

// AuditQuery selects a log.
type AuditQuery struct {
	Service   string    // auth, admin, mobile-capture and others
	StartTime time.Time // within the last 6 months
	EndTime   time.Time // at most 31 days after StartTime
	Language  string    // of the column names; may be empty
	DomainID  int32     // 0: all
}

// ErrAuditIncomplete says that a downloaded log ends with the server's error
// line: it isn't whole.
var ErrAuditIncomplete = errors.New("the log ends with a downloadLogs error: it is not whole")

// Download copies a log as CSV to w and returns its length in bytes: GET
// /audits/logs/download (published), which redirects to another host. The
// bearer token doesn't go there. NAVER WORKS allows 10 calls a minute and none
// in parallel.
//
// After an error, [ErrAuditIncomplete] included, what w has is not the whole
// log. Once the first byte has arrived nothing is repeated.
func (s *AuditService) Download(ctx context.Context, q AuditQuery, w io.Writer) (int64, error) {
	const op = "download audit log"
	query := url.Values{}
	setText(query, "service", q.Service)
	setText(query, "startTime", rfc3339(q.StartTime))
	setText(query, "endTime", rfc3339(q.EndTime))
	setText(query, "language", q.Language)
	setDomain(query, q.DomainID)
	a, err := s.c.do(ctx, call{op: op, template: "/audits/logs/download", query: query, stream: true})
	if err != nil {
		return 0, err
	}
	defer a.release()
	if mediaType(a.resp.Header) == "text/html" {
		return 0, &ContentError{Op: op, URL: shownURL(a.resp.Request.URL), Status: a.resp.StatusCode, Want: "CSV", ContentType: "text/html"}
	}
	var end tail
	n, err := io.Copy(io.MultiWriter(w, &end), a.resp.Body)
	if err != nil {
		return n, &NetworkError{Op: op, Method: a.resp.Request.Method, Path: "/audits/logs/download", Host: a.resp.Request.URL.Host, Attempts: 1, Err: err}
	}
	if end.tells("downloadLogs error") {
		return n, &BackendError{Op: op, Reason: "not whole", Err: ErrAuditIncomplete}
	}
	return n, nil
}

// tail keeps the last bytes written to it.
type tail struct{ buf []byte }

const tailSize = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.buf = append(t.buf, p[max(0, len(p)-tailSize):]...)
	if extra := len(t.buf) - tailSize; extra > 0 {
		t.buf = append(t.buf[:0], t.buf[extra:]...)
	}
	return len(p), nil
}

// tells finds the server's error text: a line of its own begins with it, after
// which a message of several lines may follow, or it stands in the last line,
// behind what was cut off there.
func (t *tail) tells(text string) bool {
	lines := bytes.Split(bytes.TrimRight(t.buf, "\r\n"), []byte("\n"))
	for _, line := range lines {
		if bytes.HasPrefix(bytes.TrimLeft(line, `"`), []byte(text)) {
			return true
		}
	}
	return bytes.Contains(lines[len(lines)-1], []byte(text))
}
