package ledger_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/worksctl/worksctl/internal/ledger"
)

const (
	many  = 100_000
	batch = 100
)

func manyIDs() []string {
	var ids []string
	for i := range many {
		ids = append(ids, fmt.Sprintf("0f8fad5b-d9cb-469f-a165-%012d", i*7919%many))
	}
	return ids
}

// record reserves and confirms all of ids in batches, as a campaign does.
func record(ctx context.Context, d *ledger.Dir, r ledger.Reservation, ids []string, batch int) error {
	for from := 0; from < len(ids); from += batch {
		some := ids[from:][:batch]
		standing, err := d.Notices().Reserve(ctx, r, some)
		if err == nil && len(standing) > 0 {
			err = fmt.Errorf("%d stand", len(standing))
		}
		if err == nil {
			err = d.Notices().Confirm(ctx, r, some)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkNotify reserves and confirms 100 devices among 100,000.
func BenchmarkNotify(b *testing.B) {
	ids := manyIDs()
	d := ledger.NewDir(b.TempDir())
	if err := record(b.Context(), d, at(1), ids, many); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		if err := record(b.Context(), d, at(3+n/many), ids[n%many:][:batch], batch); err != nil {
			b.Fatal(err)
		}
		n += batch
	}
}

// BenchmarkRead is what a process pays once.
func BenchmarkRead(b *testing.B) {
	ids := manyIDs()
	folder := b.TempDir()
	d := ledger.NewDir(folder)
	for from := 0; from < many; from += 10_000 {
		if err := record(b.Context(), d, at(1), ids[from:][:10_000], batch*10); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ledger.NewDir(folder).Notices().Standing(b.Context(), at(1), ids[:1]); err != nil {
			b.Fatal(err)
		}
	}
}

func TestADeviceCostsLittleMemory(t *testing.T) {
	ids := manyIDs()
	t.Run("alone", func(t *testing.T) { costs(t, at(1), ids, 70) })
	r := at(1)
	r.Members = map[string][]string{}
	for i, id := range ids { // two of each member
		r.Members[id] = []string{fmt.Sprint("member:id-", i/2), fmt.Sprintf("member:m%d@example.com", i/2)}
	}
	t.Run("with its member", func(t *testing.T) { costs(t, r, ids, 180) })
}

// costs checks that the book holds at most so many bytes for each of ids.
func costs(t *testing.T, r ledger.Reservation, ids []string, most float64) {
	folder := t.TempDir()
	if err := record(t.Context(), ledger.NewDir(folder), r, ids, many/10); err != nil {
		t.Fatal(err)
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	d := ledger.NewDir(folder)
	if standing, err := d.Notices().Standing(t.Context(), at(1), ids); err != nil || len(standing) > 0 {
		t.Fatal(len(standing), err)
	}
	after := heap()
	runtime.KeepAlive(d)
	runtime.KeepAlive(ids)
	if each := float64(after-before) / many; each > most {
		t.Errorf("%.0f bytes for each device", each)
	} else {
		t.Logf("%.0f bytes for each device", each)
	}
}
