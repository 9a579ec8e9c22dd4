package api

// device decodes one device. Members may come in any order; unknown ones are
// skipped, missing ones are empty, and a repeated one is a fault.
func (r *reader) device(d *Device) error {
	*d = Device{}
	ok, err := r.object("device", func(name []byte) (n int, err error) {
		var s string
		switch string(name) {
		case "deviceId":
			n = 0
			d.DeviceID, err = r.text("deviceId")
		case "domainId":
			n = 1
			d.DomainID, err = r.int32("domainId")
		case "type":
			n = 2
			s, err = r.commonText("type")
			d.Type = DeviceType(s)
		case "model":
			n = 3
			d.Model, err = r.commonText("model")
		case "vendorId":
			n = 4
			s, err = r.text("vendorId")
			d.VendorID = Nullable(s)
		case "serialNumber":
			n = 5
			s, err = r.text("serialNumber")
			d.SerialNumber = Nullable(s)
		case "user":
			n = 6
			err = r.user(&d.User)
		case "os":
			n = 7
			s, d.OS.Version, err = r.typeAndVersion("os", "os.type", "os.version")
			d.OS.Type = OSType(s)
		case "app":
			n = 8
			s, d.App.Version, err = r.typeAndVersion("app", "app.type", "app.version")
			d.App.Type = AppType(s)
		case "mdm":
			n = 9
			err = r.mdm(&d.MDM)
		case "lastAccessTime":
			n = 10
			d.LastAccessTime, err = r.text("lastAccessTime")
		default:
			n, err = unknownMember, r.skip()
		}
		return n, err
	})
	if err == nil && !ok {
		err = &wrongKind{"device", "an object", "null"}
	}
	return err
}

func (r *reader) user(u *User) error {
	_, err := r.object("user", func(name []byte) (n int, err error) {
		switch string(name) {
		case "userId":
			n = 0
			u.UserID, err = r.text("user.userId")
		case "email":
			n = 1
			u.Email, err = r.text("user.email")
		case "userName":
			n = 2
			u.UserName, err = r.text("user.userName")
		default:
			n, err = unknownMember, r.skip()
		}
		return n, err
	})
	return err
}

// typeAndVersion decodes the shape that os and app share.
func (r *reader) typeAndVersion(field, typeField, versionField string) (kind, version string, err error) {
	_, err = r.object(field, func(name []byte) (n int, err error) {
		switch string(name) {
		case "type":
			n = 0
			kind, err = r.commonText(typeField)
		case "version":
			n = 1
			version, err = r.commonText(versionField)
		default:
			n, err = unknownMember, r.skip()
		}
		return n, err
	})
	return kind, version, err
}

func (r *reader) mdm(m *MDM) error {
	_, err := r.object("mdm", func(name []byte) (n int, err error) {
		var s string
		switch string(name) {
		case "status":
			n = 0
			s, err = r.commonText("mdm.status")
			m.Status = MDMStatus(s)
		case "provider":
			n = 1
			s, err = r.commonText("mdm.provider")
			m.Provider = MDMProvider(s)
		default:
			n, err = unknownMember, r.skip()
		}
		return n, err
	})
	return err
}
