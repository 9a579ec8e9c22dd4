package sandbox

import (
	"bytes"
	"encoding/csv"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

func downloadAudit(c *call) (answer, error) {
	q := c.req.URL.Query()
	for _, name := range []string{"service", "startTime", "endTime"} {
		if q.Get(name) == "" {
			return answer{}, errMissing(name)
		}
	}
	if ok, _ := regexp.MatchString(`^[a-z]+(-[a-z]+)*$`, q.Get("service")); !ok {
		return answer{}, errInvalid("service %q: unknown value", q.Get("service"))
	}
	start, err := time.Parse(time.RFC3339, q.Get("startTime"))
	if err != nil {
		return answer{}, errInvalid("startTime %q: not an RFC 3339 time", q.Get("startTime"))
	}
	end, err := time.Parse(time.RFC3339, q.Get("endTime"))
	if err != nil {
		return answer{}, errInvalid("endTime %q: not an RFC 3339 time", q.Get("endTime"))
	}
	now := time.Unix(c.now, 0)
	switch {
	case end.Before(start):
		return answer{}, errInvalid("endTime is before startTime")
	case end.Sub(start) > 31*24*time.Hour:
		return answer{}, errOutOfRange("startTime to endTime: at most 31 days")
	case start.Before(now.AddDate(0, -6, 0)):
		return answer{}, errOutOfRange("startTime: at most 6 months ago")
	}
	if _, err := c.queryDomain(); err != nil {
		return answer{}, err
	}
	file := url.URL{Scheme: "http", Host: otherHost(c.req.Host), Path: AdminPath + "/files/" + q.Get("service") + ".csv",
		RawQuery: url.Values{"start": {q.Get("startTime")}, "end": {q.Get("endTime")}}.Encode()}
	return answer{status: http.StatusFound, header: http.Header{"Location": {file.String()}}}, nil
}

// otherHost is another name of the same loopback server, since the real
// service hands files over from another host than the API's.
func otherHost(host string) string {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = host, ""
	}
	other := "localhost"
	if name == other {
		other = "127.0.0.1"
	}
	if port == "" {
		return other
	}
	return net.JoinHostPort(other, port)
}

// auditFile is the CSV behind an audit download: the commands of that time. It
// refuses a bearer token, which must not follow a redirect to another host.
func auditFile(c *call) (answer, error) {
	if c.req.Header.Get("Authorization") != "" {
		return answer{}, refuse(http.StatusBadRequest, "BAD_REQUEST", "a bearer token was sent to a file host")
	}
	q := c.req.URL.Query()
	start, err1 := time.Parse(time.RFC3339, q.Get("start"))
	end, err2 := time.Parse(time.RFC3339, q.Get("end"))
	if err1 != nil || err2 != nil {
		return answer{}, refuse(http.StatusNotFound, "NOT_FOUND", "there is no such file")
	}
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	_ = w.Write([]string{"Date", "Administrator", "Task", "Target", "Detail"}) // a bytes.Buffer takes everything
	for id := range c.tx.Ascend(bucketCommands, "") {
		cmd, _, err := getCommand(c.tx, id)
		if err != nil {
			return answer{}, err
		}
		if t := cmd.RequestedTime.time(); !t.Before(start) && !t.After(end) {
			_ = w.Write([]string{t.Format(time.RFC3339), cmd.RequestedBy, cmd.Type, cmd.DeviceID, cmd.Reason})
		}
	}
	w.Flush()
	return ok(rawText{buf.Bytes(), "text/csv; charset=utf-8"})
}
