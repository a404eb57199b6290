package postgres

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// leaving is how long a server of an earlier run may take to end, and each look is apart by pause.
const leaving = 5 * time.Second

// ClearLeftovers ends a server that still serves a data folder under dir although the program that
// started it is gone, and removes pid files that name another program by now (numbers are reused
// after a restart of the machine). The caller must hold the state folder's lock. Call it before
// looking whether the port is free.
func ClearLeftovers(ctx context.Context, dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "data-*", "postmaster.pid"))
	if err != nil {
		return fmt.Errorf("look for PostgreSQL's pid files: %w", err)
	}
	for _, file := range files {
		if err := clearLeftover(ctx, file); err != nil {
			return err
		}
	}
	return nil
}

func clearLeftover(ctx context.Context, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read PostgreSQL's pid file: %w", err)
	}
	first, _, _ := strings.Cut(string(data), "\n")
	pid := number(first)
	if pid <= 1 || !alive(pid) {
		return nil // half-written, or of a server that is gone: postgres itself replaces the file
	}
	found, err := serves(ctx, pid, filepath.Dir(file))
	if err != nil {
		return err
	}
	if !found {
		if err := os.Remove(file); err != nil {
			return fmt.Errorf("remove a stale pid file: %w", err)
		}
		return nil
	}
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil {
		return fmt.Errorf("end the PostgreSQL server %d of an earlier run: %w", pid, err)
	}
	for waited := time.Duration(0); waited < leaving; waited += pause {
		// A server that has ended but was not counted by its new parent yet has no command line any more.
		if found, err := serves(ctx, pid, filepath.Dir(file)); !alive(pid) || (err == nil && !found) {
			return nil
		}
		time.Sleep(pause)
	}
	return fmt.Errorf("the PostgreSQL server %d of an earlier run does not end", pid)
}

// serves says whether the process is a server of the data folder: another program may have the folder's name
// in its command line too, such as an editor of a file in it.
func serves(ctx context.Context, pid int, data string) (bool, error) {
	command, err := commandLine(ctx, pid)
	if err != nil {
		return false, err
	}
	return strings.Contains(command+" ", " -D "+data+" "), nil
}

// number reads a process's number, or 0.
func number(text string) int {
	pid, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return 0
	}
	return pid
}

// alive says whether a process has the number.
func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

// commandLine is how a process was started, with spaces between the arguments, from the kernel's files or,
// where there are none, from ps.
func commandLine(ctx context.Context, pid int) (string, error) {
	text := strconv.Itoa(pid)
	if line, err := os.ReadFile(filepath.Join("/proc", text, "cmdline")); err == nil {
		return strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " ")), nil
	}
	line, err := exec.CommandContext(ctx, "ps", "-o", "command=", "-p", text).Output()
	if err != nil {
		return "", fmt.Errorf("ask what process %d is: %w", pid, err)
	}
	return strings.TrimSpace(string(line)), nil
}
