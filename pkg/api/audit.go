package api

import (
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

// ErrAuditIncomplete says that a downloaded log has the server's error line: it
// isn't whole.
var ErrAuditIncomplete = errors.New("the log ends with a downloadLogs error: it is not whole")

// ErrAuditDamaged says that what was downloaded is no whole log in CSV.
var ErrAuditDamaged = errors.New("what the server sent is no whole log")

// Download copies a log as CSV to w and returns its length in bytes: GET
// /audits/logs/download (published), which redirects to another host. The
// bearer token doesn't go there. NAVER WORKS allows 10 calls a minute and none
// in parallel.
//
// After an error, [ErrAuditIncomplete] and [ErrAuditDamaged] included, what w
// has is not the whole log. An error of w comes back as it is. Once the first
// byte has arrived nothing is repeated.
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
	local := &localWriter{w: w}
	var log auditLog
	n, err := io.Copy(io.MultiWriter(local, &log), a.resp.Body)
	switch {
	case local.err != nil:
		return n, local.err
	case err != nil:
		return n, &NetworkError{Op: op, Method: a.resp.Request.Method, Path: "/audits/logs/download", Host: a.resp.Request.URL.Host, Attempts: 1, Err: err}
	}
	if err := log.finish(); err != nil {
		return n, &BackendError{Op: op, Reason: "not whole", Err: err}
	}
	return n, nil
}

// localWriter keeps its own error apart from that of the network.
type localWriter struct {
	w   io.Writer
	err error
}

func (l *localWriter) Write(p []byte) (n int, err error) {
	n, l.err = l.w.Write(p)
	return n, l.err
}
