package output_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/pkg/output"
)

func TestJSONShapes(t *testing.T) {
	a, b := row{ID: "1", Model: "<b>&\u2028"}, row{ID: "2"}
	const first, second = "{\"id\":\"1\",\"model\":\"<b>&\u2028\",\"user\":\"\"}", `{"id":"2","model":"","user":""}`
	for _, tc := range []struct {
		format output.Format
		rows   []row
		want   string
	}{
		{output.JSON, nil, "[]\n"},
		{output.JSON, []row{a}, "[\n" + first + "\n]\n"},
		{output.JSON, []row{a, b}, "[\n" + first + ",\n" + second + "\n]\n"},
		{output.NDJSON, nil, ""},
		{output.NDJSON, []row{a, b}, first + "\n" + second + "\n"},
		{output.YAML, nil, "[]\n"},
		{output.YAML, []row{{ID: "0012", Model: "iPhone 15 Pro", User: "홍길동"}, b}, "- id: \"0012\"\n  model: iPhone 15 Pro\n  user: 홍길동\n- id: \"2\"\n  model: \"\"\n  user: \"\"\n"},
	} {
		var out bytes.Buffer
		s, err := output.New(&out, tc.format, columns(), output.Options[row]{})
		if err != nil {
			t.Fatal(err)
		}
		write(t, s, tc.rows...)
		if err := errors.Join(s.Close(), output.Abort(s)); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(tc.want, out.String()); diff != "" {
			t.Errorf("%s: %s", tc.format, diff)
		}
	}
}

func TestJSONAndYAMLRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []row
		for range rapid.IntRange(0, 3).Draw(t, "rows") {
			valid := func(name string) string { return strings.ToValidUTF8(text().Draw(t, name), "\ufffd") }
			want = append(want, row{ID: valid("id"), Model: valid("model"), User: valid("user")})
		}
		var j, y bytes.Buffer
		for _, s := range []output.Sink[row]{output.NewJSON(&j, output.EncodeJSON[row]), output.NewYAML(&y, output.EncodeJSON[row])} {
			for _, r := range want {
				if err := s.Write(r); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		var fromJSON []row
		if err := json.Unmarshal(j.Bytes(), &fromJSON); err != nil {
			t.Fatal(err)
		}
		var fromYAML []map[string]any
		if err := yaml.Unmarshal(y.Bytes(), &fromYAML); err != nil {
			t.Fatalf("%v in\n%s", err, &y)
		}
		for i, r := range want {
			if diff := cmp.Diff(r, fromJSON[i]); diff != "" {
				t.Fatal(diff)
			}
			if diff := cmp.Diff(map[string]any{"id": r.ID, "model": r.Model, "user": r.User}, fromYAML[i]); diff != "" {
				t.Fatalf("%s in\n%s", diff, &y)
			}
		}
	})
}

func TestYAMLKeepsTypesAndOrder(t *testing.T) {
	var out bytes.Buffer
	encode := func(dst []byte, s string) ([]byte, error) { return append(dst, s...), nil }
	write(t, output.NewYAML(&out, encode), `{"z":1,"a":{"n":null,"l":[true,1.50,"1.50","no"],"e":[],"o":{}}}`)
	want := "- z: 1\n  a:\n    \"n\": null\n    l:\n        - true\n        - 1.50\n        - \"1.50\"\n        - \"no\"\n    e: []\n    o: {}\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestAbort(t *testing.T) {
	for format, want := range map[output.Format]string{
		output.CSV:    "id,model,user\n1,,\n",
		output.JSON:   "[\n{\"id\":\"1\",\"model\":\"\",\"user\":\"\"}",
		output.NDJSON: "{\"id\":\"1\",\"model\":\"\",\"user\":\"\"}\n",
		output.Table:  "DEVICE ID  MODEL  USER\n1\n",
		output.XLSX:   "",
	} {
		var out bytes.Buffer
		s, err := output.New(&out, format, columns(), output.Options[row]{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Write(row{ID: "1"}); err != nil {
			t.Fatal(err)
		}
		if err := output.Abort(s); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("%s: got %q, want %q", format, out.String(), want)
		}
	}
}

func TestAnArrayAbortedEmptyIsNoJSON(t *testing.T) {
	var out bytes.Buffer
	if err := output.Abort(output.NewJSON(&out, output.EncodeJSON[row])); err != nil || json.Valid(out.Bytes()) {
		t.Errorf("%q, %v", out.String(), err)
	}
}

func TestEncodersErrorIsKept(t *testing.T) {
	broken := errors.New("broken row")
	encode := func(dst []byte, s string) ([]byte, error) {
		if s == "" {
			return dst, broken
		}
		return append(dst, s...), nil
	}
	for want, s := range map[string]func(*bytes.Buffer) output.Sink[string]{
		"[\n1":  func(b *bytes.Buffer) output.Sink[string] { return output.NewJSON(b, encode) },
		"1\n":   func(b *bytes.Buffer) output.Sink[string] { return output.NewNDJSON(b, encode) },
		"- 1\n": func(b *bytes.Buffer) output.Sink[string] { return output.NewYAML(b, encode) },
	} {
		var out bytes.Buffer
		sink := s(&out)
		for _, v := range []string{"1", "", "2"} {
			if err := sink.Write(v); (v != "1") != errors.Is(err, broken) {
				t.Errorf("Write(%q): %v", v, err)
			}
		}
		if err := sink.Close(); !errors.Is(err, broken) || out.String() != want {
			t.Errorf("Close: %v, %q, want %q", err, out.String(), want)
		}
	}
}

func TestCount(t *testing.T) {
	var out bytes.Buffer
	write[row](t, output.NewCount[row](&out), row{}, row{}, row{})
	if out.String() != "3\n" {
		t.Errorf("got %q", out.String())
	}
}
