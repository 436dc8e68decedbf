// Package rig puts the product together for tests: a real store, a real Temporal server, a worker
// and the service, in one process.
package rig
