package kpi

// timeliness are the figures that stand beside the promises.
func timeliness() []Measure {
	return []Measure{
		rate("first_response_target_rate",
			Text{"First response within the severity's target", "按级别目标首次响应率"},
			Text{"Did the customer hear from a person as soon as the severity asks?", "客户是否在该级别要求的时间内得到人工答复？"},
			Text{"first reply at or before the target of the severity, or the limit where that is earlier", "在该级别目标时限内（含时限；时限更早者从之）作出首次答复"},
			endedOrDue, quality,
			func(x *look) verdict { return x.byBound(x.r.reply, x.r.responseTarget) },
		).clocked(atReceipt, atReply, KindGross, CycleFirst, WhoseResponse),
		rate("feedback_interim_share",
			Text{"Kept by an interim answer only", "仅以临时答复兑现的比例"},
			Text{"How many of these promises were kept by putting the customer off to a date?", "其中有多少是以约定日期的临时答复兑现的？"},
			Text{"an interim answer kept the 48-hour promise in time", "以临时答复在48小时内兑现承诺"},
			endedOrDue, quality,
			func(x *look) verdict {
				v := x.byBound(x.r.kept, x.r.feedbackBound)
				if v == hit {
					return hitIf(x.r.flags.is(isInterim))
				}
				return v
			},
		).clocked(atReceipt, atKept, KindGross, CycleFirst, WhoseFeedback).better(BetterLower),
		rate("feedback_rate_net",
			Text{"Feedback within 48 hours, pauses left out", "48小时反馈率（净）"},
			Text{"How would it stand if waiting for the customer did not count?", "若不计等待客户的时间，情况如何？"},
			Text{"solution or interim answer told at or before the limit as pauses moved it", "在随暂停顺延后的时限内告知方案或临时答复"},
			endedOrDue, quality,
			func(x *look) verdict { return x.byBound(x.r.kept, x.r.feedbackLimit) },
		).clocked(atReceipt, atKept, KindNet, CycleFirst, WhoseFeedback),
		ofCycles(rate("feedback_rate_later",
			Text{"Feedback within 48 hours, later cycles", "48小时反馈率（返工轮次）"},
			Text{"After a rework, did the customer know in time what we will do?", "返工后客户是否及时得知处理方案？"},
			Text{"solution or interim answer told at or before the limit that counts from the rework", "自返工起算，在时限内告知方案或临时答复"},
			endedOrDue, quality,
			func(x *look) verdict { return x.again(x.l.feedback, x.l.feedbackBound, x.l.feedbackCancelled) },
		).clocked(Text{"rework began", "返工开始"}, atKept, KindGross, CycleLater, WhoseFeedback)),
		rate("timely_rate_due",
			Text{"Handled on time, of those resolved or due", "按时办结率（已办结或已到期）"},
			Text{"Of what should be done by now, how much was done in time?", "在应已办结的案件中，有多少按时办结？"},
			timely().Numerator, Text{"resolved, or the handling due has passed", "已办结，或办结时限已过"}, quality,
			func(x *look) verdict { return x.byBound(x.r.firstResolved, x.r.handlingBound) },
		).clocked(atReceipt, atFirst, KindGross, CycleFirst, WhoseHandling),
		rate("timely_rate_resolved",
			Text{"Handled on time, of those resolved", "按时办结率（仅已办结）"},
			Text{"Of what is done, how much was done in time?", "在已办结的案件中，有多少按时办结？"},
			timely().Numerator, Text{"resolved", "已办结"}, quality,
			func(x *look) verdict {
				if !x.done(x.r.firstResolved) {
					return leftOut
				}
				return hitIf(x.inTime(x.r.handlingBound))
			},
		).clocked(atReceipt, atFirst, KindGross, CycleFirst, WhoseHandling),
		rate("timely_rate_net",
			Text{"Handled on time, pauses left out", "按时办结率（净）"},
			Text{"How would it stand if pauses did not count?", "若不计暂停时间，情况如何？"},
			Text{"resolved at or before the handling due as pauses moved it", "在随暂停顺延后的办结时限内办结"},
			timely().Denominator, quality,
			func(x *look) verdict { return hitIf(x.inTime(x.r.handlingLimit)) },
		).clocked(atReceipt, atFirst, KindNet, CycleFirst, WhoseHandling),
		ofCycles(rate("timely_rate_later",
			Text{"Handled on time, later cycles", "按时办结率（返工轮次）"},
			Text{"Were reworks done in time?", "返工是否按时完成？"},
			Text{"resolved again at or before the due that counts from the rework", "自返工起算，在时限内再次办结"},
			endedOrDue, quality,
			func(x *look) verdict { return x.again(x.l.handling, x.l.handlingBound, x.l.handlingCancelled) },
		).clocked(Text{"rework began", "返工开始"}, Text{"resolved again", "再次解决"}, KindGross, CycleLater, WhoseHandling)),
	}
}

