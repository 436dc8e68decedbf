// Package uptime keeps on record when each part of the system is up, and tells from that when none was:
// what fell due meanwhile was noticed late for that reason.
package uptime
