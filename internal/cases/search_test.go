package cases_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

func TestACaseIsFoundByWhatIsInIt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		n := told("新买的电饭煲漏电，The kettle ＬＥＡＫＳ again; code SN-4711Ｘ", "王小明", "+86 138 0013 8000")
		n.Opened.Product, n.Opened.Model = "电饭煲", "RX-100"
		n.Particulars = models.Particulars{OrderNumber: "ORD2026031800042", Remedy: "退货退款"}
		n.Contact.Email, n.Contact.ExternalID = "wang.xm@example.cn", "CRM#77"
		n.Contact.Second = &models.SecondContact{Name: "李丽", Phone: "13900139000", ActsFor: true}
		row := h.open(t, n)
		other := h.open(t, told("天气很好，饭也好吃", "Ada Lovelace", "13700137000"))
		_, sequence, _ := strings.Cut(row.Number, "-")
		for _, q := range []string{
			"漏电", "电饭", "饭煲", "电饭煲漏电", "新买的 漏电", "漏电，电饭煲", "kettle", "KETTLE", "ket", "ke", "kettle leaks", "漏电 kettle leaks",
			"leaks", "4711x", "sn-4711", "rx-100", "退货", "ORD2026031800042", "ord20260318", "王小明", "小明", "王小", "李丽", "13800138000",
			"138 0013 8000", "+86 138 0013 8000", "0086-13800138000", "1380013", "wang.xm@example.cn", "WANG.XM@EXAMPLE.CN", "crm#77", "王 小明",
			row.Number, strings.ToLower(row.Number), sequence, strings.TrimLeft(sequence, "0"), strings.NewReplacer("RC", "", "-", "").Replace(row.Number),
			"电\u200b饭煲", "漏电 王小明 " + row.Number,
		} {
			require.Equal(t, []string{row.Number}, h.finds(t, supervisor, q), q)
		}
		for _, q := range []string{"饭电", "煲漏", "电饭锅", "ettle", "kettles", "漏电 天气", "13800138001", "remedy", "order_number", "phone"} {
			if q == "煲漏" { // neighbours in the text: this one is there
				require.Equal(t, []string{row.Number}, h.finds(t, supervisor, q))
				continue
			}
			require.Empty(t, h.finds(t, supervisor, q), q)
		}
		require.Equal(t, []string{other.Number}, h.finds(t, supervisor, "ada lovelace"))
		hits, err := h.Search(t.Context(), supervisor, "电饭煲 小明", 10)
		require.NoError(t, err)
		require.Equal(t, []string{"facts", "text", "contact"}, hits[0].In)
	})
}

// Both pairs of a word may be in a text without the word: the index says yes, the words say no.
func TestWhatTheIndexFindsIsCheckedAgainstTheWords(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		h.open(t, told("电饭好吃，饭煲很新", "A", "13800138000"))
		require.Empty(t, h.finds(t, supervisor, "电饭煲"))
		n, err := h.Count(t.Context(), supervisor, cases.Query{Q: "电饭煲"})
		require.NoError(t, err)
		require.Zero(t, n.Cases)
	})
}

func TestAQueryThatIsTooShortIsRefusedByItsField(t *testing.T) {
	t.Parallel()
	h := newDesk(t, t.TempDir()+"/short.db")
	for _, q := range []string{"电", "a", "1", " ", "a b c", "电 池", "。。", "-", "\u200b", "电 a"} {
		_, err := h.Search(t.Context(), supervisor, q, 10)
		require.Equal(t, models.CodeInvalid, models.CodeOf(err), "%q: %v", q, err)
		require.ErrorContains(t, err, "at least two")
		_, err = h.List(t.Context(), supervisor, cases.Query{Q: q + " "})
		require.Equal(t, models.CodeInvalid, models.CodeOf(err), q)
		_, err = h.Count(t.Context(), supervisor, cases.Query{Q: q + " "})
		require.Equal(t, models.CodeInvalid, models.CodeOf(err), q)
	}
}

