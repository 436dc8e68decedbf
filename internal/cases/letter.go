package cases

import (
	"context"
	"fmt"
	"time"

	"recourse/models"
)

// LetterKind says what a letter tells the customer.
type LetterKind string

// The kinds of letter.
const (
	LetterReceipt  LetterKind = "receipt"  // the complaint is on record, and what we promise
	LetterReply    LetterKind = "reply"    // the latest answer
	LetterSolution LetterKind = "solution" // the solution as it was told last
	LetterResult   LetterKind = "result"   // the result as it was told last
)

// tells says which event brings what a letter tells.
var tells = map[LetterKind]models.Kind{
	LetterReceipt: models.KindOpened, LetterReply: models.KindReplied,
	LetterSolution: models.KindSolutionTold, LetterResult: models.KindResultTold,
}

// Letter is what stands in a letter to the customer.
type Letter struct {
	Kind        LetterKind
	Company     string
	Zone        *time.Location // of the company
	Language    models.Language
	Number      string
	At          time.Time // when it was told
	Name        string    // of the customer, as far as we know them
	Address     string
	Text        string // what was told; of a receipt, what the customer told us
	ResponseDue time.Time
	FeedbackDue time.Time
	RepliedAt   *time.Time
}

// Letter returns what a letter to the customer says, for who may see their contact data.
func (s *Service) Letter(ctx context.Context, a models.Actor, number string, kind LetterKind) (Letter, error) {
	row, err := s.visible(ctx, a, number)
	if err != nil {
		return Letter{}, err
	}
	if models.Sees(a, row) != models.SightFull {
		return Letter{}, models.Refuse(models.CodeForbidden, "letters hold contact data, which is not for you in this case")
	}
	events, err := s.events(ctx, row.ID)
	if err != nil {
		return Letter{}, err
	}
	words, err := s.read(ctx, row)
	if err != nil {
		return Letter{}, err
	}
	if words.erased {
		return Letter{}, models.Refuse(models.CodeGone, "the customer was erased: there is nobody to write to")
	}
	letter := Letter{
		Kind: kind, Company: s.Company, Zone: s.Zone, Language: row.Language, Number: row.Number,
		ResponseDue: row.ResponseLimitAt, FeedbackDue: row.FeedbackLimitAt, RepliedAt: row.FirstReplyAt,
	}
	for _, e := range events {
		if c := words.contact(e); c != nil {
			letter.Name, letter.Address = c.Name, c.Address
		}
		if e.Kind == tells[kind] {
			letter.At, letter.Text = e.DecidedAt, words.of(e, models.TextText)
		}
	}
	if letter.At.IsZero() {
		return Letter{}, models.Refuse(models.CodeNotFound, fmt.Sprintf("there is no %s to write about yet", kind))
	}
	return letter, s.readOf(ctx, a, row, models.ReadLetter)
}
