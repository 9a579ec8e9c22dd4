package suggest_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/suggest"
)

func TestNearest(t *testing.T) {
	known := []string{"device_id", "model", "user_name", "os", "os_version"}
	for typed, want := range map[string]string{
		"moedl": "model", "iso": "", "so": "os", "ox": "os", "xos": "os", "MODEL": "model", "deviceid": "device_id", "user-name": "user_name", "os_verzion": "os_version",
		"price": "", "모델": "", "": "", "xy": "",
	} {
		if got := suggest.Nearest(typed, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", typed, got, want)
		}
	}
}

// A word with one letter changed is found, if its neighbors are further away.
func TestOneTypo(t *testing.T) {
	known := []string{"last-access", "app-version-max", "drive-explorer"}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom(known).Draw(t, "word")
		i := rapid.IntRange(0, len(word)-1).Draw(t, "at")
		typo := word[:i] + "x" + word[i+1:]
		if got := suggest.Nearest(typo, known); got != word {
			t.Fatalf("Nearest(%q) = %q", typo, got)
		}
	})
}