func ofCycles(m Measure) Measure {
	m.Of = ItemCycles
	return m
}

// again judges a clock of a later cycle: one that was cancelled before its bound says nothing.
func (x *look) again(ended, bound, cancelled int64) verdict {
	if !x.done(ended) && x.done(cancelled) && (bound == none || cancelled <= bound) {
		return leftOut
	}
	if bound == none {
		return leftOut
	}
	return x.byBound(ended, bound)
}

// durations are how long things took.
func durations() []Measure {
	return []Measure{
		took("time_to_first_response", Text{"Time to first response", "首次响应时间"},
			Text{"How long did customers wait for a person's answer?", "客户等待人工答复多久？"}, atReply, WhoseResponse, CycleFirst, KindGross,
			func(x *look) (int64, bool) { return x.within(x.r.received, x.r.reply, 0) }),
		took("time_to_first_response_net", Text{"Time to first response, net", "首次响应时间（净）"},
			Text{"The same without pauses: the clock of the first response never pauses", "不计暂停：首次响应计时从不暂停"}, atReply, WhoseResponse, CycleFirst, KindNet,
			func(x *look) (int64, bool) { return x.within(x.r.received, x.r.reply, 0) }),
		took("time_to_solution", Text{"Time to solution", "方案告知时间"},
			Text{"How long until customers knew what we will do?", "客户多久得知处理方案？"}, atSolution, WhoseFeedback, CycleFirst, KindGross,
			func(x *look) (int64, bool) { return x.within(x.r.received, x.r.solution, 0) }),
		took("time_to_solution_net", Text{"Time to solution, net", "方案告知时间（净）"},
			Text{"The same without the pauses of the feedback clock", "不计反馈计时的暂停"}, atSolution, WhoseFeedback, CycleFirst, KindNet,
			func(x *look) (int64, bool) { return x.within(x.r.received, x.r.solution, x.r.feedbackPaused) }),
		took("resolution_time", Text{"Time to resolution", "解决时间"},
			Text{"How long until it was done for the first time?", "首次解决用了多久？"}, atFirst, WhoseHandling, CycleFirst, KindGross,
			func(x *look) (int64, bool) { return x.within(x.r.received, x.r.firstResolved, 0) }),
		took("resolution_time_net", Text{"Time to resolution, net", "解决时间（净）"},
			Text{"The same without the pauses of handling", "不计办理计时的暂停"}, atFirst, WhoseHandling, CycleFirst, KindNet,
			func(x *look) (int64, bool) { return x.within(x.r.received, x.r.firstResolved, x.r.handlingPaused) }),
		took("closing_time", Text{"Time to closing", "结案时间"},
			Text{"How long until the case was closed?", "多久结案？"}, atClose, WhoseNow, CycleLatest, KindGross,
			func(x *look) (int64, bool) { return x.within(x.r.received, x.r.closed, 0) }),
		took("closing_time_net", Text{"Time to closing, net", "结案时间（净）"},
			Text{"The same without the pauses of handling, of all cycles", "不计各轮办理计时的暂停"}, atClose, WhoseNow, CycleLatest, KindNet,
			func(x *look) (int64, bool) { return x.within(x.r.received, x.r.closed, x.r.pausedFor) }),
		took("total_time", Text{"Total time", "总用时"},
			Text{"How long until it was done for good, reworks included?", "含返工在内，最终解决用了多久？"}, atLast, WhoseNow, CycleLatest, KindGross,
			func(x *look) (int64, bool) { return x.within(x.r.received, x.r.resolved, 0) }),
		took("total_time_net", Text{"Total time, net", "总用时（净）"},
			Text{"The same without the pauses of handling, of all cycles", "不计各轮办理计时的暂停"}, atLast, WhoseNow, CycleLatest, KindNet,
			func(x *look) (int64, bool) { return x.within(x.r.received, x.r.resolved, x.r.pausedFor) }),
	}
}

// took begins the definition of a length of time since receipt.
func took(key string, title, question, to Text, whose Whose, cycle Cycle, kind Kind, v value) Measure {
	m := Measure{
		Key: key, Title: title, Question: question, Population: qualityCases,
		Numerator: Text{"time from receipt to: " + to.EN, "自收到投诉至：" + to.ZH}, Denominator: Text{"cases that came so far", "已到达该时点的案件"},
		From: atReceipt, To: to, Kind: kind, Cycle: cycle, Unit: UnitDuration, Of: ItemCases, Whose: whose, Better: BetterLower,
		Version: 1, of: quality, value: v,
	}
	if kind == KindGross {
		m.Beside = []string{key + "_net"}
	}
	return m
}
