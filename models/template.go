package models

import "time"

// Medium is a way of wording messages. The channels of one medium share their words.
type Medium string

// The media.
const (
	MediumMail  Medium = "mail"  // mails, inboxes and the customer's status page
	MediumChat  Medium = "chat"  // robots of group chats: plain lines, with the link beside them
	MediumSMS   Medium = "sms"   // one line, as short as the values allow
	MediumVoice Medium = "voice" // one sentence that is spoken
)

// Media lists every medium.
func Media() []Medium { return []Medium{MediumMail, MediumChat, MediumSMS, MediumVoice} }

// mediumOf are the channels that are not worded as mails are.
var mediumOf = map[MessageChannel]Medium{
	MessageWeCom: MediumChat, MessageDingTalk: MediumChat, MessageFeishu: MediumChat, MessageSMS: MediumSMS, MessageVoice: MediumVoice,
}

// Medium is how messages by a channel are worded.
func (c MessageChannel) Medium() Medium {
	if m, is := mediumOf[c]; is {
		return m
	}
	return MediumMail
}

// Template is one version of the company's own words for a message, in place of those that the product
// ships with. Versions are only added, and never change.
type Template struct {
	Name      string   `gorm:"primaryKey"` // of the message, such as receipt
	Language  Language `gorm:"primaryKey"`
	Medium    Medium   `gorm:"primaryKey"`
	Version   int64    `gorm:"primaryKey;autoIncrement:false"`
	Subject   string   // a template; empty where the medium knows none
	Body      string   // a template; empty: from then on the product's own words again
	Author    string   // id of a person
	Reason    string   // why it changed
	CreatedAt time.Time
}
