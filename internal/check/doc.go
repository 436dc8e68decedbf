// Package check proves that a record agrees with itself and with the running workflows. It reads
// the events and works out by itself, case by case, what everything beside them should be.
package check
