package auth

import (
	"context"
	"time"
)

// SetSleep replaces the waits between attempts.
func (s *Server) SetSleep(f func(context.Context, time.Duration) error) { s.sleep = f }

// SetLockWait replaces the time that a cache waits for its lock.
func (c *Cache) SetLockWait(d time.Duration) { c.limit = d }

// Path is the cache's file.
func (c *Cache) Path() string { return c.path }
