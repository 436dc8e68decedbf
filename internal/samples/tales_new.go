package samples

import (
	"recourse/internal/cases"
	"recourse/models"
)

// newTales have just come in: nobody is responsible yet, or somebody is to sign for them.
func (w world) newTales() []*tale {
	return []*tale{w.gasHeater(), w.letter(), w.anonymous(), w.wrongColour(), w.freezer()}
}

// gasHeater came in a moment ago: its alert waits to be acknowledged.
func (w world) gasHeater() *tale {
	return w.tell("gas-heater", w.ago(6*minute), "tang-tang", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelPhone, Severity: models.SeverityUrgent, Nature: models.NatureCustomer,
			Category: "product.safety", Region: "上海", Product: "燃气热水器", Model: "SP-RQ16",
		},
		Text: "来电人语气急促：浴室热水器点火时“砰”的一声，窗户都震了，现在厨房还有煤气味。家里有一个三岁的孩子，" +
			"已经带到楼下。热水器上个月刚由你们的师傅检修过。",
		Contact:     models.Contact{Name: "贺一鸣", Phone: "+86 199 0000 0071", Address: "上海市徐汇区云杉示例路71号"},
		Particulars: models.Particulars{Happened: "约十分钟前，家中浴室", Symptom: "点火爆响、有煤气味", Remedy: "立即派人处理"},
	})
}

// letter lay in the letter box over a day: it is late before anybody could read it.
func (w world) letter() *tale {
	t := w.tell("letter-box", w.ago(25*minute), "nora-walsh", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelLetterBox, Severity: models.SeverityImportant, Nature: models.NatureCustomer, Zone: "Asia/Shanghai",
			Category: "service.attitude", Region: "Shanghai", Product: "Induction hob", Model: "SP-IH4",
		},
		Text: "Handwritten, two pages: I bought a hob in your flagship shop. When it failed I was sent from counter to counter for " +
			"an hour and a half with my walking stick, and in the end told to ring a number that nobody answers. I am a teacher and I " +
			"shall tell this story to every parent at school unless somebody calls me.",
		Contact: models.Contact{Name: "Margaret Lindqvist", Phone: "+86 199 0000 0088", Address: "12 Spruce Sample Lane, Shanghai"},
	})
	t.collected(30*hour, "Letter box of the flagship shop: the guard's book notes the letter at closing time the day before yesterday; the box was emptied only this morning.")
	return t
}

func (w world) anonymous() *tale {
	return w.tell("shop-gifts", w.ago(2*hour), "tang-tang", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelWeb, Severity: models.SeverityGeneral, Nature: models.NatureInternal,
			Category: "service.attitude", Region: "广州", Concerned: stores, Anonymous: true,
		},
		Text: "我是附近商场的员工，不方便留名字。你们体育路店有店员把满额赠品私下卖给熟客，真正买满的顾客反而被告知赠品已经送完，" +
			"上周末我亲眼看到两次。希望公司查一查赠品台账。",
	})
}

func (w world) wrongColour() *tale {
	t := w.tell("wrong-colour", w.ago(3*hour), "nora-walsh", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelWeb, Severity: models.SeverityGeneral, Nature: models.NatureCustomer, Zone: "Australia/Sydney",
			Category: "delivery.delay", Region: "Melbourne", Product: "Stand mixer", Model: "SP-SM6",
		},
		Text: "I ordered the mixer in sage green and paid extra for it. A red one came. The online chat offered me ten dollars to keep " +
			"it. I do not want ten dollars, I want the colour I ordered.",
		Contact:     models.Contact{Name: "Noah Fitzgerald", Phone: "+61 491 570 158", Email: "noah.fitz@mail.example"},
		Particulars: models.Particulars{OrderNumber: "AU-77121366", Remedy: "The sage green one, and the red one collected"},
	})
	t.dispatch(2*hour, "nora-walsh", logistics, "liam-ng", "Deliver the colour ordered within the week and collect the red one.", "Picked from the neighbouring shelf; sage green is in stock in Sydney.")
	return t
}

// freezer waits to be accepted for longer than its severity allows.
func (w world) freezer() *tale {
	t := w.tell("freezer-medicine", w.ago(5*hour), "tang-tang", cases.NewComplaint{
		Opened: models.Opened{
			Channel: models.ChannelApp, Severity: models.SeverityImportant, Nature: models.NatureCustomer,
			Category: "product.defect", Region: "天津", Product: "立式冷冻柜", Model: "SP-LD280",
		},
		Text: "冷冻柜半夜停机，早上发现温度升到零上八度，社区药房寄存在里面的生物制剂全部报废，损失初步估计三万多元。" +
			"机器刚过保修期五天。要求派工程师鉴定，并讨论赔偿。",
		Contact:     models.Contact{Name: "石慧敏", Phone: "+86 199 0000 0093", Email: "shihuimin@mail.example"},
		Particulars: models.Particulars{Serial: "LD280-2410-00126", Symptom: "夜间停机", Remedy: "鉴定并赔偿"},
	})
	t.dispatch(40*minute, "zhao-mingde", repairs, "", "今天完成现场鉴定，保全证据，给出责任判断。", "损失金额较大，客户要求书面鉴定；过保五天。")
	return t
}
