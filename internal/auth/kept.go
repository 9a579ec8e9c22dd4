package auth

import "time"

// A token is renewed when a tenth of its life is left, but no earlier than
// renewBefore.
const renewBefore = 5 * time.Minute

// kept is a token that is handed out. Its end and the time to renew it are zero
// where the end is not known: then only a refusal ends it.
type kept struct {
	Token
	renewAt time.Time
}

// keep says when a token that was asked for then is to be renewed.
func keep(t Token, asked time.Time) kept {
	// A monotonic clock stands still while the machine sleeps; tokens don't.
	k := kept{Token: Token{Access: t.Access, Scope: t.Scope, Expires: t.Expires.Round(0)}}
	if !t.Expires.IsZero() {
		k.renewAt = k.Expires.Add(-min(renewBefore, k.Expires.Sub(asked)/10))
	}
	return k
}
