package devicefile_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

const header = "device_id,domain_id,type,model,vendor_id,serial_number,user_id,user_name,user_email,os,os_version,app,app_version,mdm_status,mdm_provider,last_access"

func phone() api.Device {
	return api.Device{
		DeviceID: "5e0c2f8e-0001", DomainID: 10000001, Type: api.TypeMobile, Model: "iPhone 15 Pro",
		VendorID: "3F2504E0", SerialNumber: "12E345",
		User:           api.User{UserID: "9b1d7c52", Email: "gildong.hong@example.com", UserName: "홍길동"},
		OS:             api.OS{Type: api.OSIOS, Version: "17.10"},
		App:            api.App{Type: api.AppWorksMobile, Version: "4.2.1"},
		MDM:            api.MDM{Status: api.MDMRegistered, Provider: api.ProviderNaverWorks},
		LastAccessTime: "2026-11-20T10:15:00+09:00",
	}
}

func with(change func(*api.Device)) api.Device {
	d := phone()
	change(&d)
	return d
}

// export writes devices as worksctl does.
func export(t rapid.TB, f output.Format, devices ...api.Device) []byte {
	t.Helper()
	var b bytes.Buffer
	sink, err := output.New(&b, f, fleet.Columns(fleet.View{}), output.Options[*api.Device]{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range devices {
		if err := sink.Write(&devices[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read reads all devices of a file, or fails as a reading command would.
func read(t *testing.T, name string, content []byte) ([]api.Device, *devicefile.File, error) {
	t.Helper()
	f, err := devicefile.New(name, bytes.NewReader(content), devicefile.Options{})
	if err != nil {
		return nil, nil, err
	}
	var devices []api.Device
	for d, err := range f.Devices(t.Context()) {
		if err != nil {
			return devices, f, err
		}
		devices = append(devices, d)
	}
	return devices, f, f.Close()
}

// wantFailed checks for an error of exit code 1 that names the file and
// contains parts.
func wantFailed(t *testing.T, err error, parts ...string) {
	t.Helper()
	e := exit.As(err)
	if e == nil || e.Exit != exit.Failed {
		t.Fatalf("got %v, want an error with exit code 1", err)
	}
	for _, p := range append(parts, "devices.x") {
		if text := err.Error() + "\n" + e.Hint; !strings.Contains(text, p) {
			t.Errorf("%q does not contain %q", text, p)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %q", err.Error())
	}
}

// anyDevice draws devices with the texts that hurt files.
func anyDevice() *rapid.Generator[api.Device] {
	text := rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{
			"", "홍길동", "=cmd|'/c calc'!A1", "'=x", "''=x", "+82", "－1", "＠a", "a;=b", "'", `"`, `""`, "a\"b", "a,b", "a\r\nb", "a\rb", "\n", "\r", "\t", " ", " x ",
			"\x00", "\x1b]0;owned\x07", "\u202eevil", "\ufeffx", "_x0041_", "_x000D_", "\u2028", "<&>", "1e5", "007", "\uffff", `\.`, "key", "]", strings.Repeat("가", 400),
			"2026-04-10", "May 01", "10:15", "1.23457E+12", "TRUE", "#N/A", "04.02.01", "04. Okt", "1-mars", "2.4.2001", "38078", "42%",
		}),
	)
	access := rapid.Map(rapid.Int64Range(0, 4e9), func(s int64) string {
		if s%7 == 0 {
			return ""
		}
		return time.Unix(s, 0).In(time.FixedZone("", 9*60*60)).Format(time.RFC3339)
	})
	return rapid.Custom(func(t *rapid.T) api.Device {
		draw := func(name string) string { return text.Draw(t, name) }
		id, model := draw("id"), draw("model")
		if strings.TrimSpace(id) == "" { // of a console's download; a row of nothing is none
			model += "m"
		}
		return api.Device{
			DeviceID: id, DomainID: rapid.Int32Min(0).Draw(t, "domain"),
			Type: api.DeviceType(draw("type")), Model: model, VendorID: api.Nullable(draw("vendor")), SerialNumber: api.Nullable(draw("serial")),
			User: api.User{UserID: draw("uid"), Email: draw("email"), UserName: draw("name")},
			OS:   api.OS{Type: api.OSType(draw("os")), Version: draw("osv")}, App: api.App{Type: api.AppType(draw("app")), Version: draw("appv")},
			MDM:            api.MDM{Status: api.MDMStatus(draw("mdm")), Provider: api.MDMProvider(draw("by"))},
			LastAccessTime: access.Draw(t, "access"),
		}
	})
}
