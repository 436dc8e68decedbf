package cases_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

func TestACustomerIsFoundByWhatIsKnownOfThem(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		n := told("电饭煲漏电", "王小明", "+86 138 0013 8000")
		n.Contact.Email, n.Contact.ExternalID, n.Contact.Address = "Wang@Example.cn", "CRM77", "王府井大街1号"
		row := h.open(t, n)
		h.open(t, told("天气", "李四", "13900139000"))
		for _, q := range []cases.CustomerQuery{
			{Phone: "13800138000"},
			{Phone: "0086 138-0013-8000"},
			{Email: "wang@example.cn"},
			{ExternalID: "CRM77"},
			{Name: "王小明"},
			{Name: "小明"},
			{Name: "王小"},
		} {
			got, err := h.Customers(t.Context(), supervisor, q)
			require.NoError(t, err, q)
			require.Len(t, got, 1, q)
			require.Equal(t, row.CustomerID, got[0].ID)
			require.Equal(t, models.Contact{
				Name: "王**", Phone: "138****8000", Email: "W***@Example.cn", ExternalID: "C***", Address: "***",
			}, *got[0].Contact, "a list is masked for everybody")
		}
		for _, q := range []cases.CustomerQuery{{Phone: "13800138009"}, {Name: "王府井"}, {Name: "王五六"}, {Email: "x@example.cn"}} {
			got, err := h.Customers(t.Context(), supervisor, q)
			require.NoError(t, err)
			require.Empty(t, got, q)
		}
		for _, q := range []cases.CustomerQuery{{}, {Phone: "110"}, {Name: "王"}, {Phone: "13800138000", Name: "王小明"}} {
			_, err := h.Customers(t.Context(), supervisor, q)
			require.Equal(t, models.CodeInvalid, models.CodeOf(err), "%v: %v", q, err)
		}
		for _, a := range []models.Actor{quality, administrator, operator} {
			_, err := h.Customers(t.Context(), a, cases.CustomerQuery{Phone: "13800138000"})
			require.Equal(t, models.CodeForbidden, models.CodeOf(err))
		}
		got, err := h.Customers(t.Context(), as(models.RoleHandler, "works"), cases.CustomerQuery{Phone: "13800138000"})
		require.NoError(t, err)
		require.Empty(t, got, "who sees no case of theirs finds nobody")
	})
}

func TestContactDataIsMaskedAndItsReadersAreKept(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		row := h.open(t, told("电饭煲漏电", "王小明", "13800138000"))
		plain := row.Number
		see := func(a models.Actor) *models.Contact {
			v, err := h.Case(t.Context(), a, plain)
			require.NoError(t, err)
			return v.Contact
		}
		require.Equal(t, "13800138000", see(supervisor).Phone)
		require.Equal(t, &models.Contact{Name: "王**", Phone: "138****8000"}, see(quality))
		require.Nil(t, see(operator))
		moments, err := h.Timeline(t.Context(), quality, plain)
		require.NoError(t, err)
		require.NotContains(t, moments[0].Words, "contact")
		_, err = h.Timeline(t.Context(), auditor, plain)
		require.NoError(t, err)
		c, err := h.Customer(t.Context(), clerk, row.CustomerID)
		require.NoError(t, err)
		require.Equal(t, "王小明", c.Contact.Name)
		c, err = h.Customer(t.Context(), quality, row.CustomerID)
		require.NoError(t, err)
		require.Equal(t, "王**", c.Contact.Name)
		c, err = h.Customer(t.Context(), administrator, row.CustomerID)
		require.NoError(t, err)
		require.Nil(t, c.Contact)

		got, err := h.Unmask(t.Context(), quality, plain, "回访电话打不通")
		require.NoError(t, err)
		require.Equal(t, "13800138000", got.Phone)
		_, err = h.Unmask(t.Context(), operator, plain, "好奇")
		require.Equal(t, models.CodeForbidden, models.CodeOf(err))
		_, err = h.Unmask(t.Context(), as(models.RoleHandler, "works"), plain, "好奇")
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))

		page, err := h.Reads(t.Context(), auditor, plain, "", 0)
		require.NoError(t, err)
		var who []string
		for _, r := range page.Items {
			who = append(who, r.Person+" "+string(r.Place))
		}
		require.ElementsMatch(t, []string{"quality unmask", "intake customer", "auditor timeline", "supervisor case"}, who)
		for _, r := range page.Items {
			require.Equal(t, r.Place == models.ReadUnmask, r.Reason == "回访电话打不通")
		}
		_, err = h.Reads(t.Context(), quality, plain, "", 0)
		require.Equal(t, models.CodeForbidden, models.CodeOf(err))
	})
}

