package samples

import (
	"time"

	"recourse/models"
)

// Departments of Spruce Home, a maker of household appliances with shops of its own.
const (
	service     = "customer-service"
	quality     = "product-quality"
	repairs     = "repairs"
	logistics   = "logistics"
	stores      = "stores"
	supervision = "supervision"
)

// Departments returns the departments of the made-up company.
func Departments(now time.Time) []models.Department {
	all := []models.Department{
		{ID: supervision, NameZH: "监察法务部", NameEN: "Supervision and Legal"}, // first: it supervises the others
		{ID: service, NameZH: "客户服务中心", NameEN: "Customer Service"},
		{ID: quality, NameZH: "产品质量部", NameEN: "Product Quality"},
		{ID: repairs, NameZH: "售后维修部", NameEN: "Repairs"},
		{ID: logistics, NameZH: "物流配送部", NameEN: "Logistics"},
		{ID: stores, NameZH: "门店运营部", NameEN: "Store Operations"},
	}
	for i := range all {
		all[i].Supervising, all[i].Sample, all[i].CreatedAt = supervision, true, now
	}
	return all
}

// Categories returns the tree by which the made-up company files complaints, parents first.
func Categories() []models.Category {
	all := []models.Category{
		{ID: "product", NameZH: "产品", NameEN: "Product"},
		{ID: "product.safety", Parent: "product", NameZH: "产品安全", NameEN: "Product safety"},
		{ID: "product.defect", Parent: "product", NameZH: "产品故障", NameEN: "Product defect"},
		{ID: "delivery", NameZH: "配送与安装", NameEN: "Delivery and installation"},
		{ID: "delivery.damage", Parent: "delivery", NameZH: "运输损坏", NameEN: "Damage in transit"},
		{ID: "delivery.delay", Parent: "delivery", NameZH: "延误与错发", NameEN: "Late or wrong delivery"},
		{ID: "service", NameZH: "服务", NameEN: "Service"},
		{ID: "service.attitude", Parent: "service", NameZH: "服务态度", NameEN: "Manner of staff"},
		{ID: "service.repair", Parent: "service", NameZH: "维修服务", NameEN: "Repair service"},
		{ID: "billing", NameZH: "价格与退款", NameEN: "Prices and refunds"},
		{ID: "privacy", NameZH: "个人信息", NameEN: "Personal data"},
	}
	for i := range all {
		all[i].Sample = true
	}
	return all
}

// Teams returns the teams of the made-up company.
func Teams(now time.Time) []models.Team {
	return []models.Team{
		{ID: hotline, Department: service, NameZH: "热线组", NameEN: "Hotline", Sample: true, CreatedAt: now},
	}
}

// hotline is the team of the people who answer customers in both languages.
const hotline = "customer-service.hotline"

// DispatchTable is the first version of the table by which the made-up company dispatches, as JSON.
// No rule dispatches by itself: whoever tries the product should see triage.
const DispatchTable = `{"rules":[
	{"name":"safety first","match":{"category":"product.safety"},"department":"product-quality",
	 "examples":[{"facts":{"category":"product.safety","channel":"phone"}}]},
	{"name":"broken products","match":{"category":"product"},"department":"repairs",
	 "examples":[{"facts":{"category":"product.defect","product":"Kettle 2"}},{"facts":{"category":"product.safety"},"department":"product-quality"}]},
	{"name":"deliveries","match":{"category":"delivery"},"department":"logistics",
	 "examples":[{"facts":{"category":"delivery.damage"}}]},
	{"name":"complaints about repairs","match":{"category":"service.repair"},"department":"repairs",
	 "examples":[{"facts":{"category":"service.repair"}}]},
	{"name":"shops","match":{"category":"service","channel":"service_desk"},"department":"stores",
	 "examples":[{"facts":{"category":"service.attitude","channel":"service_desk"}}]},
	{"name":"personal data","match":{"category":"privacy"},"department":"supervision",
	 "examples":[{"facts":{"category":"privacy"}}]}],
	"fallback":{"department":"customer-service","team":"customer-service.hotline"}}`

// People returns the people of the made-up company: every role is somebody's, every department has
// a head and a handler, two supervisors can decide on each other's requests, and quality handles no
// cases, so that it may call customers back. The first with a role is the one to show it by.
func People(now time.Time) []models.Person {
	zh, en := models.LanguageZH, models.LanguageEN
	all := []models.Person{
		person("tang-tang", "唐糖", zh, models.RoleIntake, service),
		person("nora-walsh", "Nora Walsh", en, models.RoleIntake, service),
		person("zhou-xiaoman", "周小满", zh, models.RoleHandler, service),
		person("emma-clarke", "Emma Clarke", en, models.RoleHandler, service),
		person("sun-qian", "孙倩", zh, models.RoleHandler, quality),
		person("chen-dayong", "陈大勇", zh, models.RoleHandler, repairs),
		person("liam-ng", "Liam Ng", en, models.RoleHandler, logistics),
		person("luo-min", "罗敏", zh, models.RoleHandler, stores),
		person("feng-qiming", "冯启明", zh, models.RoleHandler, supervision),
		person("lin-yue", "林悦", zh, models.RoleDepartmentHead, service),
		person("he-zhiyuan", "何志远", zh, models.RoleDepartmentHead, quality),
		person("guo-jianguo", "郭建国", zh, models.RoleDepartmentHead, repairs),
		person("wu-fan", "吴帆", zh, models.RoleDepartmentHead, logistics),
		person("xu-jianing", "许佳宁", zh, models.RoleDepartmentHead, stores),
		person("qin-lan", "秦岚", zh, models.RoleDepartmentHead, supervision),
		person("zhao-mingde", "赵明德", zh, models.RoleSupervisor),
		person("helen-foster", "Helen Foster", en, models.RoleSupervisor),
		person("qian-weidong", "钱卫东", zh, models.RoleEscalationManager),
		person("shen-ruoxi", "沈若溪", zh, models.RoleExecutive),
		person("fang-qing", "方晴", zh, models.RoleQuality),
		person("grace-lim", "Grace Lim", en, models.RoleQuality),
		person("shao-yun", "邵芸", zh, models.RoleHR),
		person("gao-yuan", "高原", zh, models.RoleAdmin),
		person("ding-yifan", "丁一凡", zh, models.RoleOps),
		person("lu-wenzhao", "陆文昭", zh, models.RoleAuditor),
	}
	for i := range all {
		all[i].CreatedAt = now
		switch all[i].ID {
		case "zhou-xiaoman":
			all[i].Teams, all[i].Deputy = []string{hotline}, "emma-clarke"
		case "emma-clarke":
			all[i].Teams, all[i].Deputy, all[i].Languages = []string{hotline}, "zhou-xiaoman", []models.Language{zh}
		}
	}
	return all
}

func person(id, name string, lang models.Language, role models.Role, departments ...string) models.Person {
	return models.Person{
		ID: id, Name: name, Email: id + "@spruce.example", Language: lang, Sample: true,
		Roles: []models.Role{role}, Departments: departments,
	}
}

// PersonPerRole returns the person to show each role by, in the order of models.Roles.
func PersonPerRole(now time.Time) []models.Person {
	var shown []models.Person
	people := People(now)
	for _, role := range models.Roles() {
		for _, p := range people {
			if p.Actor().Is(role) {
				shown = append(shown, p)
				break
			}
		}
	}
	return shown
}
