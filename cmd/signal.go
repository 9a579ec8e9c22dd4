package cmd

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/worksctl/worksctl/internal/exit"
)

// WithSignals returns a context that the process's first SIGINT or SIGTERM
// ends, with the exit code in its cause; a terminal that goes away (SIGHUP) is
// as good as the latter, unless nohup or its like has it ignored. A second
// signal ends the process at once, by the system's default.
func WithSignals(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		got := <-signals
		signal.Stop(signals)
		if got == os.Interrupt {
			cancel(&exit.Error{Exit: exit.Interrupted, ID: "INTERRUPTED", Message: "interrupted"})
		} else {
			cancel(&exit.Error{Exit: exit.Terminated, ID: "TERMINATED", Message: "terminated"})
		}
	}()
	return ctx
}

// outliveReaders keeps the process alive when the reader of its output goes
// away (`… 2>&1 | head`): what has begun to act must not die between a request
// and its answer.
func outliveReaders() { signal.Ignore(syscall.SIGPIPE) }
