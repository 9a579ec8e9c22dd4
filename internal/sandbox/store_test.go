package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/sandbox"
)

// stores are the implementations that the contract suite runs on.
func stores(t *testing.T) map[string]func() sandbox.Store {
	t.Helper()
	return map[string]func() sandbox.Store{
		"memory": sandbox.NewMemoryStore,
		"bbolt": func() sandbox.Store {
			return sandbox.NewBoltStore(filepath.Join(t.TempDir(), "state", "sandbox.db"))
		},
	}
}

func TestStoreContract(t *testing.T) {
	const b, other sandbox.Bucket = "devices", "members"
	cases := map[string]func(t *testing.T, s sandbox.Store){
		"an absent bucket reads as empty": func(t *testing.T, s sandbox.Store) {
			view(t, s, func(tx sandbox.Tx) {
				if got := tx.Get(b, "a"); got != nil {
					t.Errorf("Get = %q", got)
				}
				wantKeys(t, tx, b, "", nil, nil)
			})
		},
		"iterates in key order from and below": func(t *testing.T, s sandbox.Store) {
			put(t, s, b, "c", "a", "e", "d", "b")
			view(t, s, func(tx sandbox.Tx) {
				wantKeys(t, tx, b, "", []string{"a", "b", "c", "d", "e"}, []string{"e", "d", "c", "b", "a"})
				wantKeys(t, tx, b, "c", []string{"c", "d", "e"}, []string{"b", "a"})
				wantKeys(t, tx, b, "bb", []string{"c", "d", "e"}, []string{"b", "a"})
				wantKeys(t, tx, b, "z", nil, []string{"e", "d", "c", "b", "a"})
				wantKeys(t, tx, b, "0", []string{"a", "b", "c", "d", "e"}, nil)
				wantKeys(t, tx, other, "", nil, nil)
				for range tx.Ascend(b, "") {
					break
				}
				for range tx.Descend(b, "") {
					break
				}
			})
		},
		"replaces, deletes and clears": func(t *testing.T, s sandbox.Store) {
			put(t, s, b, "a", "b", "c")
			put(t, s, other, "x")
			update(t, s, func(tx sandbox.Tx) error {
				return errors.Join(tx.Put(b, "b", []byte("new")), tx.Delete(b, "a"), tx.Delete(b, "none"),
					tx.Clear(other), tx.Clear("never"))
			})
			view(t, s, func(tx sandbox.Tx) {
				wantKeys(t, tx, b, "", []string{"b", "c"}, []string{"c", "b"})
				wantKeys(t, tx, other, "", nil, nil)
				if got := string(tx.Get(b, "b")); got != "new" {
					t.Errorf("b = %q", got)
				}
			})
		},
		"an update reads its own writes": func(t *testing.T, s sandbox.Store) {
			put(t, s, b, "b")
			update(t, s, func(tx sandbox.Tx) error {
				err := errors.Join(tx.Put(b, "a", []byte("1")), tx.Put(b, "c", []byte("3")), tx.Delete(b, "b"))
				wantKeys(t, tx, b, "", []string{"a", "c"}, []string{"c", "a"})
				if tx.Get(b, "b") != nil {
					t.Error("b is still there")
				}
				err = errors.Join(err, tx.Clear(b), tx.Put(b, "d", []byte("4")))
				wantKeys(t, tx, b, "", []string{"d"}, []string{"d"})
				return err
			})
		},
		"a failed update changes nothing": func(t *testing.T, s sandbox.Store) {
			put(t, s, b, "a", "b")
			failure := errors.New("no")
			err := s.Update(t.Context(), func(tx sandbox.Tx) error {
				err := errors.Join(tx.Put(b, "a", []byte("changed")), tx.Put(b, "c", []byte("new")), tx.Delete(b, "b"),
					tx.Put(other, "x", []byte("new")), tx.Clear(b), tx.Put(b, "d", []byte("new")))
				return errors.Join(err, failure)
			})
			if !errors.Is(err, failure) {
				t.Fatalf("err = %v", err)
			}
			unchanged(t, s)
		},
		"a replacement begins empty, whole or not at all": func(t *testing.T, s sandbox.Store) {
			put(t, s, b, "a", "b")
			failure := errors.New("no")
			for _, want := range []error{failure, nil} {
				err := s.Replace(t.Context(), func(tx sandbox.Tx) error {
					wantKeys(t, tx, b, "", nil, nil)
					return errors.Join(tx.Put(other, "x", nil), want)
				})
				if !errors.Is(err, want) {
					t.Errorf("err = %v, want %v", err, want)
				}
				if want != nil {
					unchanged(t, s)
				}
			}
			view(t, s, func(tx sandbox.Tx) {
				wantKeys(t, tx, b, "", nil, nil)
				wantKeys(t, tx, other, "", []string{"x"}, []string{"x"})
			})
		},
		"a panic in an update changes nothing and frees the store": func(t *testing.T, s sandbox.Store) {
			put(t, s, b, "a", "b")
			func() {
				defer func() { _ = recover() }()
				_ = s.Update(t.Context(), func(tx sandbox.Tx) error {
					_ = tx.Put(b, "c", []byte("new"))
					panic("bug")
				})
			}()
			unchanged(t, s)
			put(t, s, b, "d")
		},
		"a view cannot write": func(t *testing.T, s sandbox.Store) {
			put(t, s, b, "a")
			view(t, s, func(tx sandbox.Tx) {
				for _, err := range []error{tx.Put(b, "a", nil), tx.Delete(b, "a"), tx.Clear(b)} {
					if err == nil {
						t.Error("a write in a view succeeded")
					}
				}
			})
		},
		"an empty key is refused": func(t *testing.T, s sandbox.Store) {
			if err := s.Update(t.Context(), func(tx sandbox.Tx) error { return tx.Put(b, "", nil) }); err == nil {
				t.Error("no error")
			}
		},
		"updates at the same time all count": func(t *testing.T, s sandbox.Store) {
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for range 5 {
						update(t, s, func(tx sandbox.Tx) error {
							return tx.Put(b, "n", append(tx.Get(b, "n")[:0:0], append(tx.Get(b, "n"), 'x')...))
						})
						view(t, s, func(tx sandbox.Tx) { tx.Get(b, "n") })
					}
				})
			}
			wg.Wait()
			view(t, s, func(tx sandbox.Tx) {
				if n := len(tx.Get(b, "n")); n != 40 {
					t.Errorf("%d updates counted, want 40", n)
				}
			})
		},
		"a canceled context stops": func(t *testing.T, s sandbox.Store) {
			put(t, s, b, "a")
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := s.Update(ctx, func(sandbox.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
				t.Errorf("Update: %v", err)
			}
			if err := s.View(ctx, func(sandbox.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
				t.Errorf("View: %v", err)
			}
		},
	}
	for name, open := range stores(t) {
		for what, f := range cases {
			t.Run(name+"/"+what, func(t *testing.T) { f(t, open()) })
		}
	}
}

