package browser_test

import "syscall"

// leash ends the program with us, whatever ends us.
func leash() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
