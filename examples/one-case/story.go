package main

import (
	"fmt"
	"time"
)

// chapters are the steps of the main road, in their order.
var chapters = []func(*story) error{
	(*story).open, (*story).dispatch, (*story).accept, (*story).call, (*story).reply, (*story).propose, (*story).approve,
	(*story).tellSolution, (*story).resolve, (*story).tellResult, (*story).callback, (*story).archiveEarly, (*story).decide,
}

func (s *story) open() error {
	return s.start("intake", fields{
		"channel": "phone", "severity": "important", "nature": "customer", "language": "zh-CN", "zone": "Asia/Shanghai",
		"category": "product.defect", "region": "上海", "product": "双门冰箱", "model": "SP-F280",
		"text": "冰箱冷藏室三天不制冷，一家五口囤的食材全坏了，老人的胰岛素也放在里面。报修后说好当天来人，等了两天没有人上门，" +
			"再打电话每次都要从头说一遍。要求马上修好，并赔偿食材和药品的损失。",
		"contact":     fields{"name": "示例客户王女士", "phone": fmt.Sprintf("+86 199 0000 %04d", s.began.UnixMilli()%10000)},
		"particulars": fields{"serial": "F280-2503-01922", "symptom": "冷藏室不制冷", "remedy": "修好并赔偿损失"},
	})
}

func (s *story) dispatch() error {
	handler, err := s.me("handler")
	if err != nil {
		return err
	}
	return s.do("supervisor", "dispatch", fields{
		"department": handler.Departments[0], "supervising": "supervision", "person": handler.ID,
		"objective": "今天上门修好，核定食材与药品损失，两天内给出赔偿方案。", "facts": "整机保修期内；第一张报修单被误标为已完成。",
	})
}

func (s *story) accept() error { return s.do("handler", "accept", fields{}) }

func (s *story) call() error {
	return s.do("handler", "log_contact", fields{
		"channel": "phone", "direction": "out", "held": true,
		"text": "与王女士通话：先致歉；胰岛素已转移到邻居家冰箱。约定今天下午两点上门，工程师带压缩机启动器和温控板。",
	})
}

func (s *story) reply() error {
	return s.do("handler", "reply", fields{
		"channel": "phone",
		"text":    "电话答复：第一张报修单被误关，责任在我们。工程师今天下午两点到，同时借您一台小冰箱放药；损失清单发给我，两天内给您方案。",
	})
}

func (s *story) propose() error {
	due := func(d time.Duration) string { return s.began.Add(d).UTC().Format(time.RFC3339) }
	return s.do("handler", "propose", fields{
		"solution": "更换启动器和温控板，整机延保一年；按清单赔偿食材和药品六百八十元；报修单未经客户确认不得关闭。",
		"minutes":  "会议纪要：客户服务中心、售后维修部、监察法务部参加。原因一是启动器故障，二是报修单被误关。赔偿金额按小票核定六百八十元，各方同意。",
		"measures": []fields{
			{"text": "更换启动器和温控板，当场测温两小时", "owner": "repairs", "due": due(24 * time.Hour)},
			{"text": "支付赔偿六百八十元", "owner": "customer-service", "due": due(48 * time.Hour)},
			{"text": "报修单须客户确认后才能关闭", "owner": "repairs", "due": due(7 * 24 * time.Hour)},
		},
	})
}

func (s *story) approve() error {
	return s.do("executive", "approve", fields{"reason": "同意。药品那一项当天先付，不要等清单。"})
}

func (s *story) tellSolution() error {
	return s.do("handler", "tell_solution", fields{
		"channel": "phone", "text": "电话告知：配件今天换好，延保一年；赔偿六百八十元两天内到账，药品部分今天先付。",
	})
}

func (s *story) resolve() error {
	return s.do("handler", "resolve", fields{
		"measures_done": true, "outcome": "upheld", "cause": "process", "attribution": "service",
		"result": "启动器和温控板已更换，冷藏室稳定在四度；六百八十元已到账；报修系统已上线客户确认步骤。",
	})
}

func (s *story) tellResult() error {
	return s.do("handler", "tell_result", fields{
		"channel": "phone", "done": true, "effect": true, "follow_up": true, "thanks": true,
		"text": "电话告知：冰箱已修好，温度稳定；赔偿已到账；以后报修单要您确认才会关闭，一周后我们再打电话问一次。谢谢您的耐心。",
	})
}

func (s *story) callback() error {
	return s.do("quality", "record_callback", fields{
		"outcome": "reached_solved",
		"scores":  fields{"process": 4, "result": 5, "speed": 4, "attitude": 5, "recommend": 8},
		"text":    "王女士说冰箱正常，钱已收到；希望以后不用每次从头说一遍。",
	})
}

func (s *story) archiveEarly() error {
	return s.do("handler", "archive_early", fields{"reason": "客户满意，费用结清，作为流程改进案例提前归档。"})
}

func (s *story) decide() error {
	request, err := s.request("supervisor")
	if err != nil {
		return err
	}
	return s.do("supervisor", "decide", fields{"request": request, "granted": true, "reason": "回访满意，同意提前归档。"})
}
