// Package browser looks at pages as people do: in a headless chromium, for tests and screenshots.
package browser
