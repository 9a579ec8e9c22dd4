package api

// device decodes one device. Members may come in any order; unknown ones are
// skipped, missing ones are empty, and a repeated one is a fault.
func (r *reader) device(d *Device) error {
	*d = Device{}
	if ok, err := r.open("device", '{'); !ok {
		if err == nil {
			err = &wrongKind{"device", "an object", "null"}
		}
		return err
	}
	var seen marks
	for r.more() {
		name, err := r.member()
		if err != nil {
			return err
		}
		var s string
		switch string(name) {
		case "deviceId":
			seen.add(0)
			d.DeviceID, err = r.text("deviceId")
		case "domainId":
			seen.add(1)
			d.DomainID, err = r.int32("domainId")
		case "type":
			seen.add(2)
			s, err = r.commonText("type")
			d.Type = DeviceType(s)
		case "model":
			seen.add(3)
			d.Model, err = r.commonText("model")
		case "vendorId":
			seen.add(4)
			s, err = r.text("vendorId")
			d.VendorID = Nullable(s)
		case "serialNumber":
			seen.add(5)
			s, err = r.text("serialNumber")
			d.SerialNumber = Nullable(s)
		case "user":
			seen.add(6)
			err = r.user(&d.User)
		case "os":
			seen.add(7)
			d.OS = OS{}
			s, d.OS.Version, err = r.typeAndVersion("os", "os.type", "os.version")
			d.OS.Type = OSType(s)
		case "app":
			seen.add(8)
			s, d.App.Version, err = r.typeAndVersion("app", "app.type", "app.version")
			d.App.Type = AppType(s)
		case "mdm":
			seen.add(9)
			err = r.mdm(&d.MDM)
		case "lastAccessTime":
			seen.add(10)
			d.LastAccessTime, err = r.text("lastAccessTime")
		default:
			err = r.skip()
		}
		if err != nil {
			return err
		}
	}
	return seen.close(r)
}

func (r *reader) user(u *User) error {
	*u = User{}
	if ok, err := r.open("user", '{'); !ok {
		return err
	}
	var seen marks
	for r.more() {
		name, err := r.member()
		if err != nil {
			return err
		}
		switch string(name) {
		case "userId":
			seen.add(0)
			u.UserID, err = r.text("user.userId")
		case "email":
			seen.add(1)
			u.Email, err = r.text("user.email")
		case "userName":
			seen.add(2)
			u.UserName, err = r.text("user.userName")
		default:
			err = r.skip()
		}
		if err != nil {
			return err
		}
	}
	return seen.close(r)
}

// typeAndVersion decodes the shape that os and app share.
func (r *reader) typeAndVersion(field, typeField, versionField string) (kind, version string, err error) {
	if ok, err := r.open(field, '{'); !ok {
		return "", "", err
	}
	var seen marks
	for r.more() {
		name, err := r.member()
		if err != nil {
			return "", "", err
		}
		switch string(name) {
		case "type":
			seen.add(0)
			kind, err = r.commonText(typeField)
		case "version":
			seen.add(1)
			version, err = r.commonText(versionField)
		default:
			err = r.skip()
		}
		if err != nil {
			return "", "", err
		}
	}
	return kind, version, seen.close(r)
}

func (r *reader) mdm(m *MDM) error {
	*m = MDM{}
	if ok, err := r.open("mdm", '{'); !ok {
		return err
	}
	var seen marks
	for r.more() {
		name, err := r.member()
		if err != nil {
			return err
		}
		var s string
		switch string(name) {
		case "status":
			seen.add(0)
			s, err = r.commonText("mdm.status")
			m.Status = MDMStatus(s)
		case "provider":
			seen.add(1)
			s, err = r.commonText("mdm.provider")
			m.Provider = MDMProvider(s)
		default:
			err = r.skip()
		}
		if err != nil {
			return err
		}
	}
	return seen.close(r)
}
