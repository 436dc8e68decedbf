package headline

import (
	"time"

	"recourse/models"
)

// Text is a text in both languages.
type Text struct{ EN, ZH string }

// Unit says what a figure is counted in.
type Unit string

// UnitRatio is a share between 0 and 1.
const UnitRatio Unit = "ratio"

// Cycle says which of a case's cycles a figure looks at.
type Cycle string

// The cycles.
const (
	CycleFirst  Cycle = "first"  // what the customer was promised
	CycleLatest Cycle = "latest" // how it stands after every rework
)

// Kind says whether pauses count.
type Kind string

// KindGross counts every hour, pauses included.
const KindGross Kind = "gross"

// Measure is the definition of a figure. A changed definition is a new version.
type Measure struct {
	Key         string
	Title       Text
	Question    Text
	Population  Text
	Numerator   Text
	Denominator Text
	Unit        Unit
	Target      float64 // 0: none
	Cycle       Cycle
	Kind        Kind
	Version     int

	judge  judge
	beside []side
}

// verdict is what a case is to a figure.
type verdict int

const (
	leftOut verdict = iota // not in the denominator
	miss                   // in the denominator only
	hit                    // in both
)

func hitIf(is bool) verdict {
	if is {
		return hit
	}
	return miss
}

// judge says what a case is to a figure at the data cut.
type judge func(c models.Case, cut time.Time) verdict

// side is a figure that must stand beside another, so that nobody is misled.
type side struct {
	key   string
	title Text
	judge judge
	// weigh gives the case's weight in tenths; nil: each counts one.
	weigh func(c models.Case) int
	// share gives what the case adds to numerator and denominator, where those are no numbers of cases;
	// nil: judge and weigh do.
	share func(c models.Case, cut time.Time) (part, whole int)
}

var everyQualityCase = Text{
	EN: "Cases received in the period, without merged and mystery-shopper cases; withdrawn and not accepted cases are left out and shown beside. Samples count only while no real case is on record.",
	ZH: "期间内收到的投诉，不含合并与神秘顾客案件；已撤回和不予受理的案件不计入，另行列示。仅在尚无真实案件时计入示例。",
}

// Headline lists the figures that the product is judged by.
func Headline() []Measure {
	return []Measure{firstResponse(), feedback(), timely(), resolution(), success(), satisfaction()}
}

func firstResponse() Measure {
	return Measure{
		Key:         "first_response_rate",
		Title:       Text{"First response within 24 hours", "24小时首次响应率"},
		Question:    Text{"Did the customer hear from a person within a day?", "客户是否在一天内得到人工答复？"},
		Population:  everyQualityCase,
		Numerator:   Text{"first reply at or before the 24-hour limit", "在24小时时限内（含时限）作出首次答复"},
		Denominator: Text{"first reply given, or the limit has passed", "已作出首次答复，或时限已过"},
		Unit:        UnitRatio, Target: 0.95, Cycle: CycleFirst, Kind: KindGross, Version: 1,
		judge: func(c models.Case, cut time.Time) verdict { return byBound(c.FirstReplyAt, c.ResponseLimitAt, cut) },
		beside: []side{{
			key:   "first_response_target_rate",
			title: Text{"by the severity's own target", "按级别目标"},
			judge: func(c models.Case, cut time.Time) verdict {
				return byBound(c.FirstReplyAt, earlier(c.ResponseTargetAt, c.ResponseLimitAt), cut)
			},
		}},
	}
}

func feedback() Measure {
	return Measure{
		Key:         "feedback_rate",
		Title:       Text{"Solution told within 48 hours", "48小时方案反馈率"},
		Question:    Text{"Did the customer know within two days what we will do?", "客户是否在两天内得知处理方案？"},
		Population:  everyQualityCase,
		Numerator:   Text{"solution told at or before the 48-hour limit", "在48小时时限内（含时限）告知方案"},
		Denominator: Text{"solution told, or the limit has passed", "已告知方案，或时限已过"},
		Unit:        UnitRatio, Target: 0.95, Cycle: CycleFirst, Kind: KindGross, Version: 1,
		judge: func(c models.Case, cut time.Time) verdict {
			return byBound(c.FirstSolutionAt, c.FeedbackLimitAt, cut)
		},
	}
}

func timely() Measure {
	inTime := func(c models.Case) bool { return met(c.FirstResolvedAt, c.HandlingDueAt) }
	return Measure{
		Key:         "timely_rate",
		Title:       Text{"Handled on time", "按时办结率"},
		Question:    Text{"Was it done by the date on the work order?", "是否在工单的办结时限内办结？"},
		Population:  everyQualityCase,
		Numerator:   Text{"resolved at or before the handling due", "在办结时限内（含时限）办结"},
		Denominator: Text{"all, running ones included (strict)", "全部案件，含处理中（严格口径）"},
		Unit:        UnitRatio, Cycle: CycleFirst, Kind: KindGross, Version: 1,
		judge: func(c models.Case, _ time.Time) verdict { return hitIf(inTime(c)) },
		beside: []side{
			{
				key:   "timely_rate_due",
				title: Text{"of those resolved or due", "仅计已办结或已到期"},
				judge: func(c models.Case, cut time.Time) verdict {
					return byBound(c.FirstResolvedAt, c.HandlingDueAt, cut)
				},
			},
			{
				key:   "timely_rate_resolved",
				title: Text{"of those resolved", "仅计已办结"},
				judge: func(c models.Case, cut time.Time) verdict {
					if !done(c.FirstResolvedAt, cut) {
						return leftOut
					}
					return hitIf(inTime(c))
				},
			},
			{
				key:   "pause_share",
				title: Text{"of the time that handling took, paused, of those resolved (in minutes)", "已办结案件的办理用时中暂停所占比例（以分钟计）"},
				share: paused,
			},
		},
	}
}

