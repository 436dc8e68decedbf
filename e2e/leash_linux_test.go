package e2e_test

import "syscall"

// leash ends our processes with us, whatever ends us.
func leash() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
