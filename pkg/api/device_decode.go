package api

// device decodes one device. Members may come in any order; unknown ones are
// skipped, and a repeated one counts the last time.
func (r *reader) device(d *Device) error {
	*d = Device{}
	if ok, err := r.open("device", '{'); !ok {
		if err == nil {
			err = &wrongKind{"device", "an object", "null"}
		}
		return err
	}
	for r.more() {
		name, err := r.member()
		if err != nil {
			return err
		}
		var s string
		switch string(name) {
		case "deviceId":
			d.DeviceID, err = r.text("deviceId")
		case "domainId":
			d.DomainID, err = r.int32("domainId")
		case "type":
			s, err = r.commonText("type")
			d.Type = DeviceType(s)
		case "model":
			d.Model, err = r.commonText("model")
		case "vendorId":
			s, err = r.text("vendorId")
			d.VendorID = Nullable(s)
		case "serialNumber":
			s, err = r.text("serialNumber")
			d.SerialNumber = Nullable(s)
		case "user":
			err = r.user(&d.User)
		case "os":
			d.OS = OS{}
			s, d.OS.Version, err = r.typeAndVersion("os", "os.type", "os.version")
			d.OS.Type = OSType(s)
		case "app":
			s, d.App.Version, err = r.typeAndVersion("app", "app.type", "app.version")
			d.App.Type = AppType(s)
		case "mdm":
			err = r.mdm(&d.MDM)
		case "lastAccessTime":
			d.LastAccessTime, err = r.text("lastAccessTime")
		default:
			err = r.skip()
		}
		if err != nil {
			return err
		}
	}
	return r.close()
}

func (r *reader) user(u *User) error {
	*u = User{}
	if ok, err := r.open("user", '{'); !ok {
		return err
	}
	for r.more() {
		name, err := r.member()
		if err != nil {
			return err
		}
		switch string(name) {
		case "userId":
			u.UserID, err = r.text("user.userId")
		case "email":
			u.Email, err = r.text("user.email")
		case "userName":
			u.UserName, err = r.text("user.userName")
		default:
			err = r.skip()
		}
		if err != nil {
			return err
		}
	}
	return r.close()
}

// typeAndVersion decodes the shape that os and app share.
func (r *reader) typeAndVersion(field, typeField, versionField string) (kind, version string, err error) {
	if ok, err := r.open(field, '{'); !ok {
		return "", "", err
	}
	for r.more() {
		name, err := r.member()
		if err != nil {
			return "", "", err
		}
		switch string(name) {
		case "type":
			kind, err = r.commonText(typeField)
		case "version":
			version, err = r.commonText(versionField)
		default:
			err = r.skip()
		}
		if err != nil {
			return "", "", err
		}
	}
	return kind, version, r.close()
}

func (r *reader) mdm(m *MDM) error {
	*m = MDM{}
	if ok, err := r.open("mdm", '{'); !ok {
		return err
	}
	for r.more() {
		name, err := r.member()
		if err != nil {
			return err
		}
		var s string
		switch string(name) {
		case "status":
			s, err = r.commonText("mdm.status")
			m.Status = MDMStatus(s)
		case "provider":
			s, err = r.commonText("mdm.provider")
			m.Provider = MDMProvider(s)
		default:
			err = r.skip()
		}
		if err != nil {
			return err
		}
	}
	return r.close()
}
