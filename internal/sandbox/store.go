package sandbox

import (
	"context"
	"errors"
	"iter"
)

// Bucket names one ordered key space of a [Store].
type Bucket string

// The buckets of the sandbox.
const (
	bucketMeta     Bucket = "meta"     // the settings, the faults
	bucketDevices  Bucket = "devices"  // device id → row
	bucketMembers  Bucket = "members"  // user id → member
	bucketEmails   Bucket = "emails"   // lower-case e-mail or external key → user id
	bucketCommands Bucket = "commands" // command id, which grows with time → command
	bucketEvents   Bucket = "events"   // due time and subject → event
	bucketReplies  Bucket = "replies"  // idempotency key and path → first answer
	bucketTokens   Bucket = "tokens"   // revoked and used-up token ids, newest token of a subject
	bucketStats    Bucket = "stats"    // action and subject → count
)

// Store keeps the sandbox's state. A View sees one state from begin to end and
// must not write; an Update is applied whole when its function returns nil and
// not at all otherwise. Several processes
// may share one store in a file.
type Store interface {
	View(ctx context.Context, f func(Tx) error) error
	Update(ctx context.Context, f func(Tx) error) error
	// Replace is an Update of an empty store: what was there before goes when
	// f returns nil, whatever it is.
	Replace(ctx context.Context, f func(Tx) error) error
}

// Tx is one transaction over ordered buckets. Values and keys it hands out are
// valid until the transaction ends and must not be modified; a bucket must not
// be written while it is being iterated over. An absent bucket reads as empty.
type Tx interface {
	// Get returns the value of key, or nil.
	Get(b Bucket, key string) []byte
	// Put sets the value of key, which is not empty; the store keeps value itself.
	Put(b Bucket, key string, value []byte) error
	// Delete removes key if it is there.
	Delete(b Bucket, key string) error
	// Clear removes everything from b.
	Clear(b Bucket) error
	// Ascend goes through b in key order, beginning at the first key ≥ from.
	Ascend(b Bucket, from string) iter.Seq2[string, []byte]
	// Descend goes through b against key order, beginning at the last key <
	// below; an empty below stands for the end.
	Descend(b Bucket, below string) iter.Seq2[string, []byte]
}

// Errors of misuse, the same from every store.
var (
	errReadOnly = errors.New("sandbox store: write in a view")
	errNoKey    = errors.New("sandbox store: empty key")
)

// emptyTx is the view of a store that nobody has written to yet.
type emptyTx struct{}

func (emptyTx) Get(Bucket, string) []byte        { return nil }
func (emptyTx) Put(Bucket, string, []byte) error { return errReadOnly }
func (emptyTx) Delete(Bucket, string) error      { return errReadOnly }
func (emptyTx) Clear(Bucket) error               { return errReadOnly }

func (emptyTx) Ascend(Bucket, string) iter.Seq2[string, []byte] {
	return func(func(string, []byte) bool) {}
}

func (emptyTx) Descend(Bucket, string) iter.Seq2[string, []byte] {
	return func(func(string, []byte) bool) {}
}
