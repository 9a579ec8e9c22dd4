package sandbox

import (
	"encoding/binary"
	"fmt"

	"github.com/google/uuid"
)

// The states of a command.
const (
	statusRequested = "REQUESTED"
	statusDelivered = "DELIVERED"
	statusCompleted = "COMPLETED"
	statusFailed    = "FAILED"
	statusCanceled  = "CANCELED"
	statusExpired   = "EXPIRED"

	commandWipe  = "WIPE"
	commandReset = "RESET"

	commandLife = 30 * day // then a command that was never delivered expires
)

func (c *command) ended() bool { return c.Status != statusRequested && c.Status != statusDelivered }

func getCommand(tx Tx, id string) (c command, ok bool, err error) {
	ok, err = getJSON(tx, bucketCommands, id, &c)
	return c, ok, err
}

func putCommand(tx Tx, c *command) error { return putJSON(tx, bucketCommands, c.CommandID, c) }

// newID makes a UUID that grows with time, in the layout of version 7, and
// stays the same for the same history.
func (w *world) newID(subject string) string {
	w.Commands++
	var u uuid.UUID
	// The milliseconds that the clock doesn't have carry the number's upper part.
	ms := uint64(w.now)*1000 + w.Commands>>12%1000                  //nolint:gosec // after 1970
	tail := uint64(w.roll(subject, "id", int64(w.Commands), 1<<62)) //nolint:gosec // bits
	binary.BigEndian.PutUint64(u[:8], ms<<16|0x7000|w.Commands&0x0fff)
	binary.BigEndian.PutUint64(u[8:], 1<<63|tail)
	return u.String()
}

// request stores a new command for r and its next step.
func (w *world) request(tx Tx, r row, c command) (command, error) {
	c.CommandID, c.DeviceID = w.newID(r.id), r.id
	c.Status, c.RequestedTime = statusRequested, wireTime(w.now)
	r.pending = c.CommandID
	r.commands++
	if err := putRow(tx, r); err != nil {
		return c, err
	}
	return c, w.settle(tx, &c, &r)
}

// stepCommand moves a stored command on to w.now.
func (w *world) stepCommand(tx Tx, id string) error {
	c, ok, err := getCommand(tx, id)
	if err != nil || !ok || c.ended() {
		return err
	}
	r, ok, err := getRow(tx, c.DeviceID)
	if err != nil || !ok {
		return err
	}
	return w.settle(tx, &c, &r)
}

// settle does with a command what is due by now, stores it with its row, and
// schedules what comes next.
func (w *world) settle(tx Tx, c *command, r *row) error {
	for !c.ended() {
		due, do := w.nextStep(c, r)
		if due > w.now {
			if err := schedule(tx, due, event{eventCommand, c.CommandID}); err != nil {
				return err
			}
			break
		}
		if err := do(tx, due); err != nil {
			return err
		}
	}
	if c.ended() && r.pending == c.CommandID {
		r.pending = ""
	}
	if err := putRow(tx, *r); err != nil {
		return err
	}
	return putCommand(tx, c)
}

// nextStep is what happens next to a command that has not ended, and when: it
// is delivered when the device comes online (rule R20), unless the member ends
// remote management before (R16) or 30 days go by.
func (w *world) nextStep(c *command, r *row) (due int64, do func(Tx, int64) error) {
	if c.Status == statusDelivered {
		delay := 30 + w.roll(r.id, "runs", r.commands, 10*minute)
		return int64(*c.DeliveredTime) + delay, func(tx Tx, t int64) error { return w.finish(tx, c, r, t) }
	}
	requested := int64(c.RequestedTime)
	due, do = requested+commandLife, func(_ Tx, t int64) error {
		c.end(statusExpired, t, "EXPIRED", "the device was not online for 30 days")
		return nil
	}
	if when, ok := r.nextOnline(requested); ok && when < due {
		due, do = when, func(_ Tx, t int64) error { c.deliver(t); return nil }
	}
	if when, ok := w.mdmEnds(r, requested); ok && when < due {
		due, do = when, func(_ Tx, t int64) error { c.cancelForMDM(t); return nil }
	}
	return due, do
}

func (c *command) deliver(t int64) {
	delivered := wireTime(t)
	c.Status, c.DeliveredTime = statusDelivered, &delivered
}

func (c *command) end(status string, t int64, code, description string) {
	c.Status = status
	if status == statusCompleted {
		completed := wireTime(t)
		c.CompletedTime = &completed
	}
	if code != "" {
		c.Failure = &failure{code, description}
	}
}

func (c *command) cancelForMDM(t int64) {
	c.end(statusCanceled, t, "MDM_DISABLED", "remote management was disabled before the command was delivered")
}

// finish ends a delivered command: 1 of 20 fails on the device.
func (w *world) finish(tx Tx, c *command, r *row, t int64) error {
	if r.failNext || w.roll(r.id, "fails", r.commands, 20) == 0 {
		r.failNext = false
		c.end(statusFailed, t, "DEVICE_ERROR", "the device could not carry out the command")
		return nil
	}
	c.end(statusCompleted, t, "", "")
	if c.Type == commandWipe {
		// Only the account signed in now (rule R17): this row and no other.
		r.lastAccess, r.stopped = r.lastAccessAt(t), true
		if w.roll(r.id, "comes back", r.commands, 7) != 0 {
			return nil
		}
		return schedule(tx, t+day+w.roll(r.id, "back delay", r.commands, 2*day), event{eventSignIn, r.id})
	}
	if err := w.stopPhone(tx, r, t); err != nil {
		return err
	}
	return schedule(tx, t+hour/3+w.roll(r.id, "enroll delay", r.commands, day), event{eventEnroll, c.CommandID})
}

// cancelRequested cancels the commands still REQUESTED of one device, or of
// all with an empty id, because remote management ended.
func (w *world) cancelRequested(tx Tx, deviceID string) error {
	var found []command
	for id := range tx.Ascend(bucketCommands, "") {
		c, _, err := getCommand(tx, id)
		if err != nil {
			return err
		}
		if c.Status == statusRequested && (deviceID == "" || c.DeviceID == deviceID) {
			found = append(found, c)
		}
	}
	for _, c := range found {
		r, ok, err := getRow(tx, c.DeviceID)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("sandbox store: command %s has no device", c.CommandID)
		}
		c.cancelForMDM(w.now)
		if err := w.settle(tx, &c, &r); err != nil {
			return err
		}
	}
	return nil
}
