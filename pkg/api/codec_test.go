package api

import (
	"bytes"
	"encoding/json"
	"runtime"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// text draws texts of every kind, broken ones too.
func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"", "a\"b\\c", "\x00\x1b\x7f\b\f\n\r\t", "\u2028\u2029\u202e", "<&>", "\xff\xfea\xc3", "홍길동😀", "\ufffd"}),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	)
}

func device(t *rapid.T, s *rapid.Generator[string]) Device {
	d := func(name string) string { return s.Draw(t, name) }
	return Device{
		DeviceID: d("deviceId"), DomainID: rapid.Int32().Draw(t, "domainId"), Type: DeviceType(d("type")), Model: d("model"),
		VendorID: Nullable(d("vendorId")), SerialNumber: Nullable(d("serialNumber")), User: User{d("userId"), d("email"), d("userName")},
		OS: OS{OSType(d("osType")), d("osVersion")}, App: App{AppType(d("appType")), d("appVersion")},
		MDM: MDM{MDMStatus(d("status")), MDMProvider(d("provider"))}, LastAccessTime: d("lastAccessTime"),
	}
}

func TestAppendJSONIsWhatEncodingJSONWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := device(t, text())
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(d); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.String(), string(d.AppendJSON(nil))+"\n"); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestDecodingUndoesEncoding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := device(t, rapid.String())
		raw, err := json.MarshalIndent(d, "", " ") // with HTML escaping, so that texts hold escapes
		if err != nil {
			t.Fatal(err)
		}
		r := newReader()
		for range 2 { // shared texts come from the first round
			r.reset(raw)
			var got Device
			if err := r.device(&got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(d, got); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// A reused row must not keep anything of the row before.
func TestRowsStartEmpty(t *testing.T) {
	r := newReader()
	full := sampleDevice(1)
	rows, _, err := page(r, full.AppendJSON([]byte(`{"devices":[`)), "list", "devices", (*reader).device, nil)
	if err == nil {
		t.Fatal("half a page was taken")
	}
	body := append(full.AppendJSON([]byte(`{"devices":[`)), `]}`...)
	if rows, _, err = page(r, body, "list", "devices", (*reader).device, rows); err != nil || len(rows) != 1 {
		t.Fatal(err)
	}
	rows, _, err = page(r, []byte(`{"devices":[{"deviceId":"x","user":null,"os":null}]}`), "list", "devices", (*reader).device, rows)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Device{{DeviceID: "x"}}, rows); diff != "" {
		t.Error(diff)
	}
}

func TestDecodedTextsDontShareTheBody(t *testing.T) {
	body := pageOf(3, "")
	rows, _, err := page(newReader(), body, "list", "devices", (*reader).device, nil)
	if err != nil {
		t.Fatal(err)
	}
	clear(body)
	if diff := cmp.Diff(sampleDevice(2), rows[2]); diff != "" {
		t.Error(diff)
	}
}

func TestGuessCursor(t *testing.T) {
	for body, want := range map[string]string{
		`{"devices":[],"responseMetaData":{"nextCursor":"a+/="}}`: "a+/=",
		`{"responseMetaData":{"nextCursor" : "x"},"devices":[]}`:  "x",
		`{"devices":[],"responseMetaData":{"nextCursor":null}}`:   "",
		`{"devices":[],"responseMetaData":{"nextCursor":""}}`:     "",
		`{"devices":[],"responseMetaData":{"nextCursor":"a\/b"}}`: "",
		`{"devices":[]}`:                           "",
		`{"nextCursor":"cut`:                       "",
		`{"nextCursor"`:                            "",
		`"nextCursor":"first" "nextCursor":"last"`: "last",
	} {
		if got := guessCursor([]byte(body)); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func TestCommonTextsAreBounded(t *testing.T) {
	r := newReader()
	for i := range 5000 {
		d := sampleDevice(i)
		d.Model = string(d.VendorID)
		r.reset(d.AppendJSON(nil))
		var got Device
		if err := r.device(&got); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.common) > maxCommon {
		t.Errorf("%d texts kept", len(r.common))
	}
}

func TestSeenSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, want := newSeenSet(), map[string]bool{}
		for _, text := range rapid.SliceOf(rapid.StringN(0, 3, -1)).Draw(t, "texts") {
			if got := s.add(text); got == want[text] {
				t.Fatalf("add(%q) = %v", text, got)
			}
			want[text] = true
		}
	})
}

// Knowing repeated rows is all that a listing keeps of a row: at most 32 bytes.
func TestSeenSetIsSmall(t *testing.T) {
	const n = 100_000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := newSeenSet()
	for i := range n {
		s.add(strconv.Itoa(i))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if each := float64(after.HeapAlloc-before.HeapAlloc) / n; each > 32 {
		t.Errorf("%.1f bytes for each text", each)
	}
	runtime.KeepAlive(s)
}
