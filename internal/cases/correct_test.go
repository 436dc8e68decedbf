package cases_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/cases/casestest"
	"recourse/models"
	"recourse/workflows/contract"
)

// amend corrects contact data, and nothing else.
func (h *desk) amend(ctx context.Context, a models.Actor, number string, to models.Contact) (cases.Done, error) {
	return h.Do(ctx, h.call(a), number, correction(to))
}

func correction(to models.Contact) cases.Wish {
	return cases.Wish{
		Verb: models.VerbAmend, Data: models.Amended{}, Contact: &to, Words: map[string]string{models.TextReason: "号码记错了"},
	}
}

func TestCorrectedContactDataIsUsedFromThenOnAndTheOldIsKept(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		row := h.dispatched(t, told("电饭煲漏电", "王小明", "13800138000"), "h-1")
		now := models.Contact{
			Name: "王小敏", Phone: "+86 139 0013 9001", Email: "min@example.cn", Address: "王府井大街1号",
			Second: &models.SecondContact{Name: "李丽", Phone: "13700137000", ActsFor: true},
		}
		done, err := h.amend(t.Context(), supervisor, row.Number, now)
		require.NoError(t, err)
		require.Equal(t, row.Seq+1, done.Seq)

		v, err := h.Case(t.Context(), supervisor, row.Number)
		require.NoError(t, err)
		require.Equal(t, &now, v.Contact)
		order, err := h.WorkOrder(t.Context(), supervisor, row.Number)
		require.NoError(t, err)
		require.Equal(t, &now, order.Contact)
		to, err := h.ContactOf(t.Context(), row)
		require.NoError(t, err)
		require.Equal(t, now, to, "messages go there")
		letter, err := h.Letter(t.Context(), supervisor, row.Number, cases.LetterReceipt)
		require.NoError(t, err)
		require.Equal(t, "王府井大街1号", letter.Address)
		shown, err := h.Unmask(t.Context(), quality, row.Number, "回访")
		require.NoError(t, err)
		require.Equal(t, now, shown)
		customer, err := h.Customer(t.Context(), supervisor, row.CustomerID)
		require.NoError(t, err)
		require.Equal(t, now, *customer.Contact)
		require.Equal(t, "13800138000", customer.Also[0].Phone, "what was given first stays")

		for _, q := range []string{"13900139001", "13800138000", "王小敏", "王小明", "李丽", "min@example.cn"} {
			require.Equal(t, []string{row.Number}, h.finds(t, supervisor, q), q)
		}
		for _, phone := range []string{"13900139001", "13800138000"} {
			next := h.open(t, told("又漏电了", "王小敏", phone))
			require.Equal(t, row.CustomerID, next.CustomerID, phone)
		}
		require.NoError(t, h.Reindex(t.Context(), func(int) {}))
		require.Len(t, h.finds(t, supervisor, "13900139001"), 2)
	})
}

func TestTheTimelineSaysWhatWasCorrectedToEachAsTheyMaySee(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		row := h.dispatched(t, told("电饭煲漏电", "王小明", "13800138000"), "")
		_, err := h.amend(t.Context(), supervisor, row.Number, models.Contact{Name: "王小明", Phone: "13900139001", Address: "王府井大街1号"})
		require.NoError(t, err)
		full := []models.Change{
			{Field: "contact.phone", Was: "13800138000", Is: "13900139001"},
			{Field: "contact.address", Was: "", Is: "王府井大街1号"},
		}
		hidden := []models.Change{
			{Field: "contact.phone", Was: "138****8000", Is: "139****9001"},
			{Field: "contact.address", Was: "", Is: "***"},
		}
		reads := func() int {
			page, err := h.Reads(t.Context(), auditor, row.Number, "", 0)
			require.NoError(t, err)
			return len(page.Items)
		}
		for _, c := range []struct {
			look  func(context.Context, models.Actor, string) ([]cases.Moment, error)
			actor models.Actor
			want  []models.Change
			read  int
		}{
			{h.Timeline, supervisor, full, 1},
			{h.Timeline, quality, hidden, 0},
			{h.Timeline, operator, nil, 0},
			{h.Story, supervisor, hidden, 0},
			{h.Story, quality, hidden, 0},
			{h.Story, operator, nil, 0},
		} {
			before := reads()
			moments, err := c.look(t.Context(), c.actor, row.Number)
			require.NoError(t, err)
			last := moments[len(moments)-1]
			require.Equal(t, models.KindAmended, last.Event.Kind)
			require.Equal(t, supervisor.ID, last.Event.Actor.ID)
			require.Equal(t, c.want, last.Contact, c.actor.ID)
			require.Equal(t, c.read, reads()-before, "who is shown contact data in full is kept")
		}
		for actor, want := range map[string][]models.Change{"supervisor": full, "quality": hidden} {
			v, err := h.Case(t.Context(), as(models.Role(actor)), row.Number)
			require.NoError(t, err)
			require.Len(t, v.Corrections, 1)
			require.Equal(t, want, v.Corrections[0].Changes)
		}
		v, err := h.Glance(t.Context(), supervisor, row.Number)
		require.NoError(t, err)
		require.Empty(t, v.Corrections)
		require.Nil(t, v.Contact)
	})
}

