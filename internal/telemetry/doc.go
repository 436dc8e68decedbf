// Package telemetry counts what the product does, for Prometheus.
package telemetry
