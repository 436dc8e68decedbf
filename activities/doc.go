// Package activities is what a workflow does to the world. Every one is safe to run twice.
package activities
