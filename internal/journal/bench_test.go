package journal_test

import (
	"testing"

	"github.com/worksctl/worksctl/internal/journal"
)

const many = 100_000

func BenchmarkOpen(b *testing.B) {
	folder, id := newFolder(b, many)
	store := journal.NewDir(folder, now)
	b.ReportAllocs()
	for b.Loop() {
		j, err := store.Open(b.Context(), id)
		if err != nil {
			b.Fatal(err)
		}
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkItems(b *testing.B) {
	folder, id := newFolder(b, many)
	rec, err := journal.NewDir(folder, now).Read(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for item, err := range rec.Items(b.Context()) {
			if err != nil || item.Index != n {
				b.Fatal(item.Index, err)
			}
			n++
		}
	}
}

// BenchmarkSend notes batches of 100 as a campaign does.
func BenchmarkSend(b *testing.B) {
	folder, id := newFolder(b, many)
	j, err := journal.NewDir(folder, now).Open(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	items := make([]int, 100)
	n := 0
	for b.Loop() {
		for i := range items {
			items[i] = n % many
			n++
		}
		if err := j.Sending(items, "9b2f3c1e-7d55-4a51-8f4e-0d6f5d7a9e10", now()); err != nil {
			b.Fatal(err)
		}
		if err := j.Settle(settled(journal.Planned, items...)); err != nil {
			b.Fatal(err)
		}
	}
}
