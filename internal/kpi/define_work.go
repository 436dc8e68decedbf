package kpi

import "recourse/models"

// work are the rates and counts of what became of cases on their way.
func work() []Measure {
	has := func(of func(x *look) bool) judge { return func(x *look) verdict { return hitIf(of(x)) } }
	paused := rate("pause_share", Text{"Share of handling that was paused", "暂停占比"},
		Text{"How much of the time that handling took did we spend waiting?", "办理用时中有多少在等待？"},
		Text{"what handling was paused until the first resolution (microseconds)", "至首次解决前办理暂停的时长（微秒）"},
		Text{"time from receipt to the first resolution, of those resolved (microseconds)", "已办结案件自收到至首次解决的时长（微秒）"}, quality,
		func(x *look) verdict {
			if !x.done(x.r.firstResolved) {
				return leftOut
			}
			return hitIf(x.r.handlingPaused > 0)
		}).in(CycleFirst).counting(ItemCases, WhoseHandling).better(BetterLower).with("lever_pause")
	paused.weighs = WeighsTime
	paused.weight = func(x *look) (part, whole int64) {
		return x.r.handlingPaused, max(0, x.r.firstResolved-x.r.received)
	}
	return []Measure{
		counted("received", Text{"Complaints received", "收到投诉数"}, Text{"How many complaints came in?", "收到多少投诉？"},
			Text{"each case", "每一案件"}, received, func(*look) int64 { return 1 }).better(BetterNeither),
		rate("acceptance_rate", Text{"Accepted", "签收率"},
			Text{"How many of the work orders were signed for?", "派出的工单有多少被签收？"},
			Text{"accepted at least once", "至少被签收一次"}, Text{"dispatched at least once", "至少派单一次的案件"}, quality,
			func(x *look) verdict {
				if !x.done(x.r.dispatched) {
					return leftOut
				}
				return hitIf(x.done(x.r.accepted))
			}).better(BetterHigher),
		rate("return_rate", Text{"Returned", "退回率"}, Text{"How many were sent back by those who should do them?", "有多少被承办方退回？"},
			Text{"work order sent back at least once", "工单至少被退回一次"}, everyCase, received,
			has(func(x *look) bool { return x.r.returns > 0 })).better(BetterLower).with("returns"),
		rate("transfer_rate", Text{"Transferred", "转办率"}, Text{"How many were handed to another department?", "有多少被转至其他部门？"},
			Text{"handed to another department at least once", "至少转至其他部门一次"}, everyCase, received,
			has(func(x *look) bool { return x.r.transfers > 0 })).better(BetterLower).with("transfers", "lever_transfer"),
		rate("rework_rate", Text{"Reworked", "返工率"}, Text{"How many had to be done again?", "有多少需要返工？"},
			Text{"reworked at least once", "至少返工一次"}, everyCase, quality,
			has(func(x *look) bool { return x.r.reworks > 0 })).counting(ItemCases, WhoseHandling).better(BetterLower).with("reworks"),
		rate("escalation_rate", Text{"Escalated", "升级率"}, Text{"How many needed an alert?", "有多少触发了升级预警？"},
			Text{"any alert went out", "发出过任一预警"}, everyCase, received,
			has(func(x *look) bool { return x.r.flags.is(isEscalated) })).better(BetterLower).with("alerts"),
		rate("urge_rate", Text{"Urged", "催办率"}, Text{"How many customers had to press for an answer?", "有多少客户需要催办？"},
			Text{"pressed for at least once", "至少催办一次"}, everyCase, received,
			has(func(x *look) bool { return x.r.urges > 0 })).better(BetterLower).with("urges"),
		rate("withdrawn_rate", Text{"Withdrawn", "撤诉率"}, Text{"How many did customers take back?", "有多少由客户撤诉？"},
			Text{"ended withdrawn", "以撤诉告终"}, everyCase, received,
			has(func(x *look) bool { return x.r.flags.is(isWithdrawn) })).better(BetterLower),
		rate("not_accepted_rate", Text{"Not accepted", "不予受理率"}, Text{"How many did we refuse?", "有多少我们不予受理？"},
			Text{"ended not accepted", "以不予受理告终"}, everyCase, received,
			has(func(x *look) bool { return x.r.flags.is(isRefused) })).better(BetterLower).with("lever_refusal"),
		rate("merge_rate", Text{"Merged", "并案率"}, Text{"How many were merged into others?", "有多少并入其他案件？"},
			Text{"ended merged", "以并案告终"}, everyCase, recorded,
			has(func(x *look) bool { return x.r.flags.is(isMerged) })).better(BetterLower).with("lever_merge"),
		rate("interim_rate", Text{"Interim answers", "临时答复率"}, Text{"In how many cases was the promise of feedback kept by an interim answer?", "有多少案件以临时答复兑现反馈承诺？"},
			Text{"an interim answer kept the 48-hour promise of the first cycle", "以临时答复兑现首轮48小时承诺"}, everyCase, received,
			has(func(x *look) bool { return x.r.flags.is(isInterim) })).counting(ItemCases, WhoseFeedback).better(BetterLower).with("lever_interim"),
		paused,
		counted("transfers", Text{"Transfers", "转办次数"}, Text{"How often were cases handed to another department?", "案件被转至其他部门多少次？"},
			Text{"hand-overs to another department", "转至其他部门的次数"}, received, func(x *look) int64 { return int64(x.r.transfers) }),
		counted("returns", Text{"Returns", "退回次数"}, Text{"How often were work orders sent back?", "工单被退回多少次？"},
			Text{"work orders sent back", "工单退回次数"}, received, func(x *look) int64 { return int64(x.r.returns) }),
		counted("reworks", Text{"Reworks", "返工次数"}, Text{"How often was work done again?", "返工多少次？"},
			Text{"reworks", "返工次数"}, quality, func(x *look) int64 { return int64(x.r.reworks) }),
		counted("urges", Text{"Urges", "催办次数"}, Text{"How often did customers press?", "客户催办多少次？"},
			Text{"urges", "催办次数"}, received, func(x *look) int64 { return int64(x.r.urges) }),
		counted("alerts", Text{"Alerts", "预警次数"}, Text{"How often did somebody have to be alerted?", "发出多少次预警？"},
			Text{"alerts delivered, superseded ones left out", "已发出的预警，不含被取代者"}, received, func(x *look) int64 { return int64(x.r.fired) }),
		counted("hand_overs", Text{"Hand-overs", "部门交接次数"}, Text{"How often did cases change hands between departments?", "案件在部门间交接多少次？"},
			Text{"changes from one department to another", "由一个部门转至另一部门的次数"}, received, func(x *look) int64 { return int64(x.r.hands) }),
	}
}

