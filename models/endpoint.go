package models

import (
	"slices"
	"time"
)

// Endpoint is a configured destination outside: a webhook, a chat robot, an SMS or voice gateway. Its URL
// and secrets lie in Sealed alone; whoever knows a robot's URL can speak for us.
type Endpoint struct {
	ID            string `gorm:"primaryKey"`
	Name          string
	Channel       MessageChannel
	Department    string     // only cases of this department; empty: of the whole company
	Language      Language   // of what is said there, unless a person or customer is spoken to
	Severities    []Severity `gorm:"serializer:json"` // only cases of these; empty: of all
	PerMinute     int        // messages at most; 0: no limit
	Confidential  bool       // also events of confidential cases, by number, sequence and kind alone
	DisabledAt    *time.Time
	CreatedAt     time.Time
	CreatedBy     string // id of a person
	ChangedAt     time.Time
	KeyID         string
	Sealed        []byte     // JSON of EndpointAccess, sealed with KeyID and bound to ID
	PreviousUntil *time.Time // until when the secret before signs as well
}

// EndpointAccess is how an endpoint is reached, and how it knows us.
type EndpointAccess struct {
	URL      string `json:"url"`
	Secret   string `json:"secret,omitempty"`
	Previous string `json:"previous,omitempty"` // the secret before this one
}

// Enabled says whether messages go there.
func (e Endpoint) Enabled() bool { return e.DisabledAt == nil }

// Takes says whether a case is one of those that an endpoint is for. A sample never is: nobody outside
// must mistake it for a case.
func (e Endpoint) Takes(row Case) bool {
	return e.Enabled() && !row.Sample && (e.Department == "" || e.Department == row.Department) &&
		(len(e.Severities) == 0 || slices.Contains(e.Severities, row.Severity))
}

// Guarded says whether a case is nobody's business outside: it is confidential, or only some may see it.
func (c Case) Guarded() bool {
	return c.Confidential || len(c.Circle) > 0 || c.Nature == NatureInternal || c.Nature == NatureSpecial
}

// Delivery is one attempt to hand a message to an endpoint.
type Delivery struct {
	MessageID  string    `gorm:"primaryKey"` // stable over all attempts; of a ping its own
	At         time.Time `gorm:"primaryKey"`
	EndpointID string
	Attempt    int // 1, 2, 3 …; from 1 again after a redelivery
	Took       time.Duration
	Status     int    // of HTTP; 0: there was no answer
	Code       string // within the answer, or why there was none
	Answer     string // its first characters, without control characters; empty where it may hold a person's data
	Outcome    MessageState
}

// MessageChannels lists the closed set.
func MessageChannels() []MessageChannel {
	return []MessageChannel{
		MessageInbox, MessageEmail, MessagePost, MessageWebhook, MessageWeCom, MessageDingTalk, MessageFeishu, MessageSMS, MessageVoice,
	}
}

// EndpointChannels lists the channels by which messages leave through an endpoint.
func EndpointChannels() []MessageChannel {
	return []MessageChannel{MessageWebhook, MessageWeCom, MessageDingTalk, MessageFeishu, MessageSMS, MessageVoice}
}

// Robot says whether a channel is a group chat's robot.
func (c MessageChannel) Robot() bool {
	return c == MessageWeCom || c == MessageDingTalk || c == MessageFeishu
}

// Gateway says whether a channel speaks to one phone through a gateway.
func (c MessageChannel) Gateway() bool { return c == MessageSMS || c == MessageVoice }

// AlertWay is a way by which an alert may leave, as a rung of a ladder names it. The inbox is always one.
type AlertWay string

// The ways of alerts.
const (
	WayInbox AlertWay = "inbox" // nothing but the inbox, when it stands alone
	WayEmail AlertWay = "email"
	WayChat  AlertWay = "chat" // all robots that the case is for
	WaySMS   AlertWay = "sms"
	WayVoice AlertWay = "voice"
)

// AlertWays lists the closed set.
func AlertWays() []AlertWay { return []AlertWay{WayInbox, WayEmail, WayChat, WaySMS, WayVoice} }

// By says whether an alert goes a way, when its rung names some; none means e-mail and chat.
func By(ways []AlertWay, way AlertWay) bool {
	if len(ways) == 0 {
		return way == WayInbox || way == WayEmail || way == WayChat
	}
	return way == WayInbox || slices.Contains(ways, way)
}
