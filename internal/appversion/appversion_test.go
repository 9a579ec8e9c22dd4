package appversion_test

import (
	"cmp"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/appversion"
)

func parse(t rapid.TB, s string) appversion.Version {
	t.Helper()
	v, ok := appversion.Parse(s)
	if !ok {
		t.Fatalf("Parse(%q) is unreadable", s)
	}
	return v
}

// dotted draws readable versions that collide often: few parts, small numbers,
// leading zeros, and now and then 40 digits.
func dotted() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.StringMatching(`[0-3]`),
		rapid.StringMatching(`0{0,3}[0-9]{1,2}`),
		rapid.StringMatching(`[1-9][0-9]{39}`),
	)
	return rapid.Map(rapid.SliceOfN(part, 1, 8), func(p []string) string { return strings.Join(p, ".") })
}

func suffix() *rapid.Generator[string] {
	return rapid.OneOf(rapid.Just(""), rapid.StringMatching(`[-+ ].{0,8}`))
}

// oracle compares with big integers, the slow and obvious way.
func oracle(a, b string) int {
	p, q := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(p), len(q)) {
		x, y := new(big.Int), new(big.Int)
		if i < len(p) {
			x.SetString(p[i], 10)
		}
		if i < len(q) {
			y.SetString(q[i], 10)
		}
		if c := x.Cmp(y); c != 0 {
			return c
		}
	}
	return 0
}

func TestParse(t *testing.T) {
	for _, s := range []string{
		"0", "4", "4.2", "4.2.1-beta", "4.2+7", "4.2 (build 9)", "4.2-", "10.0.22631.4460", "007",
		strings.Repeat("9", 40), strings.Repeat("1.", 50) + "1",
	} {
		if _, ok := appversion.Parse(s); !ok {
			t.Errorf("Parse(%q) is unreadable", s)
		}
	}
	for _, s := range []string{
		"", "v", "v4.2", "4..2", ".4", "4.", "4.-beta", "4.x", "x", "-", "-4", "+4", " 4", "4.2beta", "4,2",
		"unknown", "４.２", "4.2\n", "٤", "4.2\x00",
	} {
		if v, ok := appversion.Parse(s); ok {
			t.Errorf("Parse(%q) = %q, want unreadable", s, v)
		}
	}
}

func TestCompare(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"4.2", "4.2.0", 0},
		{"4.2", "4.2.0.0.1", -1},
		{"4.10", "4.9", 1},
		{"4.2.1-beta", "4.2.1", 0},
		{"4.2.1-beta", "4.2.1+99", 0},
		{"04.02", "4.2", 0},
		{"10.0.22631.4460", "10.0.19045.5131", 1},
		{"1." + strings.Repeat("9", 40), "1.1" + strings.Repeat("0", 40), -1},
		{"18446744073709551616", "18446744073709551615", 1},
		{"0", "0.0", 0},
	} {
		if got := parse(t, tt.a).Compare(parse(t, tt.b)); got != tt.want {
			t.Errorf("%s against %s: got %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestHasPrefix(t *testing.T) {
	for _, tt := range []struct {
		v, p string
		want bool
	}{
		{"17.5", "17", true},
		{"17.5", "17.5", true},
		{"17.50", "17.5", false},
		{"17.5", "17.5.1", false},
		{"17", "17.0", true},
		{"17.5", "17.0", false},
		{"170", "17", false},
		{"17.5-beta", "17.5", true},
		{"10.0.22631.4460", "10.0.22631", true},
		{"010.0", "10", true},
	} {
		if got := parse(t, tt.v).HasPrefix(parse(t, tt.p)); got != tt.want {
			t.Errorf("%s has prefix %s: got %v, want %v", tt.v, tt.p, got, tt.want)
		}
	}
	if !parse(t, "4.2").HasPrefix(appversion.Version{}) {
		t.Error("the zero Version is not a prefix of 4.2")
	}
}

func TestCompareAgreesWithBigNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := dotted().Draw(t, "a"), dotted().Draw(t, "b")
		got := parse(t, a+suffix().Draw(t, "sa")).Compare(parse(t, b+suffix().Draw(t, "sb")))
		if want := oracle(a, b); got != want {
			t.Fatalf("%s against %s: got %d, want %d", a, b, got, want)
		}
	})
}

func TestCompareIsATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := parse(t, dotted().Draw(t, "a")), parse(t, dotted().Draw(t, "b")), parse(t, dotted().Draw(t, "c"))
		if same := parse(t, a.String()); a.Compare(same) != 0 {
			t.Fatalf("%s is not equal to itself", a)
		}
		if a.Compare(b) != -b.Compare(a) {
			t.Fatalf("%s and %s: order depends on the side", a, b)
		}
		if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
			t.Fatalf("not transitive: %s, %s, %s", a, b, c)
		}
		if a.Compare(b) == 0 && cmp.Compare(a.Compare(c), 0) != cmp.Compare(b.Compare(c), 0) {
			t.Fatalf("%s and %s are equal, but not against %s", a, b, c)
		}
	})
}

func TestPrefixFollowsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, more := dotted().Draw(t, "prefix"), dotted().Draw(t, "more")
		p, v := parse(t, text), parse(t, text+"."+more)
		if !v.HasPrefix(p) || v.Compare(p) < 0 {
			t.Fatalf("%s must have the prefix %s and not be older", v, p)
		}
		if w := parse(t, text+".0"); !p.HasPrefix(w) || !w.HasPrefix(p) {
			t.Fatalf("%s and %s are equal but have different prefixes", p, w)
		}
		q := parse(t, dotted().Draw(t, "q"))
		if p.Compare(q) == 0 && v.HasPrefix(p) && !p.HasPrefix(q) {
			t.Fatalf("%s equals %s but does not have it as a prefix", p, q)
		}
	})
}

func TestAnythingParsesWithoutPanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9.v+ -]{0,10}`)).Draw(t, "s")
		v, ok := appversion.Parse(s)
		if !ok {
			return
		}
		again, ok := appversion.Parse(v.String())
		if !ok || again.Compare(v) != 0 || !strings.HasPrefix(s, v.String()) {
			t.Fatalf("%q read as %q, which reads back as %q (%v)", s, v, again, ok)
		}
	})
}

func TestNothingIsAllocated(t *testing.T) {
	got := testing.AllocsPerRun(100, func() {
		v, _ := appversion.Parse("10.0.22631.4460-preview")
		w, _ := appversion.Parse("10.0.22631.4461")
		if v.Compare(w) >= 0 || v.HasPrefix(w) {
			t.Error("wrong order")
		}
	})
	if got != 0 {
		t.Errorf("%v allocations, want none", got)
	}
}

func BenchmarkParseCompare(b *testing.B) {
	limit, _ := appversion.Parse("10.0.22631.4461")
	b.ReportAllocs()
	for b.Loop() {
		v, _ := appversion.Parse("10.0.22631.4460")
		if v.Compare(limit) > 0 {
			b.Fatal("wrong order")
		}
	}
}
