//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// notify measures what a notice to very many devices takes, and how long a
// broken one takes to go on.
func notify(ctx context.Context, runs int, dir, large, small string, devices, few int) error {
	fmt.Printf("Memory: a notice to %d and to %d devices\n\n", devices, few)
	args := []string{filepath.Join(dir, "worksctl"), "notify", "--all", "--yes", "--cooldown", "1s", "-o", "csv"}
	memory, err := compare(ctx, runs,
		command{"worksctl notify --all", args, workEnv(dir, large)},
		command{"small notify", args, workEnv(dir, small)})
	if err != nil {
		return err
	}
	memory.printMemory(devices - few)

	fmt.Printf("Resume of a notice to %d devices that broke half way, %d runs\n\n", devices, runs)
	var first []time.Duration
	for range runs {
		took, err := resumed(ctx, dir, large, devices/2)
		if err != nil {
			return err
		}
		first = append(first, took)
	}
	slices.Sort(first)
	fmt.Printf("  to the first request     %6.0f ms (%.0f to %.0f)\n\n", ms(first[len(first)/2]), ms(first[0]), ms(first[len(first)-1]))
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// resumed breaks a job after so many devices and resumes it. It returns the
// time from the start of the process to the first notice.
func resumed(ctx context.Context, dir, base string, after int) (time.Duration, error) {
	state, err := os.MkdirTemp(dir, "jobs-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(state)
	env := append(workEnv(dir, base), "WORKSCTL_STATE_DIR="+state)
	worksctl := func(args ...string) *exec.Cmd {
		c := exec.CommandContext(ctx, filepath.Join(dir, "worksctl"), args...)
		c.Env = env
		return c
	}
	server := strings.TrimSuffix(base, "/v1.0")
	if _, err := ask(ctx, http.MethodPost, fmt.Sprintf("%s/limit/%d", server, after)); err != nil {
		return 0, err
	}
	if err := worksctl("notify", "--all", "--yes").Run(); err == nil {
		return 0, errors.New("the notice was not broken off")
	}
	if _, err := ask(ctx, http.MethodPost, server+"/limit/0"); err != nil {
		return 0, err
	}
	before, err := ask(ctx, http.MethodGet, server+"/notices")
	if err != nil {
		return 0, err
	}
	found, err := filepath.Glob(filepath.Join(state, "jobs", "*.jsonl"))
	if err != nil || len(found) != 1 {
		return 0, fmt.Errorf("%d journals: %w", len(found), err)
	}
	resume := worksctl("jobs", "resume", strings.TrimSuffix(filepath.Base(found[0]), ".jsonl"), "--yes")
	start := time.Now()
	if err := resume.Start(); err != nil {
		return 0, err
	}
	var took time.Duration
	for took == 0 {
		now, err := ask(ctx, http.MethodGet, server+"/notices")
		if err != nil {
			return 0, err
		}
		if now != before {
			took = time.Since(start)
		}
	}
	return took, resume.Wait()
}

func ask(ctx context.Context, method, url string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}
