package endpoints

import (
	"encoding/json"
	"strconv"
	"strings"

	"recourse/models"
)

// readRobot reads a robot's code; false when the body holds none. Each field is read for itself, so that
// one of another type than ever before does not hide the code.
func readRobot(c models.MessageChannel, body []byte) (code int64, says string, is bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return 0, "", false
	}
	names, message := []string{"errcode"}, "errmsg"
	if c == models.MessageFeishu { // an older robot has only the second; a newer both, and zero in the second whatever happened
		names, message = []string{"code", "StatusCode"}, "msg"
	}
	for _, name := range names {
		var n *int64
		if json.Unmarshal(fields[name], &n) == nil && n != nil {
			code, is = *n, true
			break
		}
	}
	_ = json.Unmarshal(fields[message], &says) // without it the code has to do
	return code, says, is
}

// kind is what a code of a robot asks of us.
type kind int

const (
	unknown kind = iota // tried again like anything else
	later               // tried again like anything else
	fast                // slow down
	mend                // somebody has to mend the robot or what we know of it; the message is good
	never               // the message is refused whenever it comes
)

// meaning is a code's kind, and what it means, in our words.
type meaning struct {
	kind kind
	why  string
}

// The meanings that several codes share.
var (
	isBusy   = meaning{later, "the robot's service is busy"}
	isFast   = meaning{fast, "the robot is asked too often"}
	isGone   = meaning{mend, "there is no robot behind this address any more"}
	isOff    = meaning{mend, "the robot is switched off"}
	isForm   = meaning{never, "the robot does not take a message of this form"}
	isWords  = meaning{never, "the robot's service does not let these words pass"}
	isSign   = meaning{mend, "the robot does not take our signature: the secret differs, or a clock is wrong"}
	isFrom   = meaning{mend, "the robot does not take messages from our address"}
	isKey    = meaning{later, "the robot wants a keyword that our message does not hold"} // another message may hold it: the robot is not left alone
	isSecure = meaning{mend, "the robot's security settings refuse us"}
)

// meanings are the codes that the makers' manuals list, and that their robots were seen to answer.
var meanings = map[models.MessageChannel]map[int64]meaning{
	models.MessageWeCom: {
		-1: isBusy, 45009: isFast, 45033: isFast,
		93000: isGone, 93004: isOff, 93008: {mend, "the robot is not in the group"},
		40008: isForm, 40058: isForm, 44004: isForm, 45002: isForm,
	},
	models.MessageDingTalk: {
		-1: isBusy, 130101: isFast, 410100: isFast, 90030: isFast,
		310000: isSecure, 300001: isGone, 300005: isGone, 400101: isGone, 400106: isGone,
		400013: {mend, "the group does not exist any more"}, 400102: isOff,
		40035: isForm, 43004: isForm, 400105: isForm, 460101: isForm,
		430101: isWords, 430102: isWords, 430103: isWords, 430104: isWords,
	},
	models.MessageFeishu: {
		11232: isFast, 99991400: isFast,
		19001: isGone, 19007: isOff, 19021: isSign, 19022: isFrom, 19024: isKey,
		9499: isForm, 19002: isForm, 200621: isForm,
	},
}

// byCode goes by what a robot answered. Some codes stand for several things; then its words decide.
func byCode(c models.MessageChannel, code int64, says string) *Refused {
	m := meanings[c][code]
	says = strings.ToLower(says)
	switch {
	case m.kind != fast && sayFast(says):
		m = isFast
	case m == isSecure:
		m = whichSetting(says)
	case c == models.MessageDingTalk && code == 40035 && strings.Contains(says, "access_token"):
		m = isGone // the address lacks it
	}
	number := " (" + strconv.FormatInt(code, 10) + ")"
	switch m.kind {
	case fast:
		return &Refused{Wait: slower, why: m.why + number}
	case mend:
		return &Refused{Wait: seldom, why: m.why + number}
	case never:
		return &Refused{Final: true, why: m.why + number}
	case later:
		return &Refused{why: m.why + number}
	case unknown:
	}
	return &Refused{why: "the robot refuses the message" + number}
}

// sayFast recognizes a limit under whatever number it comes: DingTalk has used three, and Feishu's 9499 is
// both a limit and a bad request.
func sayFast(says string) bool {
	for _, words := range []string{"too fast", "too many request", "frequency", "freq out of limit"} {
		if strings.Contains(says, words) {
			return true
		}
	}
	return false
}

// whichSetting tells DingTalk's three security settings apart, which share one code.
func whichSetting(says string) meaning {
	switch {
	case strings.Contains(says, "keyword"), strings.Contains(says, "关键词"):
		return isKey
	case strings.Contains(says, "sign"), strings.Contains(says, "timestamp"), strings.Contains(says, "签名"):
		return isSign
	case strings.Contains(says, "whitelist"), strings.Contains(says, "白名单"):
		return isFrom
	}
	return isSecure
}
