package fleet

import (
	"cmp"
	"fmt"

	"github.com/worksctl/worksctl/pkg/api"
)

func possible() Verdict { return Verdict{Outcome: Possible} }

func pointless(code, reason string) Verdict {
	return Verdict{Outcome: Pointless, Code: code, Reason: reason}
}

func impossible(code, reason, remedy string) Verdict {
	return Verdict{Outcome: Impossible, Code: code, Reason: reason, Remedy: remedy}
}

const (
	mdmNotInUse = "NAVER WORKS MDM is not in use for this domain"
	// signOut cuts a lost device off whatever its MDM: the member's connections
	// and tokens end within minutes.
	signOut = "sign the member out everywhere: worksctl members sign-out MEMBER"
	update  = "update worksctl, or use the admin console"
)

// destroys tells wipe and reset, which people need when a device is lost, from
// the actions that need it in hand.
func (c asked) destroys() bool { return c.action == Wipe || c.action == Reset }

// done is what would have been done to the device.
func (c asked) done() string {
	switch c.action {
	case Wipe:
		return "wiped"
	case Reset:
		return "reset"
	}
	return "managed remotely"
}

func (c asked) notMobile() Verdict {
	reason := fmt.Sprintf("only devices of the mobile list can be %s; this one is of the %s list", c.done(), typeName(c.device.Type))
	if c.destroys() && c.device.Type == api.TypePC {
		return impossible(CodeNotMobile, reason, signOut)
	}
	remedy := "look for the row of the mobile app: worksctl devices list --type mobile"
	if member := cmp.Or(c.device.User.UserID, c.device.User.Email); member != "" {
		remedy += " --user " + ShellQuote(member)
	}
	return impossible(CodeNotMobile, reason, remedy)
}

func (c asked) external() Verdict {
	reason := "a third-party MDM manages this device, so NAVER WORKS can't act on it"
	if c.device.MDM.Provider != api.ProviderExternal {
		reason = "a third-party MDM is in use for this domain, so NAVER WORKS can't act on its devices"
	}
	do := map[Action]string{
		Wipe: "wipe it", Reset: "reset it", EnableMDM: "enroll it", DisableMDM: "end its management",
	}[c.action]
	return impossible(CodeExternalMDM, reason, do+" in that MDM's own console")
}

func (c asked) mdmNotInUse() Verdict {
	const enable = "worksctl mdm enable --tenant --mode optional"
	if c.destroys() {
		return impossible(CodeMDMNotInUse, mdmNotInUse, signOut+"; before the next loss: "+enable)
	}
	return impossible(CodeMDMNotInUse, mdmNotInUse, "switch it on first: "+enable)
}

func (c asked) pending() Verdict {
	return impossible(CodeMDMNotRegistered,
		"the member was asked to register this device for remote management and has not done so yet",
		c.register("ask again"))
}

func (c asked) unregistered() Verdict {
	return impossible(CodeMDMNotRegistered,
		"the device is not registered for remote management: its member never registered it, or ended it",
		c.register("ask the member to register it"))
}

// register is of use only while the member has the device.
func (c asked) register(ask string) string {
	return fmt.Sprintf("if it is lost, %s; if the member has it, %s: worksctl mdm enable %s", signOut, ask, Argument(c.device.DeviceID))
}

func (c asked) unknownList() Verdict {
	return impossible(CodeUnknownList, unread("list", string(c.device.Type)), update)
}

func (c asked) unknownAction() Verdict {
	return impossible(CodeUnknownAction, fmt.Sprintf("this version of worksctl does not know the action %q", c.action), "update worksctl")
}

// unknownState names the value that [asked.state] stumbled over, in its order.
func (c asked) unknownState() Verdict {
	d, mode := c.device, c.tenant.Mode
	reason := "the server says that the device is registered, but under no MDM"
	switch {
	case d.Type != api.TypeMobile:
		reason = unread("list", string(d.Type))
	case mode != api.MDMOptional && mode != api.MDMRequired:
		reason = unread("MDM mode of the domain", string(mode))
	case d.MDM.Provider != api.ProviderNaverWorks && d.MDM.Provider != api.ProviderNone:
		reason = unread("MDM provider", string(d.MDM.Provider))
	case d.MDM.Status != api.MDMRegistered:
		reason = unread("MDM status", string(d.MDM.Status))
	}
	return impossible(CodeUnknownState, reason, update)
}

func unread(what, value string) string {
	if value == "" {
		return "the server names no " + what
	}
	return fmt.Sprintf("the server names the %s %q, which this version of worksctl does not know", what, value)
}
