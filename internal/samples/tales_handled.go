package samples

import (
	"recourse/internal/cases"
	"recourse/models"
)

// handledTales have a solution: it is to be told, or it is being carried out, once for the second time.
func (w world) handledTales() []*tale {
	return []*tale{w.washerLeak(), w.fridgeDoor(), w.priceTag()}
}

// washerLeak comes back: the callback hears that it leaks again, and another cycle begins.
func (w world) washerLeak() *tale {
	t := w.tell("washer-leak", w.day(13, 8, 50), "tang-tang", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelPhone, Severity: models.SeverityGeneral, Nature: models.NatureCustomer,
			Category: "service.repair", Region: "成都", Product: "滚筒洗衣机", Model: "SP-XY10",
		},
		Text:        "洗衣机门圈漏水，每次洗完地上一摊水，木地板已经翘边。买了不到一年，希望彻底修好，不要再换汤不换药。",
		Contact:     models.Contact{Name: "曾凡宇", Phone: "+86 199 0000 0045"},
		Particulars: models.Particulars{Serial: "XY10-2502-11890", Symptom: "门圈漏水", Remedy: "修好，地板翘边要有说法"},
	})
	t.dispatch(40*minute, "tang-tang", repairs, "chen-dayong", "找到漏水原因并修好。", "整机保修期内。")
	t.accept(hour, "chen-dayong")
	t.reply(2*hour, "chen-dayong", models.ChannelPhone, "电话答复：听描述像门圈老化，明天上午上门检查，配件我随车带着。")
	t.propose(21*hour, "chen-dayong", "更换门圈，清理排水过滤器。", "", measure{"更换门圈", "chen-dayong", day})
	t.tellSolution(30*minute, "chen-dayong", models.ChannelPhone, "现场告知：门圈有裂口，今天就换，换完当场试洗一桶。")
	t.resolve(4*hour, "chen-dayong", models.Resolved{Outcome: models.OutcomeUpheld, Cause: models.CauseProductDefect, Attribution: models.AttributionService},
		"门圈已换，试洗一桶未见漏水。")
	t.tellResult(hour, "chen-dayong", models.ChannelPhone, "电话告知：门圈已更换并试洗正常，过几天会有回访，感谢您的耐心。")
	low := scores(3, 2, 4, 4, 3)
	t.callback(2*day, "fang-qing", models.CallbackReachedUnsolved, &low, "曾先生说洗小件不漏，洗被套还是漏，地上垫着毛巾；对只换门圈不满意。")
	t.call(5*hour, "chen-dayong", "与曾先生通话：洗大件高速脱水时漏，怀疑减震器变形导致内筒偏移，约定带检测仪再上门。")
	t.note(20*hour, "guo-jianguo", "大件才漏，和上个月绵阳那台一样。请质量部一起去，别再只换门圈了。")
	t.propose(20*hour, "chen-dayong", "更换减震器和门圈总成，补偿地板维修费；由质量部现场确认内筒位置。", "",
		measure{"更换减震器与门圈总成", "chen-dayong", 5 * day},
		measure{"现场确认内筒偏移并出具报告", quality, 5 * day},
		measure{"核定地板翘边的维修费", service, 9 * day})
	t.tellSolution(hour, "chen-dayong", models.ChannelPhone, "电话告知：这次连减震器一起换，质量部同事一起上门；地板由我们请人评估并承担维修费。")
	return t
}

func (w world) fridgeDoor() *tale {
	t := w.tell("fridge-door", w.day(5, 15, 20), "nora-walsh", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelWeb, Severity: models.SeverityGeneral, Nature: models.NatureCustomer, Zone: "Asia/Singapore",
			Category: "delivery.delay", Region: "Singapore", Product: "Refrigerator", Model: "SP-F410",
		},
		Text: "You delivered the fridge with the door hinged on the wrong side, although the order says left. The fitters said they " +
			"carry no tools for that. It now opens against the wall and I cannot pull out the vegetable drawer.",
		Contact:     models.Contact{Name: "Rachel Teo", Email: "rachel.teo@mail.example"},
		Particulars: models.Particulars{OrderNumber: "SG-30018842", Remedy: "Change the hinge side, soon"},
	})
	t.dispatch(hour, "nora-walsh", logistics, "liam-ng", "Have the door re-hung within three days; find out why the fitters had no tools.", "Order confirms a left-hand door; depot loaded a right-hand one.")
	t.accept(90*minute, "liam-ng")
	t.reply(3*hour, "liam-ng", models.ChannelEmail, "The order does say left, so this is ours to put right. I am booking a technician who can change the hinge without moving the fridge out.")
	t.propose(17*hour, "liam-ng", "Technician changes the hinge side on site; depot checks door side when loading.", "",
		measure{"Change the hinge side at the customer's home", repairs, 6 * day},
		measure{"Add the door side to the loading check", logistics, 8 * day})
	t.tellSolution(hour, "liam-ng", models.ChannelEmail, "A technician will change the hinge on Saturday morning. It takes about an hour and the fridge stays cold meanwhile.")
	t.pause(2*hour, "wu-fan", 2*day, "The hinge set for the left side comes from the maker; the depot has none.")
	t.message(28*hour, "Saturday morning is fine, but please ring the bell at the side entrance, the front one is broken.")
	t.reply(2*hour, "liam-ng", models.ChannelEmail, "Noted, side entrance. The technician is called Farid and will ring you half an hour before.")
	return t
}

func (w world) priceTag() *tale {
	t := w.tell("price-tag", w.ago(40*hour), "tang-tang", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelPhone, Severity: models.SeverityGeneral, Nature: models.NatureCustomer,
			Category: "billing", Region: "武汉", Product: "空气炸锅", Model: "SP-K5",
		},
		Text:        "门店价签写的是二百九十九元，结账扫出来三百四十九元，店员说活动昨天结束，价签忘了换。我要求按价签付款，被拒绝了，只好先付了钱。",
		Contact:     models.Contact{Name: "黎小军", Phone: "+86 199 0000 0052"},
		Particulars: models.Particulars{OrderNumber: "WH-31190028", Remedy: "退还差价五十元"},
	})
	t.dispatch(35*minute, "tang-tang", stores, "luo-min", "核实价签，按标示价处理。", "客户有价签照片和小票。")
	t.accept(50*minute, "luo-min")
	t.reply(2*hour, "luo-min", models.ChannelPhone, "电话答复：价签照片收到了，请保留小票，店里今天盘点后给您准信。")
	t.note(20*hour, "luo-min", "调取货架照片：活动价签确实晚撤了一天，同货架还有两款一样的问题，已当场撤换。")
	t.propose(15*hour, "luo-min", "按价签退还差价五十元；活动结束当晚由值班店长逐架核对价签。", "",
		measure{"原路退还差价五十元", stores, 20 * hour},
		measure{"活动结束当晚核对价签并拍照留存", "luo-min", 5 * day})
	return t
}
