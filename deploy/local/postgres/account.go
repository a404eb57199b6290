package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/recourse-exams/recourse/deploy/local/process"
)

// account decides as whom PostgreSQL runs, because it refuses to run as root. Anybody else runs it
// as themselves. Root runs it in a user namespace, where root's files look like an unprivileged
// user's own and nothing needs another owner; where the kernel forbids that, the folder is given to
// that user and the programs switch to it.
func (c *Cluster) account(ctx context.Context) (*process.User, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	plain, err := unprivileged()
	if err != nil {
		return nil, err
	}
	if runtime.GOOS == "linux" {
		mapped := *plain
		mapped.Namespace = true
		if c.allowed(ctx, &mapped) {
			return &mapped, nil
		}
	}
	c.user = plain
	if err := filepath.WalkDir(c.config.Dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, plain.UID, plain.GID))
	}); err != nil {
		return nil, fmt.Errorf("give the PostgreSQL folder to user %d: %w", plain.UID, err)
	}
	return plain, nil
}

// allowed tries whether the account can be taken and can write to the folder.
func (c *Cluster) allowed(ctx context.Context, as *process.User) bool {
	trial := *c
	trial.user = as
	return trial.run(ctx, "account check", "/bin/sh", "-c", `test "$(id -u)" != 0 && test -w "$0"`, c.config.Dir) == nil
}

// own gives a file made by this process to the account, where that is another user on the disk too.
func (c *Cluster) own(path string) error {
	if c.user == nil || c.user.Namespace {
		return nil
	}
	if err := os.Lchown(path, c.user.UID, c.user.GID); err != nil {
		return fmt.Errorf("give %s to user %d: %w", filepath.Base(path), c.user.UID, err)
	}
	return nil
}

// unprivileged is the account that packages make for PostgreSQL, or nobody. PostgreSQL insists on a
// user that the machine knows by name.
func unprivileged() (*process.User, error) {
	var failures []error
	for _, name := range []string{"postgres", "nobody"} {
		known, err := user.Lookup(name)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		uid, err := strconv.Atoi(known.Uid)
		if err != nil {
			return nil, fmt.Errorf("read the number of user %s: %w", name, err)
		}
		gid, err := strconv.Atoi(known.Gid)
		if err != nil {
			return nil, fmt.Errorf("read the group of user %s: %w", name, err)
		}
		return &process.User{UID: uid, GID: gid}, nil
	}
	return nil, fmt.Errorf("find an unprivileged user for PostgreSQL: %w", errors.Join(failures...))
}
