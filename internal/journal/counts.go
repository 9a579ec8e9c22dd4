package journal

// Counts says how many items have each status; left out are those with none.
type Counts map[Status]int

// Count counts the items of a record as they are shown: an item left in
// sending by a process that is gone is unknown.
func Count(r Record) Counts {
	_, held := r.Holder()
	n := Counts{}
	for i := range r.Len() {
		n[Shown(r.Outcome(i).Status, held)]++
	}
	return n
}

// Shown is how a status is shown to people and scripts; held says whether a
// process is at work on the job.
func Shown(s Status, held bool) Status {
	if s == Sending && !held {
		return Unknown
	}
	return s
}
