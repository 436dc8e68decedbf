package samples

import (
	"context"
	"fmt"
	"time"

	"recourse/models"
)

// crowdDepartments are regional branches, with names as long as such have.
var crowdDepartments = []models.Department{
	{ID: "branch-north", NameZH: "华北大区售后服务与客户体验保障中心（含内蒙古自治区办事处）", NameEN: "Northern Region After-Sales Service and Customer Experience Centre"},
	{ID: "branch-west", NameZH: "新疆维吾尔自治区及西北五省区综合服务分公司", NameEN: "Xinjiang and North-Western Provinces Integrated Services Branch"},
	{ID: "branch-south", NameZH: "粤港澳大湾区渠道管理与合作伙伴事业部", NameEN: "Greater Bay Area Channel Management and Partner Division"},
	{ID: "branch-overseas", NameZH: "海外市场合规与跨境电子商务投诉协调办公室", NameEN: "Overseas Compliance and Cross-Border E-Commerce Complaint Coordination Office"},
}

// crowdCategories are a third level of the tree, and names as long as such have.
var crowdCategories = []models.Category{
	{ID: "product.safety.burn", Parent: "product.safety", NameZH: "使用过程中烫伤、灼伤及其他人身伤害（含未成年人）", NameEN: "Scalds, burns and other injuries during use, children included"},
	{ID: "product.defect.coating", Parent: "product.defect", NameZH: "涂层脱落、起泡、变色及由此产生的食品接触安全疑虑", NameEN: "Peeling, blistered or discoloured coatings and doubts about food contact"},
	{ID: "delivery.delay.festival", Parent: "delivery.delay", NameZH: "大型促销活动及节假日期间的延迟发货与错发漏发", NameEN: "Late, wrong or missing deliveries during sales and public holidays"},
	{ID: "service.repair.parts", Parent: "service.repair", NameZH: "维修配件长期缺货、多次上门仍未修复", NameEN: "Parts out of stock for long; not repaired after several visits"},
}

// crowdPeople are a head and three handlers for each branch.
func crowdPeople(now time.Time) (all []models.Person) {
	for i, d := range crowdDepartments {
		head := person(d.ID+"-head", surnames[i]+given[i]+"（大区负责人，兼任客户体验委员会委员）", models.LanguageZH, models.RoleDepartmentHead, d.ID)
		all = append(all, head)
		for k := range 3 {
			name := surnames[(4*i+k)%len(surnames)] + given[(3*i+k)%len(given)]
			if k == 2 {
				name = lengthy[i%len(lengthy)]
			}
			all = append(all, person(fmt.Sprintf("%s-%d", d.ID, k), name, models.LanguageZH, models.RoleHandler, d.ID))
		}
	}
	for i := range all {
		all[i].CreatedAt = now
	}
	return all
}

func putCrowdCompany(ctx context.Context, store Store, now time.Time) error {
	now = now.UTC().Truncate(time.Microsecond)
	for _, d := range crowdDepartments {
		d.Supervising, d.Sample, d.CreatedAt = supervision, true, now
		if err := store.PutDepartment(ctx, d); err != nil {
			return err
		}
	}
	for _, c := range crowdCategories {
		c.Sample = true
		if err := store.PutCategory(ctx, c); err != nil {
			return err
		}
	}
	for _, p := range crowdPeople(now) {
		if err := store.PutPerson(ctx, p); err != nil {
			return err
		}
	}
	return nil
}