func TestContactDataIsCorrectedByWhoMaySeeItAndAsAtIntake(t *testing.T) {
	t.Parallel()
	h := newDesk(t, t.TempDir()+"/refused.db")
	n := told("我要举报漏电", "王小明", "13800138000")
	n.Opened.Confidential = true
	secret := h.dispatched(t, n, "h-1")
	open := h.dispatched(t, told("漏电", "李丽", "13700137000"), "h-1")
	a := told("匿名", "", "")
	a.Opened.Anonymous = true
	anonymous := h.dispatched(t, a, "h-1")
	fine := models.Contact{Phone: "13900139001"}
	colleague := as(models.RoleHandler, "sales")
	for name, c := range map[string]struct {
		actor  models.Actor
		on     models.Case
		to     models.Contact
		code   models.Code
		field  string
		before bool
	}{
		"a colleague who sees it masked":        {actor: colleague, on: secret, to: fine, code: models.CodeForbidden},
		"quality, who may not amend":            {actor: quality, on: open, to: fine, code: models.CodeForbidden},
		"a stranger":                            {actor: as(models.RoleHandler, "works"), on: open, to: fine, code: models.CodeNotFound},
		"an anonymous customer":                 {actor: supervisor, on: anonymous, to: fine, code: models.CodeInvalid, field: "/contact"},
		"nothing by which they are reached":     {actor: supervisor, on: open, to: models.Contact{Name: "李丽"}, code: models.CodeInvalid, field: "/contact"},
		"what it is already, and nothing else":  {actor: supervisor, on: open, to: models.Contact{Name: "李丽", Phone: "13700137000"}, code: models.CodeInvalid, field: "/reason"},
		"nothing at all for a confidential one": {actor: supervisor, on: secret, to: models.Contact{}, code: models.CodeInvalid, field: "/contact"},
	} {
		_, err := h.amend(t.Context(), c.actor, c.on.Number, c.to)
		require.Equal(t, c.code, models.CodeOf(err), "%s: %v", name, err)
		var refused *models.Error
		require.ErrorAs(t, err, &refused)
		require.Equal(t, c.field, refused.Field, name)
	}
	for _, row := range []models.Case{secret, open, anonymous} {
		after, err := h.store.Case(t.Context(), row.ID)
		require.NoError(t, err)
		require.Equal(t, row.Seq, after.Seq, "nothing was changed")
	}
	assignee := as(models.RoleHandler, "sales")
	assignee.ID = "h-1"
	_, err := h.amend(t.Context(), assignee, secret.Number, fine)
	require.NoError(t, err, "who handles it sees what is confidential")
	w := correction(models.Contact{Name: "李丽", Phone: "13700137000"})
	w.Data = models.Amended{Changes: []models.Change{{Field: "product", Is: "破壁机"}}}
	_, err = h.Do(t.Context(), h.call(supervisor), open.Number, w)
	require.NoError(t, err)
	moments, err := h.Timeline(t.Context(), supervisor, open.Number)
	require.NoError(t, err)
	require.NotContains(t, moments[len(moments)-1].Words, models.TextContact, "what is as it was is not said again")
	require.Equal(t, []string{open.Number}, h.finds(t, supervisor, "破壁机"), "a corrected product finds the case")
}

