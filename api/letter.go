package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
	"time"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

//go:embed letter.html
var letterSource string

//go:embed letter.css
var letterStyle string

var letterPage = template.Must(template.New("letter").Parse(strings.Replace(letterSource, "/*style*/", letterStyle, 1)))

// letterPolicy lets the page have its own style and nothing else.
var letterPolicy = func() string {
	sum := sha256.Sum256([]byte(letterStyle))
	return fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		base64.StdEncoding.EncodeToString(sum[:]))
}()

// letterWords are the words around what is told, in one language. The mails say the same.
type letterWords struct {
	lang, number, date, to, dear, day, instant string
	titles, before, after                      map[cases.LetterKind]string
	respond, feedback, thanks                  string
}

var letters = map[models.Language]letterWords{
	models.LanguageZH: {
		lang: "zh-CN", number: "投诉编号", date: "日期", to: "收件人", dear: "您好：", day: "2006年1月2日", instant: "2006年1月2日 15:04",
		titles: map[cases.LetterKind]string{
			cases.LetterReceipt: "投诉登记回执", cases.LetterReply: "投诉答复", cases.LetterSolution: "投诉处理方案", cases.LetterResult: "投诉处理结果",
		},
		before: map[cases.LetterKind]string{
			cases.LetterReceipt: "您的投诉我们已经收到并登记，内容如下：", cases.LetterReply: "关于您的投诉，答复如下：",
			cases.LetterSolution: "您的投诉处理方案已经确定：", cases.LetterResult: "您的投诉已经办完，结果如下：",
		},
		after: map[cases.LetterKind]string{
			cases.LetterReply:    "如有疑问或补充，请随时与我们联系。",
			cases.LetterSolution: "我们会按方案尽快落实，办完后再把结果告诉您。对方案有不同意见，请与我们联系。",
			cases.LetterResult:   "如果问题没有解决，请告诉我们，我们会重新处理。",
		},
		respond: "最迟 %s，会有工作人员给您答复。", feedback: "最迟 %s，我们会把处理方案告诉您。",
		thanks: "感谢您告诉我们，给您添麻烦了。",
	},
	models.LanguageEN: {
		lang: "en", number: "Complaint number", date: "Date", to: "To", dear: "Hello,", day: "2 January 2006", instant: "2 January 2006, 15:04",
		titles: map[cases.LetterKind]string{
			cases.LetterReceipt: "Your complaint is on record", cases.LetterReply: "Our answer to your complaint",
			cases.LetterSolution: "Our solution for your complaint", cases.LetterResult: "The result of your complaint",
		},
		before: map[cases.LetterKind]string{
			cases.LetterReceipt: "We have received your complaint and put it on record as follows:", cases.LetterReply: "This is our answer to your complaint:",
			cases.LetterSolution: "This is what we are going to do about your complaint:", cases.LetterResult: "We have finished our work on your complaint. This is the result:",
		},
		after: map[cases.LetterKind]string{
			cases.LetterReply:    "If you have a question or something to add, please tell us.",
			cases.LetterSolution: "We will carry it out as soon as we can and tell you the result. If you do not agree, please tell us.",
			cases.LetterResult:   "If it is not solved for you, please tell us, and we will take it up again.",
		},
		respond: "A person will answer you by %s at the latest.", feedback: "We will tell you our solution by %s at the latest.",
		thanks: "Thank you for telling us, and we are sorry for the trouble.",
	},
}

// letterView is what the page shows, line by line.
type letterView struct {
	Lang, Title, Company, NumberLabel, Number, DateLabel, Date, ToLabel, Name, Address string
	Dear, Before, Text, Thanks                                                         string
	After                                                                              []string
}

func letterOf(l cases.Letter) letterView {
	w, known := letters[l.Language]
	if !known {
		w = letters[models.LanguageZH]
	}
	v := letterView{
		Lang: w.lang, Title: w.titles[l.Kind], Company: l.Company, NumberLabel: w.number, Number: l.Number,
		DateLabel: w.date, Date: l.At.In(l.Zone).Format(w.day), ToLabel: w.to, Name: l.Name, Address: l.Address,
		Dear: w.dear, Before: w.before[l.Kind], Text: l.Text, Thanks: w.thanks,
	}
	if after := w.after[l.Kind]; after != "" {
		v.After = append(v.After, after)
	}
	if l.Kind == cases.LetterReceipt {
		v.After = append(v.After, promises(l, w)...)
	}
	return v
}

// promises are the bounds that a receipt names; an answer that was given is promised no more.
func promises(l cases.Letter, w letterWords) []string {
	by := func(says string, at time.Time) string { return fmt.Sprintf(says, at.In(l.Zone).Format(w.instant)) }
	says := []string{by(w.feedback, l.FeedbackDue)}
	if l.RepliedAt == nil {
		says = append([]string{by(w.respond, l.ResponseDue)}, says...)
	}
	return says
}

// PrintLetter shows a letter to the customer as a page to be printed.
func (d *door) PrintLetter(ctx context.Context, r openapi.PrintLetterRequestObject) (openapi.PrintLetterResponseObject, error) {
	ctx, in := enter(ctx)
	letter, err := d.Cases.Letter(ctx, in.actor(), r.Number, cases.LetterKind(r.Params.Kind))
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	if err := letterPage.Execute(&page, letterOf(letter)); err != nil {
		return nil, fmt.Errorf("print letter of %s: %w", letter.Number, err)
	}
	return openapi.PrintLetter200TextHTMLResponse{Body: &page, ContentLength: int64(page.Len())}, nil
}
