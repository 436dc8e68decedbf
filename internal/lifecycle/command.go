package lifecycle

import (
	"encoding/json"
	"fmt"
	"time"

	"recourse/models"
)

// Command is what somebody wishes to do to a case: a verb, and what it would put on record. Texts
// are staged in the store before and travel by reference.
type Command struct {
	ID         string           `json:"id"` // hash of principal, route and idempotency key
	Verb       models.Verb      `json:"verb"`
	Actor      models.Actor     `json:"actor"`
	HappenedAt time.Time        `json:"happened_at,omitzero"` // in the world; zero: now
	IfSeq      int64            `json:"if_seq,omitempty"`     // refuse when the case has moved on; 0: never
	Data       models.Data      `json:"data"`
	Texts      []models.TextRef `json:"texts,omitempty"`
}

type commandJSON struct {
	plainCommand
	Kind models.Kind     `json:"kind"` // of Data
	Data json.RawMessage `json:"data"`
}

type plainCommand Command // without the methods below

// MarshalJSON writes the command with the kind of its data.
func (c Command) MarshalJSON() ([]byte, error) {
	data, err := json.Marshal(c.Data)
	if err != nil {
		return nil, fmt.Errorf("write command %s: %w", c.Verb, err)
	}
	return json.Marshal(commandJSON{plainCommand: plainCommand(c), Kind: c.Data.Kind(), Data: data})
}

// UnmarshalJSON reads a command.
func (c *Command) UnmarshalJSON(b []byte) error {
	var read commandJSON
	if err := json.Unmarshal(b, &read); err != nil {
		return fmt.Errorf("read command: %w", err)
	}
	data, err := models.ReadData(read.Kind, read.Kind.Version(), read.Data)
	if err != nil {
		return fmt.Errorf("read command %s: %w", read.Verb, err)
	}
	*c = Command(read.plainCommand)
	c.Data = data
	return nil
}

// kindOf says what each verb puts on record first.
var kindOf = map[models.Verb]models.Kind{
	models.VerbOpen:           models.KindOpened,
	models.VerbDispatch:       models.KindDispatched,
	models.VerbAccept:         models.KindAccepted,
	models.VerbReply:          models.KindReplied,
	models.VerbLogContact:     models.KindContactLogged,
	models.VerbNote:           models.KindNoted,
	models.VerbMessage:        models.KindMessaged,
	models.VerbPropose:        models.KindProposed,
	models.VerbApprove:        models.KindApproved,
	models.VerbReject:         models.KindRejected,
	models.VerbTellSolution:   models.KindSolutionTold,
	models.VerbResolve:        models.KindResolved,
	models.VerbTellResult:     models.KindResultTold,
	models.VerbRecordCallback: models.KindCallbackRecorded,
	models.VerbAnswerSurvey:   models.KindSurveyAnswered,
	models.VerbConfirm:        models.KindConfirmed,
	models.VerbNotSolved:      models.KindNotSolved,
	models.VerbClose:          models.KindClosed,
	models.VerbRework:         models.KindReworked,
	models.VerbReopen:         models.KindReopened,
	models.VerbArchive:        models.KindArchived,
	models.VerbArchiveEarly:   models.KindRequested,
	models.VerbDecide:         models.KindDecided,
	models.VerbAcknowledge:    models.KindAcknowledged,
	models.VerbSnooze:         models.KindSnoozed,
	models.VerbHandOver:       models.KindHandedOver,

	models.VerbSettle:           models.KindSettled,
	models.VerbReturn:           models.KindReturned,
	models.VerbRecall:           models.KindRecalled,
	models.VerbTransfer:         models.KindTransferred,
	models.VerbRetract:          models.KindRetracted,
	models.VerbAssign:           models.KindAssigned,
	models.VerbGiveTask:         models.KindTaskGiven,
	models.VerbFinishTask:       models.KindTaskFinished,
	models.VerbCancelTask:       models.KindTaskCancelled,
	models.VerbImmediateMeasure: models.KindMeasureTaken,
	models.VerbTellProgress:     models.KindProgressTold,
	models.VerbTellInterim:      models.KindInterimTold,
	models.VerbPromiseContact:   models.KindContactPromised,
	models.VerbPause:            models.KindPaused,
	models.VerbResume:           models.KindResumed,
	models.VerbExtend:           models.KindRequested,
	models.VerbLowerSeverity:    models.KindRequested,
	models.VerbLongPause:        models.KindRequested,
	models.VerbCompensate:       models.KindRequested,
	models.VerbNotAccept:        models.KindRequested,
	models.VerbReclassify:       models.KindReclassified,
	models.VerbUrge:             models.KindUrged,
	models.VerbSupervise:        models.KindSupervised,
	models.VerbReport:           models.KindReported,
	models.VerbAmend:            models.KindAmended,
	models.VerbVoid:             models.KindVoided,
	models.VerbAttach:           models.KindAttached,
	models.VerbRestrict:         models.KindRestricted,
	models.VerbWithdraw:         models.KindWithdrawn,
	models.VerbMerge:            models.KindMerged,
	models.VerbUnmerge:          models.KindUnmerged,
	models.VerbLink:             models.KindLinked,
	models.VerbReschedule:       models.KindRescheduled,
	models.VerbMoveDeadlines:    models.KindDeadlinesMoved,
}

// KindOf returns the kind of event that verb v puts on record first.
func KindOf(v models.Verb) models.Kind { return kindOf[v] }
