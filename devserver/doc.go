// Command recourse-devserver runs a whole Temporal server, its Web UI included,
// in one process on one SQLite file, and speaks the command line of
// "temporal server start-dev".
//
// It is a module of its own because the server's dependencies are ten times the
// product's and pin versions the product must stay free of.
package main
