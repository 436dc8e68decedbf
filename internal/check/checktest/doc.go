// Package checktest makes healthy records to check, back up and damage: cases with random lives,
// decided by the kernel and carried out by the activities.
package checktest
