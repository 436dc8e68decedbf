package samples

import (
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

const day = 24 * time.Hour

// closedTales have come to their end: three are closed, each for another reason, one is sealed.
func (w world) closedTales() []*tale {
	return []*tale{w.pressureCooker(), w.kettleLid(), w.voucherLetter(), w.returnsMaze()}
}

func (w world) pressureCooker() *tale {
	t := w.tell("pressure-cooker", w.day(16, 10, 20), "tang-tang", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelPhone, Severity: models.SeverityUrgent, Nature: models.NatureCustomer,
			Category: "product.safety", Region: "浙江", Product: "电压力锅", Model: "SP-YL60",
		},
		Text: "来电人说：昨晚七点左右用电压力锅炖排骨，保压阶段锅盖侧面突然漏出大量蒸汽，右手手背被烫红起了两个水泡。" +
			"拔了电源后锅内压力仍然很高，家里有八十岁的老人，全家都吓坏了。要求马上派人把锅取走并给个说法。",
		Contact: models.Contact{Name: "潘国英", Phone: "+86 199 0000 0016", Address: "杭州市拱墅区云杉示例路16号"},
		Particulars: models.Particulars{
			Happened: "前一天19:05左右，家中厨房", Serial: "YL60-2406-00417", PurchaseDate: w.day(150, 9, 0).Format(time.DateOnly),
			Symptom: "保压时锅盖侧面漏汽", Remedy: "取走产品、承担医药费、书面说明原因",
		},
		Answer: "已告知客户立即停用、自然冷却后不要打开锅盖，烫伤请先就医并保留票据，今天之内会有专人上门取件。",
	})
	t.dispatch(6*minute, "tang-tang", quality, "sun-qian", "查明漏汽原因，确认同批次是否有同样隐患，取得客户谅解。",
		"客户右手手背轻度烫伤，已建议就医；产品停用，仍在客户家中。")
	t.acknowledge(2*minute, "he-zhiyuan")
	t.accept(5*minute, "sun-qian")
	t.call(20*minute, "sun-qian", "与潘女士通话：烫伤已在社区医院处理，医生说不会留疤。约好今天下午三点上门取锅。")
	t.note(5*hour, "sun-qian", "拆检：密封圈一处模具飞边未修，受压后外翻。同模具编号的还有一批共412件，已通知仓库封存。")
	t.propose(2*hour, "sun-qian", "更换同型号新品，承担医药费并补偿三百元；同模具批次停售复检。",
		"会议纪要：产品质量部、客户服务中心、监察法务部参加。确认为密封圈模具飞边导致，属产品缺陷；同意换新、报销医药费、补偿三百元；412件停售逐件复检，结论三日内上报。",
		measure{"上门更换新品并当面演示泄压", "sun-qian", 20 * hour},
		measure{"报销医药费并支付补偿三百元", service, 2 * day},
		measure{"同模具412件停售并复检", quality, 3 * day})
	t.approve(50*minute, "涉及人身安全，同意全部措施。复检结论出来之前，一件也不许出库。")
	t.tellSolution(30*minute, "sun-qian", models.ChannelPhone, "电话告知：明天上午换新，医药费凭票全额报销，另补偿三百元；同批次产品已停售检查，结果会再告诉您。")
	t.resolve(29*hour, "sun-qian", models.Resolved{Outcome: models.OutcomeUpheld, Cause: models.CauseProductDefect, Attribution: models.AttributionInstitutional},
		"新锅已送到并演示；医药费186元和补偿300元当天到账；412件复检出9件同样的飞边，全部报废，模具已修。")
	t.tellResult(2*hour, "sun-qian", models.ChannelPhone, "电话告知：换新、报销和补偿都已完成；同批次查出九件不合格品并报废；三个月内我们会再回访一次使用情况。感谢您第一时间告诉我们。")
	five := scores(5, 5, 5, 5, 9)
	t.callback(20*hour, "fang-qing", models.CallbackReachedSolved, &five, "潘女士说处理得又快又实在，手已经好了，新锅用着放心。")
	t.archiveEarly(3*day, "sun-qian", "整改材料要作为质量案例归档，客户已书面表示没有其他要求。")
	t.grant(4*hour, "zhao-mingde", "回访满意、费用已结清，同意提前归档。")
	return t
}

