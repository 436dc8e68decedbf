//go:build unix

package main

import (
	"os"
	"syscall"
)

// lock takes the file for this process; the kernel gives it back however we end.
func lock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
