package samples

import (
	"recourse/internal/cases"
	"recourse/models"
)

// decidedTales wait for an executive, one of them for the second time.
func (w world) decidedTales() []*tale { return []*tale{w.heaterBatch(), w.influencer()} }

func (w world) heaterBatch() *tale {
	t := w.tell("heater-smell", w.ago(30*hour), "tang-tang", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelWeb, Severity: models.SeverityImportant, Nature: models.NatureCustomer,
			Category: "product.safety", Region: "哈尔滨", Product: "油汀取暖器", Model: "SP-QN13",
		},
		Text:        "取暖器开到高档半小时后有刺鼻的焦味，机身右侧塑料发黄变软。邻居同时买的一台也是这样。我们担心是整批的问题，请尽快给个说法。",
		Contact:     models.Contact{Name: "关晓彤", Phone: "+86 199 0000 0061", Email: "guan.xt@mail.example"},
		Particulars: models.Particulars{Serial: "QN13-2509-00871", Symptom: "焦味、塑料变软", Remedy: "退货，说明是否整批有问题"},
	})
	t.dispatch(30*minute, "tang-tang", quality, "sun-qian", "两台样机取回检测，判断是否涉及整批，给客户明确答复。", "客户与邻居各一台，序列号相邻。")
	t.accept(40*minute, "sun-qian")
	t.reply(3*hour, "sun-qian", models.ChannelPhone, "电话答复：请先停用两台取暖器，明天上门取回检测，检测期间免费借用新款一台。")
	t.call(18*hour, "sun-qian", "两台样机已取回，借用机已送到，关女士夫妇都在家，情绪平和。")
	t.propose(5*hour, "sun-qian", "两台退货退款；同批一千二百台暂停销售，抽检三十台后决定是否召回。",
		"会议纪要：产品质量部、售后维修部、监察法务部参加。温控器安装位偏差三毫米，右侧护板受热超限；初步判断涉及一个班次的产品。建议停售抽检，按结果决定召回范围。",
		measure{"两台退货退款", service, 2 * day},
		measure{"同批一千二百台停售，抽检三十台", quality, 3 * day},
		measure{"拟定召回预案", supervision, 4 * day})
	return t
}

func (w world) influencer() *tale {
	t := w.tell("coffee-video", w.day(2, 9, 10), "nora-walsh", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelSocial, Severity: models.SeverityImportant, Nature: models.NatureCustomer, Zone: "Europe/London",
			Category: "product.defect", Region: "London", Product: "Espresso machine", Model: "SP-E15",
		},
		Text: "Posted as a video with forty thousand views: the steam wand of the machine sprays to the side and burns the counter. " +
			"Two replies to the hotline's form were the same standard paragraph. Asks in public whether anybody at Spruce reads at all.",
		Contact: models.Contact{Name: "Tom Okafor", ExternalID: "video-okafor-cooks"},
	})
	t.dispatch(25*minute, "helen-foster", quality, "sun-qian", "Answer in person today, find the cause, propose what we offer and what we say in public.", "Widely seen; the standard paragraph went out twice.")
	t.accept(15*minute, "sun-qian")
	t.reply(2*hour, "sun-qian", models.ChannelSocial, "Somebody does read, and it is me, in the quality team. Please stop steaming with it; I have written to you directly to collect the machine tomorrow.")
	t.propose(7*hour, "sun-qian", "Refund and an apology in the comments.",
		"Minutes: the wand's tip is assembled a quarter turn off. Proposed: refund, apology under the video.",
		measure{"Refund the machine", service, 2 * day})
	t.reject(hour, "A refund mends his machine and nobody else's. Say how many were built like that and what their owners will hear.")
	t.note(12*hour, "he-zhiyuan", "Shift records: 86 machines with the new jig before it was adjusted, 51 sold. We can name every buyer.")
	t.propose(9*hour, "sun-qian", "Refund and apology; new tips for all 51 buyers, fitted at home; an answer under the video that says so.",
		"Minutes of the second meeting: 86 machines affected, 51 sold, 35 held back. Tips cost little, visits are covered by Repairs. Public answer drafted with Legal.",
		measure{"Refund the machine", service, 2 * day},
		measure{"Fit new tips at 51 homes", repairs, 10 * day},
		measure{"Answer under the video", service, day})
	return t
}

