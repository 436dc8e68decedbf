package kpi

// outcomes are the figures beside the outcome of cases.
func outcomes() []Measure {
	flowing := rate("flow_ratio", Text{"Flow ratio", "流量比"},
		Text{"Do we resolve as many as come in?", "解决的是否跟得上收到的？"},
		Text{"cases first resolved in the period, whenever they were received", "期间内首次解决的案件，不论何时收到"},
		Text{"cases received in the period", "期间内收到的案件"}, received,
		func(*look) verdict { return leftOut }).better(BetterHigher)
	flowing.shape = flow
	return []Measure{
		flowing,
		rate("open_rate", Text{"Still open", "未结率"},
			Text{"How many of the complaints of this period are open?", "本期投诉有多少尚未终结？"},
			Text{"not ended at the data cut", "截至统计时点未终结"}, everyCase, received,
			func(x *look) verdict { return hitIf(!x.ended()) }).in(CycleLatest).better(BetterLower),
		rate("completion_rate", Text{"Completed", "完成率"},
			Text{"How much of the work that was taken on is done?", "已接手的工作完成了多少？"},
			Text{"resolved at the data cut", "截至统计时点已解决"}, Text{"accepted at least once", "至少被签收一次的案件"}, quality,
			func(x *look) verdict {
				if !x.done(x.r.accepted) {
					return leftOut
				}
				return hitIf(x.done(x.r.resolved))
			}).in(CycleLatest).better(BetterHigher),
		rate("response_rate", Text{"Ever answered", "响应率"},
			Text{"How many customers were answered at all?", "有多少客户得到过答复？"},
			Text{"a person answered by the data cut", "截至统计时点已有人工答复"}, everyCase, quality,
			func(x *look) verdict { return hitIf(x.done(x.r.reply)) }).counting(ItemCases, WhoseResponse).better(BetterHigher),
	}
}

// voices are what customers say.
func voices() []Measure {
	weighted := scored("csat_weighted", Text{"Satisfied with the result, weighted", "结果满意度（加权）"},
		Text{"How would it stand if extreme scores counted less?", "若极端评分权重较低，情况如何？"},
		Text{"result score 4 or 5; scores 1 and 5 weigh 0.8 (in tenths of an answer)", "结果评分不低于4分；1分和5分权重0.8（以十分之一份答复计）"},
		satisfaction().Denominator, func(a *answer) uint8 { return a.result })
	weighted.weighs = WeighsTenths
	weighted.weight = func(x *look) (part, whole int64) {
		w := reliability(x.a.result)
		if x.a.result >= satisfied {
			return w, w
		}
		return 0, w
	}
	composed := scored("csat_composite", Text{"Satisfaction with quality inspection", "综合满意度（含质检）"},
		Text{"What do customers and our own inspection say together?", "客户评价与内部质检综合如何？"},
		Text{"70 % the share of answers with result score 4 or 5, 30 % the share of inspections with score 4 or 5", "70%为结果评分不低于4分的答复占比，30%为不低于4分的质检占比"},
		Text{"answers; nothing is told while there is no inspection", "作答；没有质检时不给出"}, func(a *answer) uint8 { return a.result })
	composed.shape = composite
	return []Measure{
		weighted,
		composed,
		scored("process_csat", Text{"Satisfied with the process", "过程满意度"},
			Text{"How many of the answers say that we handled it well?", "作答中有多少对处理过程满意？"},
			Text{"process score 4 or 5", "过程评分不低于4分"}, Text{"cycles with a process score", "有过程评分的轮次"},
			func(a *answer) uint8 { return a.process }).with("answer_rate"),
		scored("speed_csat", Text{"Satisfied with the speed", "速度满意度"},
			Text{"How many of the answers say that it was quick enough?", "作答中有多少对速度满意？"},
			Text{"speed score 4 or 5", "速度评分不低于4分"}, Text{"cycles with a speed score", "有速度评分的轮次"},
			func(a *answer) uint8 { return a.speed }).with("answer_rate"),
		scored("attitude_csat", Text{"Satisfied with the attitude", "态度满意度"},
			Text{"How many of the answers say that we were kind?", "作答中有多少对态度满意？"},
			Text{"attitude score 4 or 5", "态度评分不低于4分"}, Text{"cycles with an attitude score", "有态度评分的轮次"},
			func(a *answer) uint8 { return a.attitude }).with("answer_rate"),
		promoters(),
		rate("answer_rate", Text{"Answered", "答复率"},
			Text{"How many of those asked told us what they think?", "被询问者中有多少作答？"},
			Text{"cycles answered, by callback or survey", "已作答的轮次（回访或问卷）"}, Text{"cycles whose survey was offered", "已提供问卷的轮次"}, quality,
			func(x *look) verdict {
				if !x.done(x.a.offered) {
					return leftOut
				}
				return hitIf(x.done(x.a.answered))
			}).in(CycleEach).counting(ItemAnswers, WhoseHandling).better(BetterHigher),
	}
}

