// Package store keeps the record: it is the only room that speaks GORM, and it keeps one promise in
// two databases, SQLite for one machine and Postgres for several. What a method promises is proven
// for both by the suite in storetest.
//
// Errors are of three sorts: a *models.Error (not found, conflict, diverged …) is meant for the
// caller; one with models.CodeUnavailable says that the database could not be reached and that the
// same call may be tried again; anything else is our fault and wrapped with what was being done.
package store
