package samples

import (
	"recourse/internal/cases"
	"recourse/models"
)

// followedTales are resolved: the result is to be told, or the customer is to be asked.
func (w world) followedTales() []*tale {
	return []*tale{w.toasterCrumbs(), w.rangeHood(), w.dishwasherFilter()}
}

func (w world) toasterCrumbs() *tale {
	t := w.tell("blender-jar", w.day(8, 11, 15), "nora-walsh", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelApp, Severity: models.SeverityGeneral, Nature: models.NatureCustomer, Zone: "Europe/London",
			Category: "delivery.damage", Region: "Leeds", Product: "Blender", Model: "SP-B900",
		},
		Text: "The glass jar arrived cracked from top to bottom. The box was rattling when the driver handed it over and he said " +
			"that I should complain to you, not to him. It was a birthday present, so it was rather embarrassing.",
		Contact:     models.Contact{Name: "Fiona Abara", Phone: "+44 7700 900233", Email: "fiona.abara@mail.example"},
		Particulars: models.Particulars{OrderNumber: "UK-50331877", Symptom: "Cracked jar", Remedy: "New jar and a word with the courier"},
	})
	t.dispatch(hour, "nora-walsh", logistics, "liam-ng", "Replace the jar before the weekend; hold the courier to account for the packing.", "Photos show no padding on the jar's side of the box.")
	t.accept(30*minute, "liam-ng")
	t.reply(2*hour, "liam-ng", models.ChannelApp, "I am sorry that the present came broken. I have set a new jar aside and will confirm the delivery slot this afternoon.")
	t.propose(4*hour, "liam-ng", "New jar by special delivery, gift card as an apology, claim against the courier.", "",
		measure{"Send the jar by special delivery", logistics, day},
		measure{"Claim the damage from the courier", logistics, 5 * day})
	t.tellSolution(20*minute, "liam-ng", models.ChannelApp, "Your new jar comes tomorrow between ten and noon, with a card for the birthday. You can throw the cracked one away.")
	t.resolve(44*hour, "liam-ng", models.Resolved{Outcome: models.OutcomeUpheld, Cause: models.CauseProcess, Attribution: models.AttributionService},
		"Jar delivered intact; courier accepted the claim and changed the inner padding for glass parts.")
	t.tellResult(20*hour, "liam-ng", models.ChannelApp, "The jar is with you, the courier has paid for the damage, and glass parts now travel in moulded foam. We will ring you shortly to hear whether all is well. Thank you for the clear photos.")
	t.callback(2*hour, "grace-lim", models.CallbackNoAnswer, nil, "Went to voicemail; said who we are and that we will try again.")
	t.callback(3*hour, "grace-lim", models.CallbackNoAnswer, nil, "No answer, second half-day.")
	return t
}

