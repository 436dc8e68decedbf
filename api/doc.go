// Package api is the programs' door: openapi.yaml is its contract, and every request is held against
// it before a handler sees it. It knows HTTP and nothing of what a complaint goes through.
package api