func (w world) kettleLid() *tale {
	t := w.tell("kettle-lid", w.day(15, 16, 5), "nora-walsh", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelWeb, Severity: models.SeverityGeneral, Nature: models.NatureCustomer, Zone: "Australia/Sydney",
			Category: "product.defect", Region: "Sydney", Product: "Kettle", Model: "SP-K17",
		},
		Text: "The lid of my new kettle will not stay shut. It pops open while the water boils, so the kettle never switches " +
			"itself off and the worktop gets soaked. I have had it for nine days. I would like one that works, please.",
		Contact:     models.Contact{Name: "Priya Raman", Phone: "+61 491 570 156", Email: "priya.raman@mail.example"},
		Particulars: models.Particulars{OrderNumber: "AU-77120493", Symptom: "Lid opens while boiling", Remedy: "Replacement"},
	})
	t.dispatch(50*minute, "nora-walsh", service, "emma-clarke", "Replace the kettle within two days and find out whether the hinge is a known fault.", "Within the return period; photo of the hinge attached to the order.")
	t.accept(25*minute, "emma-clarke")
	t.reply(90*minute, "emma-clarke", models.ChannelEmail, "Thank you for the photo, it shows a cracked hinge pin. Please stop using the kettle. A replacement will be on its way tomorrow; you need not send the old one back.")
	t.propose(15*hour, "emma-clarke", "Send a new kettle of the revised hinge series at no cost, collect the old pin for quality.", "",
		measure{"Ship a replacement by courier", logistics, 2 * day},
		measure{"Pass the cracked pin on to Product Quality", service, 5 * day})
	t.tellSolution(40*minute, "emma-clarke", models.ChannelEmail, "Your new kettle left our Sydney warehouse this morning and has the stronger hinge pin that we have been fitting since spring.")
	t.resolve(2*day, "emma-clarke", models.Resolved{Outcome: models.OutcomeUpheld, Cause: models.CauseProductDefect, Attribution: models.AttributionService},
		"Replacement delivered and signed for; customer confirms that the lid stays shut and the kettle switches off.")
	t.tellResult(3*hour, "emma-clarke", models.ChannelEmail, "Your replacement arrived on Thursday and works as it should. We have asked our quality team to check the remaining stock with the old pin. You will hear from us once more for a short survey. Thank you for taking the trouble to write.")
	s := scores(5, 4, 4, 5, 8)
	t.callback(18*hour, "grace-lim", models.CallbackReachedSolved, &s, "Ms Raman is happy with the new kettle; she would have liked a tracking number from the start.")
	t.survey(9*hour, 1, scores(5, 5, 4, 5, 9), "Quick and friendly. A tracking link would have been nice.")
	return t
}