// parts of complaints, put together at random.
var parts = strings.Fields(`新买的 电饭煲 第一次 使用 就跳闸 客服热线 打了三次 没有人接 要求退货 师傅迟到 两个小时 态度恶劣 发票金额 与合同不符
	冰箱噪音很大 夜里无法入睡 维修之后 仍然漏水 快递破损 缺少配件 说明书 看不懂 空调不制冷 洗衣机甩干 时剧烈震动 安装工 多收费用 保修期内 拒绝换新
	屏幕闪烁 按键失灵 充电发热 有焦糊味 存在安全隐患 多次投诉 无人处理 承诺的补偿 至今未到 会员积分 被清零 订单取消 未退款`)

func story(random *rand.Rand) string {
	var b strings.Builder
	for range 4 + random.IntN(12) {
		b.WriteString(parts[random.IntN(len(parts))])
		if random.IntN(3) == 0 {
			b.WriteString("，")
		}
	}
	return b.String()
}

func TestTwoHundredTermsOfTwoCharactersAreAllFound(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		random := rand.New(rand.NewPCG(1, 2))
		texts := map[string]string{}
		for i := range 60 {
			text := story(random)
			texts[h.open(t, told(text, "客户", strconv.Itoa(13800000000+i))).Number] = text
		}
		numbers := slices.Sorted(func(yield func(string) bool) {
			for n := range texts {
				if !yield(n) {
					return
				}
			}
		})
		for range 200 {
			runes := []rune(texts[numbers[random.IntN(len(numbers))]])
			at := random.IntN(len(runes) - 1)
			term := string(runes[at : at+2])
			if strings.Contains(term, "，") {
				continue
			}
			var want []string
			for _, n := range numbers {
				if strings.Contains(texts[n], term) {
					want = append(want, n)
				}
			}
			require.ElementsMatch(t, want, h.finds(t, supervisor, term), term)
		}
	})
}

// blns is the big list of naughty strings, where it lies beside the project.
func blns(t *testing.T) (naughty []string) {
	t.Helper()
	const file = "../../../shared/data/naughty-strings/blns.json"
	raw, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(raw, &naughty)
	}
	if err != nil {
		t.Logf("NOT TESTED beyond our own: there are no naughty strings at %s", file)
	}
	return naughty
}

func TestNaughtyWordsHarmNothing(t *testing.T) {
	t.Parallel()
	naughty := []string{
		"' OR 1=1 --", "{1,2}::bigint[]", "$1 ?", "%_%", "\\", "<script>alert(1)</script>", "田中さんにあげて下さい", "パーティーへ行かないか", "사회과학원",
		"Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤", "👩‍👩‍👧‍👦 family", "ﬃ ﬄ ligatures", "İstanbul ΣΊΣΥΦΟΣ ß", "مرحبا بالعالم", "สวัสดีชาวโลก", "𠜎𠜱𠝹", "㍿ ㈱ ①②",
		"\u202eevil\u202c rtl", strings.Repeat("长", 5000), strings.Repeat("x", 5000), "a\u0300\u0301bc", "NULL null undefined NaN", "1e309 0x7f",
	}
	for _, text := range blns(t) {
		if utf8.ValidString(text) && !strings.ContainsRune(text, 0) && strings.TrimSpace(text) != "" { // the door lets no other in
			naughty = append(naughty, text)
		}
	}
	t.Logf("%d naughty strings", len(naughty))
	onBoth(t, func(t *testing.T, h *desk) {
		rows := map[string]string{}
		for i, text := range naughty {
			rows[text] = h.open(t, told(text, text, strconv.Itoa(13900000000+i))).Number
		}
		for _, text := range naughty {
			q := []rune(text)
			q = q[:min(len(q), 100)]
			query, found := cases.Query{Q: string(q), Limit: 200}, false
			for { // "0.00" begins like every number
				page, err := h.List(t.Context(), supervisor, query)
				if models.CodeOf(err) == models.CodeInvalid {
					found = true // nothing in it that can be looked for
					break
				}
				require.NoError(t, err, text)
				found = slices.ContainsFunc(page.Items, func(c models.Case) bool { return c.Number == rows[text] })
				if query.Cursor = page.Next; found || page.Next == "" {
					break
				}
			}
			require.True(t, found, text)
		}
	})
}