// reliability is the weight of an answer in tenths: extreme scores say more about the day than about us.
func reliability(score uint8) int64 {
	if score == 1 || score == 5 {
		return 8
	}
	return 10
}

func promoters() Measure {
	m := rate("nps", Text{"Net promoter score", "净推荐值"},
		Text{"Would customers recommend us?", "客户愿意推荐我们吗？"},
		Text{"answers of 9 or 10 less answers of 0 to 6, of a hundred", "每百份作答中9–10分者减去0–6分者"},
		Text{"cycles with a likelihood to recommend", "有推荐意愿评分的轮次"}, quality,
		func(x *look) verdict {
			if x.a.recommend < 0 || !x.done(x.a.answered) {
				return leftOut
			}
			return hitIf(x.a.recommend >= 9)
		}).in(CycleEach).counting(ItemAnswers, WhoseHandling).better(BetterHigher).with("answer_rate")
	m.Unit = UnitNPS
	m.weight = func(x *look) (part, whole int64) {
		switch {
		case x.a.recommend >= 9:
			return 1, 1
		case x.a.recommend <= 6:
			return -1, 1
		}
		return 0, 1
	}
	return m
}

// contacts are the figures of customers who come again.
func contacts() []Measure {
	settledOnce := func(x *look) bool {
		return x.r.flags.is(isSettled) && x.r.reworks == 0 && !x.came()
	}
	repeat := rate("repeat_complaint_rate", Text{"Customers who complain more than once", "重复投诉率"},
		Text{"How many of the customers complained more than once in the period?", "期间内有多少客户投诉超过一次？"},
		Text{"customers with more than one case of the period", "期间内有一件以上投诉的客户"},
		Text{"customers with a case of the period; merged records are one customer, anonymous cases are nobody's", "期间内有投诉的客户；合并的记录视为同一客户，匿名投诉不计"}, received,
		func(x *look) verdict {
			if x.r.customer == 0 {
				return leftOut
			}
			return miss
		}).counting(ItemCustomers, WhoseNow).better(BetterLower)
	repeat.shape = customers
	window := Text{
		"cases resolved at the data cut whose 30 days since are over by then",
		"截至统计时点已解决且此后30天已满的案件",
	}
	return []Measure{
		rate("fcr", Text{"First-contact resolution", "首次解决率"},
			Text{"How many were settled in the first contact, for good?", "有多少在首次接触时就彻底解决？"},
			Text{"settled at the first contact, never reworked, and the same customer did not come again with the same category within 30 days", "首次接触即解决，未返工，且同一客户30天内未就同类问题再次投诉"},
			resolvedOnes, quality,
			func(x *look) verdict { return x.ofResolved(settledOnce(x)) },
		).in(CycleLatest).counting(ItemCases, WhoseHandling).better(BetterHigher).with("fcr_mature"),
		rate("fcr_mature", Text{"First-contact resolution, 30 days over", "首次解决率（满30天）"},
			Text{"The same where the 30 days are over, so that it moves no more", "仅计30天已满者，数值不再变动"},
			Text{"as fcr", "同首次解决率"}, window, quality,
			func(x *look) verdict { return x.ofMature(settledOnce(x)) },
		).in(CycleLatest).counting(ItemCases, WhoseHandling).better(BetterHigher),
		rate("recurrence_rate", Text{"Recurrence", "复发率"},
			Text{"How often did the same customer come again with the same?", "同一客户就同类问题再次投诉的有多少？"},
			Text{"the same customer came again with the same category within 30 days after the resolution", "解决后30天内同一客户就同类问题再次投诉"},
			resolvedOnes, quality,
			func(x *look) verdict { return x.ofResolved(x.came()) },
		).in(CycleLatest).counting(ItemCases, WhoseHandling).better(BetterLower).with("recurrence_rate_mature"),
		rate("recurrence_rate_mature", Text{"Recurrence, 30 days over", "复发率（满30天）"},
			Text{"The same where the 30 days are over, so that it moves no more", "仅计30天已满者，数值不再变动"},
			Text{"as recurrence_rate", "同复发率"}, window, quality,
			func(x *look) verdict { return x.ofMature(x.came()) },
		).in(CycleLatest).counting(ItemCases, WhoseHandling).better(BetterLower),
		repeat,
	}
}

// came says whether the customer came again with the same within 30 days after the resolution.
func (x *look) came() bool { return x.done(x.r.repeat) && x.r.repeat <= x.r.resolved+again }

func (x *look) ofResolved(is bool) verdict {
	if !x.done(x.r.resolved) {
		return leftOut
	}
	return hitIf(is)
}

func (x *look) ofMature(is bool) verdict {
	if x.r.resolved == none || x.cut <= x.r.resolved+again {
		return leftOut
	}
	return hitIf(is)
}