// counted begins the definition of a number of things per case.
func counted(key string, title, question, what Text, of population, n func(x *look) int64) Measure {
	return Measure{
		Key: key, Title: title, Question: question, Population: of.text(), Numerator: what, Denominator: everyCase,
		Cycle: CycleWhole, Unit: UnitCount, Of: ItemCases, Whose: WhoseNow, Better: BetterLower, Version: 1, of: of,
		value: func(x *look) (int64, bool) { return n(x), true },
	}
}

// deviations are the cases that did not go the way they should.
func deviations() []Measure {
	part := func(key string, title, numerator Text, step models.Steps) Measure {
		return rate("deviation_"+key, title, Text{"How many cases lack this step?", "有多少案件缺少此步骤？"}, numerator, everyCase, received,
			func(x *look) verdict { return hitIf(x.r.missing&uint8(step) != 0) }, //nolint:gosec // five bits
		).better(BetterLower)
	}
	whole := rate("deviation_rate", Text{"Deviations", "执行偏差率"},
		Text{"How many cases lack a required step, or were late at any clock?", "有多少案件缺少必经步骤，或任一计时超时？"},
		Text{"a required step of any cycle is missing, or any clock ran past a bound", "任一轮次缺少必经步骤，或任一计时超过时限"}, everyCase, received,
		func(x *look) verdict { return hitIf(x.r.missing != 0 || x.r.flags.is(isLate)) },
	).better(BetterLower).aims(0.05).with(
		"deviation_contact", "deviation_minutes", "deviation_progress", "deviation_result", "deviation_callback", "deviation_late")
	whole.Alarm = true
	return []Measure{
		whole,
		part("contact", Text{"No talk before the proposal", "提案前未联系客户"},
			Text{"nobody talked with the customer before a solution was proposed", "提出方案前未与客户沟通"}, models.StepContact),
		part("minutes", Text{"No minutes before the approval", "批准前无会议纪要"},
			Text{"a solution was approved without minutes", "无会议纪要即批准方案"}, models.StepMinutes),
		part("progress", Text{"No word for three days", "三日内未告知进展"},
			Text{"the customer heard nothing for more than three days", "超过三日未向客户告知进展"}, models.StepProgress),
		part("result", Text{"Result told incompletely", "结果告知不完整"},
			Text{"the result was told without all that belongs to it", "告知结果时内容不完整"}, models.StepResult),
		part("callback", Text{"No callback by an outsider", "未由第三方回访"},
			Text{"nobody outside the handling called back", "未由承办方以外的人员回访"}, models.StepCallback),
		rate("deviation_late", Text{"Late at any clock", "任一计时超时"},
			Text{"How many cases were late anywhere?", "有多少案件在任一环节超时？"},
			Text{"any clock of the case ran past a bound", "案件任一计时超过时限"}, everyCase, received,
			func(x *look) verdict { return hitIf(x.r.flags.is(isLate)) }).better(BetterLower),
	}
}

