package checktest

import (
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// telling tells the customer the solution or the result, alone or in a group: as its lead with copies
// for the members, as a member by what the lead case brings.
func (l *life) telling(v models.Verb) lifecycle.Command {
	who, alone := l.head(), map[models.Verb]models.State{
		models.VerbTellSolution: models.StateSolutionReady, models.VerbTellResult: models.StateResolved,
	}
	var act *models.GroupAct
	if lead, in := l.c.Lead(); in && l.c.State != alone[v] {
		who, act = models.System(), &models.GroupAct{Lead: lead, Seq: 7, Department: repairs, Person: hal.ID, Outcome: models.OutcomeUpheld}
	}
	var copies []models.GroupCopy
	for _, m := range l.c.Members() {
		copies = append(copies, models.GroupCopy{Other: m, Channel: models.ChannelEmail})
	}
	if v == models.VerbTellSolution {
		return l.say(who, v, models.SolutionTold{Channel: models.ChannelEmail, Group: act, Copies: copies}, models.TextText)
	}
	return l.say(who, v, models.ResultTold{
		Channel: models.ChannelEmail, Done: true, Effect: true, FollowUp: true, Thanks: true, Group: act, Copies: copies,
	}, models.TextText)
}

// beside makes a command of the verbs beside the main road that mostly goes through.
func (l *life) beside(v models.Verb) lifecycle.Command {
	text, reason := models.TextText, models.TextReason
	soon := l.now.Add(l.upTo(3 * day))
	switch v { //nolint:exhaustive // the others stand elsewhere, or are left out of these lives
	case models.VerbSettle:
		return l.say(fay, v, models.Settled{Channel: models.ChannelPhone, Outcome: models.OutcomeUpheld}, text, models.TextResult)
	case models.VerbReturn:
		return l.say(l.head(), v, models.Returned{}, reason)
	case models.VerbRecall:
		return l.say(sue, v, models.Recalled{}, reason)
	case models.VerbTransfer:
		to := "service"
		if l.c.Department == to {
			to = repairs
		}
		return l.say(l.head(), v, models.Transferred{Department: to}, reason)
	case models.VerbRetract:
		return l.say(pick(l.maker, sue, l.head()), v, models.Retracted{})
	case models.VerbAssign:
		return l.say(l.head(), v, models.Assigned{Person: hal.ID})
	case models.VerbGiveTask:
		return l.say(l.head(), v, models.TaskGiven{Department: "quality", Due: soon}, text)
	case models.VerbFinishTask:
		return l.say(quentin, v, models.TaskFinished{}, text)
	case models.VerbCancelTask:
		return l.say(l.head(), v, models.TaskCancelled{}, reason)
	case models.VerbImmediateMeasure:
		return l.say(l.head(), v, models.MeasureTaken{}, text)
	case models.VerbTellProgress:
		return l.say(l.head(), v, models.ProgressTold{Channel: models.ChannelEmail}, text)
	case models.VerbTellInterim:
		return l.say(sue, v, models.InterimTold{Channel: models.ChannelEmail, Until: soon}, text)
	case models.VerbPromiseContact:
		return l.say(sue, v, models.ContactPromised{At: soon})
	case models.VerbUrge:
		return l.say(max, v, models.Urged{Channel: models.ChannelPhone}, text)
	case models.VerbSupervise:
		return l.say(sue, v, models.Supervised{ReportDue: soon}, reason)
	case models.VerbReport:
		return l.say(l.head(), v, models.Reported{}, text)
	case models.VerbReclassify:
		return l.say(sue, v, models.Reclassified{Severity: pick(l.maker, models.Severities()...), Category: "repair"}, reason)
	case models.VerbAttach:
		return l.say(ivy, v, models.Attached{Files: l.upload()})
	case models.VerbVoid:
		return l.say(sue, v, models.Voided{Entry: l.c.Seq}, reason)
	case models.VerbAmend:
		if l.c.Seq%2 == 0 && !l.c.Opened.Anonymous {
			return l.say(sue, v, models.Amended{}, reason, models.TextContact)
		}
		return l.say(sue, v, models.Amended{Changes: []models.Change{{Field: "region", Is: l.uuid()[:4]}}}, reason)
	case models.VerbRestrict:
		return l.say(sue, v, models.Restricted{Named: []string{"nob"}}, reason)
	default:
		return l.holding(v, soon)
	}
}

// holding makes a command of what holds a case up, is asked for, or ends it otherwise.
func (l *life) holding(v models.Verb, soon time.Time) lifecycle.Command {
	text, reason := models.TextText, models.TextReason
	if l.first.Case == "" && (v == models.VerbMerge || v == models.VerbLink) {
		v = models.VerbNote // there is no other case yet
	}
	switch v { //nolint:exhaustive // as above
	case models.VerbPause:
		return l.say(sue, v, models.Paused{Reason: pick(l.maker, models.PauseReasons()...), Until: soon}, reason)
	case models.VerbResume:
		return l.say(sue, v, models.Resumed{})
	case models.VerbExtend:
		return l.say(l.head(), v, models.Requested{Until: l.now.Add(12 * day)}, reason)
	case models.VerbLowerSeverity:
		return l.say(sue, v, models.Requested{Severity: models.SeverityGeneral}, reason)
	case models.VerbLongPause:
		return l.say(l.head(), v, models.Requested{Pause: models.PauseOutside, Until: soon.Add(3 * day)}, reason)
	case models.VerbCompensate:
		return l.say(l.head(), v, models.Requested{Money: &models.Money{Minor: pick[int64](l.maker, 100, 90_000), Currency: "CNY", Kind: models.MoneyRefund}}, reason)
	case models.VerbNotAccept:
		return l.say(sue, v, models.Requested{}, reason)
	case models.VerbWithdraw:
		return l.say(models.TheCustomer(), v, models.Withdrawn{}, text)
	case models.VerbMerge:
		return l.say(sue, v, models.Merged{Into: l.first}, reason)
	case models.VerbUnmerge:
		return l.say(sue, v, models.Unmerged{}, reason)
	case models.VerbLink:
		return l.say(sue, v, models.Linked{Other: l.first, Relation: pick(l.maker, models.RelationRelated, models.RelationLead, models.RelationMember, models.RelationNone), Department: repairs})
	case models.VerbReschedule:
		return l.say(models.TheCustomer(), v, models.Rescheduled{To: soon})
	}
	return l.say(sue, models.VerbNote, models.Noted{Audience: models.AudienceCustomer}, text)
}

func (l *life) callback() lifecycle.Command {
	d := models.CallbackRecorded{Outcome: pick(l.maker, models.CallbackOutcomes()...)}
	if at := l.c.Callback.NotBefore; at.After(l.now) && at.Before(Now) {
		l.now = at
	}
	if d.Outcome == models.CallbackRescheduled {
		d.RescheduledTo = l.now.Add(day)
	}
	if d.Outcome == models.CallbackReachedSolved && l.chance(50) {
		d.Scores = &models.Scores{Result: 1 + l.rand.IntN(5)}
	}
	d.OtherChannel = d.Outcome == models.CallbackRefused
	return l.say(quinn, models.VerbRecordCallback, d)
}
