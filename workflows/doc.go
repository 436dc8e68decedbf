// Package workflows says when things happen to a complaint: a thin durable shell around the kernel.
// Read complaint.go first.
package workflows
