package samples

import (
	"recourse/models"
)

// crowdDense is how many things happen in a case with a long history.
const crowdDense = 150

// beside tells what happens beside the road: notes, calls, messages, one who urges; in one case of
// two hundred so much that nobody reads it all.
func (m *member) beside() {
	times := m.r.IntN(4)
	if m.i%200 == 144 {
		times = crowdDense
	}
	for range times {
		words := m.says()
		switch m.r.IntN(6) {
		case 0:
			m.call(m.soon()/5, m.handler, words)
		case 1:
			m.message(m.soon()/5, words)
		case 2:
			m.act(m.soon()/5, models.TheCustomer(), models.VerbMessage, models.Messaged{Channel: models.ChannelEmail}, text(words))
		case 3:
			m.act(m.soon()/5, m.w.actor(m.clerk), models.VerbUrge, models.Urged{Channel: models.ChannelPhone}, text(words))
		default:
			m.note(m.soon()/5, m.handler, words)
		}
	}
	if m.r.IntN(8) == 0 && !m.guarded {
		m.askOthers()
	}
}

// askOthers gives another department a joint task, which it finishes.
func (m *member) askOthers() {
	other, by := quality, "sun-qian"
	if m.lead == quality {
		other, by = repairs, "chen-dayong"
	}
	m.task(other)
	m.act(m.later(), m.w.actor(by), models.VerbFinishTask, models.TaskFinished{}, text(m.says()))
}

func (m *member) task(department string) {
	after := m.soon()
	due := m.at.Add(after + 2*day).Truncate(minute)
	m.act(after, m.w.actor(m.handler), models.VerbGiveTask, models.TaskGiven{Department: department, Due: due}, text(m.says()))
}

// refused tells that the complaint is not accepted after all.
func (m *member) refused() {
	m.act(m.later(), m.w.actor(m.handler), models.VerbNotAccept, models.Requested{}, reason(m.says()))
	m.grant(m.soon(), "zhao-mingde", m.says())
}

// waits leaves a case that is being looked into with something that waits: a joint task, a pause, a
// request that is to be decided, a report.
func (m *member) waits(stop int) {
	if stop < stepReplied {
		return
	}
	after := m.soon()
	until := m.at.Add(after + 3*day).Truncate(minute)
	act := func(who string, v models.Verb, d models.Data) {
		m.act(after, m.w.actor(who), v, d, reason(m.says()))
	}
	switch m.r.IntN(8) {
	case 0:
		if m.guarded {
			return
		}
		m.task(map[bool]string{true: quality, false: repairs}[m.lead != quality])
	case 1:
		act(m.handler, models.VerbPause, models.Paused{Reason: models.PauseOutside, Until: until})
	case 2:
		act(m.handler, models.VerbExtend, models.Requested{Until: m.at.Add(40 * day)})
	case 3:
		act(m.handler, models.VerbNotAccept, models.Requested{})
	case 4:
		act("zhao-mingde", models.VerbSupervise, models.Supervised{ReportDue: until})
	case 5:
		act(m.handler, models.VerbCompensate, models.Requested{Money: &models.Money{Minor: 100 * (5000 + int64(m.r.IntN(90000))), Currency: "CNY", Kind: models.MoneyCompensation}})
	}
}
