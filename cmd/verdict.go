package cmd

import (
	"github.com/worksctl/worksctl/internal/fleet"
)

// verdict says whether an action can be done to a device now.
type verdict struct {
	Action  string  `json:"action"`
	Outcome string  `json:"outcome"` // possible, pointless, impossible, or unknown
	Code    *string `json:"code"`
	Reason  *string `json:"reason"`
	Remedy  *string `json:"remedy"`
}

// outcomeUnknown is a verdict that can't be reached, since the back end doesn't
// tell what it follows from.
const outcomeUnknown fleet.Outcome = "unknown"

func verdictOf(action fleet.Action, v fleet.Verdict) verdict {
	return verdict{Action: string(action), Outcome: string(v.Outcome), Code: orNull(v.Code), Reason: orNull(v.Reason), Remedy: orNull(v.Remedy)}
}

// verdictWords is a verdict for a person, with what to do instead.
func verdictWords(v fleet.Verdict) string {
	words := verdictReason(v)
	if v.Remedy != "" {
		words += "; " + v.Remedy
	}
	return words
}

// verdictReason is a verdict for a person who is told elsewhere what to do
// instead.
func verdictReason(v fleet.Verdict) string {
	switch v.Outcome {
	case fleet.Possible:
		return "yes"
	case fleet.Pointless:
		return "no need: " + v.Reason
	case outcomeUnknown:
		return "not known: " + v.Reason
	}
	return "no: " + v.Reason
}
