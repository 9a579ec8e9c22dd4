package sandbox

import (
	"net/http"
	"slices"
)

func errExternalMDM() error {
	return refuse(http.StatusConflict, "EXTERNAL_MDM_IN_USE", "a third-party MDM is in use")
}

func errNotManaged() error {
	return refuse(http.StatusConflict, "CONFLICT", "only devices of the mobile list can be managed")
}

// queryDomain is the domain of the query, by default the tenant's first.
func (c *call) queryDomain() (int32, error) {
	q := c.req.URL.Query()
	if !q.Has("domainId") {
		return c.DomainID, nil
	}
	id, err := parseDomain(q.Get("domainId"))
	if err != nil {
		return 0, errInvalid("domainId %q is not a domain id", q.Get("domainId"))
	}
	return id, c.checkDomain(id)
}

func (c *call) checkDomain(id int32) error {
	switch {
	case id == 0:
		return errMissing("domainId")
	case id != c.DomainID && !slices.Contains(c.DomainIDs, id):
		return errInvalid("domainId %d is not of this tenant", id)
	}
	return nil
}

func getMDM(c *call) (answer, error) {
	id, err := c.queryDomain()
	if err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"domainId": id, "mode": c.Settings.MDMMode, "externalMdm": c.Settings.ExternalMDM})
}

func enableMDM(c *call) (answer, error) {
	var in struct {
		DomainID int32  `json:"domainId"`
		Mode     string `json:"mode"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if err := c.checkDomain(in.DomainID); err != nil {
		return answer{}, err
	}
	switch {
	case in.Mode != modeOptional && in.Mode != modeRequired:
		return answer{}, errInvalid("mode %q: use OPTIONAL or REQUIRED", in.Mode)
	case c.Settings.ExternalMDM:
		return answer{}, errExternalMDM()
	}
	c.setMode(in.Mode)
	if err := c.count("mdm-enable", "tenant"); err != nil {
		return answer{}, err
	}
	return done(http.StatusNoContent)
}

func disableMDM(c *call) (answer, error) {
	var in struct {
		DomainID int32 `json:"domainId"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if err := c.checkDomain(in.DomainID); err != nil {
		return answer{}, err
	}
	c.setMode(modeNotInUse)
	if err := c.cancelRequested(c.tx, ""); err != nil {
		return answer{}, err
	}
	if err := c.count("mdm-disable", "tenant"); err != nil {
		return answer{}, err
	}
	return done(http.StatusNoContent)
}

func enableDevice(c *call) (answer, error) {
	r, d, err := c.findDevice()
	switch {
	case err != nil:
		return answer{}, err
	case c.Settings.ExternalMDM || d.MDM.Provider == providerExternal:
		return answer{}, errExternalMDM()
	case c.Settings.MDMMode == modeNotInUse:
		return answer{}, errMDMNotInUse()
	case r.typ != typeMobile:
		return answer{}, errNotManaged()
	}
	if d.MDM.Status == mdmUnregistered {
		c.setMDM(&r, mdmPending)
		if err := putRow(c.tx, r); err != nil {
			return answer{}, err
		}
	}
	if err := c.count("mdm-enable", r.id); err != nil {
		return answer{}, err
	}
	return done(http.StatusAccepted)
}

func disableDevice(c *call) (answer, error) {
	r, _, err := c.findDevice()
	if err != nil {
		return answer{}, err
	}
	if err := c.endMDM(r); err != nil {
		return answer{}, err
	}
	if err := c.count("mdm-disable", r.id); err != nil {
		return answer{}, err
	}
	return done(http.StatusNoContent)
}

// endMDM ends the remote management of a device, and with it the command that
// has not reached it yet (rule R16).
func (c *call) endMDM(r row) error {
	if r.typ != typeMobile {
		return errNotManaged()
	}
	if c.mdm(&r, c.now).provider != providerWorks {
		return nil
	}
	c.setMDM(&r, mdmUnregistered)
	if err := putRow(c.tx, r); err != nil {
		return err
	}
	if r.pending == "" {
		return nil
	}
	return c.cancelRequested(c.tx, r.id)
}