// alarms are the figures of alerts.
func alarms() []Measure {
	asking := Text{"alerts that ask to be acknowledged, on the cases received in the period; superseded ones are left out", "期间内收到案件中要求确认的预警；被取代者不计"}
	took := Measure{
		Key: "ack_time", Title: Text{"Time to acknowledge", "预警确认时间"}, Question: Text{"How long until somebody took an alert up?", "预警多久有人确认？"},
		Population: receivedCases, Numerator: Text{"time from delivery to acknowledgement", "自发出至确认"},
		Denominator: Text{"alerts acknowledged", "已确认的预警"}, From: Text{"alert delivered", "预警发出"}, To: Text{"acknowledged", "确认"},
		Kind: KindGross, Cycle: CycleWhole, Unit: UnitDuration, Of: ItemAlerts, Whose: WhoseItem, Better: BetterLower, Version: 1, of: received,
		value: func(x *look) (int64, bool) { return x.within(x.al.fired, x.al.acknowledged, 0) },
	}
	return []Measure{
		rate("acknowledge_rate", Text{"Alerts acknowledged in time", "预警及时确认率"},
			Text{"Does somebody take alerts up in time?", "预警是否及时有人确认？"},
			Text{"acknowledged at or before the instant asked for, as put off or handed over", "在要求的时点前（含推迟或移交后的时点）确认"},
			Text{asking.EN + ": acknowledged, or the instant has passed; those whose clock ended before it are left out", asking.ZH + "：已确认或已过时点；此前计时已结束者不计"}, received,
			func(x *look) verdict {
				switch {
				case x.done(x.al.acknowledged):
					return hitIf(x.al.acknowledged <= x.al.by)
				case x.done(x.al.ended) && x.al.ended <= x.al.by, x.cut <= x.al.by:
					return leftOut
				}
				return miss
			}).clocked(Text{"alert delivered", "预警发出"}, Text{"acknowledged", "确认"}, KindGross, CycleWhole, WhoseItem).
			counting(ItemAlerts, WhoseItem).with("ack_time"),
		took,
	}
}

// hands are the figures of whose hands cases were in.
func hands() []Measure {
	held := func(key string, title, question, what Text, kind Kind, v func(s *stay) int64) Measure {
		return Measure{
			Key: key, Title: title, Question: question, Population: receivedCases, Numerator: what,
			Denominator: Text{"unbroken whiles in one department's hands that are over; what nobody had yet is the intake's", "已结束的、在同一部门手中的连续时段；尚未派单时归登记方"},
			From:        Text{"came to the department", "到达部门"}, To: Text{"left it, or the case ended", "离开部门或案件终结"},
			Kind: kind, Cycle: CycleEach, Unit: UnitDuration, Of: ItemStays, Whose: WhoseItem, Better: BetterLower, Version: 1, of: received,
			value: func(x *look) (int64, bool) {
				if !x.done(x.s.until) {
					return 0, false
				}
				return v(x.s), true
			},
		}
	}
	net := held("department_time", Text{"Time in the department", "部门停留时间"},
		Text{"How long was a case in each department's hands?", "案件在各部门停留多久？"},
		Text{"time in the department's hands, without pauses and closed hours", "在部门手中的时间，不计暂停与非工作时间"}, KindNet,
		func(s *stay) int64 { return s.net })
	net.Beside = []string{"department_time_gross", "hand_overs"}
	return []Measure{
		net,
		held("department_time_gross", Text{"Time in the department, gross", "部门停留时间（毛）"},
			Text{"The same with every hour", "计入全部时间"}, Text{"time in the department's hands", "在部门手中的时间"}, KindGross,
			func(s *stay) int64 { return max(0, s.until-s.from) }),
	}
}

// given is what was given to customers.
func given() []Measure {
	return []Measure{{
		Key: "compensation_cost", Title: Text{"Compensation", "补偿成本"}, Question: Text{"What did we give to customers?", "我们向客户支付了多少补偿？"},
		Population: receivedCases, Numerator: Text{"money given, in minor units; each currency by itself", "已支付金额（最小货币单位），各币种分列"},
		Denominator: Text{"cases with money given", "有补偿支付的案件"}, Cycle: CycleWhole, Unit: UnitMoney, Of: ItemCases, Whose: WhoseNow,
		Better: BetterLower, Version: 1, of: received,
	}}
}
