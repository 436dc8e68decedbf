package notify

import (
	"fmt"
	"strings"
	"time"

	"recourse/models"
)

// A phrase is one meaning in both languages.
type phrase struct{ zh, en string }

func (p phrase) in(lang models.Language) string {
	if lang == models.LanguageZH {
		return p.zh
	}
	return p.en
}

var severities = map[models.Severity]phrase{
	models.SeverityGeneral:   {"一般", "general"},
	models.SeverityImportant: {"重要", "important"},
	models.SeverityUrgent:    {"紧急", "urgent"},
}

var states = map[models.State]phrase{
	models.StateReceived:         {"已登记", "received"},
	models.StateDispatched:       {"已派单", "dispatched"},
	models.StateInvestigating:    {"调查中", "being investigated"},
	models.StateAwaitingApproval: {"待审批", "awaiting approval"},
	models.StateSolutionReady:    {"方案已定", "solution ready"},
	models.StateImplementing:     {"落实中", "being carried out"},
	models.StateResolved:         {"已解决，待告知结果", "resolved, result to be told"},
	models.StateFollowingUp:      {"回访中", "being followed up"},
	models.StateClosed:           {"已结案", "closed"},
	models.StateWithdrawn:        {"已撤诉", "withdrawn"},
	models.StateMerged:           {"已并案", "merged"},
	models.StateNotAccepted:      {"不予受理", "not accepted"},
	models.StateArchived:         {"已归档", "archived"},
}

var clocks = map[models.Clock]phrase{
	models.ClockRecord:        {"登记", "recording"},
	models.ClockTriage:        {"分派", "dispatch"},
	models.ClockAcceptance:    {"签收工单", "acceptance of the work order"},
	models.ClockFirstResponse: {"首次答复", "first response"},
	models.ClockFeedback:      {"告知方案", "telling the solution"},
	models.ClockApproval:      {"审批", "approval"},
	models.ClockReport:        {"书面报告", "written report"},
	models.ClockHandling:      {"办结", "handling"},
	models.ClockResult:        {"告知结果", "telling the result"},
	models.ClockNextContact:   {"约定联系", "promised contact"},
	models.ClockNextReply:     {"回复客户留言", "reply to the customer's message"},
	models.ClockCallback:      {"电话回访", "callback"},
	models.ClockSurvey:        {"满意度调查", "survey"},
	models.ClockTask:          {"协办任务", "joint task"},
	models.ClockTotal:         {"全程", "total time"},
}

var bounds = map[models.Bound]phrase{
	models.BoundTarget: {"目标时间", "target"},
	models.BoundLimit:  {"时限", "limit"},
}

var lateReasons = map[models.LateReason]phrase{
	models.LateRecorded: {"投诉登记时已经过了提醒时间", "it was due before the complaint was put on record"},
	models.LateOutage:   {"系统当时中断或延迟", "the system was down or slow at the time"},
}

var requests = map[models.RequestKind]phrase{
	models.RequestApproveSolution: {"审批处理方案", "approval of a solution"},
	models.RequestArchiveEarly:    {"提前归档", "archiving early"},
	models.RequestExtend:          {"延长办结时间", "a later handling due"},
	models.RequestLowerSeverity:   {"降低级别", "a lower severity"},
	models.RequestLongPause:       {"长时间暂停", "a long pause"},
	models.RequestCompensation:    {"赔付", "compensation"},
	models.RequestNotAccept:       {"不予受理", "not accepting the complaint"},
}

// news says in a few words what happened on a case.
var news = map[models.Kind]phrase{
	models.KindReturned:        {"工单被退回，请重新分派", "the work order came back; please dispatch it again"},
	models.KindAssigned:        {"已指定责任人", "it was assigned"},
	models.KindUrged:           {"客户催办", "somebody presses for it"},
	models.KindSupervised:      {"已列入督办，需提交书面报告", "it was put under supervision, and a written report is due"},
	models.KindTaskFinished:    {"协办任务已完成", "a joint task was finished"},
	models.KindCompensated:     {"赔付已确定", "money was given to the customer"},
	models.KindReported:        {"督办报告已提交", "the written report was handed in"},
	models.KindProblemDeclared: {"已成为问题投诉：反复返工或流转", "it became a problem case: reworked, or handed to and fro, too often"},
	models.KindWithdrawn:       {"客户已撤诉", "the customer took it back"},
}

var reworks = map[models.ReworkCause]phrase{
	models.ReworkByHand:      {"内部发现尚未办妥", "we found that it was not done after all"},
	models.ReworkCallback:    {"客户在回访中表示问题没有解决", "the customer said in the callback that it is not solved"},
	models.ReworkNotReceived: {"客户表示没有收到处理结果", "the customer never got the result"},
	models.ReworkScore:       {"客户对处理结果评分很低", "the customer gave the result a low score"},
	models.ReworkCustomer:    {"客户表示问题没有解决", "the customer says that it is not solved"},
}

var reopened = phrase{"结案后重新打开", "it was reopened after it had ended"}

// instant writes t for people, in a time zone that is named. No time is no words.
func instant(t time.Time, lang models.Language, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(zone)
	if lang == models.LanguageZH {
		return fmt.Sprintf("%s（%s）", t.Format("2006年1月2日 15:04"), zoneName(t, lang))
	}
	return fmt.Sprintf("%s (%s)", t.Format("2 January 2006, 15:04"), zoneName(t, lang))
}

// zoneName is how people call the zone; where there is no such word, its IANA name and what it is
// ahead of UTC at that instant.
func zoneName(t time.Time, lang models.Language) string {
	switch name := t.Location().String(); name {
	case "UTC", "Etc/UTC", "":
		return "UTC"
	case "Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC":
		return phrase{"北京时间", "China Standard Time, UTC+08:00"}.in(lang)
	default:
		return name + phrase{"，", ", "}.in(lang) + t.Format("UTC-07:00")
	}
}

// span writes a length of time in its two largest units.
func span(d time.Duration, lang models.Language) string {
	units := []struct {
		of   time.Duration
		name phrase
	}{{24 * time.Hour, phrase{"天", "day"}}, {time.Hour, phrase{"小时", "hour"}}, {time.Minute, phrase{"分钟", "minute"}}}
	var parts []string
	for _, u := range units {
		n := int(d / u.of)
		d %= u.of
		if n == 0 && len(parts) == 0 {
			continue
		}
		if n > 0 {
			parts = append(parts, count(n, u.name, lang))
		}
		if len(parts) == 2 || n == 0 {
			break
		}
	}
	if len(parts) == 0 {
		return phrase{"不到 1 分钟", "less than a minute"}.in(lang)
	}
	return strings.Join(parts, " ")
}

func count(n int, unit phrase, lang models.Language) string {
	plural := ""
	if lang == models.LanguageEN && n != 1 {
		plural = "s"
	}
	return fmt.Sprintf("%d %s%s", n, unit.in(lang), plural)
}
