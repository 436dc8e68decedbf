package console

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// calendarsPage is the calendars of a version of the policy: one of them in full, a year of it, what an
// amount of its time comes to, and a form that brings days from a list.
type calendarsPage struct {
	orgPage

	Policy   cases.Policy
	All      []cases.Calendar
	Is       cases.Calendar // the one that is shown in full
	Year     int
	MayEdit  bool
	Language models.Language

	From, Amount string // of the trial, as typed
	Trial        *cases.CalendarTrial
	Tried        map[string]string // what is wrong with it

	Faults     map[string]string // of the import
	Lines      []lineFault
	List       string // as typed
	KnownUntil string
	Nothing    int // days of a list that brought nothing new; -1: there was none
}

// calendars shows the calendars of the version that the address names, by itself of the one in force.
func (c *console) calendars(v *visit) error {
	page, err := c.calendarsPage(v, v.r.URL.Query())
	if err != nil {
		return err
	}
	return v.show("organisation_calendars", page)
}

func (c *console) calendarsPage(v *visit, asked url.Values) (page calendarsPage, err error) {
	page = calendarsPage{Language: v.Language, Nothing: -1, From: asked.Get("from"), Amount: asked.Get("amount")}
	if page.orgPage, err = c.orgPage(v, "calendars"); err != nil {
		return page, err
	}
	page.MayEdit = page.Admin || v.Actor.Is(models.RoleOps)
	if page.All, page.Policy, err = c.Cases.Calendars(v.r.Context(), asked.Get("version")); err != nil {
		return page, err
	}
	page.Is = page.All[0]
	if name := asked.Get("calendar"); name != "" {
		i := slices.IndexFunc(page.All, func(one cases.Calendar) bool { return one.Name == name })
		if i < 0 {
			return page, models.Refuse(models.CodeNotFound, "this version of the policy has no such calendar")
		}
		page.Is = page.All[i]
	}
	now := c.Now().In(page.Is.Zone)
	page.Year = now.Year()
	if year, err := strconv.Atoi(asked.Get("year")); err == nil && year >= 1970 && year <= 2199 {
		page.Year = year
	}
	if page.From == "" && page.Amount == "" {
		page.From, page.Amount = now.Format("2006-01-02T15:04"), "8h"
		return page, nil
	}
	trial, err := page.Is.Try(page.From, page.Amount)
	if err != nil {
		page.Tried = v.faults(err)
		return page, nil
	}
	page.Trial = &trial
	return page, nil
}

// Months are those of a year.
func (calendarsPage) Months() []int { return []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12} }

// Weekdays are those of a week from Monday on, by their numbers.
func (calendarsPage) Weekdays() []int { return []int{1, 2, 3, 4, 5, 6, 0} }

// Weeks are the days of a month of the year that is shown.
func (p calendarsPage) Weeks(month int) [][]cases.CalendarDay {
	return p.Is.Month(p.Year, time.Month(month))
}

// Differing are the days of the year that is shown that are not as every week.
func (p calendarsPage) Differing() []cases.CalendarDay { return p.Is.Differing(p.Year) }

// Path is where a calendar is shown, in a year.
func (p calendarsPage) Path(calendar string, year int) string {
	asked := url.Values{"calendar": {calendar}, "year": {strconv.Itoa(year)}}
	if !p.Policy.InForce {
		asked.Set("version", p.Policy.Version)
	}
	return "/organisation/calendars?" + asked.Encode()
}

// Next and Before are the years beside the one that is shown.
func (p calendarsPage) Next() int { return p.Year + 1 }

// Before is the year before.
func (p calendarsPage) Before() int { return p.Year - 1 }

// Clock is an instant on the calendar's own wall.
func (p calendarsPage) Clock(at time.Time) string { return at.In(p.Is.Zone).Format("15:04") }

// HM is a length in hours and minutes: a day of open time is no day.
func (calendarsPage) HM(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// On is an instant with its day on the calendar's own wall.
func (p calendarsPage) On(at time.Time) string { return at.In(p.Is.Zone).Format("2006-01-02 15:04") }

// importDays shows the policy's form with the days of a list in it, checked and not published; a list
// with a fault, or with nothing new, stays here.
func (c *console) importDays(v *visit) error {
	files, err := v.formWithFiles(room{1, cases.MaxDayList, cases.MaxDayList})
	if err != nil {
		return err
	}
	if !v.Actor.Is(models.RoleAdmin) && !v.Actor.Is(models.RoleOps) {
		return models.Refuse(models.CodeForbidden, "only admin and ops change the policy")
	}
	list := cases.DayList{Calendar: v.field("calendar"), Content: []byte(v.r.PostForm.Get("list")), KnownUntil: v.field("known_until")}
	var added cases.DaysAdded
	switch {
	case v.tooMuch != "":
		err = models.Invalid("/list", "a list of days has at most 1 MiB")
	case len(files) > 0 && v.field("list") != "":
		err = models.Invalid("/list", "give the list once: as a file, or here")
	case len(files) > 0:
		list.Name, list.Content = files[0].Name, files[0].Content
	}
	if err == nil {
		added, err = c.Cases.ImportDays(v.r.Context(), list)
	}
	if err != nil || len(added.Entries) == 0 && list.KnownUntil == "" {
		return c.importAgain(v, list, added, err)
	}
	trial, err := c.Cases.TryPolicy(v.r.Context(), []byte(added.Document))
	if err != nil {
		return err
	}
	return c.policyAgain(v, cases.PolicyWish{Document: []byte(added.Document)}, nil, &trial)
}

// importAgain shows the form as it was filled in, with what is wrong with the list.
func (c *console) importAgain(v *visit, list cases.DayList, added cases.DaysAdded, err error) error {
	faults := v.faults(err)
	if err != nil && faults == nil {
		return err
	}
	page, failed := c.calendarsPage(v, url.Values{"calendar": {list.Calendar}})
	if failed != nil {
		return failed
	}
	page.List, page.KnownUntil, page.Faults = v.r.PostForm.Get("list"), list.KnownUntil, faults
	status := http.StatusOK
	if err == nil {
		page.Nothing = added.Known
	} else {
		status = statusOf(err)
	}
	if refused, many := errors.AsType[*cases.Refused](err); many {
		page.Lines = v.lineFaults(string(list.Content), refused.Faults, false)
		page.Faults = map[string]string{"list": v.Say("cal.list_faults", "n", len(refused.Faults))}
	} else if says := faults["document"]; says != "" {
		page.Faults = map[string]string{"": says}
	}
	return v.showAs(status, "organisation_calendars", page)
}
