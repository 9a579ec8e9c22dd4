package journal

import "fmt"

// outcomes holds the latest outcome of each item. Items share one where they
// can, so that a hundred thousand cost little.
type outcomes []*Outcome

// check tells whether items may get a status. An item that got through is never
// planned again: it would be sent twice.
func (list outcomes) check(items []int, s Status) error {
	if !s.stored() {
		return fmt.Errorf("%q is no status of an item", s)
	}
	for _, i := range items {
		if i < 0 || i >= len(list) {
			return fmt.Errorf("there is no item %d among %d", i, len(list))
		}
		if now := list[i].Status; s == Planned && now != Planned && now != Sending {
			return fmt.Errorf("item %d is %s already and can't be planned again", i, now)
		}
	}
	return nil
}

// apply sets an outcome that items share.
func (list outcomes) apply(items []int, o Outcome) {
	var before, after *Outcome
	for _, i := range items {
		if list[i] != before || after == nil {
			before = list[i]
			next := o.Over(*before)
			after = &next
		}
		list[i] = after
	}
}

// stored tells whether s is one of the statuses that a journal holds.
func (s Status) stored() bool {
	switch s {
	case Planned, Sending, Sent, Accepted, Done, Failed, Skipped, Refused, Canceled:
		return true
	default:
		return false
	}
}
