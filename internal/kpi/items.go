package kpi

import "math/bits"

func trailing(mask uint64) int { return bits.TrailingZeros64(mask) }

// items looks at each item of a row that a measure may count, and says whose it is.
func (x *look) items(m *Measure, visit func(o owner)) {
	switch m.Of {
	case ItemCases, ItemCustomers:
		visit(x.ownerOf(m.Whose, m.lever))
	case ItemAnswers:
		of := x.t.answers.of(x.r.answered)
		for i := range of {
			x.a = &of[i]
			visit(owner{x.a.handlingDepartment, x.a.handlingOwner, x.a.cycle})
		}
	case ItemCycles:
		of := x.t.laters.of(x.r.laters)
		for i := range of {
			x.l = &of[i]
			visit(x.l.owner(m.Whose))
		}
	case ItemAlerts:
		of := x.t.alarms.of(x.r.alerts)
		for i := range of {
			x.al = &of[i]
			visit(owner{x.al.department, x.al.assignee, uint16(x.r.cycle)})
		}
	case ItemStays:
		of := x.t.stays.of(x.r.stays)
		for i := range of {
			x.s = &of[i]
			visit(owner{x.s.department, x.s.person, x.s.cycle})
		}
	case ItemLevers:
		of := x.t.levers.of(x.r.used)
		for i := range of {
			x.v = &of[i]
			visit(owner{x.v.department, x.v.person, x.v.cycle})
		}
	}
}

func (l *later) owner(whose Whose) owner {
	if whose == WhoseFeedback {
		return owner{l.feedbackDepartment, l.feedbackOwner, l.cycle}
	}
	return owner{l.handlingDepartment, l.handlingOwner, l.cycle}
}

// ownerOf is for whom a case counts.
func (x *look) ownerOf(whose Whose, kind uint8) owner {
	as := ownerNow
	switch whose {
	case WhoseResponse:
		as = ownerResponse
	case WhoseFeedback:
		as = ownerFeedback
	case WhoseHandling:
		as = ownerHandling
	case WhoseLever:
		if v := x.usedLast(kind); v != nil {
			return owner{v.department, v.person, uint16(x.r.cycle)}
		}
	case WhoseNow, WhoseItem:
	}
	return owner{x.r.department[as], x.r.person[as], uint16(x.r.cycle)}
}

// usedLast is the last use of a lever by the cut; nil: it was not used.
func (x *look) usedLast(kind uint8) *lever {
	if x.r.levers>>kind&1 == 0 {
		return nil
	}
	of := x.t.levers.of(x.r.used)
	for i := len(of) - 1; i >= 0; i-- {
		if of[i].kind == kind && x.done(of[i].at) {
			return &of[i]
		}
	}
	return nil
}

// has says whether a row has any of some items.
func (r *row) has(of Items) bool {
	switch of {
	case ItemAnswers:
		return r.answered.n > 0
	case ItemCycles:
		return r.laters.n > 0
	case ItemAlerts:
		return r.alerts.n > 0
	case ItemStays:
		return r.stays.n > 0
	case ItemLevers:
		return r.used.n > 0
	case ItemCases, ItemCustomers:
	}
	return true
}
