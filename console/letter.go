package console

import (
	"time"

	"recourse/internal/cases"
	"recourse/internal/words"
)

// letterPage is a letter to the customer, in their language, to be printed and sent.
type letterPage struct {
	cases.Letter

	Promises bool // of a receipt: what is promised and when
	Replied  bool
	Number   string
	At       time.Time
}

func (c *console) letter(v *visit) error {
	l, err := c.Cases.Letter(v.r.Context(), v.Actor, v.r.PathValue("number"), cases.LetterKind(v.r.PathValue("kind")))
	if err != nil {
		return err
	}
	as := *v
	as.Speaker = words.In(l.Language)
	if l.Zone != nil {
		as.Zone = l.Zone
	}
	return as.write(200, "letter", "letter", letterPage{Letter: l, Promises: l.Kind == cases.LetterReceipt, Replied: l.RepliedAt != nil, Number: l.Number, At: l.At})
}
