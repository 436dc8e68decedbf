package main

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// whileAlive returns a context that ends when the process does, so that a killed
// supervisor leaves no orphan behind.
func whileAlive(ctx context.Context, pid int) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	direct := os.Getppid() == pid
	go func() {
		defer cancel()
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for alive(pid, direct) {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
	}()
	return ctx
}

// alive asks differently for a direct parent: a killed one may linger as a zombie,
// which still takes signals, but its children are given to another process at once.
func alive(pid int, direct bool) bool {
	if direct {
		return os.Getppid() == pid
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = process.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, os.ErrPermission)
}
