// Command worksctl is the device administrator's command line for NAVER WORKS.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"time"

	"github.com/worksctl/worksctl/cmd"
)

// Set by the release build (-ldflags -X); a build from source reads the Go
// toolchain's build information instead.
var version, commit, date string

func main() {
	log.SetOutput(io.Discard) // net/http speaks to nobody there when a server misbehaves
	code := cmd.Run(cmd.WithSignals(context.Background()), cmd.Env{
		Args:      os.Args[1:],
		In:        os.Stdin,
		Out:       os.Stdout,
		Err:       os.Stderr,
		LookupEnv: os.LookupEnv,
		Now:       time.Now,
		Location:  time.Local,
		Build:     cmd.Build{Version: version, Commit: commit, Date: date},
	})
	os.Exit(int(code))
}
