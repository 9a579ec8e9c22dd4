package sandbox

import (
	"context"
	"errors"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
)

// Info is what a sandbox holds and how it is set.
type Info struct {
	Devices  int       `json:"devices"` // seeded; phones that were reset are listed twice
	Members  int       `json:"members"`
	Seed     uint64    `json:"seed"`
	DomainID int32     `json:"domainId"`
	SeededAt time.Time `json:"seededAt"`
	Time     time.Time `json:"time"`     // of the world's clock
	Advanced string    `json:"advanced"` // what the clock was advanced by, as a Go duration
	Commands int       `json:"commands"`
	Pending  int       `json:"pending"` // commands that have not ended
	Plan     string    `json:"plan"`
	MDMMode  string    `json:"mdmMode"`
	Faults   int       `json:"faults"` // that can still happen
}

// Info tells what the sandbox holds now. Its only errors are the store's.
func (b *Backend) Info(ctx context.Context) (info Info, err error) {
	err = b.view(ctx, func(tx Tx) error {
		c, err := b.newCall(tx)
		if err == nil {
			err = c.catchUpIfDue(false)
		}
		if err == nil {
			info, err = c.info()
		}
		return err
	})
	return info, err
}

// Advance sets the world's clock forward by d, lets happen what was due
// meanwhile, and returns what the clock says then. The clock can't go back, and
// runs ahead of the real one by 292 years at most.
func (b *Backend) Advance(ctx context.Context, d time.Duration) (now time.Time, err error) {
	err = b.opt.Store.Update(ctx, func(tx Tx) error {
		c, err := b.newCall(tx)
		if err == nil {
			err = c.advance(d)
		}
		if err != nil {
			return err
		}
		now = wireTime(c.now).time()
		return saveState(tx, c.state)
	})
	if e, ok := errors.AsType[*apiError](err); ok {
		err = exit.Usagef(e.code, "", "%s", e.description)
	}
	return now, err
}

// Time is the world's clock: the real time plus what it was advanced by.
func (b *Backend) Time(ctx context.Context) (t time.Time, err error) {
	err = b.opt.Store.View(ctx, func(tx Tx) error {
		st, err := loadState(tx)
		if err == nil {
			t = b.opt.Now().Add(st.Offset)
		}
		return err
	})
	return t, err
}

func (c *call) info() (Info, error) {
	info := Info{
		Devices: c.Devices, Members: c.Members, Seed: c.Seed, DomainID: c.DomainID, SeededAt: c.SeededAt,
		Time: wireTime(c.now).time(), Advanced: c.Offset.String(), Plan: c.Settings.Plan, MDMMode: c.Settings.MDMMode,
	}
	for id := range c.tx.Ascend(bucketCommands, "") {
		cmd, _, err := getCommand(c.tx, id)
		if err != nil {
			return info, err
		}
		info.Commands++
		if !cmd.ended() {
			info.Pending++
		}
	}
	faults, err := loadFaults(c.tx)
	for _, f := range faults {
		if !f.spent() {
			info.Faults++
		}
	}
	return info, err
}

func (c *call) advance(d time.Duration) error {
	if d < 0 || c.Offset+d < c.Offset { // the sum overflows after 292 years
		return errOutOfRange("advance %s: the clock can't go back, nor 292 years ahead", d)
	}
	c.Offset += d
	c.now = c.realNow().Add(c.Offset).Unix()
	return c.catchUp(c.tx)
}
