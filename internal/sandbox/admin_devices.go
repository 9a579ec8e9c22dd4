package sandbox

import (
	"net/http"
)

// adminOnline lets a member use the app on a device now.
func adminOnline(c *call) (answer, error) {
	r, _, err := c.findDevice()
	switch {
	case err != nil:
		return answer{}, err
	case r.stopped:
		return answer{}, refuse(http.StatusConflict, "CONFLICT", "nobody is signed in since the device was wiped or reset: use sign-in")
	}
	return answer{status: http.StatusNoContent}, c.comeOnline(c.tx, &r)
}

// adminSignIn lets somebody sign in on a device now, also after a wipe.
func adminSignIn(c *call) (answer, error) {
	r, _, err := c.findDevice()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, c.signIn(c.tx, r.id)
}

// adminRegister lets the member register a device for remote management now.
func adminRegister(c *call) (answer, error) {
	r, d, err := c.findDevice()
	switch {
	case err != nil:
		return answer{}, err
	case d.MDM.Provider == providerExternal:
		return answer{}, errExternalMDM()
	case c.Settings.MDMMode == modeNotInUse:
		return answer{}, errMDMNotInUse()
	case r.typ != typeMobile:
		return answer{}, errNotManaged()
	}
	c.setMDM(&r, mdmRegistered)
	return answer{status: http.StatusNoContent}, putRow(c.tx, r)
}

// adminDisableMDM lets the member end remote management of a device now.
func adminDisableMDM(c *call) (answer, error) {
	r, _, err := c.findDevice()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, c.endMDM(r)
}

// adminFailNext makes the device's next command fail, also one under way.
func adminFailNext(c *call) (answer, error) {
	r, _, err := c.findDevice()
	if err != nil {
		return answer{}, err
	}
	r.failNext = true
	return answer{status: http.StatusNoContent}, putRow(c.tx, r)
}