func TestAListWithWordsGoesPageByPageToItsEnd(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		var want []string
		for i := range 7 {
			h.now = noon.Add(time.Duration(i) * time.Minute)
			n := told("电饭好吃，饭煲很新", "A", strconv.Itoa(13800138000+i)) // found by the index, not by the words
			if i%2 == 0 {
				n.Text = "电饭煲漏电"
			}
			if row := h.open(t, n); i%2 == 0 {
				want = append([]string{row.Number}, want...)
			}
		}
		for _, limit := range []int{1, 2, 3, 50} {
			var got []string
			q := cases.Query{Q: "电饭煲", Limit: limit, States: []models.State{models.StateReceived}}
			for {
				page, err := h.List(t.Context(), supervisor, q)
				require.NoError(t, err)
				for _, row := range page.Items {
					got = append(got, row.Number)
				}
				if q.Cursor = page.Next; q.Cursor == "" {
					break
				}
			}
			require.Equal(t, want, got, limit)
		}
		n, err := h.Count(t.Context(), supervisor, cases.Query{Q: "电饭煲"})
		require.NoError(t, err)
		require.Equal(t, cases.Count{Cases: 4}, n)
		n, err = h.Count(t.Context(), supervisor, cases.Query{})
		require.NoError(t, err)
		require.Equal(t, cases.Count{Cases: 7}, n)
		none, err := h.List(t.Context(), supervisor, cases.Query{Q: "电饭煲", States: []models.State{models.StateClosed}})
		require.NoError(t, err)
		require.Empty(t, none.Items)
	})
}

func TestARebuiltIndexFindsTheSameAndNothingOfTheErased(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		row := h.dispatched(t, told("电饭煲漏电", "王小明", "13800138000"), "")
		gone := h.open(t, told("电饭煲爆炸", "李小明", "13800138001"))
		require.NoError(t, h.store.Erase(t.Context(), gone.CustomerID, noon))
		queries := []string{"漏电", "查明", "小明", "138001", gone.Number}
		var before [][]string
		for _, q := range queries {
			before = append(before, h.finds(t, supervisor, q))
		}
		require.Equal(t, []string{row.Number}, before[0])
		require.Equal(t, []string{row.Number}, before[1])
		require.Equal(t, []string{row.Number}, before[2])
		require.Equal(t, []string{gone.Number}, before[4])
		for range 2 {
			told := 0
			require.NoError(t, h.Reindex(t.Context(), func(n int) { told = n }))
			require.Equal(t, 2, told)
			for i, q := range queries {
				require.Equal(t, before[i], h.finds(t, supervisor, q), q)
			}
		}
	})
}

// Of texts that all hold one phrase, the one that holds the others too is found, however many are newer.
func TestALikelyDuplicateIsFoundAmongManyTextsWithOnePhraseOfIt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		const story, phrase = "电饭煲第一次使用就冒烟跳闸，客服热线打了三次没有人接听，", "要求全额退货退款。"
		same := h.open(t, told("新买的"+story+phrase, "王小明", "13800138000"))
		for i := range 310 {
			h.open(t, told(strconv.Itoa(i)+string(han(rand.New(rand.NewPCG(uint64(i), 1)), 20))+phrase, "李", strconv.Itoa(13900000000+i)))
		}
		beside, err := h.Duplicates(t.Context(), clerk, told(story+phrase, "张三", "13700137000"))
		require.NoError(t, err)
		require.Len(t, beside.Duplicates, 1)
		require.Equal(t, same.Number, beside.Duplicates[0].Case.Number)
		last := h.open(t, told(phrase, "赵六", "13600136000"))
		beside, err = h.Duplicates(t.Context(), clerk, told(phrase, "张三", "13700137000"))
		require.NoError(t, err)
		require.Len(t, beside.Duplicates, 1, "a phrase that all have is looked for in the newest")
		require.Equal(t, last.Number, beside.Duplicates[0].Case.Number)
	})
}
