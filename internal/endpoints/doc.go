// Package endpoints hands one message to one destination outside: a signed webhook, a chat robot, an
// SMS or voice gateway. It checks where it connects to, reads what is answered, and knows no record.
package endpoints
