//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

type command struct {
	name string
	args []string
	env  []string
}

// usage is what one finished process took.
type usage struct {
	wall, cpu time.Duration
	rss       int64 // bytes, the largest resident set
}

func measure(ctx context.Context, c command) (usage, error) {
	p := exec.CommandContext(ctx, c.args[0], c.args[1:]...)
	p.Env = c.env
	var talk bytes.Buffer // cobra's completion talks on success too
	p.Stderr = &talk
	start := time.Now()
	err := p.Run()
	u := usage{wall: time.Since(start)}
	if err != nil {
		return u, fmt.Errorf("%s: %w: %s", c.name, err, talk.String())
	}
	u.cpu = p.ProcessState.UserTime() + p.ProcessState.SystemTime()
	if r, ok := p.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.rss = r.Maxrss * 1024
	}
	return u, nil
}

// pair holds the runs of two commands that took turns.
type pair struct {
	a, b   command
	as, bs []usage
}

func compare(ctx context.Context, runs int, a, b command) (pair, error) {
	p := pair{a: a, b: b}
	for i := -1; i < runs; i++ { // run -1 warms the caches
		ua, err := measure(ctx, a)
		if err != nil {
			return p, err
		}
		ub, err := measure(ctx, b)
		if err != nil {
			return p, err
		}
		if i >= 0 {
			p.as, p.bs = append(p.as, ua), append(p.bs, ub)
		}
	}
	return p, nil
}

func (p pair) print(devices int) {
	fmt.Printf("  %-28s %9s %9s %9s", "", "wall ms", "cpu ms", "peak MB")
	if devices > 0 {
		fmt.Printf(" %12s", "devices/s")
	}
	fmt.Println()
	for _, row := range []struct {
		name string
		runs []usage
	}{{p.a.name, p.as}, {p.b.name, p.bs}} {
		wall, cpu, rss := medianOf(row.runs, wallOf), medianOf(row.runs, cpuOf), medianOf(row.runs, rssOf)
		fmt.Printf("  %-28s %9.1f %9.1f %9.1f", row.name, wall*1e3, cpu*1e3, rss/1e6)
		if devices > 0 {
			fmt.Printf(" %12.0f", float64(devices)/wall)
		}
		fmt.Println()
	}
	fmt.Printf("  ratio, median (min to max)   wall %s   cpu %s\n\n", p.ratio(wallOf), p.ratio(cpuOf))
}

// printMemory shows what each further device costs.
func (p pair) printMemory(more int) {
	a, b := medianOf(p.as, rssOf), medianOf(p.bs, rssOf)
	fmt.Printf("  %-28s peak %6.2f MB\n  %-28s peak %6.2f MB\n  a further device             %6.1f bytes\n\n",
		p.a.name, a/1e6, p.b.name, b/1e6, (a-b)/float64(more))
}

// ratio is A/B pair by pair, so that a drift of the machine's speed falls out.
func (p pair) ratio(of func(usage) float64) string {
	r := make([]float64, len(p.as))
	for i := range r {
		r[i] = of(p.as[i]) / of(p.bs[i])
	}
	slices.Sort(r)
	return fmt.Sprintf("%.2f (%.2f to %.2f)", r[len(r)/2], r[0], r[len(r)-1])
}

func medianOf(runs []usage, of func(usage) float64) float64 {
	v := make([]float64, len(runs))
	for i, u := range runs {
		v[i] = of(u)
	}
	slices.Sort(v)
	return v[len(v)/2]
}

func wallOf(u usage) float64 { return u.wall.Seconds() }
func cpuOf(u usage) float64  { return u.cpu.Seconds() }
func rssOf(u usage) float64  { return float64(u.rss) }
