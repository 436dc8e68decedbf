package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// ActorKind says what sort of being did something.
type ActorKind string

// The kinds of actor.
const (
	ActorPerson   ActorKind = "person"   // somebody of the company
	ActorService  ActorKind = "service"  // a named program with a token of its own
	ActorCustomer ActorKind = "customer" // the holder of a secret link
	ActorSystem   ActorKind = "system"   // a deadline, a window, a consequence
)

// Actor is who did something, with the roles and departments they had at that instant, so that the
// checker can tell years later whether they were allowed to.
type Actor struct {
	Kind        ActorKind `json:"kind"`
	ID          string    `json:"id,omitempty"` // of the person or service; empty for customer and system
	Roles       []Role    `json:"roles,omitempty"`
	Departments []string  `json:"departments,omitempty"`
}

// System is the actor of everything that happens by itself.
func System() Actor { return Actor{Kind: ActorSystem} }

// TheCustomer is the actor of everything that comes in by a customer's link.
func TheCustomer() Actor { return Actor{Kind: ActorCustomer} }

// TextRef names a text that lies outside the chain: the event holds its salted digest, never its
// words. Erasing the customer's key makes the words unreadable and leaves the chain whole.
type TextRef struct {
	Name   string `json:"name"`   // what the text is to the event: text, contact, solution, measure.0 …
	Ref    string `json:"ref"`    // id of the row that holds it, encrypted
	Digest string `json:"digest"` // hex SHA-256 of salt and words; the salt lies with the words
}

// Event is one change of one case. Events are only ever added; kinds and fields are never renamed.
// A case is the fold of its events.
type Event struct {
	ID         string      `json:"id"`   // see EventID
	Case       string      `json:"case"` // id of the case
	Seq        int64       `json:"seq"`  // 1, 2, 3 … without gaps
	Cycle      int         `json:"cycle"`
	Kind       Kind        `json:"kind"`
	Version    int         `json:"version"` // of the kind's data
	Actor      Actor       `json:"actor"`
	Command    string      `json:"command,omitempty"` // id of the command that was decided; empty for what happens by itself
	DecidedAt  time.Time   `json:"decided_at"`        // by this instant clocks are judged
	HappenedAt time.Time   `json:"happened_at"`       // in the world; shown, never counted
	Data       Data        `json:"data"`
	Clocks     []ClockSpan `json:"clocks,omitempty"` // clocks that this event starts, or whose bounds it moves
	Texts      []TextRef   `json:"texts,omitempty"`
}

// Data is the structured part of an event: one type per kind.
type Data interface {
	// Kind names the kind of event that carries this data.
	Kind() Kind
}

// EventID derives the id of an event from its place and its cause: the same decision has the same
// id however often it is recorded, two decisions for one place have two. It is a UUID of version 8.
func EventID(caseID string, seq int64, cause string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s", caseID, seq, cause))
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// UnmarshalJSON reads an event of any version ever written.
func (e *Event) UnmarshalJSON(b []byte) error {
	type plain Event // without this method
	read := struct {
		*plain
		Data json.RawMessage `json:"data"`
	}{plain: (*plain)(e)}
	if err := json.Unmarshal(b, &read); err != nil {
		return fmt.Errorf("read event: %w", err)
	}
	data, err := ReadData(e.Kind, e.Version, read.Data)
	if err != nil {
		return fmt.Errorf("read event %s/%d: %w", e.Case, e.Seq, err)
	}
	e.Data = data
	return nil
}

// Text returns the reference of the text called name.
func (e Event) Text(name string) (TextRef, bool) {
	for _, t := range e.Texts {
		if t.Name == name {
			return t, true
		}
	}
	return TextRef{}, false
}

// Canonical writes v as canonical JSON: keys sorted, no spaces, nothing escaped that need not be,
// numbers as written. It is the one function whose bytes are hashed and kept.
func Canonical(v any) ([]byte, error) {
	loose, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	in := json.NewDecoder(bytes.NewReader(loose))
	in.UseNumber()
	var tree any // objects become maps, which encoding/json writes with sorted keys
	if err := in.Decode(&tree); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(tree); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// Chain returns the hash of an event's stored bytes, linked to the hash before it: SHA-256 over the
// previous hash and the bytes. The first event of a case follows an empty hash.
func Chain(previous, body []byte) []byte {
	h := sha256.New()
	h.Write(previous)
	h.Write(body)
	return h.Sum(nil)
}

// Entry is an event as it lies on record: its canonical bytes and its place in the case's chain,
// with the columns that lists and checks need.
type Entry struct {
	CaseID    string    `json:"case_id" gorm:"primaryKey"`
	Seq       int64     `json:"seq" gorm:"primaryKey;autoIncrement:false"`
	ID        string    `json:"id"`
	Kind      Kind      `json:"kind"`
	Cycle     int       `json:"cycle"`
	Command   string    `json:"command,omitempty"`
	DecidedAt time.Time `json:"decided_at"`
	Body      []byte    `json:"body"` // canonical JSON of the Event
	Hash      []byte    `json:"hash"` // Chain(hash of the entry before, Body)
}

// Event reads the entry's bytes.
func (e Entry) Event() (Event, error) {
	var ev Event
	if err := json.Unmarshal(e.Body, &ev); err != nil {
		return Event{}, err
	}
	return ev, nil
}
