package sandbox_test

import (
	"net/url"
	"testing"
)

func escape(s string) string { return url.QueryEscape(s) }

func domain(mode string) map[string]any {
	m := map[string]any{"domainId": 10000001}
	if mode != "" {
		m["mode"] = mode
	}
	return m
}

func (f *fixture) mode() string {
	f.t.Helper()
	var m struct {
		DomainID    int
		Mode        string
		ExternalMDM bool
	}
	f.get("/security/mdm?domainId=10000001").want(200).into(&m)
	if m.ExternalMDM {
		m.Mode += " external"
	}
	return m.Mode
}

func TestTenantMDM(t *testing.T) {
	f := open(t)
	if m := f.mode(); m != "OPTIONAL" {
		t.Errorf("mode %s", m)
	}
	d := f.registered()
	c := f.ask("wipe", d.DeviceID)
	f.post("/security/mdm/disable", domain("")).want(204)
	if m := f.mode(); m != "NOT_IN_USE" {
		t.Errorf("mode %s", m)
	}
	got := f.command(c.CommandID)
	if got.Status != "CANCELED" || got.Failure == nil || got.Failure.Code != "MDM_DISABLED" {
		t.Errorf("the pending command: %+v", got)
	}
	if now := f.device(d.DeviceID); now.MDM.Status != "UNREGISTERED" || now.MDM.Provider != "NONE" || now.VendorID != nil {
		t.Errorf("the device: %+v", now)
	}
	if n := len(f.list("mdmStatus=REGISTERED")) + len(f.list("mdmStatus=PENDING")); n != 0 {
		t.Errorf("%d devices are still managed", n)
	}
	f.post("/security/devices/"+d.DeviceID+"/mdm/enable", nil).want(403, "MDM_NOT_IN_USE")
	f.post("/security/mdm/enable", domain("OPTIONAL")).want(204)
	if now := f.device(d.DeviceID); now.MDM.Status != "UNREGISTERED" {
		t.Errorf("enabling the tenant registered the device: %+v", now.MDM)
	}
	f.post("/security/mdm/enable", domain("REQUIRED")).want(204)
	if now := f.device(d.DeviceID); now.MDM.Status != "PENDING" || now.MDM.Provider != "NAVER_WORKS" {
		t.Errorf("a tenant that requires MDM asks everybody: %+v", now.MDM)
	}
	f.post("/security/mdm/enable", domain("SOME")).want(400, "INVALID_PARAMETER")
	f.post("/security/mdm/enable", map[string]any{"mode": "OPTIONAL"}).want(400, "MISSING_PARAMETER")
	f.post("/security/mdm/disable", map[string]any{"domainId": 5}).want(400, "INVALID_PARAMETER")
	f.get("/security/mdm?domainId=5").want(400, "INVALID_PARAMETER")
}

func TestExternalMDM(t *testing.T) {
	f := open(t)
	d := f.registered()
	c := f.ask("reset", d.DeviceID)
	f.change(map[string]any{"externalMdm": true})
	if m := f.mode(); m != "NOT_IN_USE external" {
		t.Errorf("mode %s", m)
	}
	if got := f.command(c.CommandID); got.Status != "CANCELED" {
		t.Errorf("the pending command is %s", got.Status)
	}
	f.post("/security/mdm/enable", domain("OPTIONAL")).want(409, "EXTERNAL_MDM_IN_USE")
	f.post("/security/devices/"+d.DeviceID+"/mdm/enable", nil).want(409, "EXTERNAL_MDM_IN_USE")
	f.post("/security/devices/"+d.DeviceID+"/wipe", map[string]string{"reason": "lost"}).want(403, "MDM_NOT_IN_USE")
	for _, d := range f.list("type=MOBILE") {
		if d.MDM.Provider != "EXTERNAL" || d.MDM.Status != "UNREGISTERED" || d.VendorID == nil {
			t.Fatalf("%+v", d)
		}
	}
}

func TestDeviceMDM(t *testing.T) {
	f := open(t)
	d := f.pick("type=MOBILE&mdmStatus=UNREGISTERED", func(d device) bool { return d.MDM.Provider == "NONE" })
	path := "/security/devices/" + d.DeviceID
	f.post(path+"/mdm/enable", nil).want(202)
	if now := f.device(d.DeviceID); now.MDM.Status != "PENDING" || now.VendorID != nil {
		t.Errorf("asked: %+v", now)
	}
	f.trigger(d.DeviceID, "register")
	f.post(path+"/mdm/enable", nil).want(202)
	now := f.device(d.DeviceID)
	if now.MDM.Status != "REGISTERED" || now.VendorID == nil || now.SerialNumber == nil {
		t.Errorf("registered: %+v", now)
	}
	c := f.ask("wipe", d.DeviceID)
	f.post(path+"/mdm/disable", nil).want(204)
	if got := f.command(c.CommandID); got.Status != "CANCELED" || got.Failure.Code != "MDM_DISABLED" {
		t.Errorf("the pending command: %+v", got)
	}
	if now := f.device(d.DeviceID); now.MDM.Status != "UNREGISTERED" {
		t.Errorf("disabled: %+v", now.MDM)
	}
	f.post(path+"/wipe", map[string]string{"reason": "lost"}).want(409, "DEVICE_NOT_REGISTERED")

	external := f.pick("", func(d device) bool { return d.MDM.Provider == "EXTERNAL" })
	f.post("/security/devices/"+external.DeviceID+"/mdm/enable", nil).want(409, "EXTERNAL_MDM_IN_USE")
	pc := f.pick("type=PC", nil)
	f.post("/security/devices/"+pc.DeviceID+"/mdm/enable", nil).want(409, "CONFLICT")
	f.post("/security/devices/"+pc.DeviceID+"/mdm/disable", nil).want(409, "CONFLICT")
	f.do("POST", "/sandbox/devices/"+pc.DeviceID+"/disable-mdm", nil).want(409, "CONFLICT")
	f.post("/security/devices/none/mdm/disable", nil).want(404, "DEVICE_NOT_EXIST")
}

// A command that has reached the device is not taken back by disabling MDM.
func TestDeliveredCommandSurvivesMDM(t *testing.T) {
	f := open(t)
	d := f.registered()
	c := f.ask("wipe", d.DeviceID)
	f.trigger(d.DeviceID, "online")
	f.trigger(d.DeviceID, "disable-mdm")
	if got := f.command(c.CommandID); got.Status != "DELIVERED" {
		t.Errorf("status %s", got.Status)
	}
	f.advance("1h")
	if got := f.command(c.CommandID); got.Status != "COMPLETED" && got.Status != "FAILED" {
		t.Errorf("status %s", got.Status)
	}
}
