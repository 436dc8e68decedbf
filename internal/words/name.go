package words

import (
	"fmt"
	"reflect"

	"recourse/models"
)

// prefixes say where the names of a closed set stand in the catalogue.
var prefixes = map[reflect.Type]string{
	reflect.TypeFor[models.Severity]():        "severity",
	reflect.TypeFor[models.Nature]():          "nature",
	reflect.TypeFor[models.Attribution]():     "attribution",
	reflect.TypeFor[models.Cause]():           "cause",
	reflect.TypeFor[models.Channel]():         "channel",
	reflect.TypeFor[models.Outcome]():         "outcome",
	reflect.TypeFor[models.CallbackOutcome](): "callback",
	reflect.TypeFor[models.Language]():        "language",
	reflect.TypeFor[models.State]():           "state",
	reflect.TypeFor[models.Verb]():            "verb",
	reflect.TypeFor[models.Kind]():            "event",
	reflect.TypeFor[models.Clock]():           "clock",
	reflect.TypeFor[models.Bound]():           "bound",
	reflect.TypeFor[models.ClockEnd]():        "clock_end",
	reflect.TypeFor[models.Role]():            "role",
	reflect.TypeFor[models.ActorKind]():       "actor",
	reflect.TypeFor[models.RequestKind]():     "request",
	reflect.TypeFor[models.ReworkCause]():     "rework",
	reflect.TypeFor[models.LateReason]():      "late",
	reflect.TypeFor[models.CloseReason]():     "close",
	reflect.TypeFor[models.ArchiveCause]():    "archive",
	reflect.TypeFor[models.RestartCause]():    "restart",
	reflect.TypeFor[models.PauseReason]():     "pause",
	reflect.TypeFor[models.Part]():            "part",
	reflect.TypeFor[models.ResumeCause]():     "resume",
	reflect.TypeFor[models.MoneyKind]():       "money",
	reflect.TypeFor[models.Relation]():        "relation",
	reflect.TypeFor[models.Direction]():       "direction",
	reflect.TypeFor[models.Audience]():        "audience",
	reflect.TypeFor[models.ProblemCause]():    "problem",
	reflect.TypeFor[models.MessageState]():    "message_state",
	reflect.TypeFor[models.MessageChannel]():  "message_channel",
	reflect.TypeFor[models.AlertWay]():        "alert_way",
	reflect.TypeFor[models.GapKind]():         "gap",
	reflect.TypeFor[models.Code]():            "refusal",
	reflect.TypeFor[models.AdjustmentKind]():  "adjustment",
	reflect.TypeFor[models.AdjustmentState](): "adjustment_state",
	reflect.TypeFor[models.AdjustedState]():   "adjusted",
	reflect.TypeFor[models.Medium]():          "medium",
}

// Name is how people call a member of a closed set, as it stands inside a sentence; an empty member
// has no name.
func (s *Speaker) Name(member any) string {
	v := reflect.ValueOf(member)
	if v.Kind() != reflect.String || v.Len() == 0 {
		return ""
	}
	prefix, is := prefixes[v.Type()]
	if !is {
		return fmt.Sprint(member)
	}
	return s.Say(prefix + "." + v.String())
}

// News says in a few words what happened on a case; empty for what is no news.
func (s *Speaker) News(k models.Kind) string { return s.plain["news."+string(k)] }
