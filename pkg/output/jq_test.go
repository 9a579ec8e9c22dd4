package output_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/pkg/output"
)

func jq(t *testing.T, program string) *output.JQ {
	t.Helper()
	q, err := output.NewJQ(program)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestJQ(t *testing.T) {
	t.Setenv("WORKSCTL_TOKEN", "secret")
	rows := []row{{ID: "a", Model: "iPhone <1>\x1b[31m"}, {ID: "b", User: "홍길동"}}
	for _, tc := range []struct {
		format   output.Format
		program  string
		terminal bool
		want     string
	}{
		{output.JSON, ".[].id", false, "a\nb\n"},
		{output.JSON, "length", false, "2\n"},
		{output.JSON, "map(.id)", false, "[\"a\",\"b\"]\n"},
		{output.NDJSON, ".id", false, "a\nb\n"},
		{output.NDJSON, `select(.id == "b")`, false, "{\"id\":\"b\",\"model\":\"\",\"user\":\"홍길동\"}\n"},
		{output.NDJSON, "empty", false, ""},
		{output.NDJSON, ".id, halt", false, "a\n"},
		{output.NDJSON, "env, $ENV", false, "{}\n{}\n{}\n{}\n"},
		{output.NDJSON, "12345678901234567890", false, "12345678901234567890\n12345678901234567890\n"},
		{output.JSON, ".[0].model", false, "iPhone <1>\x1b[31m\n"},
		{output.JSON, ".[0].model", true, `iPhone <1>\x1b[31m` + "\n"},
		{output.JSON, `"a\tb\nc"`, true, "a\tb\nc\n"},
	} {
		var out bytes.Buffer
		s, err := output.New(&out, tc.format, columns(), output.Options[row]{JQ: jq(t, tc.program), Terminal: tc.terminal})
		if err != nil {
			t.Fatal(err)
		}
		write(t, s, rows...)
		if out.String() != tc.want {
			t.Errorf("%s of %s: got %q, want %q", tc.program, tc.format, out.String(), tc.want)
		}
	}
}

func TestJQOfNoRows(t *testing.T) {
	var out bytes.Buffer
	s, err := output.New(&out, output.JSON, columns(), output.Options[row]{JQ: jq(t, "length, .")})
	if err != nil {
		t.Fatal(err)
	}
	write(t, s)
	if out.String() != "0\n[]\n" {
		t.Errorf("got %q", out.String())
	}
}

func TestJQRefusesBadPrograms(t *testing.T) {
	for program, want := range map[string]string{
		".[":                 `unexpected EOF at character 2`,
		".한 | }":             `at character`,
		"nosuch(1)":          "nosuch/1",
		"input":              "input",
		`import "a" as a; .`: "module",
		"\"\x1b\n":           "jq program: unterminated string literal",
	} {
		_, err := output.NewJQ(program)
		if err == nil || !strings.Contains(err.Error(), want) || strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("%s: %v", program, err)
		}
	}
}

func TestJQFailsAtRunTime(t *testing.T) {
	for _, format := range []output.Format{output.JSON, output.NDJSON} {
		var out bytes.Buffer
		s, err := output.New(&out, format, columns(), output.Options[row]{JQ: jq(t, `"first", error("no\ngood")`)})
		if err != nil {
			t.Fatal(err)
		}
		_ = s.Write(row{})
		if err := s.Close(); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", format, err)
		}
		if out.String() != "first\n" {
			t.Errorf("%s: %q", format, out.String())
		}
	}
}

func TestJQEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := output.New(&bytes.Buffer{}, output.NDJSON, columns(), output.Options[row]{JQ: jq(t, "repeat(1)"), Context: ctx})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(row{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestJQNeedsJSON(t *testing.T) {
	if _, err := output.New(&bytes.Buffer{}, output.CSV, columns(), output.Options[row]{JQ: jq(t, ".")}); err == nil || !strings.Contains(err.Error(), "csv") {
		t.Errorf("got %v", err)
	}
}
