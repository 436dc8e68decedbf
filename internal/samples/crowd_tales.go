package samples

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// How the crowd is spread over time: four in five were received over the past year, before the last
// days, in which the rest came in and most are still open.
const (
	crowdYear   = 400 * day
	crowdRecent = 12 * day
)

// member is one of the crowd while it is told: a tale with its dice.
type member struct {
	*tale

	i        int // which of the crowd
	r        *rand.Rand
	clerk    string // who put it on record
	handler  string
	lead     string // department of the handler
	guarded  bool   // only who is named, or looks after such cases, sees it
	recent   bool   // the others are told briefly: nobody reads them but by search
	severity models.Severity
	channel  models.Channel // by which the customer is answered
}

// oneOfMany tells the i-th of n generated cases, the oldest first.
func (w world) oneOfMany(i, n int) *tale {
	r := dice(i)
	age, recent := crowdAge(i, n, r)
	m := w.begins(i, n, age, recent, r)
	if !recent && m.severity == models.SeverityGeneral && !m.guarded && r.IntN(3) > 0 {
		m.settled()
	} else {
		m.goesTo(m.stop())
	}
	return m.tale
}

func crowdAge(i, n int, r *rand.Rand) (age time.Duration, recent bool) {
	newest := float64(i) / float64(n)
	wobble := time.Duration(r.IntN(3600)) * time.Second
	if newest < 0.8 {
		return crowdRecent + time.Duration((0.8-newest)/0.8*float64(crowdYear-crowdRecent)) + wobble, false
	}
	return time.Duration((1-newest)/0.2*float64(crowdRecent)) + wobble/10, true
}

// The steps of the main road; a case that has come to the last one is at its end.
const (
	stepOpened = iota
	stepDispatched
	stepAccepted
	stepReplied
	stepProposed
	stepApproved
	stepTold
	stepResolved
	stepResultTold
	stepClosed
)

// stop is how far a case has come: of the older ones nearly all to the end, now and then one is
// forgotten on its way. Small crowds have every stop, too.
func (m *member) stop() int {
	if m.recent || m.r.IntN(80) == 0 {
		return m.i % (stepClosed + 1)
	}
	return stepClosed
}

func (w world) begins(i, n int, age time.Duration, recent bool, r *rand.Rand) *member {
	m := &member{i: i, r: r, recent: recent}
	m.severity = pick(r, []models.Severity{"", models.SeverityImportant, models.SeverityImportant, models.SeverityUrgent}[r.IntN(4)], models.SeverityGeneral)
	nature := pick(r, []models.Nature{models.NatureSystemic, models.NatureInternal, models.NatureSpecial, ""}[r.IntN(4)], models.NatureCustomer)
	channel := models.Channels()[r.IntN(len(models.Channels()))]
	m.channel = channel.AnsweredBy()[0]
	m.clerk, m.guarded = []string{"tang-tang", "nora-walsh"}[r.IntN(2)], nature.Guarded()
	m.takenBy()
	c := cases.NewComplaint{Opened: models.Opened{
		Channel: channel, Severity: m.severity, Nature: nature, Category: crowdCategory(r), Region: regions[r.IntN(len(regions))],
		Product: products[r.IntN(len(products))], Model: fmt.Sprintf("SP-%04d", r.IntN(9999)), Anonymous: r.IntN(40) == 0, Confidential: r.IntN(30) == 0,
	}, Text: said(r, m.much())}
	if r.IntN(4) == 0 {
		c.Opened.Zone = "Europe/London"
	}
	if !c.Opened.Anonymous {
		c.Contact, c.Particulars = crowdContact(r, n), crowdParticulars(r)
	}
	m.tale = w.tell(fmt.Sprintf("crowd-%d", i), w.ago(age), m.clerk, c)
	if m.severity == models.SeverityUrgent && r.IntN(3) > 0 {
		m.acknowledge(4*minute, "qian-weidong")
	}
	return m
}

// pick takes one when it is given and the die says so, four times in ten, and the usual otherwise.
func pick[V comparable](r *rand.Rand, one, usual V) V {
	var none V
	if one == none || r.IntN(10) >= 4 {
		return usual
	}
	return one
}

// takenBy chooses who handles the case: half of the cases go to the people that the sample roles are
// shown by, so that those have long lists.
func (m *member) takenBy() {
	if m.guarded {
		m.handler, m.lead = "feng-qiming", supervision
		return
	}
	teams := [][2]string{
		{"zhou-xiaoman", service},
		{"zhou-xiaoman", service},
		{"emma-clarke", service},
		{"sun-qian", quality},
		{"chen-dayong", repairs},
		{"liam-ng", logistics},
		{"luo-min", stores},
	}
	at := m.r.IntN(len(teams) + len(crowdDepartments))
	if at < len(teams) {
		m.handler, m.lead = teams[at][0], teams[at][1]
		return
	}
	m.lead = crowdDepartments[at-len(teams)].ID
	m.handler = fmt.Sprintf("%s-%d", m.lead, m.r.IntN(3))
}

func crowdCategory(r *rand.Rand) string {
	all := slices.Concat(Categories(), crowdCategories)
	return all[r.IntN(len(all))].ID
}

// crowdContact is one of so many customers that some complain again and again.
func crowdContact(r *rand.Rand, n int) models.Contact {
	who := r.IntN(n/2 + 1)
	if r.IntN(40) == 0 {
		who = r.IntN(3)
	}
	c := models.Contact{Name: named(dice(who)), Phone: phone(who)}
	if r.IntN(3) == 0 {
		c.Email = fmt.Sprintf("customer.with.a.rather.long.mailbox.name.%06d@mail.example", who)
	}
	if r.IntN(3) == 0 {
		c.Address = regions[r.IntN(len(regions))] + "云杉示例路" + cutTo(said(r, 60), 60)
	}
	if r.IntN(8) == 0 {
		c.Second = &models.SecondContact{Name: named(r), Phone: phone(n + who), ActsFor: true}
	}
	return c
}

