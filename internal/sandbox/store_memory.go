package sandbox

import (
	"context"
	"iter"
	"slices"
	"sync"
)

// NewMemoryStore returns an empty store that lives as long as the process.
func NewMemoryStore() Store {
	return &memoryStore{buckets: map[Bucket]*memoryBucket{}}
}

type memoryStore struct {
	mu      sync.RWMutex
	buckets map[Bucket]*memoryBucket
}

// memoryBucket keeps its keys beside the map; they are put in order at the
// end of an update, so that a bulk load sorts once.
type memoryBucket struct {
	values map[string][]byte
	keys   []string
	dirty  bool
}

func (s *memoryStore) View(ctx context.Context, f func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return f(&memoryTx{store: s, readOnly: true})
}

func (s *memoryStore) Update(ctx context.Context, f func(Tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	tx := &memoryTx{store: s}
	done := false
	defer func() { // also when f panics
		if !done || err != nil {
			tx.rollback()
		}
		for _, b := range s.buckets {
			b.sort()
		}
	}()
	err = f(tx)
	done = true
	return err
}

func (s *memoryStore) Replace(ctx context.Context, f func(Tx) error) error {
	return s.Update(ctx, func(tx Tx) error {
		for name := range s.buckets {
			if err := tx.Clear(name); err != nil {
				return err
			}
		}
		return f(tx)
	})
}

type memoryTx struct {
	store    *memoryStore
	readOnly bool
	undo     []func()
}

func (tx *memoryTx) rollback() {
	for _, f := range slices.Backward(tx.undo) {
		f()
	}
}

func (tx *memoryTx) bucket(name Bucket) *memoryBucket {
	b := tx.store.buckets[name]
	if b == nil {
		b = &memoryBucket{values: map[string][]byte{}}
		tx.store.buckets[name] = b
	}
	return b
}

func (tx *memoryTx) Get(name Bucket, key string) []byte {
	if b := tx.store.buckets[name]; b != nil {
		return b.values[key]
	}
	return nil
}

func (tx *memoryTx) Put(name Bucket, key string, value []byte) error {
	if tx.readOnly {
		return errReadOnly
	}
	if key == "" {
		return errNoKey
	}
	b := tx.bucket(name)
	old, had := b.values[key]
	b.values[key] = value
	if had {
		tx.undo = append(tx.undo, func() { b.values[key] = old })
		return nil
	}
	b.keys, b.dirty = append(b.keys, key), true
	tx.undo = append(tx.undo, func() { b.remove(key) })
	return nil
}

func (tx *memoryTx) Delete(name Bucket, key string) error {
	if tx.readOnly {
		return errReadOnly
	}
	b := tx.store.buckets[name]
	if b == nil {
		return nil
	}
	old, had := b.values[key]
	if !had {
		return nil
	}
	b.remove(key)
	tx.undo = append(tx.undo, func() {
		b.values[key] = old
		b.keys, b.dirty = append(b.keys, key), true
	})
	return nil
}

func (tx *memoryTx) Clear(name Bucket) error {
	if tx.readOnly {
		return errReadOnly
	}
	old := tx.store.buckets[name]
	if old == nil {
		return nil
	}
	delete(tx.store.buckets, name)
	tx.undo = append(tx.undo, func() { tx.store.buckets[name] = old })
	return nil
}

func (tx *memoryTx) Ascend(name Bucket, from string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		b := tx.store.buckets[name]
		if b == nil {
			return
		}
		b.sort()
		i, _ := slices.BinarySearch(b.keys, from)
		for _, k := range b.keys[i:] {
			if !yield(k, b.values[k]) {
				return
			}
		}
	}
}

func (tx *memoryTx) Descend(name Bucket, below string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		b := tx.store.buckets[name]
		if b == nil {
			return
		}
		b.sort()
		n := len(b.keys)
		if below != "" {
			n, _ = slices.BinarySearch(b.keys, below)
		}
		for _, k := range slices.Backward(b.keys[:n]) {
			if !yield(k, b.values[k]) {
				return
			}
		}
	}
}

// sort writes only when an update has left keys out of order, so that views,
// which share the lock, never do.
func (b *memoryBucket) sort() {
	if b.dirty {
		slices.Sort(b.keys)
		b.dirty = false
	}
}

func (b *memoryBucket) remove(key string) {
	delete(b.values, key)
	b.sort()
	if i, ok := slices.BinarySearch(b.keys, key); ok {
		b.keys = slices.Delete(b.keys, i, i+1)
	}
}
