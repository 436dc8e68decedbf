// Package signals finds the products, categories and causes whose complaints rose beyond what chance explains. It
// is pure: figures and an instant in, signals out.
package signals
