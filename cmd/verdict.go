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

// verdictWords is a verdict for a person.
func verdictWords(v fleet.Verdict) string {
	words := "no: "
	switch v.Outcome {
	case fleet.Possible:
		return "yes"
	case fleet.Pointless:
		words = "no need: "
	case outcomeUnknown:
		words = "not known: "
	}
	words += v.Reason
	if v.Remedy != "" {
		words += "; " + v.Remedy
	}
	return words
}