func TestACorrectionIsOneHoweverOftenItIsSent(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		row := h.dispatched(t, told("漏电", "王小明", "13800138000"), "")
		call, w := h.call(supervisor), correction(models.Contact{Phone: "13900139001"})
		w.IfSeq = row.Seq
		first, err := h.Do(t.Context(), call, row.Number, w)
		require.NoError(t, err)
		again, err := h.Do(t.Context(), call, row.Number, w)
		require.NoError(t, err)
		require.True(t, again.Replayed)
		require.Equal(t, first.Seq, again.Seq)
		w.Contact = &models.Contact{Phone: "13600136000"}
		_, err = h.Do(t.Context(), h.call(supervisor), row.Number, w)
		require.Equal(t, models.CodeStale, models.CodeOf(err), "somebody was faster")
		found, err := h.Customers(t.Context(), supervisor, cases.CustomerQuery{Phone: "13600136000"})
		require.NoError(t, err)
		require.Empty(t, found, "what was refused finds nobody")
		require.Empty(t, h.finds(t, supervisor, "13600136000"))
		v, err := h.Case(t.Context(), supervisor, row.Number)
		require.NoError(t, err)
		require.Equal(t, "13900139001", v.Contact.Phone)
	})
}

func TestAPhoneThatIsAnotherCustomersStaysTheirsAndIsSaid(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		other := h.dispatched(t, told("空调不冷", "王明", "13900139001"), "")
		row := h.dispatched(t, told("漏电", "王小明", "13800138000"), "")
		_, err := h.amend(t.Context(), supervisor, row.Number, models.Contact{Name: "王小明", Phone: "13900139001", Email: "xm@example.cn"})
		require.NoError(t, err)
		v, err := h.Case(t.Context(), supervisor, row.Number)
		require.NoError(t, err)
		require.Equal(t, "13900139001", v.Contact.Phone)
		require.Equal(t, []string{other.CustomerID}, v.Namesakes)
		require.Equal(t, other.CustomerID, h.open(t, told("又不冷", "王明", "13900139001")).CustomerID)
		n := told("又漏", "王小明", "")
		n.Contact.Email = "xm@example.cn"
		require.Equal(t, row.CustomerID, h.open(t, n).CustomerID, "the new address is theirs")

		own := as(models.RoleIntake)
		own.ID = "somebody"
		v, err = h.Case(t.Context(), own, row.Number)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		require.Empty(t, v.Namesakes)

		_, err = h.Merge(t.Context(), h.call(supervisor), row.CustomerID, other.CustomerID, "同一人")
		require.NoError(t, err)
		v, err = h.Case(t.Context(), supervisor, row.Number)
		require.NoError(t, err)
		require.Empty(t, v.Namesakes, "they are one now")
		_, err = h.amend(t.Context(), supervisor, row.Number, models.Contact{Phone: "13600136000"})
		require.NoError(t, err)
		require.Equal(t, other.CustomerID, h.open(t, told("还漏", "王小明", "13600136000")).CustomerID, "found is who goes on for both")
	})
}

func TestErasingTakesCorrectedContactDataToo(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		row := h.dispatched(t, told("漏电", "王小明", "13800138000"), "")
		_, err := h.amend(t.Context(), supervisor, row.Number, models.Contact{Name: "王小敏", Phone: "13900139001"})
		require.NoError(t, err)
		require.NoError(t, h.store.Erase(t.Context(), row.CustomerID, h.now.Add(time.Hour)))
		loose, err := h.store.Loose(t.Context())
		require.NoError(t, err)
		require.Empty(t, loose)
		for _, q := range []string{"13900139001", "王小敏"} {
			require.Empty(t, h.finds(t, supervisor, q), q)
		}
		require.NotEqual(t, row.CustomerID, h.open(t, told("漏", "王小敏", "13900139001")).CustomerID)
		_, err = h.ContactOf(t.Context(), row)
		require.ErrorIs(t, err, models.ErrErased)
		moments, err := h.Timeline(t.Context(), supervisor, row.Number)
		require.NoError(t, err)
		require.Empty(t, moments[len(moments)-1].Contact)
		_, err = h.amend(t.Context(), supervisor, row.Number, models.Contact{Phone: "13600136000"})
		require.ErrorIs(t, err, models.ErrErased)
		require.NoError(t, h.Reindex(t.Context(), func(int) {}))
		found, err := h.Customers(t.Context(), supervisor, cases.CustomerQuery{Phone: "13600136000"})
		require.NoError(t, err)
		require.Empty(t, found)
	})
}

