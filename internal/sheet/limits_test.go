package sheet_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sheet"
)

// A file that no console writes is refused before it fills the memory.
func TestLimits(t *testing.T) {
	const header = "Device,User\n"
	wide := strings.Repeat(",", 255) + "\n"
	for _, tt := range []struct{ name, content, want string }{
		{"bytes", header + strings.Repeat("\n", 64<<20), "larger than 64 MiB"},
		{"rows", header + strings.Repeat("\n", 1_000_001), "row 1000001: the file has more than 1000000 rows"},
		{"columns", header + wide[:255] + ",\n", "row 2: more than 256 cells"},
		{"cells", header + strings.Repeat(wide, 40_000), "the file has more than 8000000 cells"},
		{"a cell", header + "a,\"" + strings.Repeat("x", 16<<10) + "\n\"\n", "row 2: cell 2 has more than 16 KiB"},
		{"commas", strings.Repeat(",", 2<<20), "longer than 1 MiB"},
		{"what is allowed", header + "a,\"" + strings.Repeat("x", 16<<10) + "\"\n" + wide, ""},
	} {
		_, err := sheet.Read([]byte(tt.content), sheet.Options{Known: known})
		if got := fmt.Sprint(err); tt.want == "" && err != nil || !strings.Contains(got, tt.want) || err != nil && exit.CodeOf(err) != exit.Failed {
			t.Errorf("%s: %s, want %q", tt.name, got, tt.want)
		}
	}
}