func (w world) voucherLetter() *tale {
	t := w.tell("mailing-list", w.day(18, 9, 45), "nora-walsh", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelEmail, Severity: models.SeverityImportant, Nature: models.NatureSpecial, Zone: "Europe/London",
			Category: "privacy", Region: "Manchester", Confidential: true,
		},
		Text: "Your newsletter of last Tuesday showed me the names and e-mail addresses of what looks like two hundred other " +
			"customers in the address line, and presumably showed mine to them. I asked to be taken off your list in March. " +
			"Under data protection law I want to know who has my address now and what you will do about it.",
		Contact: models.Contact{Name: "Gareth Pritchard", Phone: "+44 7700 900118", Email: "g.pritchard@mail.example"},
	})
	t.dispatch(35*minute, "helen-foster", supervision, "feng-qiming", "Establish how many addresses were shown, to whom, and why an opt-out was ignored; answer within the legal time.", "Handled in the named circle only; the customer mentions data protection law.")
	t.accept(40*minute, "feng-qiming")
	t.reply(3*hour, "feng-qiming", models.ChannelEmail, "Thank you for reporting this. Your complaint is with our legal team. We have stopped all mailings from that system while we find out what happened, and I will write again within two days.")
	t.propose(20*hour, "feng-qiming", "Apologise in writing, tell everyone concerned, report to the authority, delete the exported list and honour every opt-out.",
		"Minutes: Legal, Customer Service and IT met. An export was pasted into the visible address line; 214 recipients. The opt-out of March was kept in another system. Agreed: report to the authority today, letter to all 214, the export function is locked, both systems are joined.",
		measure{"Report the incident to the authority", supervision, day},
		measure{"Write to all 214 people concerned", service, 2 * day},
		measure{"Lock the export and join the opt-out lists", service, 6 * day})
	t.reject(2*hour, "The letter to those concerned must say which data were shown and whom they may turn to. Add that and bring it back today.")
	t.propose(3*hour, "feng-qiming", "As before; the letter names the data shown, our data protection officer and the authority.",
		"Minutes of the second meeting: wording of the letter agreed with the data protection officer; everything else stands.",
		measure{"Report the incident to the authority", supervision, day},
		measure{"Write to all 214 people, naming data and contacts", service, 2 * day},
		measure{"Lock the export and join the opt-out lists", service, 6 * day})
	t.approve(hour, "Now it says what people need to know. Go ahead.")
	t.tellSolution(2*hour, "feng-qiming", models.ChannelEmail, "We showed your name and e-mail address to 213 other recipients by mistake. We have reported this, are writing to everybody concerned, and your address has been deleted from all mailing systems as of today.")
	t.resolve(2*day, "feng-qiming", models.Resolved{Outcome: models.OutcomeUpheld, Cause: models.CauseProcess, Attribution: models.AttributionInstitutional},
		"Reported, all 214 letters sent, export locked; the two lists of opt-outs are one since yesterday.")
	t.tellResult(5*hour, "feng-qiming", models.ChannelEmail, "Everything we promised has been done: the authority knows, all 214 people have our letter, and nobody can paste a list into an address line any more. Your opt-out now holds in every system. We are sorry, and grateful that you told us.")
	t.confirm(26*hour, "That is a proper answer. I consider the matter settled.")
	t.survey(30*minute, 1, scores(4, 4, 3, 5, 5), "It should not have happened, but you were straight with me.")
	return t
}

func (w world) returnsMaze() *tale {
	t := w.tell("returns-maze", w.day(20, 13, 30), "nora-walsh", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelAPI, Severity: models.SeverityGeneral, Nature: models.NatureSystemic, Zone: "America/New_York",
			Category: "billing", Region: "Boston", Product: "Air purifier", Model: "SP-AP3",
		},
		Text: "To return a purifier I had to fill in the same form three times: once in the shop, once on the site and once for the " +
			"courier. Each said another refund date. Nobody could tell me which one counts. Please fix the process, not only my case.",
		Contact: models.Contact{Name: "Marisol Vega", Phone: "+1 202 555 0143", ExternalID: "US-CRM-20917"},
	})
	t.dispatch(2*hour, "nora-walsh", service, "emma-clarke", "Refund at once; describe where the three forms differ and who owns each.", "Marketplace customer, came in by their interface.")
	t.accept(hour, "emma-clarke")
	t.reply(6*hour, "emma-clarke", models.ChannelEmail, "You are right, the three dates cannot all be true. Your refund of 189 dollars was released today, whatever any form says.")
	t.propose(27*hour, "emma-clarke", "Refund at once; one return form for shop, site and courier by the end of the quarter.", "",
		measure{"Release the refund", service, day},
		measure{"Draw up one form with one refund date", stores, 10 * day})
	t.tellSolution(hour, "emma-clarke", models.ChannelEmail, "Besides your refund we are replacing the three forms with one. The draft is with our shops for comment.")
	t.resolve(3*day, "emma-clarke", models.Resolved{Outcome: models.OutcomeUpheld, Cause: models.CauseProcess, Attribution: models.AttributionInstitutional},
		"Refund booked on the second day. The single form is agreed by shops, site and courier and goes live next month.")
	t.tellResult(26*hour, "emma-clarke", models.ChannelEmail, "Your refund has been on your card since Monday, and from next month there is one form with one date. We would like to call you briefly about it. Thank you for asking us to mend the cause.")
	t.callback(2*hour, "grace-lim", models.CallbackNoAnswer, nil, "Rang for a minute, no mailbox.")
	t.callback(3*hour, "grace-lim", models.CallbackNoAnswer, nil, "No answer again; sent a text message with our number.")
	t.callback(3*hour, "grace-lim", models.CallbackNoAnswer, nil, "Third attempt, other time of day, no answer.")
	return t
}