func TestWhatIsConfidentialIsForTheSupervisorAndTheAssignee(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		n := told("我要举报漏电", "王小明", "13800138000")
		n.Opened.Confidential = true
		row := h.dispatched(t, n, "h-1")
		assignee, colleague := as(models.RoleHandler, "sales"), as(models.RoleHandler, "sales")
		assignee.ID = "h-1"
		for _, a := range []models.Actor{assignee, supervisor} {
			v, err := h.Case(t.Context(), a, row.Number)
			require.NoError(t, err)
			require.Equal(t, "王小明", v.Contact.Name, a.ID)
			require.Equal(t, []string{row.Number}, h.finds(t, a, "王小明"), a.ID)
			page, err := h.List(t.Context(), a, cases.Query{})
			require.NoError(t, err)
			require.True(t, page.Items[0].Confidential, "marked in lists")
		}
		for _, a := range []models.Actor{colleague, auditor, quality, as(models.RoleExecutive), as(models.RoleDepartmentHead, "sales")} {
			v, err := h.Case(t.Context(), a, row.Number)
			require.NoError(t, err)
			require.Equal(t, "王**", v.Contact.Name, a.ID)
			require.Equal(t, []string{row.Number}, h.finds(t, a, "举报"), "the text is not confidential")
			require.Empty(t, h.finds(t, a, "王小明"), a.ID)
			require.Empty(t, h.finds(t, a, "13800138000"), a.ID)
			n, err := h.Count(t.Context(), a, cases.Query{Q: "王小明"})
			require.NoError(t, err)
			require.Zero(t, n.Cases)
			got, err := h.Customers(t.Context(), a, cases.CustomerQuery{Phone: "13800138000"})
			if a.ID != quality.ID {
				require.NoError(t, err)
			}
			require.Empty(t, got)
			_, err = h.Unmask(t.Context(), a, row.Number, "好奇")
			require.Equal(t, models.CodeForbidden, models.CodeOf(err), a.ID)
			order, err := h.WorkOrder(t.Context(), a, row.Number)
			require.NoError(t, err)
			require.Equal(t, "王**", order.Contact.Name)
		}
		beside, err := h.Duplicates(t.Context(), clerk, told("别的", "王小明", "13800138000"))
		require.NoError(t, err)
		require.Empty(t, beside)
	})
}

func TestMergedCustomersHaveOneHistory(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		one, two := h.open(t, told("漏电", "王小明", "13800138000")), h.open(t, told("爆炸", "王晓明", "13900139000"))
		_, err := h.Merge(t.Context(), h.call(clerk), one.CustomerID, two.CustomerID, "同一人")
		require.Equal(t, models.CodeForbidden, models.CodeOf(err))
		_, err = h.Merge(t.Context(), h.call(supervisor), one.CustomerID, "nobody", "同一人")
		require.Equal(t, models.CodeInvalid, models.CodeOf(err))
		_, err = h.Merge(t.Context(), h.call(supervisor), one.CustomerID, one.CustomerID, "同一人")
		require.Equal(t, models.CodeInvalid, models.CodeOf(err))
		call := h.call(supervisor)
		for range 2 { // the same wish has one answer
			done, err := h.Merge(t.Context(), call, one.CustomerID, two.CustomerID, "同一人")
			require.NoError(t, err)
			require.Equal(t, two.CustomerID, done.ID)
		}
		third := h.open(t, told("又漏电", "王小明", "13800138000"))
		require.Equal(t, two.CustomerID, third.CustomerID, "either number finds the survivor")
		for _, id := range []string{one.CustomerID, two.CustomerID} {
			page, err := h.History(t.Context(), clerk, id, "", 0)
			require.NoError(t, err)
			require.Len(t, page.Items, 3)
			v, err := h.Customer(t.Context(), supervisor, id)
			require.NoError(t, err)
			require.Equal(t, two.CustomerID, v.ID)
			require.Equal(t, "13800138000", v.Also[0].Phone)
			require.Equal(t, []string{one.CustomerID}, v.Merged)
			require.Equal(t, "同一人", v.Acts[0].Reason)
		}
		found, err := h.Customers(t.Context(), supervisor, cases.CustomerQuery{Name: "小明"})
		require.NoError(t, err)
		require.Len(t, found, 1)
		require.Equal(t, two.CustomerID, found[0].ID)
	})
}

