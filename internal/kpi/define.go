package kpi

import "slices"

// define lists the current definitions, headline figures first.
func define() []Measure {
	return slices.Concat(
		headline(), timeliness(), outcomes(), voices(), durations(), contacts(), work(), deviations(), alarms(), hands(), given(), levers(), volumesOver(),
	)
}

// What the texts of many definitions share.
var (
	qualityCases = Text{
		"Cases received in the period, without merged and mystery-shopper cases; withdrawn and not accepted cases are left out and shown beside. Samples count only while no real case is on record.",
		"期间内收到的投诉，不含并案与神秘顾客案件；已撤诉和不予受理的案件不计入，另行列示。仅在尚无真实案件时计入示例。",
	}
	receivedCases = Text{
		"Cases received in the period, without merged and mystery-shopper cases; withdrawn and not accepted ones count. Samples count only while no real case is on record.",
		"期间内收到的投诉，不含并案与神秘顾客案件；已撤诉和不予受理的案件计入。仅在尚无真实案件时计入示例。",
	}
	recordedCases = Text{
		"Cases received in the period, merged ones too, without mystery-shopper cases. Samples count only while no real case is on record.",
		"期间内收到的投诉，含并案案件，不含神秘顾客案件。仅在尚无真实案件时计入示例。",
	}
	atReceipt    = Text{"received", "收到投诉"}
	atReply      = Text{"first reply", "首次答复"}
	atSolution   = Text{"solution told", "告知方案"}
	atKept       = Text{"solution or interim answer told", "告知方案或临时答复"}
	atFirst      = Text{"first resolved", "首次解决"}
	atLast       = Text{"last resolved", "最终解决"}
	atClose      = Text{"closed", "结案"}
	everyCase    = Text{"all", "全部案件"}
	endedOrDue   = Text{"clock ended, or its bound has passed", "计时已结束，或时限已过"}
	resolvedOnes = Text{"cases resolved at the data cut", "截至统计时点已解决的案件"}
)

// populationText is the sentence that says whom a measure looks at.
func (p population) text() Text {
	switch p {
	case quality:
		return qualityCases
	case received:
		return receivedCases
	case recorded:
		return recordedCases
	}
	return Text{}
}

// rate begins the definition of a share of cases.
func rate(key string, title, question, numerator, denominator Text, of population, j judge) Measure {
	return Measure{
		Key: key, Title: title, Question: question, Population: of.text(), Numerator: numerator, Denominator: denominator,
		Unit: UnitRatio, Cycle: CycleWhole, Of: ItemCases, Whose: WhoseNow, Version: 1, of: of, judge: j,
	}
}

// clocked makes of a rate one that compares two instants.
func (m Measure) clocked(from, to Text, kind Kind, cycle Cycle, whose Whose) Measure {
	m.From, m.To, m.Kind, m.Cycle, m.Whose, m.Better = from, to, kind, cycle, whose, BetterHigher
	return m
}

func (m Measure) counting(items Items, whose Whose) Measure {
	m.Of, m.Whose = items, whose
	return m
}

func (m Measure) better(b Better) Measure {
	m.Better = b
	return m
}

func (m Measure) aims(target float64) Measure {
	m.Target = target
	return m
}

func (m Measure) with(beside ...string) Measure {
	m.Beside = beside
	return m
}

func (m Measure) in(c Cycle) Measure {
	m.Cycle = c
	return m
}

// anew is a definition that took the place of one that is retired.
func (m Measure) anew() Measure {
	m.Version = 2
	return m
}

// always stands beside every figure of quality, so that nobody makes cases disappear.
var always = []string{"withdrawn_rate", "not_accepted_rate"}

func headline() []Measure {
	all := []Measure{
		firstResponse(),
		feedback(),
		timely(),
		resolution(),
		success(),
		satisfaction(),
	}
	for i := range all {
		all[i].Headline = true
		all[i].Beside = append(all[i].Beside, always...)
	}
	return all
}

func firstResponse() Measure {
	return rate("first_response_rate",
		Text{"First response within 24 hours", "24小时首次响应率"},
		Text{"Did the customer hear from a person within a day?", "客户是否在一天内得到人工答复？"},
		Text{"first reply at or before the 24-hour limit", "在24小时时限内（含时限）作出首次答复"},
		endedOrDue, quality,
		func(x *look) verdict { return x.byBound(x.r.reply, x.r.responseLimit) },
	).clocked(atReceipt, atReply, KindGross, CycleFirst, WhoseResponse).aims(0.95).with("first_response_target_rate", "response_rate")
}

func feedback() Measure {
	return rate("feedback_rate",
		Text{"Solution or interim answer told within 48 hours", "48小时反馈率"},
		Text{"Did the customer know within two days what we will do, or when they will know?", "客户是否在两天内得知处理方案，或得知何时会有方案？"},
		Text{"solution or a reasoned interim answer with a date told at or before the 48-hour limit, which pauses do not move", "在48小时时限内（含时限，暂停不顺延）告知方案，或告知附日期的临时答复"},
		endedOrDue, quality,
		func(x *look) verdict { return x.byBound(x.r.kept, x.r.feedbackBound) },
	).clocked(atReceipt, atKept, KindGross, CycleFirst, WhoseFeedback).aims(0.95).anew().
		with("feedback_interim_share", "feedback_rate_net", "feedback_rate_later")
}

