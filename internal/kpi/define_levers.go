package kpi

import (
	"slices"

	"recourse/models"
)

// leverTitles are what the levers are called.
var leverTitles = map[models.LeverKind]Text{
	models.LeverInterim:     {"Interim answers", "临时答复"},
	models.LeverPause:       {"Pauses", "暂停"},
	models.LeverExtension:   {"Extensions", "延期"},
	models.LeverDowngrade:   {"Severity lowered", "降级"},
	models.LeverBackdating:  {"Contacts back-dated", "倒签联系"},
	models.LeverRefusal:     {"Refusals", "不予受理"},
	models.LeverMerge:       {"Merges", "并案"},
	models.LeverTransfer:    {"Transfers and returns", "转办与退回"},
	models.LeverAttribution: {"Attribution or cause changed", "更改归因或原因"},
	models.LeverHandClose:   {"Closed by hand", "人工结案"},
	models.LeverReopening:   {"Taken up again", "重新办理"},
}

// levers are, for each lever, the share of cases in which it was used and the share of its uses at the bell,
// so that gaming shows beside what it games.
func levers() []Measure {
	var all []Measure
	for i, kind := range models.LeverKinds() {
		is, title := uint8(i), leverTitles[kind]
		cases := rate("lever_"+string(kind), Text{"Lever: " + title.EN, "可左右指标的做法：" + title.ZH},
			Text{"In how many cases was it used, and by whom?", "有多少案件使用，由谁使用？"},
			Text{"used at least once; it counts for whoever used it last", "至少使用一次；计入最后使用者"}, everyCase, recorded,
			func(x *look) verdict {
				if x.r.levers>>is&1 == 0 {
					return miss
				}
				return hitIf(slices.ContainsFunc(x.t.levers.of(x.r.used), func(v lever) bool { return v.kind == is && x.done(v.at) }))
			}).counting(ItemCases, WhoseLever).better(BetterLower).with("lever_" + string(kind) + "_bell")
		cases.lever = is
		uses := rate("lever_"+string(kind)+"_bell", Text{"At the bell: " + title.EN, "临界使用：" + title.ZH},
			Text{"How many of its uses came just before a promise fell due, or after?", "有多少次在承诺到期前夕或之后使用？"},
			Text{"in the last tenth of the time that a promise's clock had, or after its bound", "在承诺计时的最后十分之一内，或在时限之后"},
			Text{"each use; it counts for whoever used it", "每次使用；计入使用者"}, recorded,
			func(x *look) verdict {
				if x.v.kind != is || !x.done(x.v.at) {
					return leftOut
				}
				return hitIf(x.v.bell)
			}).in(CycleEach).counting(ItemLevers, WhoseItem).better(BetterLower)
		uses.lever = is
		all = append(all, cases, uses)
	}
	return all
}

// volumesOver are complaints in proportion to business.
func volumesOver() []Measure {
	per := func(key string, title, what Text, kind models.VolumeKind) Measure {
		m := rate(key, title, Text{"How many complaints are there for what we do?", "相对业务量，投诉有多少？"},
			Text{"cases of the product received while a volume of it is known", "在有该产品业务量的时段内收到的该产品投诉"},
			Text{what.EN + ": the volumes that lie wholly in the period, whatever else is cut by", what.ZH + "：完全落在期间内的业务量，不受其他筛选影响"}, received,
			func(*look) verdict { return leftOut }).better(BetterLower)
		m.shape, m.volume = perVolume, kind
		return m
	}
	units := per("complaint_rate", Text{"Complaints per unit sold", "投诉率（每售出一件）"}, Text{"units sold", "售出件数"}, models.VolumeUnits)
	units.Beside = []string{"complaint_rate_orders", "complaint_rate_customers"}
	return []Measure{
		units,
		per("complaint_rate_orders", Text{"Complaints per order", "投诉率（每单）"}, Text{"orders", "订单数"}, models.VolumeOrders),
		per("complaint_rate_customers", Text{"Complaints per customer served", "投诉率（每服务一名客户）"}, Text{"customers served", "服务客户数"}, models.VolumeCustomers),
	}
}
