package cases

import (
	"encoding/json"
	"sync"
	"time"

	"recourse/internal/kpi/headline"
	"recourse/models"
)

// latelyLife is how long the overview shows what was counted once: counting reads every case of the
// period, and the page says when that was.
const latelyLife = time.Minute

// latelyMost bounds how many countings are kept; people who see the same share theirs.
const latelyMost = 100

// lately is what the overview counts of a period.
type lately struct {
	figures headline.Summary
	intake  []Day
	at      time.Time
}

// latelyCache keeps what was counted in the last minute.
type latelyCache struct {
	mu   sync.Mutex
	kept map[string]lately
}

// latelyKey is the same for all who see the same cases of the same days. Whoever is kept away from
// some, or let into some, sees others: the person is part of what is visible.
func latelyKey(v models.Visible, first time.Time) string {
	key, _ := json.Marshal(v) // strings and flags always can be written
	return first.UTC().Format(time.DateOnly) + string(key)
}

// recall returns what was counted less than a minute before now.
func (c *latelyCache) recall(key string, now time.Time) (lately, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, is := c.kept[key]
	return l, is && !now.Before(l.at) && now.Sub(l.at) < latelyLife
}

func (c *latelyCache) keep(key string, l lately) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil || len(c.kept) >= latelyMost {
		c.kept = map[string]lately{}
	}
	c.kept[key] = l
}
