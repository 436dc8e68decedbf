package console

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"recourse/internal/cases"
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
	Menu     menu
	Told     string // what was done on the page before
	Path     string
	Content  any
	Customer bool // a page for customers: nothing of ours around it
}

// menu is where somebody can go, and what waits for them there.
type menu struct {
	Again   string // where it is asked for anew
	Entries []entry
	Waits   waits // in all places together
	Counts  bool  // something may wait, and comes to be counted while the page is open
}

// entry is a place that the menu leads to.
type entry struct {
	Path, Icon, Key string
	Here            bool
	Waits           waits
	Says            string // key of what is said of them
}

// waits is how many things wait for somebody.
type waits int

// mostWaits is up to where the menu says how many.
const mostWaits = cases.MostCounted - 1

// Shown is the number as it stands beside a place.
func (w waits) Shown() string {
	if w.Many() {
		return strconv.Itoa(mostWaits) + "+"
	}
	return strconv.Itoa(int(w))
}

// Many says whether there are more than the menu counts.
func (w waits) Many() bool { return w > mostWaits }

// N is how many the words beside the number speak of.
func (w waits) N() int { return min(int(w), mostWaits) }

func (v *visit) frame(page string, content any) frame {
	f := frame{
		Lang: v.Language, Theme: v.Theme, Page: page, Company: v.c.Company, Version: v.c.Version, Person: v.Person,
		Told: v.told(), Path: v.place(), Content: content,
	}
	if v.Person != nil {
		f.Menu = v.menu(v.r.URL.Path, page != "error") // the record may be what failed
	}
	_, f.Customer = content.(forCustomer)
	return f
}

// forCustomer is what the content of a page for customers embeds.
type forCustomer interface{ forCustomer() }

// places are all that the menu may lead to, for whom, and what is counted there; nil: nothing.
var places = []struct {
	path, icon, key string
	roles           []models.Role // nil: everybody
	count           func(*cases.Service, context.Context, models.Actor) (int, error)
}{
	{"/overview", "layout-dashboard", "nav.overview", nil, nil},
	{"/figures", "chart-bar", "nav.figures", nil, nil},
	{"/intake", "pencil-plus", "nav.intake", []models.Role{models.RoleIntake, models.RoleSupervisor}, nil},
	{"/queue", "list-details", "nav.queue", nil, (*cases.Service).CasesOverdue},
	{"/alerts", "bell", "nav.alerts", []models.Role{
		models.RoleHandler, models.RoleDepartmentHead, models.RoleSupervisor, models.RoleEscalationManager, models.RoleExecutive,
	}, (*cases.Service).AlertsToAcknowledge},
	{"/decisions", "gavel", "nav.decisions", []models.Role{models.RoleSupervisor, models.RoleExecutive}, (*cases.Service).DecisionsToMake},
	{"/callbacks", "phone", "nav.callbacks", []models.Role{models.RoleQuality, models.RoleSupervisor}, (*cases.Service).CallsDue},
	{"/organisation", "users", "nav.organisation", readsCompany, nil},
	{"/system", "heart-rate-monitor", "nav.system", []models.Role{models.RoleOps, models.RoleAdmin}, nil},
}

// menu lists the places for the visitor, who looks at one of them. What cannot be counted is left out:
// no page fails for it.
func (v *visit) menu(at string, count bool) menu {
	m := menu{Again: "/menu?at=" + url.QueryEscape(at)}
	for _, p := range places {
		if p.roles != nil && !slices.ContainsFunc(p.roles, v.Actor.Is) {
			continue
		}
		one := entry{Path: p.path, Icon: p.icon, Key: p.key, Here: p.path == at || strings.HasPrefix(at, p.path+"/") || p.path == "/figures" && inArea(at), Says: "nav.waits"}
		if p.path == "/queue" {
			one.Says = "nav.overdue"
		}
		if p.count != nil && count {
			n, err := p.count(v.c.Cases, v.r.Context(), v.Actor)
			if err != nil {
				v.c.Log.DebugContext(v.r.Context(), "not known what waits", "place", p.path, "error", err)
			}
			one.Waits = waits(n)
		}
		m.Counts = m.Counts || p.count != nil
		m.Waits += one.Waits
		m.Entries = append(m.Entries, one)
	}
	return m
}

// menuAgain counts anew what waits, for a page that stays open.
func (c *console) menuAgain(v *visit) error {
	return v.part("overview", "menu", v.menu(v.r.URL.Query().Get("at"), true))
}