func (w world) rangeHood() *tale {
	t := w.tell("range-hood", w.day(5, 9, 30), "tang-tang", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelServiceDesk, Severity: models.SeverityImportant, Nature: models.NatureCustomer,
			Category: "delivery", Region: "苏州", Product: "吸油烟机", Model: "SP-Y7",
		},
		Text: "客户到门店反映：油烟机安装师傅打孔时打穿了墙里的水管，厨房漏水泡坏了一组橱柜。师傅留了电话后再也没有接过。" +
			"客户已经自己请人修好水管，花了四百元，橱柜门板还鼓着。",
		Contact:     models.Contact{Name: "冯雅琴", Phone: "+86 199 0000 0027", Second: &models.SecondContact{Name: "冯建军", Phone: "+86 199 0000 0028", ActsFor: true}},
		Particulars: models.Particulars{Happened: "三天前安装当天下午，家中厨房", OrderNumber: "SZ-20417733", Remedy: "赔偿水管维修费和橱柜"},
	})
	t.dispatch(40*minute, "tang-tang", stores, "luo-min", "核实施工责任，两天内给出赔偿方案并修复橱柜。", "安装由外包队伍完成，有施工前管线确认单。")
	t.accept(20*minute, "luo-min")
	t.reply(hour, "luo-min", models.ChannelPhone, "电话答复：责任在我们，施工前没有做管线探测。水管费用今天登记报销，橱柜明天派人上门量尺寸。")
	t.call(22*hour, "luo-min", "上门量尺完成，三块门板一块底板需要更换，冯女士对颜色有要求，样板已经确认。")
	t.propose(2*hour, "luo-min", "报销水管维修费四百元，更换三块门板和一块底板，安装队停工培训。",
		"会议纪要：门店运营部、售后维修部、监察法务部参加。外包安装队未做管线探测，属我方责任；费用由外包保证金列支；安装队停工两天培训管线探测。",
		measure{"报销水管维修费四百元", stores, 20 * hour},
		measure{"更换门板和底板", repairs, 40 * hour},
		measure{"安装队停工培训，补配管线探测仪", stores, 60 * hour})
	t.approve(hour, "同意。探测仪没有配齐之前，这支队伍不能再上门。")
	t.tellSolution(40*minute, "luo-min", models.ChannelPhone, "电话告知冯女士：四百元今天到账，门板后天安装，安装队已经停工整顿。")
	t.resolve(42*hour, "luo-min", models.Resolved{Outcome: models.OutcomeUpheld, Cause: models.CauseProcess, Attribution: models.AttributionService},
		"门板和底板已换好，颜色一致；四百元已到账；安装队六人全部通过培训并配齐探测仪。")
	t.tellResult(90*minute, "luo-min", models.ChannelServiceDesk, "当面告知：橱柜已修复，费用已报销，安装队已整改；一个月内如有鼓包随时免费更换。谢谢您给我们改正的机会。")
	t.survey(5*hour, 1, scores(4, 5, 4, 5, 8), "开头让人生气，后来的处理很用心，罗师傅每一步都打电话。")
	return t
}

func (w world) dishwasherFilter() *tale {
	t := w.tell("dishwasher-noise", w.day(4, 14, 10), "tang-tang", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelWeb, Severity: models.SeverityGeneral, Nature: models.NatureCustomer,
			Category: "service.repair", Region: "南京", Product: "洗碗机", Model: "SP-X13",
		},
		Text:        "洗碗机排水时噪音特别大，像拖拉机一样。报修两次，第一次师傅说正常，第二次说要等配件，等了十二天没有消息，打客服只让继续等。",
		Contact:     models.Contact{Name: "沈丽华", Phone: "+86 199 0000 0034", Email: "shen.lihua@mail.example"},
		Particulars: models.Particulars{Serial: "X13-2501-03377", Symptom: "排水时噪音大", Remedy: "尽快修好，给个准日子"},
	})
	t.dispatch(30*minute, "tang-tang", repairs, "chen-dayong", "三天内修好；查清配件为什么没有跟进。", "报修单两张，第二张停在待配件状态。")
	t.accept(45*minute, "chen-dayong")
	t.reply(2*hour, "chen-dayong", models.ChannelPhone, "电话答复：配件昨天就到了仓库，没有人通知您，是我们的疏忽。明天上午十点我本人上门更换排水泵。")
	t.propose(3*hour, "chen-dayong", "更换排水泵，延长保修半年；待配件工单每天自动提醒。", "",
		measure{"上门更换排水泵", "chen-dayong", day},
		measure{"待配件工单设置每日提醒", repairs, 3 * day})
	t.tellSolution(15*minute, "chen-dayong", models.ChannelPhone, "电话告知：明天换新泵，整机保修延长半年，以后配件到货当天就会通知到人。")
	t.resolve(3*day, "chen-dayong", models.Resolved{Outcome: models.OutcomeUpheld, Cause: models.CauseCommunication, Attribution: models.AttributionService},
		"排水泵已更换，现场测得排水噪音四十九分贝，低于标称值；保修已延长；工单提醒已上线。")
	return t
}
