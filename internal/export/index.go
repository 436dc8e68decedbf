package export

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"

	"recourse/models"
)

//go:embed index.html
var indexSource string

var indexTemplate = template.Must(template.New("index").Parse(indexSource))

// indexView is the page for people.
type indexView struct {
	Lang, Number, Head, Exported string
	Erased                       bool
	W                            indexWords
	Moments                      []moment
}

type moment struct {
	Seq                     int64
	Title, At, Machine, Who string
	Texts                   []textView
	Files                   []Attached
}

type textView struct{ Name, Words string }

// indexPage writes what happened for people to read: in the customer's language, at the instants of
// their zone. A copy for the eye; what is proven are the events.
func indexPage(m Manifest, zone string, events []models.Event, words map[string]string) ([]byte, error) {
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = time.UTC
	}
	w, known := indexLanguages[m.Language]
	if !known {
		w = indexLanguages[models.LanguageZH]
	}
	view := indexView{
		Lang: string(m.Language), Number: m.Number, Head: m.Head, Erased: m.Erased, W: w,
		Exported: m.ExportedAt.In(place).Format(stampForm),
	}
	for _, e := range events {
		view.Moments = append(view.Moments, momentOf(m, w, place, e, words))
	}
	var page bytes.Buffer
	if err := indexTemplate.Execute(&page, view); err != nil {
		return nil, fmt.Errorf("write %s: %w", indexPath, err)
	}
	return page.Bytes(), nil
}

const stampForm = "2006-01-02 15:04:05 -07:00"

func momentOf(m Manifest, w indexWords, place *time.Location, e models.Event, words map[string]string) moment {
	v := moment{
		Seq: e.Seq, Title: w.kind(e.Kind), At: e.DecidedAt.In(place).Format(stampForm), Machine: e.DecidedAt.UTC().Format(time.RFC3339Nano),
		Who: strings.TrimSpace(w.actors[e.Actor.Kind] + " " + e.Actor.ID),
	}
	for _, t := range e.Texts {
		if said, is := words[t.Ref]; is {
			v.Texts = append(v.Texts, textView{Name: w.text(t.Name), Words: readable(said)})
		}
	}
	for _, a := range m.Attachments {
		if a.Seq == e.Seq {
			v.Files = append(v.Files, a)
		}
	}
	return v
}

// readable spells out what is kept as JSON, such as contact data, line by line.
func readable(words string) string {
	var fields map[string]any
	if !strings.HasPrefix(words, "{") || json.Unmarshal([]byte(words), &fields) != nil {
		return words
	}
	var said []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		said = append(said, fmt.Sprintf("%s: %v", name, fields[name]))
	}
	return strings.Join(said, "\n")
}

// indexWords are the page's words in one language.
type indexWords struct {
	Complaint, About, Erased, Exported, Head string
	actors                                   map[models.ActorKind]string
	kinds                                    map[models.Kind]string
	texts                                    map[string]string
}

// kind is what an event is called; one that is newer than these words by its own name.
func (w indexWords) kind(k models.Kind) string {
	if says := w.kinds[k]; says != "" {
		return says
	}
	return string(k)
}

func (w indexWords) text(name string) string {
	plain, _, _ := strings.Cut(name, ".") // measure.0, measure.1
	if says := w.texts[plain]; says != "" {
		return says
	}
	return name
}

