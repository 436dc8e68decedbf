package simulate

import (
	"sync"
	"time"

	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
)

// fortnight is for how long one plan serves: its calendars reach ninety days.
const fortnight = 14 * 24 * time.Hour

// keptPlans bounds the plans that are kept: zones × fortnights.
const keptPlans = 512

// plans keeps the plans that were made: making one is dear.
type plans struct {
	of func(version string, at time.Time, zone string) models.Plan

	mu   sync.Mutex
	made map[wanted]served
}

// served is a plan that serves a fortnight, or not: limits of many working hours reach beyond its calendars.
type served struct {
	plan   models.Plan
	serves bool
}

type wanted struct {
	version, zone string
	from          int64
}

func (p *plans) plan(version string, at time.Time, zone string) models.Plan {
	from := at.Truncate(fortnight)
	key := wanted{version, zone, from.Unix()}
	p.mu.Lock()
	defer p.mu.Unlock()
	kept, known := p.made[key]
	if !known {
		if p.made == nil || len(p.made) >= keptPlans {
			p.made = map[wanted]served{}
		}
		kept.plan = p.of(version, from, zone)
		kept.serves = kept.plan.Serves(from.Add(fortnight))
		p.made[key] = kept
	}
	if !kept.serves {
		return p.of(version, at, zone)
	}
	return kept.plan
}

// Under are the rules of one policy, whatever versions the cases ran under.
func Under(p policy.Policy) lifecycle.Rules {
	kept := plans{of: func(_ string, at time.Time, zone string) models.Plan {
		return p.Plan(at, zone, lifecycle.RulesVersion())
	}}
	return lifecycle.Rules{Fixed: true, Plan: func(_ string, at time.Time, zone string) models.Plan { return kept.plan("", at, zone) }}
}

// AsRecorded are the rules that every case ran under.
func AsRecorded(of func(version string, at time.Time, zone string) models.Plan) lifecycle.Rules {
	kept := plans{of: of}
	return lifecycle.Rules{Plan: kept.plan}
}
