// Command worksctl is the device administrator's command line for NAVER WORKS.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/worksctl/worksctl/cmd"
	"github.com/worksctl/worksctl/internal/exit"
)

// Set by the release build (-ldflags -X); a build from source reads the Go
// toolchain's build information instead.
var version, commit, date string

func main() {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		if <-signals == syscall.SIGTERM {
			cancel(&exit.Error{Exit: exit.Terminated, ID: "TERMINATED", Message: "terminated"})
		} else {
			cancel(&exit.Error{Exit: exit.Interrupted, ID: "INTERRUPTED", Message: "interrupted"})
		}
		// A second signal ends the process at once, by the system's default.
		signal.Stop(signals)
	}()

	code := cmd.Run(ctx, cmd.Env{
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
