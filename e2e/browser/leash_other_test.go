//go:build !linux

package browser_test

import "syscall"

// leash keeps the terminal's Ctrl-C away from our processes; the tests end them.
func leash() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