func TestACustomerIsErasedUnlessHeldOrWithAnOpenCase(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		row := h.dispatched(t, told("漏电", "王小明", "13800138000"), "")
		erase := func(a models.Actor) error {
			_, err := h.EraseCustomer(t.Context(), h.call(a), row.CustomerID)
			return err
		}
		require.Equal(t, models.CodeForbidden, models.CodeOf(erase(supervisor)))
		require.ErrorContains(t, erase(administrator), "open")
		kept, err := h.store.Case(t.Context(), row.ID)
		require.NoError(t, err)
		end(t, h, kept, models.StateClosed, noon)
		_, err = h.Hold(t.Context(), h.call(administrator), row.CustomerID, "诉讼")
		require.Equal(t, models.CodeForbidden, models.CodeOf(err))
		_, err = h.Hold(t.Context(), h.call(auditor), row.CustomerID, "诉讼")
		require.NoError(t, err)
		require.ErrorContains(t, erase(administrator), "hold")
		_, err = h.Release(t.Context(), h.call(supervisor), row.CustomerID, "结案")
		require.NoError(t, err)
		require.NoError(t, erase(administrator))
		require.NoError(t, erase(administrator), "once more does no harm")
		v, err := h.Customer(t.Context(), supervisor, row.CustomerID)
		require.NoError(t, err)
		require.Nil(t, v.Contact)
		require.NotNil(t, v.ErasedAt)
		require.Len(t, v.Acts, 3, "who did what stays")
		require.Empty(t, v.Acts[0].Reason)
		require.Empty(t, h.finds(t, supervisor, "漏电"))
		require.Equal(t, []string{row.Number}, h.finds(t, supervisor, row.Number))
	})
}

func TestCustomersAreForgottenWhenThePolicyKeepsThemNoLonger(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		const day = 24 * time.Hour
		gone, held, open, lately := h.open(t, told("漏电", "王小明", "13800138000")), h.open(t, told("噪音", "李四", "13900139000")),
			h.open(t, told("漏水", "张三", "13700137000")), h.open(t, told("异味", "赵六", "13600136000"))
		again := h.open(t, told("又漏电", "王小明", "13800138000"))
		require.Equal(t, gone.CustomerID, again.CustomerID)
		for _, row := range []models.Case{gone, held, again} {
			end(t, h, row, models.StateArchived, noon.Add(10*day))
		}
		end(t, h, open, models.StateClosed, noon.Add(10*day))
		end(t, h, lately, models.StateArchived, noon.Add(10*day+time.Minute))
		h.now = noon.Add(40 * day)
		_, err := h.Hold(t.Context(), h.call(auditor), held.CustomerID, "诉讼")
		require.NoError(t, err)

		n, err := h.Forget(t.Context(), 30*day)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		for _, row := range []models.Case{gone, held, open, lately} {
			v, err := h.Customer(t.Context(), supervisor, row.CustomerID)
			require.NoError(t, err)
			require.Equal(t, row.ID == gone.ID, v.ErasedAt != nil, row.Number)
		}
		n, err = h.Forget(t.Context(), 30*day)
		require.NoError(t, err)
		require.Zero(t, n, "once")
	})
}

