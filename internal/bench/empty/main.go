// Command empty is the yardstick of start-up: a program that links net/http
// and does nothing.
package main

import (
	"net/http"
	"os"
)

func main() {
	if len(os.Args) > 99 { // never: it keeps net/http linked
		_, _ = http.Get(os.Args[1])
	}
}
