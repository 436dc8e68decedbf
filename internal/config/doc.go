// Package config says how a process of ours is set up: every default in one struct literal, a YAML
// file over it, the environment over both, validated whole before anything starts.
package config
