package console

import (
	"strings"

	"recourse/models"
)

// areaPages are the pages of the figures area, in the order of its navigation. A page that belongs there puts
// itself in, keeps v.areaOf(asking{}) in what it shows, and begins with {{template "figures-area" .Area}}.
var areaPages = []struct {
	path, key string
	kept      bool // it is of a period: the period and the filters go along
	whole     bool // it is of the whole company, for whoever sees all its cases
}{
	{"/figures", "figures.area_period", true, false},
	{"/figures/all", "figures.all", true, false},
	{"/figures/correlation", "figures.correlation", true, false},
	{"/simulator", "simulator.title", true, true},
	{signalsPath, "signals.title", false, true},
	{"/reports", "nav.reports", false, true},
}

// areaOf is the navigation of the figures area: pages of a period keep the one that is asked
// for, if any.
func (v *visit) areaOf(a asking) (links []link) {
	at := v.r.URL.Path
	for _, p := range areaPages {
		if p.whole && !models.SeesCompany(v.Actor) {
			continue
		}
		one := link{Path: p.path, Key: p.key, Here: p.path == at || p.path != "/figures" && strings.HasPrefix(at, p.path+"/")}
		if p.kept {
			one.Path = a.Frame(p.path)
		}
		links = append(links, one)
	}
	return links
}

// inArea says whether a path is of the figures area, for the menu.
func inArea(path string) bool {
	for _, p := range areaPages {
		if path == p.path || strings.HasPrefix(path, p.path+"/") {
			return true
		}
	}
	return false
}
