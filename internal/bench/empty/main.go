// Command empty is the yardstick of start-up: a program that links net/http
// and does nothing.
package main

import (
	"net/http"
	"os"
)

func main() {
	if len(os.Args) > 99 {
		_, _ = http.Get(os.Args[1]) //nolint:all // never reached; it keeps net/http linked
	}
}