func TestACorrectedComplaintIsReadAsCorrected(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		row := h.dispatched(t, told("电饭煲漏电", "王小明", "13800138000"), "")
		_, err := h.Do(t.Context(), h.call(supervisor), row.Number, cases.Wish{
			Verb: models.VerbAmend, Data: models.Amended{}, Words: map[string]string{models.TextReason: "听错了", models.TextText: "电饭煲漏水"},
		})
		require.NoError(t, err)
		v, err := h.Case(t.Context(), supervisor, row.Number)
		require.NoError(t, err)
		require.Equal(t, "电饭煲漏水", v.Text)
		order, err := h.WorkOrder(t.Context(), supervisor, row.Number)
		require.NoError(t, err)
		require.Equal(t, "电饭煲漏水", order.Text)
		page, err := h.Queue(t.Context(), supervisor, cases.Query{})
		require.NoError(t, err)
		require.Equal(t, "电饭煲漏水", page.Items[0].Gist)
		require.Equal(t, []string{row.Number}, h.finds(t, supervisor, "漏水"))
		moments, err := h.Timeline(t.Context(), supervisor, row.Number)
		require.NoError(t, err)
		require.Equal(t, "电饭煲漏电", moments[0].Words[models.TextText], "what was put on record first stays")
	})
}

// A way that got lost is seen by the check and made again by the rebuild.
func TestALostWayToACustomerIsSeenAndMadeAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		row := h.dispatched(t, told("漏电", "王小明", "13800138000"), "")
		_, err := h.amend(t.Context(), supervisor, row.Number, models.Contact{Phone: "13900139001"})
		require.NoError(t, err)
		driver := "sqlite"
		if strings.HasPrefix(h.url, "postgres") {
			driver = "pgx"
		}
		db, err := sql.Open(driver, h.url)
		require.NoError(t, err)
		_, err = db.ExecContext(t.Context(), "DELETE FROM customer_digests WHERE digest = '"+h.vault.Digest("phone", "13900139001")+"'")
		require.NoError(t, err)
		require.NoError(t, db.Close())
		loose, err := h.store.Loose(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{"1 ways of corrected contact data find no customer"}, loose)
		require.NoError(t, h.Reindex(t.Context(), func(int) {}))
		loose, err = h.store.Loose(t.Context())
		require.NoError(t, err)
		require.Empty(t, loose)
		require.Equal(t, row.CustomerID, h.open(t, told("漏", "王", "13900139001")).CustomerID)
	})
}

// forgetful decides what it is sent, and forgets to answer the first time.
type forgetful struct {
	casestest.Engine

	orders []contract.Order
}

func (f *forgetful) Command(ctx context.Context, caseID string, order contract.Order) (contract.Outcome, error) {
	f.orders = append(f.orders, order)
	if len(f.orders) > 1 {
		return contract.Outcome{Recorded: true}, nil
	}
	if _, err := f.Engine.Command(ctx, caseID, order); err != nil {
		return contract.Outcome{}, err
	}
	return contract.Outcome{}, models.Refuse(models.CodeOutcomeUnknown, "ask again")
}

func TestACorrectionWhoseAnswerWasLostIsTheSameCommandAgain(t *testing.T) {
	t.Parallel()
	h := newDesk(t, t.TempDir()+"/lost.db")
	row := h.dispatched(t, told("漏电", "王小明", "13800138000"), "")
	engine := &forgetful{Engine: casestest.Engine{Record: h.store, Now: func() time.Time { return h.now }}}
	h.Engine = engine
	call, w := h.call(supervisor), correction(models.Contact{Phone: "13900139001"})
	_, err := h.Do(t.Context(), call, row.Number, w)
	require.Equal(t, models.CodeOutcomeUnknown, models.CodeOf(err))
	_, err = h.Do(t.Context(), call, row.Number, w)
	require.NoError(t, err)
	require.Equal(t, engine.orders[0].Command.Texts, engine.orders[1].Command.Texts, "although it is what it was by now")
}
