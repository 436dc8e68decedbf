// Package openapi is the contract in Go: the types and the routes generated from ../openapi.yaml.
package openapi

//go:generate oapi-codegen --config config.yaml ../openapi.yaml