// end ends a case by hand, in the record alone.
func end(t *testing.T, h *desk, row models.Case, state models.State, at time.Time) {
	t.Helper()
	body := fmt.Appendf(nil, `{"end":%q}`, row.ID)
	row.Seq++
	hash := models.Chain(row.Hash, body)
	entry := models.Entry{CaseID: row.ID, Seq: row.Seq, ID: row.ID + "/end", Kind: models.KindClosed, Cycle: 1, DecidedAt: at, Body: body, Hash: hash}
	row.Hash, row.State, row.UpdatedAt = hash, state, at
	require.NoError(t, h.store.Record(t.Context(), models.Recording{Case: row, Entries: []models.Entry{entry}}))
}

func TestLikelyDuplicatesComeWithTheirReasons(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		of := func(text, product, phone string, at time.Time) models.Case {
			h.now = at
			n := told(text, "客户", phone)
			n.Opened.Product = product
			return h.open(t, n)
		}
		const story = "新买的电饭煲第一次使用就跳闸，客服热线打了三次没有人接"
		old := of(story, "电饭煲", "13800138000", noon.AddDate(0, 0, -40))
		theirs := of("发票没有开", "", "13800138000", noon.AddDate(0, 0, -3))
		alike := of("电饭煲第一次使用就跳闸，热线打了三次没有人接", "电饭煲", "13900139000", noon.AddDate(0, 0, -2))
		coloured := of("颜色不喜欢", "电饭煲", "13700137000", noon.AddDate(0, 0, -1))
		h.now = noon
		before, err := h.Count(t.Context(), supervisor, cases.Query{})
		require.NoError(t, err)
		n := told(story, "客户", "138 0013 8000")
		n.Opened.Product = "电饭煲"
		beside, err := h.Duplicates(t.Context(), clerk, n)
		require.NoError(t, err)
		got := map[string][]cases.Reason{}
		for _, d := range beside.Duplicates {
			got[d.Case.Number] = d.Reasons
		}
		require.Equal(t, map[string][]cases.Reason{
			theirs.Number: {cases.SameCustomer, cases.WithinWindow},
			alike.Number:  {cases.SameProduct, cases.WithinWindow, cases.SimilarText},
		}, got)
		require.NotContains(t, got, old.Number)
		require.Equal(t, theirs.CustomerID, beside.CustomerID)
		n.Opened.Product, n.Contact.Phone = "", "13600136000"
		beside, err = h.Duplicates(t.Context(), clerk, n)
		require.NoError(t, err)
		require.Len(t, beside.Duplicates, 1, "the text alone, of another customer and about no product")
		require.Equal(t, alike.Number, beside.Duplicates[0].Case.Number)
		require.Equal(t, []cases.Reason{cases.WithinWindow, cases.SimilarText}, beside.Duplicates[0].Reasons)
		n.Text = "电饭煲第一次使用就跳闸，颜色也和网上的图片完全不同，要求退货并补偿运费"
		beside, err = h.Duplicates(t.Context(), clerk, n)
		require.NoError(t, err)
		require.Empty(t, beside.Duplicates, "a sentence in common is not enough by itself")
		require.NotContains(t, got, coloured.Number)
		after, err := h.Count(t.Context(), supervisor, cases.Query{})
		require.NoError(t, err)
		require.Equal(t, before, after, "looking changes nothing")
		again := told(story, "客户", "13500135000")
		again.Opened.ReceivedAt = h.now
		h.dispatched(t, again, "")
		n.Text = story
		hidden, err := h.Duplicates(t.Context(), as(models.RoleIntake), n)
		require.NoError(t, err)
		require.Len(t, hidden.Duplicates, 2, "what the clerk recorded is theirs")
		other := as(models.RoleIntake)
		other.ID = "another"
		hidden, err = h.Duplicates(t.Context(), other, n)
		require.NoError(t, err)
		require.Len(t, hidden.Duplicates, 1, "of what was dispatched another clerk is told nothing")
		_, err = h.Duplicates(t.Context(), quality, n)
		require.Equal(t, models.CodeForbidden, models.CodeOf(err))
	})
}
