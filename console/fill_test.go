package console_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/store/storetest"
	"recourse/models"
)

// The company of the measurement: two large departments, a middling and a tiny one, a hundred handlers
// and twenty clerks. handler has two cases in a thousand of sales, intake one in twenty.
var (
	shares   = map[string]float64{"sales": 0.45, "works": 0.45, "stores": 0.095, "museum": 0.005}
	products = strings.Fields("电饭煲 洗衣机 冰箱 空调 热水器 油烟机 微波炉 吸尘器 净水器 电视机")
	troubles = strings.Fields("漏水，地板都泡坏了 使用第一天就跳闸 噪音很大，夜里无法入睡 维修之后仍然不能用 发票金额与合同不符 师傅迟到两个小时 承诺的补偿至今未到 屏幕闪烁，按键失灵")
	efforts  = strings.Fields("客服热线打了三次没有人接 客服只说再等等 客服让我自己去维修点 多次投诉无人处理 安装工说不归他管 门店说要找厂家")
	families = strings.Split("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗", "")
)

// fillDesk puts n cases on record as the product makes them, and lets each become what it would be in
// a company after a year: one in eight is open. The events stay as they were when it came in; no page
// that is measured reads both.
func fillDesk(t *testing.T, d *desk, url string, n int) {
	t.Helper()
	for id := range shares {
		require.NoError(t, d.store.PutDepartment(t.Context(), models.Department{ID: id, NameZH: id + "部", NameEN: "The " + id, CreatedAt: noon}))
	}
	for i := range 100 {
		d.join(t, handlerOf(i), models.RoleHandler, departmentAt((float64(i)+0.999)/100))
	}
	for i := range 20 {
		d.join(t, fmt.Sprintf("clerk-%02d", i), models.RoleIntake, "")
	}
	d.join(t, "curator", models.RoleDepartmentHead, "museum")
	bulk, err := storetest.NewBulk(t.Context(), d.store, url)
	require.NoError(t, err)
	bulk.Become = became
	with := d.Config
	with.Store = bulk
	service, hands := cases.New(with), runtime.GOMAXPROCS(0)+1 // one waits for the database
	var all sync.WaitGroup
	for hand := range hands {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(hand), 3))
			for i := hand; i < n && !t.Failed(); i += hands {
				if err := bring(context.WithoutCancel(t.Context()), service, random, i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	require.NoError(t, bulk.Done(t.Context()))
}

// bring puts one complaint on record.
func bring(ctx context.Context, s *cases.Service, random *rand.Rand, i int) error {
	one := func(of []string) string { return of[random.IntN(len(of))] }
	clerk := fmt.Sprintf("clerk-%02d", i%20)
	if i%20 == 0 {
		clerk = "intake"
	}
	c := told(fmt.Sprintf("%s%s。%s。已经用了%d个月，第%d次报修。sn%07d", one(products), one(troubles), one(efforts), 1+random.IntN(24), 1+random.IntN(5), i))
	c.Contact = models.Contact{Name: one(families) + string(rune(0x4e00+random.IntN(2000))), Phone: strconv.Itoa(13000000000 + i)}
	c.Opened.Product, c.Opened.Severity = one(products), models.SeverityGeneral
	switch at := random.Float64(); {
	case at < 0.03:
		c.Opened.Severity = models.SeverityUrgent
	case at < 0.25:
		c.Opened.Severity = models.SeverityImportant
	}
	actor := models.Actor{Kind: models.ActorPerson, ID: clerk, Roles: []models.Role{models.RoleIntake}}
	_, err := s.Open(ctx, cases.Call{Actor: actor, Route: "fill", Key: strconv.Itoa(i), Body: []byte("b")}, c)
	return err
}

func handlerOf(i int) string { return fmt.Sprintf("handler-%02d", i) }

// departmentAt divides the company by its shares.
func departmentAt(share float64) string {
	for _, id := range []string{"sales", "works", "stores"} {
		if share -= shares[id]; share < 0 {
			return id
		}
	}
	return "museum"
}

// became is what a case is within a year.
func became(n int64, in *models.Intake) {
	random, c := rand.New(rand.NewPCG(uint64(n), 9)), &in.Recording.Case
	days := func(n float64) time.Duration { return time.Duration(random.Float64() * n * float64(24*time.Hour)) }
	after := func(span time.Duration) *time.Time { return new(c.ReceivedAt.Add(span)) }
	c.ReceivedAt = noon.Add(-days(365))
	c.RecordedAt, c.UpdatedAt, c.TouchedAt = c.ReceivedAt, noon.Add(-time.Hour), noon.Add(-time.Hour)
	c.ResponseLimitAt, c.FeedbackLimitAt, c.HandlingDueAt = *after(24 * time.Hour), *after(48 * time.Hour), *after(168 * time.Hour)
	c.FirstReplyAt, c.FirstSolutionAt = after(days(1.1)), after(days(2.1))
	in.Start.StartedAt = &c.RecordedAt
	for i := range in.Recording.Messages {
		in.Recording.Messages[i].State, in.Recording.Messages[i].SentAt = models.MessageSent, &c.RecordedAt
	}
	c.State = models.StateClosed
	if random.Float64() < 0.125 {
		c.State = []models.State{
			models.StateReceived, models.StateDispatched, models.StateInvestigating, models.StateSolutionReady, models.StateImplementing, models.StateFollowingUp,
		}[random.IntN(6)]
	}
	if c.State != models.StateReceived {
		place := random.Float64()
		c.Nature, c.Department, c.Assignee = models.NatureCustomer, departmentAt(place), handlerOf(int(place*100))
		if random.Float64() < 0.005 {
			c.Nature = models.NatureInternal
		}
		if place < 0.002 {
			c.Assignee = "handler"
		}
	}
	c.DueAt, c.SoonAt, c.DueFrom, c.NextDue = nil, nil, nil, nil
	switch {
	case c.State == models.StateClosed:
		c.FirstResolvedAt, c.ResolvedAt, c.ClosedAt, c.DueClock = after(days(8)), after(192*time.Hour), after(216*time.Hour), ""
		c.ResultScore = 1 + random.IntN(5)
	case random.Float64() < 0.08:
		c.PauseReason, c.DueClock = models.PauseCustomer, ""
	default:
		c.DueAt = new(noon.Add(days(5) - 12*time.Hour))
		c.DueFrom, c.SoonAt, c.NextDue = new(c.DueAt.Add(-48*time.Hour)), new(c.DueAt.Add(-12*time.Hour)), c.DueAt
	}
}
