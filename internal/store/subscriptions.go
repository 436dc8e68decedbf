package store

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// Subscribe keeps that somebody wants to be told of a topic; done again, it changes nothing.
func (s *Store) Subscribe(ctx context.Context, row models.Subscription) error {
	return s.change(ctx, "subscribe "+row.PersonID, func(db *gorm.DB) error { return db.Clauses(ifNew).Create(&row).Error })
}

// Unsubscribe forgets it; also when there is nothing to forget.
func (s *Store) Unsubscribe(ctx context.Context, personID string, topic models.Topic) error {
	return s.change(ctx, "unsubscribe "+personID, func(db *gorm.DB) error {
		return db.Where("person_id = ? AND topic = ?", personID, topic).Delete(&models.Subscription{}).Error
	})
}

// Subscriptions returns what a person wants to be told of, by topic.
func (s *Store) Subscriptions(ctx context.Context, personID string) (all []models.Subscription, err error) {
	err = s.read(ctx, "subscriptions of "+personID, func(db *gorm.DB) error {
		return db.Where("person_id = ?", personID).Order("topic").Find(&all).Error
	})
	return all, err
}

// SubscribersOf returns who is still here and wants to be told of a topic, by id.
func (s *Store) SubscribersOf(ctx context.Context, topic models.Topic) (people []models.Person, err error) {
	err = s.read(ctx, "subscribers of "+string(topic), func(db *gorm.DB) error {
		return db.Where("disabled_at IS NULL AND id IN (?)", s.reader.Model(&models.Subscription{}).Select("person_id").Where("topic = ?", topic)).
			Order("id").Find(&people).Error
	})
	return people, err
}
