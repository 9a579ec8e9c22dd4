package cmd

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/worksctl/worksctl/internal/exit"
)

// WithSignals returns a context that the process's first SIGINT or SIGTERM
// ends, with the exit code in its cause. A second signal ends the process at
// once, by the system's default.
func WithSignals(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		got := <-signals
		signal.Stop(signals)
		if got == syscall.SIGTERM {
			cancel(&exit.Error{Exit: exit.Terminated, ID: "TERMINATED", Message: "terminated"})
		} else {
			cancel(&exit.Error{Exit: exit.Interrupted, ID: "INTERRUPTED", Message: "interrupted"})
		}
	}()
	return ctx
}
