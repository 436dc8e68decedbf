package console

import (
	"slices"
	"strings"

	"recourse/models"
)

// frame is what stands around a page.
type frame struct {
	Lang     models.Language
	Theme    Theme
	Page     string // its name, for what belongs to it alone
	Company  string
	Version  string
	Person   *models.Person
	Nav      []entry
	Told     string // what was done on the page before
	Path     string
	Content  any
	Customer bool // a page for customers: nothing of ours around it
}

// entry is a place that the menu leads to.
type entry struct {
	Path, Icon, Key string
	Here            bool
}

func (v *visit) frame(page string, content any) frame {
	f := frame{
		Lang: v.Language, Theme: v.Theme, Page: page, Company: v.c.Company, Version: v.c.Version, Person: v.Person,
		Told: v.told(), Path: v.place(), Content: content,
	}
	if v.Person != nil {
		f.Nav = menu(v.Actor, v.r.URL.Path)
	}
	_, f.Customer = content.(forCustomer)
	return f
}

// forCustomer is what the content of a page for customers embeds.
type forCustomer interface{ forCustomer() }

// places are all that the menu may lead to, and for whom.
var places = []struct {
	path, icon, key string
	roles           []models.Role // nil: everybody
}{
	{"/overview", "layout-dashboard", "nav.overview", nil},
	{"/intake", "pencil-plus", "nav.intake", []models.Role{models.RoleIntake, models.RoleSupervisor}},
	{"/queue", "list-details", "nav.queue", nil},
	{"/alerts", "bell", "nav.alerts", []models.Role{
		models.RoleHandler, models.RoleDepartmentHead, models.RoleSupervisor, models.RoleEscalationManager, models.RoleExecutive,
	}},
	{"/decisions", "gavel", "nav.decisions", []models.Role{models.RoleSupervisor, models.RoleExecutive}},
	{"/callbacks", "phone", "nav.callbacks", []models.Role{models.RoleQuality, models.RoleSupervisor}},
	{"/organisation", "users", "nav.organisation", readsCompany},
	{"/system", "heart-rate-monitor", "nav.system", []models.Role{models.RoleOps, models.RoleAdmin}},
}

func menu(a models.Actor, here string) []entry {
	var shown []entry
	for _, p := range places {
		if p.roles == nil || slices.ContainsFunc(p.roles, a.Is) {
			shown = append(shown, entry{p.path, p.icon, p.key, p.path == here || strings.HasPrefix(here, p.path+"/")})
		}
	}
	return shown
}
