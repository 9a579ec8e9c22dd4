// Command null is the floor of an export: it fetches every page one after
// another, finds the cursor and looks at nothing else.
//
//	null BASE_URL
package main

import (
	"bytes"
	"errors"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(base string) error {
	var body []byte
	for cursor := ""; ; {
		resp, err := http.Get(base + "/security/devices?count=1000&cursor=" + url.QueryEscape(cursor))
		if err != nil {
			return err
		}
		if resp.ContentLength < 0 {
			return errors.New("no content length")
		}
		if int64(cap(body)) < resp.ContentLength {
			body = make([]byte, resp.ContentLength)
		}
		body = body[:resp.ContentLength]
		_, err = io.ReadFull(resp.Body, body)
		resp.Body.Close()
		if err != nil {
			return err
		}
		_, rest, ok := bytes.Cut(body[max(0, len(body)-256):], []byte(`"nextCursor":"`))
		if !ok {
			return nil
		}
		next, _, _ := bytes.Cut(rest, []byte(`"`))
		if cursor = string(next); cursor == "" {
			return nil
		}
	}
}
