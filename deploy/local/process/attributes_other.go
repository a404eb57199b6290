//go:build !linux

package process

import "syscall"

// attributes has no parent-death signal to use here: children of this program watch their lifeline,
// others are found and ended by the next start.
func attributes(spec Spec) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if user := spec.User; user != nil {
		attr.Credential = &syscall.Credential{Uid: uint32(user.UID), Gid: uint32(user.GID)}
	}
	return attr
}
