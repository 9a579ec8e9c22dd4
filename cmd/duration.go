package cmd

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// duration is a flag value: a Go duration in which days may be written too
// ("30s", "10m", "1h30m", "2d"). It is always positive.
type duration time.Duration

// String writes 24h0m0s as a person does: 24h.
func (d *duration) String() string {
	text := time.Duration(*d).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Type names the value in help texts.
func (d *duration) Type() string { return "duration" }

// Set reads a flag's text.
func (d *duration) Set(s string) error {
	v, err := parseDuration(s)
	if err != nil {
		return err
	}
	*d = duration(v)
	return nil
}

// cooldown is a duration that may also be 0.
type cooldown struct{ duration }

// Set reads a flag's text.
func (c *cooldown) Set(s string) error {
	if s == "0" || s == "0s" {
		c.duration = 0
		return nil
	}
	return c.duration.Set(s)
}

func parseDuration(s string) (time.Duration, error) {
	errSyntax := errors.New("write a number with a unit: 30s, 10m, 24h or 2d")
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil || n == 0 {
			return 0, errSyntax
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	v, err := time.ParseDuration(s)
	if err != nil || v <= 0 {
		return 0, errSyntax
	}
	return v, nil
}
