package api

import "github.com/google/uuid"

// NewIdempotencyKey makes a key for one acting request: a random UUID. Sending
// the same request again with the same key lets a back end that keeps keys
// answer as the first time and act once; a changed request needs a new key.
// Never rely on it: the client can't know whether a back end keeps keys.
func NewIdempotencyKey() string { return uuid.NewString() }
