package sandbox

import (
	"errors"
	"fmt"
)

// event is something that will have to be looked at when its time comes: the
// next step of a command, a member who signs in again, a reset phone that
// comes back. There are as many events as commands under way, whatever the
// size of the fleet.
type event struct {
	Kind eventKind `json:"kind"`
	ID   string    `json:"id"` // of the command or device
}

type eventKind string

const (
	eventCommand eventKind = "command"
	eventSignIn  eventKind = "sign-in"
	eventEnroll  eventKind = "enroll"
)

// schedule puts e on the list; the same event at the same time counts once.
func schedule(tx Tx, due int64, e event) error {
	return putJSON(tx, bucketEvents, fmt.Sprintf("%012d/%s/%s", due, e.Kind, e.ID), e)
}

// nextEvent is the earliest event and its key, or an empty key.
func nextEvent(tx Tx) (key string, due int64, e event, err error) {
	for k, v := range tx.Ascend(bucketEvents, "") {
		if len(k) < 12 || v == nil {
			return "", 0, e, errors.New("sandbox store: damaged event")
		}
		for _, c := range k[:12] {
			due = due*10 + int64(c-'0')
		}
		_, err = getJSON(tx, bucketEvents, k, &e)
		return k, due, e, err
	}
	return "", 0, e, nil
}

// catchUp lets the world live up to w.now: what was due happens in the order
// of its time, each at its own time.
func (w *world) catchUp(tx Tx) error {
	for {
		key, due, e, err := nextEvent(tx)
		if err != nil {
			return err
		}
		if key == "" || due > w.now {
			return nil
		}
		if err := tx.Delete(bucketEvents, key); err != nil {
			return err
		}
		then := &world{state: w.state, now: due}
		switch e.Kind {
		case eventCommand:
			err = then.stepCommand(tx, e.ID)
		case eventSignIn:
			err = then.signIn(tx, e.ID)
		case eventEnroll:
			err = then.enroll(tx, e.ID)
		}
		if err != nil {
			return err
		}
	}
}
