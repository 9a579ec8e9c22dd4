package devicefile_test

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// What worksctl writes it reads back: the machine's formats byte for byte, the
// person's as far as a spreadsheet can hold it. Of the CSV without keys alone,
// cells are named that look like a spreadsheet's damage, and an empty id beside
// others: whatever wrote them, nothing there tells that from damage. Once their
// columns are declared right they read back too.
func TestRoundTrip(t *testing.T) {
	for _, tt := range []struct {
		format output.Format
		want   devicefile.Format
		cell   func(string) string
	}{
		{output.CSV, devicefile.CSV, nil},
		{output.NDJSON, devicefile.NDJSON, nil},
		{output.JSON, devicefile.JSON, nil},
		{output.ExcelCSV, devicefile.CSV, output.CellText},
		{output.XLSX, devicefile.XLSX, sheetText},
	} {
		t.Run(string(tt.format), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				written := rapid.SliceOfNDistinct(anyDevice(), 0, 5, func(d api.Device) string { return output.CellText(d.DeviceID) }).Draw(t, "devices")
				if tt.cell != nil { // an id that a spreadsheet would change is refused there
					written = slices.DeleteFunc(written, func(d api.Device) bool { return tt.cell(d.DeviceID) != d.DeviceID })
				}
				if tt.format == output.CSV && slices.ContainsFunc(written, func(d api.Device) bool { return d.DeviceID != "" }) {
					written = slices.DeleteFunc(written, func(d api.Device) bool { return d.DeviceID == "" })
				}
				content := export(t, tt.format, written...)
				f, err := devicefile.New("x.ndjson", bytes.NewReader(content), devicefile.Options{})
				if err != nil {
					t.Fatalf("%v in %q", err, content)
				}
				want := slices.Clone(written)
				if tt.cell != nil {
					want = cells(t, written, tt.cell)
				}
				var got []api.Device
				suspected := map[string]bool{}
				for row, err := range f.Rows(context.Background()) {
					if err != nil {
						t.Fatalf("%v in %q", err, content)
					}
					if at := len(got); tt.format == output.CSV && at < len(want) {
						columns := spoiled(&want[at])
						if diff := cmp.Diff(columns, named(row)); diff != "" {
							t.Fatalf("row %d: %s", row.Line, diff)
						}
						for _, key := range columns {
							suspected[key] = true
						}
					} else if len(row.Problems) > 0 {
						t.Fatalf("%v in %q", row.Problems, content)
					}
					got = append(got, row.Device)
				}
				if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
					t.Fatal(diff)
				}
				if f.Format() != tt.want && len(written) > 0 {
					t.Fatalf("taken for %s", f.Format())
				}
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
				if len(suspected) > 0 {
					readsDeclared(t, content, suspected, written)
				}
			})
		})
	}
}

