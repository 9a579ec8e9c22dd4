package journal

// Counts says how many items have each status; left out are those with none.
type Counts map[Status]int

// Count counts the items of a record as they are shown: an item left in
// sending by a process that is gone is unknown.
func Count(r Record) Counts {
	_, held := r.Holder()
	n := Counts{}
	for i := range r.Len() {
		n[Shown(r.Outcome(i), held)]++
	}
	return n
}

// Shown is how an outcome is shown to people and scripts; held says whether a
// process is at work on the job. What was to be sent again and was not is as
// unknown as before.
func Shown(o Outcome, held bool) Status {
	if !held && (o.Status == Sending || o.Status == Planned && o.Doubtful()) {
		return Unknown
	}
	return o.Status
}
