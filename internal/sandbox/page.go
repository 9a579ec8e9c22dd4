package sandbox

import (
	"encoding/base64"
	"hash/fnv"
	"net/url"
	"strconv"
	"strings"
)

// metaData says where a listing goes on.
type metaData struct {
	NextCursor *string `json:"nextCursor,omitempty"`
}

// lastMetaData is the form of a last page that is null on the wire.
type lastMetaData struct {
	NextCursor *string `json:"nextCursor"`
}

// pageRequest is how much of a listing is asked for, and from where.
type pageRequest struct {
	count int
	after string // position of the last row of the page before, empty at first
	empty bool   // answer a page without rows
}

// cursorMark makes every cursor hold a + and a /, whatever it points at.
const cursorMark = "\xfb\xff\xbf"

// cursor makes the opaque cursor of a position in the listing of a query: it
// holds the characters = + / that a client must encode, and is refused with
// other filters.
func cursor(q url.Values, position string) string {
	raw := cursorMark + queryHash(q) + position
	for len(raw)%3 != 1 { // so that = comes at the end
		raw += "\x00"
	}
	return base64.StdEncoding.EncodeToString([]byte(raw))
}

func queryHash(q url.Values) string {
	h := fnv.New32a()
	filters := url.Values{}
	for k, v := range q {
		if k != "count" && k != "cursor" {
			filters[k] = v
		}
	}
	_, _ = h.Write([]byte(filters.Encode()))
	return string(h.Sum(nil))
}

// page reads count and cursor; most is the largest count.
func (c *call) page(most int) (pageRequest, error) {
	q := c.req.URL.Query()
	p := pageRequest{count: min(100, most)}
	if q.Has("count") {
		n, err := strconv.Atoi(q.Get("count"))
		switch {
		case err != nil:
			return p, errInvalid("count %q is not a number", q.Get("count"))
		case n < 1 || n > most && c.Settings.OverCount != "empty":
			return p, errOutOfRange("count %d: use 1 to %d", n, most)
		}
		p.count, p.empty = n, n > most
	}
	if q.Has("cursor") {
		text := q.Get("cursor")
		raw, err := base64.StdEncoding.DecodeString(text)
		head := cursorMark + queryHash(q)
		if err != nil || !strings.HasPrefix(string(raw), head) {
			return p, errInvalid("cursor %q is not one of this listing", text)
		}
		p.after = strings.TrimRight(string(raw[len(head):]), "\x00")
	}
	return p, nil
}

// respond answers a page of rows under name. next is the position to go on
// after, empty at the end.
func (c *call) respond(name string, rows any, next string) (answer, error) {
	body := map[string]any{name: rows}
	q := c.req.URL.Query()
	switch used := q.Get("cursor"); {
	case c.fault == faultRepeatedCursor && used != "":
		body["responseMetaData"] = metaData{&used}
	case next != "":
		text := cursor(q, next)
		body["responseMetaData"] = metaData{&text}
	case c.Settings.LastPage == "null":
		body["responseMetaData"] = lastMetaData{}
	case c.Settings.LastPage == "empty":
		body["responseMetaData"] = metaData{new(string)}
	case c.Settings.LastPage == "absent":
		body["responseMetaData"] = metaData{}
	}
	return ok(body)
}
