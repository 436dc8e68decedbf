// Package notify tells people what happened to a case: it renders recorded messages in the language
// of whoever gets them and sees them out, to inboxes, status pages, by mail and to endpoints outside.
package notify
