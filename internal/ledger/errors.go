package ledger

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/worksctl/worksctl/internal/exit"
)

func (l *log) damaged(err error) error {
	return exit.Failedf("RECORDS_DAMAGED", "move the file away: then nothing is known of earlier "+l.of,
		"the record of %s %s is damaged in line %d: %v", l.of, l.path, l.lines+1, err)
}

func (l *log) notWritten(err error) error {
	return &exit.Error{
		Exit: exit.Failed, ID: "RECORDS_NOT_WRITTEN", Hint: "see that the disk has room and that you may write there, then try again",
		Message: "writing the record of " + l.of + " " + l.path, Err: reason(err),
	}
}

func (l *log) notRead(err error) error {
	return &exit.Error{Exit: exit.Failed, ID: "RECORDS_NOT_READ", Message: "reading the record of " + l.of + " " + l.path, Err: reason(err)}
}

// gaveUp says why the lock was not waited for any longer.
func (l *log) gaveUp(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return exit.Failedf("RECORDS_BUSY", "wait for the other worksctl process to end and try again",
		"the record of %s %s is held by another process for over %s", l.of, l.path, l.patience)
}

// reason drops the path, which the message names already.
func reason(err error) error {
	if e := exit.As(err); e != nil && e.Err != nil {
		return e.Err
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