// Two handles on one file stand for two processes: the file lock is per handle.
func TestBoltStoreIsSharedBetweenProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.db")
	var wg sync.WaitGroup
	for p := range 2 {
		s := sandbox.NewBoltStore(path)
		wg.Go(func() {
			for i := range 20 {
				put(t, s, "devices", fmt.Sprintf("%d-%d", p, i))
			}
		})
	}
	wg.Wait()
	view(t, sandbox.NewBoltStore(path), func(tx sandbox.Tx) {
		n := 0
		for range tx.Ascend("devices", "") {
			n++
		}
		if n != 40 {
			t.Errorf("%d keys, want 40", n)
		}
	})
}

func view(t *testing.T, s sandbox.Store, f func(sandbox.Tx)) {
	t.Helper()
	if err := s.View(t.Context(), func(tx sandbox.Tx) error { f(tx); return nil }); err != nil {
		t.Error(err)
	}
}

func update(t *testing.T, s sandbox.Store, f func(sandbox.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); err != nil {
		t.Error(err)
	}
}

func put(t *testing.T, s sandbox.Store, b sandbox.Bucket, keys ...string) {
	t.Helper()
	update(t, s, func(tx sandbox.Tx) error {
		for _, k := range keys {
			if err := tx.Put(b, k, []byte(k)); err != nil {
				return err
			}
		}
		return nil
	})
}

func unchanged(t *testing.T, s sandbox.Store) {
	t.Helper()
	view(t, s, func(tx sandbox.Tx) {
		wantKeys(t, tx, "devices", "", []string{"a", "b"}, []string{"b", "a"})
		wantKeys(t, tx, "members", "", nil, nil)
		if got := string(tx.Get("devices", "a")); got != "a" {
			t.Errorf("a = %q", got)
		}
	})
}

func wantKeys(t *testing.T, tx sandbox.Tx, b sandbox.Bucket, at string, up, down []string) {
	t.Helper()
	var gotUp, gotDown []string
	for k, v := range tx.Ascend(b, at) {
		gotUp = append(gotUp, k)
		if string(v) != string(tx.Get(b, k)) {
			t.Errorf("Ascend gave %q for %q", v, k)
		}
	}
	for k := range tx.Descend(b, at) {
		gotDown = append(gotDown, k)
	}
	if d := cmp.Diff([][]string{up, down}, [][]string{gotUp, gotDown}); d != "" {
		t.Errorf("keys of %s at %q (-want +got):\n%s", b, at, d)
	}
}
