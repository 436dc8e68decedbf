package samples

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// sentences are what customers and colleagues write, over and over.
var sentences = []string{
	"上周六下午三点左右，我在你们体育西路旗舰店购买了这台机器，当时店员再三保证七天之内无理由退换。",
	"师傅上门后没有出示任何收费标准，拆开外壳看了不到五分钟，就说主板坏了，要收八百六十元。",
	"客服热线打了十一次，每一次都换一个人接，每一个人都让我从头再说一遍，然后就没有下文了。",
	"内胆涂层大面积脱落，煮出来的饭里能看到黑色的碎屑，家里老人和孩子已经吃了将近一个星期。",
	"我有购机发票、安装单、聊天记录和录音，这些材料我都可以提供，也愿意配合你们的调查。",
	"经与客户电话沟通，客户情绪较为激动，要求三日内给出书面答复，否则将向市场监督管理部门反映。",
	"已核对仓库出库记录和物流签收底单，外包装在中转站更换过一次，更换时没有登记，责任环节基本清楚。",
	"现场检测：绝缘电阻低于标准值，电源线护套在出线口处有明显压痕，初步判断为装配工序造成。",
	"建议先行垫付医疗费用，同批次产品暂停发货，由质量部在两个工作日内完成抽检并出具报告。",
	"The courier left the parcel in the rain beside the gate and marked it as handed over in person.",
	"需要说明的是，该客户此前就同一型号反映过类似问题，当时以更换配件的方式结案，没有追查根本原因。",
	"请销售、维修、物流三个部门一起碰一下，不要再让客户自己在各个部门之间来回传话。",
}

// unbroken is a text without a place to break it, as some write and many paste.
const unbroken = "电饭煲的内胆涂层大面积脱落而且客服一直没有给出明确答复"

// odd are signs that have broken programs: markup, scripts, spells for databases and templates, other
// directions, marks upon marks, and what takes more room than it seems to.
var odd = []string{
	`<script>document.body.innerHTML="broken"</script>`,
	`"><img src=x onerror="document.title='broken'">`,
	`'); DROP TABLE cases; --`,
	`{{template "content"}} ${7*7} <%= 7*7 %> {7*7}`,
	"\u202e这一段从右往左\u202c שלום مرحبا بالعالم",
	"Z̸̡̢̧͖̪̬̮̠̲̱̺̯̦̝̙̊̀͐̎͌̀̑̈́̏̍̾̓͘͜͝a̸̧̨̛̛͙̺̯̻͎͈̪̘̭̎̓̇̊̔̉̓͐͘͝͠l̵̨̧̛̪̱̯͉̥̭̠̻̥͖̏̇̾̈́̓̓͒̈́̍͗̑̕͠͝g̶̡̢̙̦̻̗̖̻̦̞̱̙̭̏̈́̽̊̏̓̇̾̍̉͘̕͜͝o",
	"👩\u200d👩\u200d👧\u200d👦🏳️\u200d🌈👨🏿\u200d🚒 ﷽ 𒐫 ꧅",
	"https://example.com/" + "averylongpaththatnobodycanbreakanywhere",
	"&lt;b&gt;&amp;amp;&#0;%00%0d%0aSet-Cookie:broken=1",
	"javascript:alert(1)//\u200b\u2028\u2029\ufeff",
}

// said is a text of about so many characters: sentences in paragraphs, now and then without a place
// to break it, now and then with odd signs.
func said(r *rand.Rand, characters int) string {
	if r.IntN(12) == 0 {
		return cutTo(strings.Repeat(unbroken, characters/20+1), characters)
	}
	var b strings.Builder
	for length := 0; length < characters; {
		next := sentences[r.IntN(len(sentences))]
		switch r.IntN(60) {
		case 0:
			next += odd[r.IntN(len(odd))]
		case 1, 2, 3:
			next += "\n\n"
		}
		b.WriteString(next)
		length += len([]rune(next))
	}
	return cutTo(b.String(), characters)
}

func cutTo(text string, characters int) string {
	if runes := []rune(text); len(runes) > characters {
		return string(runes[:characters])
	}
	return text
}

// longest is as long as a text of the crowd is, in characters.
const longest = 9000

var (
	surnames = []string{"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "欧阳", "司马", "上官", "尉迟"}
	given    = []string{"伟", "芳", "秀英", "敏", "静怡", "建国", "丽华", "志强", "晓彤", "雨桐", "子轩", "国庆", "海燕", "思远", "玉兰", "浩然"}
	lengthy  = []string{
		"阿卜杜热依木·买买提吐尔逊·阿卜杜拉（乌鲁木齐高新技术产业开发区北京南路示例小区代表）",
		"Wolfeschlegelsteinhausenbergerdorff Hubert Blaine von der Bergischgladbacherstrasse",
		"中国（上海）自由贸易试验区临港新片区示例综合服务有限责任公司第二分公司售后保障部",
		"Doña María de los Ángeles Fernández-Villaverde y Gutiérrez de la Concha",
	}
	products = []string{"电饭煲", "滚筒洗衣机", "燃气热水器", "立式冷冻柜", "全自动咖啡机（家庭旗舰款，含奶泡系统与自清洁程序）", "Robot vacuum", "吸油烟机", "空气净化器", "洗碗机", "Espresso machine"}
	regions  = []string{"上海", "广州", "哈尔滨", "新疆维吾尔自治区巴音郭楞蒙古自治州和静县巴音布鲁克镇", "成都", "Singapore", "西安", "杭州", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "武汉"}
)

func named(r *rand.Rand) string {
	if r.IntN(25) == 0 {
		return lengthy[r.IntN(len(lengthy))]
	}
	return surnames[r.IntN(len(surnames))] + given[r.IntN(len(given))]
}

func phone(customer int) string {
	return fmt.Sprintf("+86 199 %04d %04d", 1000+customer/10000, customer%10000)
}
