//go:build unix

// Command bench measures worksctl against yardsticks as ratios within one run
// (`make bench`): an export against the loop one writes first, and start-up
// against an empty program. The server is a process of its own with
// pre-rendered pages; commands are run in turn, A B A B, and every figure is
// the operating system's own account of the finished process. It needs a Unix.
package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	log.SetFlags(0)
	devices := flag.Int("devices", 100_000, "devices in the large listing")
	runs := flag.Int("runs", 9, "counted runs of each command")
	starts := flag.Int("starts", 60, "counted runs of each start-up command")
	flag.Parse()
	if err := run(context.Background(), *devices, *runs, *starts); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, devices, runs, starts int) error {
	dir, err := os.MkdirTemp("", "worksctl-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for name, pkg := range map[string]string{
		"worksctl": ".", "naive": "./internal/bench/naive", "null": "./internal/bench/null",
		"empty": "./internal/bench/empty", "server": "./internal/bench/server",
	} {
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", filepath.Join(dir, name), pkg)
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("build %s: %w", pkg, err)
		}
	}

	large, stop, err := serve(ctx, dir, devices)
	if err != nil {
		return err
	}
	defer stop()
	const few = 5_000
	small, stopSmall, err := serve(ctx, dir, few)
	if err != nil {
		return err
	}
	defer stopSmall()

	out := filepath.Join(dir, "devices.csv")
	bin := func(name string) string { return filepath.Join(dir, name) }
	export := command{"worksctl devices export", []string{bin("worksctl"), "devices", "export", "--out", out}, workEnv(dir, large)}
	naive := command{"plain loop", []string{bin("naive"), large, filepath.Join(dir, "naive.csv")}, nil}

	fmt.Printf("Export of %d devices to CSV, %d runs of each in turn\n\n", devices, runs)
	pair, err := compare(ctx, runs, export, naive)
	if err != nil {
		return err
	}
	pair.print(devices)
	if err := sameFiles(out, filepath.Join(dir, "naive.csv")); err != nil {
		return err
	}
	floor, err := compare(ctx, runs, export, command{"null client", []string{bin("null"), large}, nil})
	if err != nil {
		return err
	}
	floor.print(devices)

	fmt.Printf("Memory: the same export of %d and of %d devices\n\n", devices, few)
	memory, err := compare(ctx, runs, export,
		command{"small export", []string{bin("worksctl"), "devices", "export", "--out", out}, workEnv(dir, small)})
	if err != nil {
		return err
	}
	memory.printMemory(devices - few)
	for _, format := range []string{"csv", "ndjson"} {
		list, err := compare(ctx, runs,
			command{"devices list -o " + format, []string{bin("worksctl"), "devices", "list", "-o", format}, workEnv(dir, large)},
			command{"small list", []string{bin("worksctl"), "devices", "list", "-o", format}, workEnv(dir, small)})
		if err != nil {
			return err
		}
		list.printMemory(devices - few)
	}

	if err := notify(ctx, runs, dir, large, small, devices, few); err != nil {
		return err
	}

	fmt.Printf("Start-up, %d runs of each in turn\n\n", starts)
	for _, args := range [][]string{{"version"}, {"--help"}, {"completion", "bash"}, {"__complete", "devices", "list", "--type", ""}} {
		start, err := compare(ctx, starts,
			command{strings.Join(args, " "), append([]string{bin("worksctl")}, args...), workEnv(dir, large)},
			command{"empty net/http program", []string{bin("empty")}, nil})
		if err != nil {
			return err
		}
		start.print(0)
	}
	return nil
}

// workEnv is a bare environment that leads worksctl to the server at base.
func workEnv(dir, base string) []string {
	return []string{"HOME=" + dir, "WORKSCTL_API_URL=" + base, "WORKSCTL_TOKEN=bench", "WORKSCTL_STATE_DIR=" + filepath.Join(dir, "state")}
}

// serve starts the server process and returns its base URL.
func serve(ctx context.Context, dir string, devices int) (base string, stop func(), err error) {
	c := exec.CommandContext(ctx, filepath.Join(dir, "server"), fmt.Sprint(devices))
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := c.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("the server did not start: %w", err)
	}
	return strings.TrimSpace(line), stop, nil
}

// sameFiles makes sure that both programs did the same work. It reads in small
// parts: the largest resident set of a child begins with that of its parent.
func sameFiles(a, b string) error {
	x, err := checksum(a)
	if err != nil {
		return err
	}
	y, err := checksum(b)
	if err != nil {
		return err
	}
	if x != y {
		return fmt.Errorf("%s and %s differ", a, b)
	}
	return nil
}

func checksum(name string) (sum [sha256.Size]byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}
