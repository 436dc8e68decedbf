// Package lifecycle is the kernel: what a command does to a case, what happens to it by itself and
// when, and what the world must be told of it. It is pure: workflow, simulator, checker and tests
// share it.
package lifecycle