// paused is the time that handling took in a resolved case, and of that what it was paused: gross less net.
func paused(c models.Case, cut time.Time) (part, whole int) {
	if !done(c.FirstResolvedAt, cut) {
		return 0, 0
	}
	return int((c.HandlingGross - c.HandlingNet) / time.Minute), int(c.HandlingGross / time.Minute)
}

func resolution() Measure {
	return Measure{
		Key:         "resolution_rate",
		Title:       Text{"Resolved", "解决率"},
		Question:    Text{"How many of the complaints of this period are resolved by now?", "本期投诉至今解决了多少？"},
		Population:  everyQualityCase,
		Numerator:   Text{"resolved at the data cut; a rework that runs is not resolved", "截至统计时点已解决；返工中的不算"},
		Denominator: Text{"all", "全部案件"},
		Unit:        UnitRatio, Target: 0.95, Cycle: CycleLatest, Kind: KindGross, Version: 1,
		judge: func(c models.Case, cut time.Time) verdict { return hitIf(done(c.ResolvedAt, cut)) },
	}
}

func success() Measure {
	return Measure{
		Key:         "success_rate",
		Title:       Text{"Resolved to the customer's satisfaction", "成功率"},
		Question:    Text{"How many complaints ended with a customer who says it is good now?", "有多少投诉以客户满意告终？"},
		Population:  everyQualityCase,
		Numerator:   Text{"resolved, and result score 4 or 5 in callback or survey; no answer is not satisfied", "已解决且回访或问卷的结果评分不低于4分；未答复视为不满意"},
		Denominator: Text{"all", "全部案件"},
		Unit:        UnitRatio, Cycle: CycleLatest, Kind: KindGross, Version: 1,
		judge: func(c models.Case, cut time.Time) verdict {
			return hitIf(done(c.ResolvedAt, cut) && c.ResultScore >= satisfied)
		},
		beside: []side{{
			key:   "answer_rate",
			title: Text{"cases with an answer, of those asked", "被询问案件中的答复率"},
			judge: func(c models.Case, _ time.Time) verdict {
				if c.Offered == 0 {
					return leftOut
				}
				return hitIf(c.Answered > 0)
			},
		}},
	}
}

func satisfaction() Measure {
	judged := func(c models.Case, _ time.Time) verdict {
		if c.ResultScore == 0 {
			return leftOut
		}
		return hitIf(c.ResultScore >= satisfied)
	}
	return Measure{
		Key:         "csat",
		Title:       Text{"Satisfied with the result", "结果满意度"},
		Question:    Text{"How many of the customers who answered are satisfied?", "作答客户中有多少满意？"},
		Population:  everyQualityCase,
		Numerator:   Text{"latest result score 4 or 5", "最近一次结果评分不低于4分"},
		Denominator: Text{"cases with a result score, by callback or survey", "有结果评分的案件（回访或问卷）"},
		Unit:        UnitRatio, Target: 0.85, Cycle: CycleLatest, Kind: KindGross, Version: 1,
		judge: judged,
		beside: []side{{
			key:   "csat_weighted",
			title: Text{"weighted: scores 1 and 5 count 0.8 (in tenths of an answer)", "加权：1分和5分权重0.8（以十分之一份答复计）"},
			judge: judged,
			weigh: reliability,
		}},
	}
}

// satisfied is the score from which a customer counts as satisfied.
const satisfied = 4

// reliability is the weight of an answer in tenths: extreme scores say more about the day than about us.
func reliability(c models.Case) int {
	if c.ResultScore == 1 || c.ResultScore == 5 {
		return 8
	}
	return 10
}

// byBound judges a clock: running and not yet due, it says nothing; met at its bound is met.
func byBound(ended *time.Time, bound, cut time.Time) verdict {
	switch {
	case done(ended, cut):
		return hitIf(met(ended, bound))
	case cut.After(bound):
		return miss
	default:
		return leftOut
	}
}

func met(ended *time.Time, bound time.Time) bool { return ended != nil && !ended.After(bound) }

// done says whether something had happened by the data cut.
func done(at *time.Time, cut time.Time) bool { return at != nil && !at.After(cut) }

func earlier(a *time.Time, b time.Time) time.Time {
	if a != nil && a.Before(b) {
		return *a
	}
	return b
}
