// Package signals finds the products, categories and causes whose complaints rose beyond what chance explains, and
// sees that they come on record. What is found is pure: figures and an instant in, signals out.
package signals
