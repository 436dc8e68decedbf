// Package contract is all that others may know of the workflows: names, queues, ids and payloads,
// which stand in histories and are therefore never renamed.
package contract