func crowdParticulars(r *rand.Rand) models.Particulars {
	p := models.Particulars{Serial: fmt.Sprintf("SN-%08d", r.IntN(1e8)), Remedy: said(r, 12+r.IntN(60))}
	if r.IntN(2) == 0 {
		p.OrderNumber, p.Symptom, p.Happened = fmt.Sprintf("CN-%012d", r.IntN(1e12)), said(r, 30), said(r, 80)
	}
	return p
}

// soon and later are how long people take.
func (m *member) soon() time.Duration {
	return 5*minute + time.Duration(m.r.IntN(300))*minute
}

func (m *member) later() time.Duration { return 2*hour + time.Duration(m.r.IntN(40*60))*minute }

// settled tells of a complaint that was solved in the first contact.
func (m *member) settled() {
	d := models.Settled{Channel: m.channel, Department: service, Nature: m.New.Opened.Nature, Outcome: models.Outcomes()[m.r.IntN(3)]}
	m.handler, m.lead = "lin-yue", service // when it comes back
	m.act(m.soon()/20, m.w.actor(m.clerk), models.VerbSettle, d, map[string]string{models.TextText: m.says(), models.TextResult: m.says()})
	if !m.New.Opened.Anonymous {
		m.followed()
	}
}

// much is the length of a complaint: some hundred characters, one in twenty the longest.
func (m *member) much() int {
	switch {
	case m.r.IntN(map[bool]int{true: 20, false: 60}[m.recent]) == 0:
		return longest
	case m.recent:
		return 120 + m.r.IntN(700)
	}
	return 60 + m.r.IntN(200)
}

// says is what is written on the way: a sentence or a paragraph, one in eighty the longest.
func (m *member) says() string {
	switch {
	case m.r.IntN(map[bool]int{true: 80, false: 2000}[m.recent]) == 0:
		return said(m.r, longest)
	case m.recent:
		return said(m.r, 20+m.r.IntN(160))
	}
	return said(m.r, 12+m.r.IntN(30))
}

// goesTo tells the case as far as a step, with what happens beside the road.
func (m *member) goesTo(stop int) {
	if m.i%23 == 0 && !m.New.Opened.Anonymous {
		m.act(m.later(), models.TheCustomer(), models.VerbWithdraw, models.Withdrawn{}, text(m.says()))
		return
	}
	if stop >= stepDispatched {
		m.dispatch(m.soon(), m.clerk, m.lead, m.person(), m.says(), m.says())
	}
	if stop >= stepAccepted {
		m.accept(m.soon(), m.handler)
	}
	if stop >= stepReplied {
		m.reply(m.soon(), m.handler, m.channel, m.says())
		m.beside()
		if m.i%19 == 0 {
			m.refused()
			return
		}
	}
	if stop < stepProposed {
		m.waits(stop)
		return
	}
	m.solved(stop)
	if stop >= stepClosed && !m.New.Opened.Anonymous {
		m.followed()
	}
}

// person is whom the work order names; now and then nobody, where whoever is free may sign for it.
func (m *member) person() string {
	if !m.guarded && m.r.IntN(3) == 0 {
		return ""
	}
	return m.handler
}

// solved tells a cycle from the proposal to where it stops.
func (m *member) solved(stop int) {
	minutes := ""
	approval := m.severity.NeedsApproval() || m.guarded
	if approval {
		minutes = "会议纪要：" + m.says()
	}
	var measures []measure
	for range 1 + m.r.IntN(4) {
		measures = append(measures, measure{said(m.r, 10+m.r.IntN(90)), []string{m.handler, m.lead, quality}[m.r.IntN(3)], day + m.later()})
	}
	m.propose(m.later(), m.handler, m.says(), minutes, measures...)
	if stop >= stepApproved && approval {
		if m.r.IntN(6) == 0 {
			m.reject(m.soon(), m.says())
			m.propose(m.soon(), m.handler, m.says(), minutes, measures...)
		}
		m.approve(m.soon(), said(m.r, 20))
	}
	if stop >= stepTold {
		m.tellSolution(m.soon(), m.handler, m.channel, m.says())
	}
	if stop >= stepResolved {
		m.resolve(m.later(), m.handler, models.Resolved{
			Outcome: models.Outcomes()[m.r.IntN(3)], Cause: models.Causes()[m.r.IntN(6)], Attribution: models.Attributions()[m.r.IntN(2)],
		}, m.says())
	}
	if stop >= stepResultTold {
		m.tellResult(m.soon(), m.handler, m.channel, m.says())
	}
}

// followed asks the customer, and begins again where the answer says so.
func (m *member) followed() {
	caller := []string{"fang-qing", "grace-lim"}[m.r.IntN(2)]
	if m.guarded {
		caller = "zhao-mingde"
	}
	switch m.r.IntN(10) {
	case 0:
		low := scores(2, 1, 3, 3, 2)
		m.callback(2*day, caller, models.CallbackReachedUnsolved, &low, m.says())
		m.solved(stepResultTold)
	case 1:
		for range 3 {
			m.callback(5*hour, caller, models.CallbackNoAnswer, nil, said(m.r, 20))
		}
		return
	case 2:
		m.confirm(m.later(), said(m.r, 30))
		return
	}
	content := scores(3+m.r.IntN(3), 4+m.r.IntN(2), 3+m.r.IntN(3), 4+m.r.IntN(2), 6+m.r.IntN(5))
	m.callback(2*day, caller, models.CallbackReachedSolved, &content, m.says())
}