var indexLanguages = map[models.Language]indexWords{
	models.LanguageZH: {
		Complaint: "投诉", About: "本文件包含这件投诉的全部记录。本页供阅读；可用 recourse verify 离线验证文件自导出以来没有改动。",
		Erased: "客户资料已按要求删除，文字和附件不再存在。", Exported: "导出时间", Head: "链尾哈希",
		actors: map[models.ActorKind]string{
			models.ActorPerson: "工作人员", models.ActorService: "系统接口", models.ActorCustomer: "客户", models.ActorSystem: "系统",
		},
		kinds: map[models.Kind]string{
			models.KindOpened: "登记投诉", models.KindDispatched: "派单", models.KindAccepted: "签收", models.KindReplied: "答复客户",
			models.KindContactLogged: "联系记录", models.KindNoted: "备注", models.KindMessaged: "客户留言", models.KindProposed: "提出处理方案",
			models.KindApproved: "方案批准", models.KindRejected: "方案退回", models.KindSolutionTold: "告知处理方案", models.KindResolved: "处理完成",
			models.KindResultTold: "告知处理结果", models.KindSurveyOffered: "发出满意度调查", models.KindCallbackPlaced: "安排回访",
			models.KindCallbackRecorded: "回访记录", models.KindSurveyAnswered: "客户完成调查", models.KindConfirmed: "客户确认已解决",
			models.KindNotSolved: "客户表示未解决", models.KindClosed: "结案", models.KindReworked: "重新处理", models.KindReopened: "重新打开",
			models.KindRequested: "提出申请", models.KindDecided: "申请已审批", models.KindArchived: "归档封存", models.KindAcknowledged: "确认告警", models.KindSnoozed: "暂缓告警", models.KindHandedOver: "移交告警",
			models.KindBreached: "超时", models.KindEscalated: "升级告警", models.KindSurveyExpired: "调查过期", models.KindRestarted: "流程重启",
			models.KindSettled:         "当场解决",
			models.KindReturned:        "退回工单",
			models.KindRecalled:        "撤回工单",
			models.KindTransferred:     "转办",
			models.KindRetracted:       "撤回申请",
			models.KindAssigned:        "指定责任人",
			models.KindTaskGiven:       "交办协办任务",
			models.KindTaskFinished:    "协办任务完成",
			models.KindTaskCancelled:   "协办任务取消",
			models.KindMeasureTaken:    "紧急措施",
			models.KindProgressTold:    "告知进展",
			models.KindInterimTold:     "阶段性答复",
			models.KindContactPromised: "约定联系时间",
			models.KindUrged:           "催办",
			models.KindSupervised:      "列入督办",
			models.KindReported:        "督办报告",
			models.KindReclassified:    "调整分类",
			models.KindAmended:         "更正记录",
			models.KindVoided:          "作废记录",
			models.KindAttached:        "添加附件",
			models.KindRestricted:      "限定知情范围",
			models.KindProblemDeclared: "成为问题投诉",
			models.KindRescheduled:     "客户改约回访",
			models.KindSurveyReminded:  "调查提醒",
			models.KindPaused:          "暂停计时",
			models.KindResumed:         "恢复计时",
			models.KindExtended:        "批准延期",
			models.KindDeadlinesMoved:  "批量调整时限",
			models.KindCompensated:     "赔付",
			models.KindNotAccepted:     "不予受理",
			models.KindWithdrawn:       "客户撤诉",
			models.KindMerged:          "并案",
			models.KindUnmerged:        "撤销并案",
			models.KindLinked:          "关联案件",
			models.KindAdopted:         "从历史记录导入",
		},
		texts: map[string]string{
			"text": "内容", "contact": "联系方式", "particulars": "详情", "answer": "当场答复", "receipt_evidence": "收到时间依据", "facts": "事实",
			"objective": "处理目标", "solution": "处理方案", "minutes": "会议纪要", "measure": "措施", "result": "处理结果", "reason": "理由",
		},
	},
	models.LanguageEN: {
		Complaint: "Complaint", About: "This file holds the whole record of this complaint. This page is for reading; recourse verify proves offline that the file was not changed since it was exported.",
		Erased: "The customer's data was erased on request: words and attachments are gone.", Exported: "Exported", Head: "End of the chain",
		actors: map[models.ActorKind]string{
			models.ActorPerson: "Staff", models.ActorService: "Service", models.ActorCustomer: "Customer", models.ActorSystem: "System",
		},
		kinds: map[models.Kind]string{
			models.KindOpened: "Complaint put on record", models.KindDispatched: "Work order issued", models.KindAccepted: "Work order accepted",
			models.KindReplied: "Customer answered", models.KindContactLogged: "Contact", models.KindNoted: "Note", models.KindMessaged: "Message from the customer",
			models.KindProposed: "Solution proposed", models.KindApproved: "Solution approved", models.KindRejected: "Solution sent back",
			models.KindSolutionTold: "Solution told", models.KindResolved: "Resolved", models.KindResultTold: "Result told",
			models.KindSurveyOffered: "Survey offered", models.KindCallbackPlaced: "Callback placed", models.KindCallbackRecorded: "Callback",
			models.KindSurveyAnswered: "Survey answered", models.KindConfirmed: "Customer confirmed", models.KindNotSolved: "Customer: not solved",
			models.KindClosed: "Closed", models.KindReworked: "Taken up again", models.KindReopened: "Reopened", models.KindRequested: "Request",
			models.KindDecided: "Request decided", models.KindArchived: "Sealed", models.KindAcknowledged: "Alert acknowledged", models.KindSnoozed: "Alert snoozed", models.KindHandedOver: "Alert handed over",
			models.KindBreached: "Deadline passed", models.KindEscalated: "Escalated", models.KindSurveyExpired: "Survey expired",
			models.KindRestarted:       "Workflow restarted",
			models.KindSettled:         "Settled in the first contact",
			models.KindReturned:        "Work order returned",
			models.KindRecalled:        "Work order recalled",
			models.KindTransferred:     "Handed to another department",
			models.KindRetracted:       "Request taken back",
			models.KindAssigned:        "Assigned",
			models.KindTaskGiven:       "Joint task given",
			models.KindTaskFinished:    "Joint task finished",
			models.KindTaskCancelled:   "Joint task cancelled",
			models.KindMeasureTaken:    "Immediate measure",
			models.KindProgressTold:    "Progress told",
			models.KindInterimTold:     "Interim answer",
			models.KindContactPromised: "Contact promised",
			models.KindUrged:           "Urged",
			models.KindSupervised:      "Put under supervision",
			models.KindReported:        "Report handed in",
			models.KindReclassified:    "Reclassified",
			models.KindAmended:         "Corrected",
			models.KindVoided:          "Entry voided",
			models.KindAttached:        "Attachments added",
			models.KindRestricted:      "Circle named",
			models.KindProblemDeclared: "Became a problem case",
			models.KindRescheduled:     "Callback rescheduled by the customer",
			models.KindSurveyReminded:  "Survey reminder",
			models.KindPaused:          "Paused",
			models.KindResumed:         "Resumed",
			models.KindExtended:        "Handling due extended",
			models.KindDeadlinesMoved:  "Deadlines moved by an adjustment",
			models.KindCompensated:     "Money given",
			models.KindNotAccepted:     "Not accepted",
			models.KindWithdrawn:       "Withdrawn",
			models.KindMerged:          "Merged",
			models.KindUnmerged:        "Unmerged",
			models.KindLinked:          "Linked",
			models.KindAdopted:         "Adopted from another system's history",
		},
		texts: map[string]string{
			"text": "Text", "contact": "Contact", "particulars": "Particulars", "answer": "Answer given at once", "receipt_evidence": "Evidence of receipt",
			"facts": "Facts", "objective": "Objective", "solution": "Solution", "minutes": "Minutes", "measure": "Measure", "result": "Result", "reason": "Reason",
		},
	},
}
