// Package deploy holds what production runs on: images, Temporal's settings, scrape rules, alerts and
// the dashboard. Its test reads docker-compose.yml, because no container engine is at hand to try it.
package deploy
