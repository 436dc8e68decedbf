package models

import "time"

// Topic is something that the figures bring, of which people may want to be told.
type Topic string

// The topics.
const (
	TopicReport Topic = "report" // a report of a period was made
	TopicSignal Topic = "signal" // a figure runs out of what was usual
)

// Topics lists the closed set.
func Topics() []Topic { return []Topic{TopicReport, TopicSignal} }

// Subscription says that a person wants to be told of a topic.
type Subscription struct {
	PersonID  string `gorm:"primaryKey"`
	Topic     Topic  `gorm:"primaryKey"`
	CreatedAt time.Time
}
