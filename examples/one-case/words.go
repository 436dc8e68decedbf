package main

var states = map[string]string{
	"received": "已登记", "dispatched": "已派单", "investigating": "调查中", "awaiting_approval": "待审批", "solution_ready": "方案已定",
	"implementing": "实施中", "resolved": "已解决", "following_up": "回访中", "closed": "已关闭", "archived": "已归档",
}

var kinds = map[string]string{
	"opened": "登记", "dispatched": "派单", "accepted": "签收", "contact_logged": "联系记录", "replied": "首次答复", "proposed": "提出方案",
	"approved": "审批通过", "solution_told": "告知方案", "resolved": "解决", "result_told": "告知结果", "survey_offered": "发出问卷",
	"callback_placed": "安排回访", "callback_recorded": "回访结果", "closed": "关闭", "requested": "申请提前归档", "decided": "批准",
	"archived": "归档", "escalated": "升级提醒", "breached": "超时",
}

var clockNames = map[string]string{
	"record": "登记", "triage": "派单", "acceptance": "签收", "first_response": "首次答复（24 小时）", "feedback": "告知方案（48 小时）",
	"approval": "审批", "handling": "处理", "result": "告知结果", "callback": "回访", "survey": "问卷", "total": "总时长",
}

var ends = map[string]string{"running": "进行中", "met": "按时", "breached": "超时", "cancelled": "取消", "stopped": "停止"}

var actors = map[string]string{"system": "系统", "customer": "客户", "person": "员工", "service": "程序"}
