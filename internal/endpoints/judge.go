package endpoints

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"recourse/models"
)

// reply is what a receiver sent, as far as it was read.
type reply struct {
	status int
	header http.Header
	body   []byte
	broken error // why reading ended early; nil: it did not
}

// judge says whether a reply is a yes. A webhook says it with its status alone; a robot says no in the
// body of a 200.
func judge(ctx context.Context, to Target, r reply, now time.Time) (Answer, *Refused) {
	answer := Answer{Status: r.status, Text: shown(to, r.body)}
	if !isRobot(to.Channel) {
		if r.status/100 == 3 {
			answer.Code = CodeRedirect
		}
		return answer, byStatus(to.Channel, r, now)
	}
	code, says, is := readRobot(to.Channel, r.body)
	switch {
	case is && code != 0:
		answer.Code = strconv.FormatInt(code, 10)
		return answer, byCode(to.Channel, code, says)
	case r.status/100 == 3:
		answer.Code = CodeRedirect
	case r.status/100 == 2 && is:
		return answer, nil
	case r.status/100 == 2 && r.broken != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		answer.Code = CodeTimeout
		return answer, &Refused{why: "the endpoint did not answer in time"}
	case r.status/100 == 2:
		answer.Code = CodeAnswer
		return answer, &Refused{why: "the robot's answer says neither yes nor no"}
	}
	return answer, byStatus(to.Channel, r, now)
}

func isRobot(c models.MessageChannel) bool {
	return c == models.MessageWeCom || c == models.MessageDingTalk || c == models.MessageFeishu
}

// byStatus goes by the status of HTTP.
func byStatus(c models.MessageChannel, r reply, now time.Time) *Refused {
	gateway := c == models.MessageSMS || c == models.MessageVoice
	why := "the endpoint answered " + strconv.Itoa(r.status)
	switch s := r.status; {
	case s/100 == 2:
		return nil
	case s/100 == 3:
		return &Refused{why: "the endpoint sends us elsewhere (" + strconv.Itoa(s) + "), where we do not go"}
	case s == http.StatusGone && isRobot(c):
		return &Refused{Wait: seldom, why: why}
	case s == http.StatusGone:
		return &Refused{Final: true, why: "the endpoint answered 410: it takes no more"}
	case gateway && (s == http.StatusBadRequest || s == http.StatusUnprocessableEntity):
		return &Refused{Final: true, why: why + ": it cannot send this message"}
	case s == http.StatusTooManyRequests:
		return &Refused{Wait: max(asked(r.header, now), slower), why: "the endpoint answered 429: it is asked too often"}
	default:
		return &Refused{Wait: asked(r.header, now), why: why}
	}
}

// asked is how long a receiver wants to be left alone, as seconds or as an instant; at most an hour.
func asked(h http.Header, now time.Time) time.Duration {
	says := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(says); err == nil {
		return min(max(time.Duration(min(seconds, 1<<20))*time.Second, 0), longest)
	}
	if at, err := http.ParseTime(says); err == nil {
		return min(max(at.Sub(now), 0), longest)
	}
	return 0
}