func timely() Measure {
	return rate("timely_rate",
		Text{"Handled on time", "按时办结率"},
		Text{"Was it done by the date on the work order?", "是否在工单的办结时限内办结？"},
		Text{"resolved at or before the handling due, which an extension moves and a pause does not", "在办结时限内（含时限，延期可顺延，暂停不顺延）办结"},
		Text{"all, running ones included (strict)", "全部案件，含处理中（严格口径）"}, quality,
		func(x *look) verdict { return hitIf(x.inTime(x.r.handlingBound)) },
	).clocked(atReceipt, atFirst, KindGross, CycleFirst, WhoseHandling).anew().
		with("timely_rate_due", "timely_rate_resolved", "timely_rate_net", "timely_rate_later", "pause_share", "lever_extension")
}

// inTime says whether the case was resolved by a bound.
func (x *look) inTime(bound int64) bool {
	return x.done(x.r.firstResolved) && (bound == none || x.r.firstResolved <= bound)
}

func resolution() Measure {
	return rate("resolution_rate",
		Text{"Resolved", "解决率"},
		Text{"How many of the complaints of this period are resolved by now?", "本期投诉至今解决了多少？"},
		Text{"resolved at the data cut; a rework that runs is not resolved", "截至统计时点已解决；返工中的不算"},
		everyCase, quality,
		func(x *look) verdict { return hitIf(x.done(x.r.resolved)) },
	).in(CycleLatest).counting(ItemCases, WhoseHandling).better(BetterHigher).aims(0.95).with("flow_ratio", "completion_rate")
}

func success() Measure {
	return rate("success_rate",
		Text{"Resolved to the customer's satisfaction", "成功率"},
		Text{"How many complaints ended with a customer who says it is good now?", "有多少投诉以客户满意告终？"},
		Text{"resolved, and result score 4 or 5 for the cycle that resolved it, by callback or survey; no answer is not satisfied", "已解决，且该轮回访或问卷的结果评分不低于4分；未答复视为不满意"},
		everyCase, quality,
		func(x *look) verdict {
			return hitIf(x.done(x.r.resolved) && x.done(x.r.scoredAt) && x.r.score >= satisfied)
		},
	).in(CycleLatest).counting(ItemCases, WhoseHandling).better(BetterHigher).anew().with("answer_rate")
}

// satisfied is the score from which a customer counts as satisfied.
const satisfied = 4

func satisfaction() Measure {
	return scored("csat", Text{"Satisfied with the result", "结果满意度"},
		Text{"How many of the answers say that the result is good?", "作答中有多少对结果满意？"},
		Text{"result score 4 or 5", "结果评分不低于4分"},
		Text{"cycles with a result score, by callback or survey; a later survey replaces the callback", "有结果评分的轮次（回访或问卷，后到的问卷取代回访）"},
		func(a *answer) uint8 { return a.result },
	).aims(0.85).anew().with("csat_weighted", "csat_composite", "process_csat", "nps", "answer_rate")
}

// scored begins the share of answers whose score is 4 or 5.
func scored(key string, title, question, numerator, denominator Text, of func(*answer) uint8) Measure {
	m := rate(key, title, question, numerator, denominator, quality, func(x *look) verdict {
		s := of(x.a)
		if s == 0 || !x.done(x.a.answered) {
			return leftOut
		}
		return hitIf(s >= satisfied)
	}).in(CycleEach).counting(ItemAnswers, WhoseHandling).better(BetterHigher)
	m.score = of
	return m
}

// old lists the definitions that counted once.
func old() []Measure {
	told := rate("feedback_rate",
		Text{"Solution told within 48 hours", "48小时方案反馈率"},
		Text{"Did the customer know within two days what we will do?", "客户是否在两天内得知处理方案？"},
		Text{"solution told at or before the 48-hour limit as pauses moved it; an interim answer does not count", "在48小时时限内（含时限，随暂停顺延）告知方案；临时答复不计"},
		endedOrDue, quality,
		func(x *look) verdict { return x.byBound(x.r.solution, x.r.feedbackLimit) },
	).clocked(atReceipt, atSolution, KindNet, CycleFirst, WhoseNow).aims(0.95)
	handled := rate("timely_rate", timely().Title, timely().Question,
		Text{"resolved at or before the handling due as pauses moved it", "在办结时限内（含时限，随暂停顺延）办结"},
		timely().Denominator, quality,
		func(x *look) verdict { return hitIf(x.inTime(x.r.handlingLimit)) },
	).clocked(atReceipt, atFirst, KindNet, CycleFirst, WhoseNow)
	solved := rate("success_rate", success().Title, success().Question,
		Text{"resolved, and the latest result score of any cycle 4 or 5; no answer is not satisfied", "已解决，且任一轮次最近一次结果评分不低于4分；未答复视为不满意"},
		everyCase, quality,
		func(x *look) verdict { return hitIf(x.done(x.r.resolved) && x.r.lastScore >= satisfied) },
	).in(CycleLatest).better(BetterHigher)
	perCase := rate("csat", satisfaction().Title, satisfaction().Question,
		Text{"latest result score 4 or 5", "最近一次结果评分不低于4分"},
		Text{"cases with a result score, by callback or survey", "有结果评分的案件（回访或问卷）"}, quality,
		func(x *look) verdict {
			if x.r.lastScore == 0 {
				return leftOut
			}
			return hitIf(x.r.lastScore >= satisfied)
		},
	).in(CycleLatest).better(BetterHigher).aims(0.85)
	all := []Measure{told, handled, solved, perCase}
	for i := range all {
		all[i].Retired = true
	}
	return all
}