// openTales are being looked into: in time, urgent, and late.
func (w world) openTales() []*tale {
	return []*tale{w.robotVacuum(), w.installFee(), w.warrantyCard()}
}

func (w world) robotVacuum() *tale {
	t := w.tell("vacuum-battery", w.ago(9*hour), "nora-walsh", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelPhone, Severity: models.SeverityUrgent, Nature: models.NatureCustomer, Zone: "Europe/London",
			Category: "product.safety", Region: "Bristol", Product: "Robot vacuum", Model: "SP-RV2",
		},
		Text: "The robot vacuum smoked on its charging station last night. The carpet under it has a burn the size of a hand. " +
			"The caller pulled the plug and carried it outside; nobody was hurt. He has two small children and is very upset.",
		Contact:     models.Contact{Name: "Daniel Whitmore", Phone: "+44 7700 900451"},
		Particulars: models.Particulars{Serial: "RV2-2504-55012", Symptom: "Smoke while charging", Remedy: "Collect it, replace the carpet, explain"},
	})
	t.acknowledge(4*minute, "qian-weidong")
	t.dispatch(5*minute, "helen-foster", quality, "sun-qian", "Secure the device today, find the cause, decide on a warning.", "Device outside in a metal bucket; the customer has photographs.")
	t.accept(8*minute, "sun-qian")
	t.reply(20*minute, "sun-qian", models.ChannelPhone, "Told Mr Whitmore to leave the device outside and not to touch the battery. A courier with a fireproof box collects it this afternoon, and we pay for the carpet.")
	t.call(5*hour, "sun-qian", "Courier has the device. Mr Whitmore sent three photographs and the serial number of the charging station.")
	t.note(hour, "sun-qian", "Third report on charging stations of week 14. Asked the lab to open the power supply first thing tomorrow.")
	return t
}

func (w world) installFee() *tale {
	t := w.tell("install-fee", w.ago(26*hour), "tang-tang", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelServiceDesk, Severity: models.SeverityGeneral, Nature: models.NatureCustomer,
			Category: "billing", Region: "南京", Product: "热水器", Model: "SP-RS60",
		},
		Text:        "买热水器时店员说免费安装，师傅上门后另收了二百六十元的管件费，没有收据，也没有提前说。问是不是谁都可以随便收钱。",
		Contact:     models.Contact{Name: "沈丽华", Phone: "+86 199 0000 0034"}, // she complained about her dishwasher, too
		Particulars: models.Particulars{OrderNumber: "NJ-30998120", Remedy: "退还费用，说明收费标准"},
	})
	t.dispatch(50*minute, "tang-tang", service, "zhou-xiaoman", "核实收费依据，给出收费标准；不合理的部分退还。", "同一客户另有一件洗碗机投诉在办。")
	t.accept(40*minute, "zhou-xiaoman")
	t.reply(2*hour, "zhou-xiaoman", models.ChannelPhone, "电话答复：管件费应当先报价再施工，师傅没有这样做，我们正在核对用料清单，明天给您结果。")
	t.note(19*hour, "zhou-xiaoman", "用料清单只有一百一十元的角阀和软管，多收一百五十元。师傅承认没有按价目表收费。")
	return t
}

// warrantyCard is late: the first reply came after a day, and no solution has been told in two.
func (w world) warrantyCard() *tale {
	t := w.tell("warranty-refused", w.ago(60*hour), "nora-walsh", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelEmail, Severity: models.SeverityGeneral, Nature: models.NatureInternal, Zone: "Europe/London",
			Category: "service.attitude", Region: "Cardiff", Product: "Food processor", Model: "SP-FP8",
		},
		Text: "Your shop refused the warranty on my food processor because the card was not stamped, and the man behind the counter " +
			"laughed and said I should have thought of that before. I have the receipt. It is the tone that made me write.",
		Contact: models.Contact{Name: "Eleanor Hughes", Phone: "+44 7700 900672", Email: "e.hughes@mail.example"},
	})
	t.dispatch(5*hour, "nora-walsh", stores, "xu-jianing", "Honour the warranty, speak with the member of staff, apologise in person.", "Receipt attached to the mail; it is enough by our own rules.")
	t.accept(9*hour, "xu-jianing")
	t.reply(12*hour, "xu-jianing", models.ChannelEmail, "I apologise for the late answer and more so for how you were spoken to. Your receipt is all that is needed. I am speaking with the shop today.")
	t.acknowledge(30*hour, "qian-weidong")
	return t
}
