package standin

import (
	"crypto/rand"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Line is a line of an audit log.
type Line struct {
	Time time.Time // to the second
	Text string
}

// Daily makes three lines for each day from first until before last: at its
// first second, at noon and at its last second, which are numbered.
func Daily(first, last time.Time) []Line {
	var lines []Line
	for day := first; day.Before(last); day = day.AddDate(0, 0, 1) {
		for _, at := range []time.Time{day, day.Add(12 * time.Hour), day.AddDate(0, 0, 1).Add(-time.Second)} {
			lines = append(lines, Line{at, fmt.Sprintf("no. %d,\nover two lines", len(lines))})
		}
	}
	return lines
}

// link is a log file that was redirected to and not fetched yet.
type link struct {
	service, language string
	start, end        time.Time
	ends              time.Time
}

const (
	linkLife  = time.Minute
	longest   = 31 * 24 * time.Hour
	timeStyle = "2006-01-02T15:04:05Z07:00"
)

// downloadLog redirects to a file on another host. Until that is fetched, or its
// address has expired, any other call is one in parallel.
func (c *call) downloadLog() error {
	now := c.o.Now()
	for id, l := range c.links {
		if !now.Before(l.ends) {
			delete(c.links, id)
		}
	}
	if len(c.links) > 0 {
		c.log.Parallel++
		return &refusal{http.StatusTooManyRequests, "TOO_MANY_REQUESTS", "a download is under way"}
	}
	l := link{service: c.q.Get("service"), language: c.q.Get("language"), ends: now.Add(linkLife)}
	start, err1 := time.Parse(timeStyle, c.q.Get("startTime"))
	end, err2 := time.Parse(timeStyle, c.q.Get("endTime"))
	l.start, l.end = start, end
	_, err3 := strconv.ParseInt(c.q.Get("domainId"), 10, 32)
	switch {
	case !slices.Contains(auditServices(), l.service):
		return invalid("service")
	case err1 != nil || start.Nanosecond() != 0:
		return invalid("startTime")
	case err2 != nil || end.Nanosecond() != 0 || end.Before(start):
		return invalid("endTime")
	case end.Sub(start) > longest:
		return invalid("startTime, endTime: at most 31 days")
	case start.Before(halfAYearBefore(now)):
		return invalid("startTime: at most 6 months ago")
	case l.language != "" && !slices.Contains([]string{"ja_JP", "ko_KR", "zh_CN", "zh_TW", "en_US"}, l.language):
		return invalid("language")
	case c.q.Has("domainId") && err3 != nil:
		return invalid("domainId")
	}
	id := rand.Text()
	c.links[id] = l
	c.log.Spans = append(c.log.Spans, [2]time.Time{start, end})
	c.w.Header().Set("Location", c.files.url+"/"+id+".csv")
	c.w.WriteHeader(http.StatusFound)
	return nil
}

// serveFile hands a log out once. It refuses whoever shows a token.
func (s *Service) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Authorization") != "" {
		s.log.Leaked++
		http.Error(w, "no token belongs here", http.StatusBadRequest)
		return
	}
	id := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/"), ".csv")
	l, known := s.links[id]
	delete(s.links, id)
	if r.Method != http.MethodGet || !known || !s.o.Now().Before(l.ends) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=UTF-8")
	if s.o.BOM {
		_, _ = w.Write([]byte("\ufeff"))
	}
	out := csv.NewWriter(w) // a client that has gone needs no answer
	_ = out.Write(logHeader(l.language))
	for _, line := range s.o.Logs[l.service] {
		if !line.Time.Before(l.start) && !line.Time.After(l.end) {
			_ = out.Write([]string{line.Time.Format(timeStyle), line.Text})
		}
	}
	out.Flush()
	if _, broken := s.fault(r, LogError); broken {
		_, _ = w.Write([]byte("downloadLogs error: internal error\n"))
	}
}

func logHeader(language string) []string {
	switch language {
	case "ko_KR":
		return []string{"날짜", "내용"}
	case "ja_JP":
		return []string{"日時", "内容"}
	}
	return []string{"Date", "Task"}
}

// auditServices are those of the published page.
func auditServices() []string {
	return []string{
		"admin", "board", "bot", "drive", "calendar", "contact", "task", "form", "share", "note", "received-mail", "sent-mail", "deleted-mail",
		"message", "message-join-exit", "call", "ainote", "template", "mobile-capture", "developer", "delegated-api", "auth", "file-download",
	}
}

// halfAYearBefore is the same day six months before, or the last one of a month
// that has no such day.
func halfAYearBefore(t time.Time) time.Time {
	before := t.AddDate(0, -6, 0)
	if before.Day() != t.Day() {
		before = before.AddDate(0, 0, -before.Day())
	}
	return before
}
