package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// answer is how the door says a code.
type answer struct {
	status  int
	en, zh  string        // title
	retry   time.Duration // how long to wait before asking again; 0: asking again is no use
	meaning string        // for the page of errors
}

// answers is the one map from codes to HTTP.
var answers = map[models.Code]answer{
	models.CodeInvalid:        {422, "A field is missing or wrong", "字段缺失或有误", 0, "errors[] names each field by its JSON pointer. Mend it and send it with a new key."},
	models.CodeMalformed:      {400, "The request cannot be read", "无法读取请求", 0, "It is no JSON, has no valid UTF-8, a NUL, half a surrogate pair, a key twice, more than 32 levels, or a header of the wrong form."},
	models.CodeTooLarge:       {413, "The request is too large", "请求过大", 0, "A body has at most 1 MiB, a file 20 MiB unless set otherwise."},
	models.CodeUnauthorized:   {401, "No valid token", "令牌无效", 0, "Send Authorization: Bearer with a token that is neither expired nor revoked."},
	models.CodeForbidden:      {403, "Not for you", "无权操作", 0, "The token is valid; its roles and departments do not allow this on this case."},
	models.CodeNotFound:       {404, "Not found", "未找到", 0, "There is no such thing, or none that you may know of."},
	models.CodeUnlawful:       {409, "Not possible in this state", "当前状态不允许此操作", 0, "The case stands in state; possible[] lists what the law allows instead."},
	models.CodeConflict:       {409, "Somebody was faster", "与其他操作冲突", 0, "Read the case again and decide again."},
	models.CodeStale:          {412, "The case has moved on", "案件已有更新", 0, "If-Match names an older version. Read the case again."},
	models.CodeKeyMissing:     {400, "No Idempotency-Key", "缺少 Idempotency-Key", 0, "Every POST carries an Idempotency-Key, so that it can be repeated safely."},
	models.CodeKeyReused:      {422, "The key was used for something else", "Idempotency-Key 已用于其他请求", 0, "The same key came with another body. A new wish needs a new key."},
	models.CodeInFlight:       {409, "Still being decided", "相同请求正在处理", time.Second, "The first request with this key is still running. Repeat it with the same key."},
	models.CodeGone:           {410, "No longer there", "已失效", 0, "The link has expired or was used, or the customer was erased."},
	models.CodeTooMany:        {429, "Too many requests", "请求过于频繁", time.Second, "Wait as long as Retry-After says."},
	models.CodeUnavailable:    {503, "Not available now", "服务暂不可用", 5 * time.Second, "Nothing was done. Repeat it with the same key."},
	models.CodeOutcomeUnknown: {503, "The outcome is not known yet", "处理结果未知", 2 * time.Second, "It may still happen. Repeat it with the same key: that returns its answer."},
	models.CodeDiverged:       {409, "The record is being repaired", "记录正在修复", 0, "Workflow and record disagreed, operations know. Read the case again later."},
	models.CodeInternal:       {500, "Our fault", "服务器内部错误", 0, "The log knows more under the request_id."},
}

// refusal is a models.Error with what only a door knows: several faults at once, how long to wait.
type refusal struct {
	base   *models.Error
	faults []openapi.Fault
	retry  time.Duration
}

// Error returns the sentence.
func (r *refusal) Error() string { return r.base.Message }

// Unwrap lets errors.As find the models.Error.
func (r *refusal) Unwrap() error { return r.base }

// refuse answers err as problem+json and ends the request. What is not ours to show is logged whole.
func (d *door) refuse(c *gin.Context, err error) {
	in := inboundOf(c.Request.Context())
	if c.Writer.Written() { // somebody went away in the middle of a file, or it could not be read to its end
		d.Log.WarnContext(c.Request.Context(), "the answer broke off", "request_id", in.id, "route", in.route, "error", err)
		panic(http.ErrAbortHandler) // the connection ends, so that nobody takes a part for the whole
	}
	shown := d.shown(c, in, err)
	says := answers[shown.Code]
	problem := openapi.Problem{
		Type: "/docs/errors#" + string(shown.Code), Title: says.en, Status: says.status, Detail: shown.Message,
		Instance: "urn:recourse:request:" + in.id, Code: openapi.Code(shown.Code), RequestID: in.id,
		State: string(shown.State), Possible: names(shown.Possible), Errors: d.contract.asParameters(in.route, c.Request.Method, faultsOf(err, shown)),
	}
	if in.spoken(c) == models.LanguageZH {
		problem.Title = says.zh
	}
	d.refusalHeaders(c, err, shown.Code, says)
	write(c, says.status, problem)
	c.Abort()
}

// shown is what of err may be seen.
func (d *door) shown(c *gin.Context, in *inbound, err error) *models.Error {
	var known *models.Error
	switch {
	case errors.As(err, &known) && known.Code != models.CodeInternal && answers[known.Code].status != 0:
		return known
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		d.Log.WarnContext(c.Request.Context(), "out of time", "request_id", in.id, "route", in.route, "error", err)
		if c.Request.Method == http.MethodGet {
			return models.Refuse(models.CodeUnavailable, "this took too long")
		}
		return models.Refuse(models.CodeOutcomeUnknown, "this took too long; it may still happen")
	default:
		d.Log.LogAttrs(c.Request.Context(), slog.LevelError, "internal error",
			slog.String("request_id", in.id), slog.String("route", in.route), slog.Any("error", err))
		return models.Refuse(models.CodeInternal, "")
	}
}

func (d *door) refusalHeaders(c *gin.Context, err error, code models.Code, says answer) {
	retry := says.retry
	var r *refusal
	if errors.As(err, &r) && r.retry > 0 {
		retry = r.retry
	}
	if retry > 0 {
		seconds := (retry + time.Second - 1) / time.Second
		c.Header("Retry-After", strconv.Itoa(int(seconds)))
	}
	if code == models.CodeUnauthorized {
		c.Header("WWW-Authenticate", challenge(c))
	}
}

// challenge says how to come in, and whether the token that came is the trouble (RFC 6750).
func challenge(c *gin.Context) string {
	if c.GetHeader("Authorization") == "" {
		return `Bearer realm="recourse"`
	}
	return `Bearer realm="recourse", error="invalid_token"`
}

func faultsOf(err error, shown *models.Error) []openapi.Fault {
	var r *refusal
	if errors.As(err, &r) && len(r.faults) > 0 {
		return r.faults
	}
	if many, is := errors.AsType[*cases.Refused](err); is {
		return manyFaults(many)
	}
	if shown.Field == "" {
		return nil
	}
	return []openapi.Fault{{Pointer: &shown.Field, Detail: shown.Message}}
}

func write(c *gin.Context, status int, problem openapi.Problem) {
	body, err := json.Marshal(problem)
	if err != nil { // it is made of strings and numbers
		body = []byte(`{}`)
	}
	c.Data(status, "application/problem+json", body)
}

// cut keeps a sentence short enough for a person; what callers sent may be in it.
func cut(s string) string {
	const most = 300
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// names turns a closed set's values into plain strings.
func names[T ~string](set []T) []string {
	if set == nil {
		return nil
	}
	plain := make([]string, len(set))
	for i, v := range set {
		plain[i] = string(v)
	}
	return plain
}

// as turns values of one closed set into those of another that has the same words.
func as[T, F ~string](from []F) []T {
	to := make([]T, len(from))
	for i, v := range from {
		to[i] = T(v)
	}
	return to
}
