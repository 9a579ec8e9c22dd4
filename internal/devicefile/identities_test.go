package devicefile_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// identities reads all of a file given as standard input.
func identities(content []byte) ([]devicefile.Identity, error) {
	f, err := devicefile.OpenIdentities("-", bytes.NewReader(content), devicefile.Options{})
	if err != nil {
		return nil, err
	}
	var all []devicefile.Identity
	for id, err := range f.All(context.Background()) {
		if err != nil {
			return all, errors.Join(err, f.Close())
		}
		all = append(all, id)
	}
	return all, f.Close()
}

// brief is an identity in short: its line, its id, whether it is repeated, what
// is wrong.
func brief(all []devicefile.Identity) []string {
	var out []string
	for _, id := range all {
		text := strconv.Itoa(id.Line) + " " + id.DeviceID
		if id.Repeated {
			text += " again"
		}
		for _, p := range id.Problems {
			text += "| " + p.Error()
		}
		out = append(out, text)
	}
	return out
}

func TestPlainTextAndOtherLists(t *testing.T) {
	for _, tt := range []struct {
		name, content string
		want          []string
	}{
		{"one a line", "a\nb\n", []string{"1 a", "2 b"}},
		{"one only", "5e0c2f8e", []string{"1 5e0c2f8e"}},
		{"blank lines, CR LF, a mark, blanks around", "\xef\xbb\xbf\r\n\r\n a\t\r\n \r\nb\r\n\r\n", []string{"3 a", "5 b"}},
		{"twice", "a\nb\na\nA\n", []string{"1 a", "2 b", "3 a again", "4 A"}},
		{"ids of any kind", "#1\n日本\n007\n-a\n../x\n", []string{"1 #1", "2 日本", "3 007", "4 -a", "5 ../x"}},
		{"only the column", "device_id\na\n\nb\n", []string{"2 a", "4 b"}},
		{"only the column, quoted", "\xef\xbb\xbf\"device_id\"\r\n\"a\"\r\n", []string{"2 a"}},
		{"results of a job", "device_id,user_id,action,status,code\na,u,notify,failed,X\n", []string{"2 a"}},
		{"columns of another program", "device_id,,Notes,Notes\na,1,\"x, y\",\n", []string{"2 a"}},
		{"a bad time, a bad domain, no UTF-8", "device_id,domain_id,last_access,model\na,1.0E+07,yesterday,\xb1\xe2\n", []string{"2 a"}},
		{"JSON lines", "{\"deviceId\":\"a\"}\n{\"deviceId\":\"b\",\"status\":4}\n", []string{"1 a", "2 b"}},
		{"a JSON array", `[{"deviceId":"a"},{"type":7,"deviceId":"a"}]`, []string{"1 a", "2 a again"}},
		{"an empty array", "[]", nil},
		{"nothing", "", nil},
		{"blank lines", "\n \r\n\t", nil},
		{"more blank lines than are looked at", strings.Repeat("\n", 2000) + "a\n", []string{"2001 a"}},
		{"a mark and nothing", "\xef\xbb\xbf", nil},
		{"one without a line break", " a\r", []string{"1 a"}},
		{"blanks after the last line break", "a\nb\n  ", []string{"1 a", "2 b"}},
		{"lines of wide blanks", "a\n\u3000\n\u00a0", []string{"1 a"}},
		{"rows of blanks", "device_id,model\na,x\n , \n\u3000,\u00a0\n ", []string{"2 a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all, err := identities([]byte(tt.content))
			if diff := cmp.Diff(tt.want, brief(all)); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
}

func TestRowsThatNameNoDevice(t *testing.T) {
	for _, tt := range []struct {
		name, content string
		want          []string
	}{
		{"blanks", "a\nb c\n", []string{"1 a", "2 | row 2: has a blank in it: write one device id a line, bare"}},
		{"a title", "worksctl devices\na\n", []string{"1 | row 1: has a blank in it: write one device id a line, bare", "2 a"}},
		{"full-width blank", "a\nb\u3000c\n", []string{"1 a", "2 | row 2: has a blank in it: write one device id a line, bare"}},
		{"commas", "a\n\nb,c\n", []string{"1 a", "3 | row 3: has a comma or semicolon in it: write one device id a line, bare"}},
		{"quotes", "\"a\"\n'b'\nc\n", []string{
			"1 | row 1: has a quote in it: write one device id a line, bare", "2 | row 2: has a quote in it: write one device id a line, bare", "3 c",
		}},
		{"control characters", "a\nb\x00\nc\u200bd\n\ufeffe\n", []string{
			"1 a", "2 | row 2: has a character in it that can't be seen: write one device id a line, bare",
			"3 | row 3: has a character in it that can't be seen: write one device id a line, bare",
			"4 | row 4: has a character in it that can't be seen: write one device id a line, bare",
		}},
		{"not UTF-8", "a\n\xb1\xe2\n", []string{"1 a", "2 | row 2: is not UTF-8: save the file as UTF-8"}},
		{"an error text as last line", "a\nerror: connection lost\n", []string{"1 a", "2 | row 2: has a blank in it: write one device id a line, bare"}},
		{"a list cut in an id", "dev-0001\ndev-0002\ndev-000", []string{
			"1 dev-0001", "2 dev-0002",
			"3 | row 3: the file ends in the middle of a line: it may be cut; if it is whole, add a line break at its end",
		}},
		{"a list cut in its second line", "a\r\nb", []string{
			"1 a", "2 | row 2: the file ends in the middle of a line: it may be cut; if it is whole, add a line break at its end",
		}},
		{"empty ids", "device_id,model\n,x\n\" \",x\na,x\n", []string{
			"2 | row 2, column device_id: is empty", "3 | row 3, column device_id: is empty", "4 a",
		}},
		{"cell counts and a second header", "device_id,model\na\nb,x,y\ndevice_id,model\nc,x\n", []string{
			"2 | row 2: has 1 cells, the header has 2", "3 | row 3: has 3 cells, the header has 2",
			"4 | row 4: is the header again: the file holds two, one after the other", "5 c",
		}},
		{"not UTF-8 in a table", "device_id,model\n\xb1\xe2,x\n", []string{
			"2 | row 2, column device_id: is not UTF-8: save the file as .xlsx or as CSV UTF-8",
		}},
		{"JSON", `[{"model":"x"},{"deviceId":""},{"deviceId":null},{"deviceId":12345678901234567890},"a",{"deviceId":"b"}]`, []string{
			"1 | item 1, column deviceId: is missing", "2 | item 2, column deviceId: is empty", "3 | item 3, column deviceId: is missing",
			"4 | item 4, column deviceId: has a value of the wrong kind", "5 | item 5: is no device", "6 b",
		}},
		{"a good row after a bad one of the same device", "device_id,model\na\na,x\na,x\n", []string{
			"2 | row 2: has 1 cells, the header has 2", "3 a", "4 a again",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all, err := identities([]byte(tt.content))
			if diff := cmp.Diff(tt.want, brief(all)); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
}

func TestListsThatCantBeRead(t *testing.T) {
	array := string(export(t, output.JSON, phone()))
	for _, tt := range []struct{ name, content, want string }{
		{"no device ids", "name,address\na,b\n", "row 1: there is no column device_id"},
		{"tabs", "device_id\tmodel\na\tb\n", "save the file as .xlsx"},
		{"semicolons", "device_id;model\na;b\n", "save the file as .xlsx"},
		{"another column alone", "serial_number\na\n", "row 1: there is no column device_id"},
		{"only keys", "key\nW123\n", "row 1: there is no column device_id"},
		{"a title instead of the key", "Device ID\na\n", "row 1: there is no column device_id"},
		{"a field's name", "deviceId\na\n", "row 1: there is no column device_id"},
		{"ids twice", "device_id,device_id\na,b\n", "column device_id is there twice"},
		{"an endless line", "a\n" + strings.Repeat("x", 2<<20), "row 2: longer than 1 MiB"},
		{"cut in a table", "device_id,model\na,b\nc,d", "row 3: the file ends in the middle of a line"},
		{"array cut", array[:len(array)-3], "ends before it is complete"},
		{"UTF-16", "\xff\xfea\x00", "row 1: there is no column device_id"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := identities([]byte(tt.content))
			e := exit.As(err)
			if e == nil || e.Exit != exit.Failed || !strings.Contains(err.Error()+"\n"+e.Hint, tt.want) || !strings.HasPrefix(err.Error(), "standard input: ") {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// Each own export names its devices, in every format and with columns left out.
func TestIdentitiesOfOwnExports(t *testing.T) {
	for _, f := range []output.Format{output.CSV, output.ExcelCSV, output.XLSX, output.JSON, output.NDJSON} {
		t.Run(string(f), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				device := anyDevice().Filter(func(d api.Device) bool {
					return strings.TrimSpace(d.DeviceID) != "" && sheetText(d.DeviceID) == d.DeviceID && (f != output.CSV || len(spoiled(&d)) == 0)
				})
				written := rapid.SliceOfNDistinct(device, 1, 5, func(d api.Device) string { return d.DeviceID }).Draw(t, "devices")
				written = append(written, rapid.SliceOfN(rapid.SampledFrom(written), 0, 3).Draw(t, "again")...)
				all, err := identities(export(t, f, written...))
				if err != nil || len(all) != len(written) {
					t.Fatalf("%d identities, %v", len(all), err)
				}
				first := map[string]bool{}
				for i, id := range all {
					want := written[i].DeviceID
					if id.DeviceID != want || id.Repeated != first[want] || len(id.Problems) > 0 {
						t.Fatalf("%+v, want %+q", id, want)
					}
					first[want] = true
				}
			})
		})
	}
}

func TestOpenIdentities(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ids.txt")
	if err := os.WriteFile(path, []byte("a\nb\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := devicefile.OpenIdentities(path, nil, devicefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for id, err := range f.All(t.Context()) {
		if id.DeviceID != "a" || err != nil {
			t.Error(id, err)
		}
		break
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if _, err := devicefile.OpenIdentities(path+"x", nil, devicefile.Options{}); exit.CodeOf(err) != exit.Failed || !strings.Contains(err.Error(), "no such file") {
		t.Error(err)
	}
}

// An export in these formats has a header or brackets even of no devices: such a
// file was not written to its end.
func TestEmptyFilesOfIdentities(t *testing.T) {
	for name, code := range map[string]exit.Code{
		"ids": exit.OK, "ids.txt": exit.OK, "ids.ndjson": exit.OK, "ids.csv": exit.Failed, "IDS.CSV": exit.Failed, "ids.json": exit.Failed, "ids.xlsx": exit.Failed,
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte("\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := devicefile.OpenIdentities(path, nil, devicefile.Options{})
		if exit.CodeOf(err) != code {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		for id, err := range f.All(t.Context()) {
			t.Errorf("%s: %+v, %v", name, id, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := devicefile.New("standard input", strings.NewReader(""), devicefile.Options{}); exit.CodeOf(err) != exit.Failed {
		t.Error("a listing of nothing:", err)
	}
}

func TestReadingIdentitiesThatFails(t *testing.T) {
	broken := errors.New("disk on fire")
	f, err := devicefile.OpenIdentities("-", io.MultiReader(strings.NewReader(strings.Repeat("an-id\n", 20_000)), iotest.ErrReader(broken)), devicefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err = range f.All(t.Context()) {
		n++
	}
	if !errors.Is(err, broken) || exit.CodeOf(err) != exit.Failed || n < 1000 {
		t.Errorf("%d rows, %v", n, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f, err = devicefile.OpenIdentities("-", strings.NewReader("a\n"), devicefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range f.All(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func BenchmarkIdentities(b *testing.B) {
	const rows = 10_000
	devices := make([]api.Device, rows)
	var text bytes.Buffer
	for i := range devices {
		devices[i] = with(func(d *api.Device) { d.DeviceID = strconv.Itoa(i) })
		text.WriteString(devices[i].DeviceID + "\n")
	}
	contents := map[string][]byte{"text": text.Bytes()}
	for _, f := range []output.Format{output.CSV, output.ExcelCSV, output.JSON, output.XLSX} {
		contents[string(f)] = export(b, f, devices...)
	}
	for name, content := range contents {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if all, err := identities(content); err != nil || len(all) != rows {
					b.Fatal(len(all), err)
				}
			}
			b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "devices/s")
		})
	}
}
