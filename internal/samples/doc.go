// Package samples holds a made-up company, its people and twenty complaints in Chinese and English,
// so that the product has something to show on its first day.
package samples
