// Package e2e proves the product's promises from outside: real programs in processes of their own,
// killed and started again, asked over HTTP and judged by `recourse check`.
package e2e