// readsDeclared reads a CSV of which some columns look damaged and are declared
// right. Those that hold known words, such as mdm, can't be declared.
func readsDeclared(t *rapid.T, content []byte, suspected map[string]bool, want []api.Device) {
	var o devicefile.Options
	for key := range suspected {
		m, err := consolefile.ParseMapping(key + "=" + key + ":exact")
		if err != nil {
			return
		}
		o.Map = append(o.Map, m)
	}
	f, err := devicefile.New("devices.csv", bytes.NewReader(content), o)
	if err != nil {
		t.Fatal(err)
	}
	var got []api.Device
	for d, err := range f.Rows(context.Background()) {
		if err != nil || len(d.Problems) > 0 {
			t.Fatal(err, d.Problems)
		}
		got = append(got, d.Device)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
}

// spoiled empties the fields that look like a spreadsheet's damage and returns
// their columns.
func spoiled(d *api.Device) []string {
	var columns []string
	for key, p := range map[string]*string{
		fleet.KeyDeviceID: &d.DeviceID, fleet.KeyType: (*string)(&d.Type), fleet.KeyModel: &d.Model, fleet.KeyVendorID: (*string)(&d.VendorID),
		fleet.KeySerialNumber: (*string)(&d.SerialNumber), fleet.KeyUserID: &d.User.UserID, fleet.KeyUserName: &d.User.UserName, fleet.KeyUserEmail: &d.User.Email,
		fleet.KeyOS: (*string)(&d.OS.Type), fleet.KeyOSVersion: &d.OS.Version, fleet.KeyApp: (*string)(&d.App.Type), fleet.KeyAppVersion: &d.App.Version,
		fleet.KeyMDMStatus: (*string)(&d.MDM.Status), fleet.KeyMDMProvider: (*string)(&d.MDM.Provider),
	} {
		if devicefile.Damage(key, *p) != "" {
			*p, columns = "", append(columns, key)
		}
	}
	slices.Sort(columns)
	return columns
}

// named are the columns with problems.
func named(row devicefile.Row) []string {
	var columns []string
	for _, p := range row.Problems {
		columns = append(columns, p.Column)
	}
	slices.Sort(columns)
	return columns
}

// sheetText is a text as a workbook holds it, where _xHHHH_ is an escape.
func sheetText(s string) string {
	return regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`).ReplaceAllString(output.CellText(s), " $1")
}

// cells returns devices with every text as a spreadsheet holds it.
func cells(t *rapid.T, devices []api.Device, cell func(string) string) []api.Device {
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case string:
			return cell(v)
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for k := range v {
				v[k] = walk(v[k])
			}
		}
		return v
	}
	var tree any
	var out []api.Device
	for _, step := range []func() error{
		func() error { return remarshal(devices, &tree) },
		func() error { return remarshal(walk(tree), &out) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func remarshal(from, to any) error {
	b, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, to)
}

func TestAByteOrderMarkDoesNotMatter(t *testing.T) {
	for _, f := range []output.Format{output.CSV, output.JSON, output.NDJSON} {
		content := append([]byte("\xef\xbb\xbf"), export(t, f, phone())...)
		devices, _, err := read(t, "devices.x", content)
		if diff := cmp.Diff([]api.Device{phone()}, devices); diff != "" || err != nil {
			t.Errorf("%s: %v %s", f, err, diff)
		}
	}
}

func TestQuotedHeaderAfterAByteOrderMark(t *testing.T) {
	devices, _, err := read(t, "devices.x", []byte("\xef\xbb\xbf\"device_id\",\"model\"\r\n\"a\",\"b\"\"c\"\r\n"))
	want := []api.Device{{DeviceID: "a", Model: `b"c`}}
	if diff := cmp.Diff(want, devices); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestLineEnds(t *testing.T) {
	want := []api.Device{{DeviceID: "a", Model: "1\r\n2\r3\n4"}, {DeviceID: "b", Model: "x"}}
	for name, content := range map[string]string{
		"LF":              "device_id,model\na,\"1\r\n2\r3\n4\"\nb,x\n",
		"CR LF":           "device_id,model\r\na,\"1\r\n2\r3\n4\"\r\nb,x\r\n",
		"CR":              "device_id,model\ra,\"1\r\n2\r3\n4\"\rb,x\r",
		"blank lines":     "\n\r\ndevice_id,model\n\na,\"1\r\n2\r3\n4\"\n,\nb,x\n\n\n",
		"column order":    "model,device_id\n\"1\r\n2\r3\n4\",a\nx,b\n",
		"spaces and tabs": "device_id,model\na,\"1\r\n2\r3\n4\"\nb,x\n",
	} {
		devices, _, err := read(t, "devices.x", []byte(content))
		if diff := cmp.Diff(want, devices); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestJSONAsToolsLeaveIt(t *testing.T) {
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, export(t, output.NDJSON, phone()), "", "  "); err != nil {
		t.Fatal(err)
	}
	extra := bytes.Replace(export(t, output.NDJSON, phone()), []byte(`{"deviceId"`), []byte(`{"new":{"a":[1]},"deviceId"`), 1)
	for name, content := range map[string][]byte{
		"pretty sequence": append(pretty.Bytes(), '\n'),
		"white space":     append([]byte(" \r\n\t"), export(t, output.JSON, phone())...),
		"unknown field":   extra,
	} {
		devices, _, err := read(t, "devices.x", content)
		if diff := cmp.Diff([]api.Device{phone()}, devices); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}
