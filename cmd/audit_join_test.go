package cmd

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/exit"
)

// However parts arrive, the log has one header and every record of every part in
// its order, byte for byte.
func TestPartsAreJoined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		field := rapid.SampledFrom([]string{"a", "홍길동", `"two` + "\n" + `lines"`, `"a ""word"", quoted"`, "", `"` + "\r\n" + `"`})
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end")
		header := strings.Join(rapid.SliceOfN(field, 1, 3).Draw(t, "header"), ",") + end
		want, records := header, 0
		var got strings.Builder
		log := &joinedLog{w: &got}
		mark := rapid.Bool().Draw(t, "mark")
		if mark {
			want = "\ufeff" + want
		}
		for n := range rapid.IntRange(1, 4).Draw(t, "parts") {
			part := header
			if mark && (n == 0 || rapid.Bool().Draw(t, "mark again")) {
				part = "\ufeff" + part
			}
			rows := rapid.SliceOfN(field, 0, 5).Draw(t, "rows")
			text := ""
			for _, row := range rows {
				text += row + ",x" + end
			}
			records += len(rows)
			if whole := text; whole != "" && rapid.Bool().Draw(t, "no line end") {
				text = strings.TrimSuffix(whole, end)
				want += text + "\n"
			} else {
				want += text
			}
			part += text
			w := log.part()
			for chunk := range slices.Chunk([]byte(part), rapid.IntRange(1, 9).Draw(t, "chunk")) {
				if k, err := w.Write(chunk); err != nil || k != len(chunk) {
					t.Fatalf("wrote %d of %d: %v", k, len(chunk), err)
				}
			}
			if err := w.finish(); err != nil {
				t.Fatal(err)
			}
		}
		if got.String() != want || log.records != records {
			t.Fatalf("%d records, want %d:\n%q\n%q", log.records, records, got.String(), want)
		}
	})
}

func TestDamagedParts(t *testing.T) {
	for name, parts := range map[string][]string{
		"other columns":     {"a,b\n1,2\n", "a,c\n1,2\n"},
		"an endless header": {strings.Repeat("a,", mostHeader)},
	} {
		t.Run(name, func(t *testing.T) {
			log := &joinedLog{w: &strings.Builder{}}
			var err error
			for _, text := range parts {
				w := log.part()
				if _, err = w.Write([]byte(text)); err == nil {
					err = w.finish()
				}
			}
			if e := exit.As(explainAudit(err)); e == nil || e.ID != "AUDIT_DAMAGED" {
				t.Errorf("error %v", err)
			}
		})
	}
}

// A full disk here is no fault of the network.
func TestASpoolThatFails(t *testing.T) {
	full := errors.New("no space left on device")
	log := &joinedLog{w: spooled{failingSpool{full}}}
	_, err := log.part().Write([]byte("a,b\n"))
	if e := exit.As(unfinished(t.Context(), explainAudit(err), "nothing was written")); e == nil || e.ID != "NO_SPOOL" || !strings.Contains(e.Error(), full.Error()) {
		t.Errorf("error %v", err)
	}
}

type failingSpool struct{ err error }

func (f failingSpool) Write([]byte) (int, error) { return 0, f.err }
