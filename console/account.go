package console

import (
	"net/http"
	"slices"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// year is how long a device remembers how its pages look.
const year = 365 * 24 * time.Hour

// accountPage is what people decide for themselves.
type accountPage struct {
	Session   string // this one
	Sessions  []models.Session
	Languages []models.Language
	Themes    []Theme
	Theme     Theme
	Topics    []topic // empty: there is nothing to be told of
	Faults    map[string]string
}

// topic is what somebody may want to be told of.
type topic struct {
	models.Topic

	Wanted bool
}

func (c *console) account(v *visit) error { return c.showAccount(v, http.StatusOK, nil) }

func (c *console) showAccount(v *visit, code int, faults map[string]string) error {
	sessions, err := c.Cases.Sessions(v.r.Context(), v.Actor)
	if err != nil {
		return err
	}
	topics, err := c.topics(v)
	if err != nil {
		return err
	}
	return v.showAs(code, "account", accountPage{
		Topics:  topics,
		Session: v.Session, Sessions: sessions, Languages: models.Languages(), Themes: []Theme{ThemeSystem, ThemeLight, ThemeDark}, Theme: v.Theme, Faults: faults,
	})
}

// topics are what the visitor may be told of.
func (c *console) topics(v *visit) (all []topic, err error) {
	if !cases.MaySubscribe(v.Actor) {
		return nil, nil
	}
	wanted, err := c.Cases.Subscriptions(v.r.Context(), v.Actor)
	for _, t := range models.Topics() {
		all = append(all, topic{t, slices.ContainsFunc(wanted, func(s models.Subscription) bool { return s.Topic == t })})
	}
	return all, err
}

// subscribe keeps what the visitor wants to be told of: what is ticked, and nothing else.
func (c *console) subscribe(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	ticked := v.r.PostForm["topic"]
	for _, t := range models.Topics() {
		if err := c.Cases.Subscribe(v.r.Context(), v.Actor, t, slices.Contains(ticked, string(t))); err != nil {
			return err
		}
	}
	v.tell("done.subscribed")
	return v.goTo("/account")
}

func (c *console) changePassword(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	if wait := c.tries.Wait("password " + v.Person.ID); wait > 0 {
		return v.later(wait)
	}
	in := cases.Signed{Person: *v.Person, Session: v.Session}
	if err := c.Cases.ChangePassword(v.r.Context(), in, v.r.PostForm.Get("old"), v.r.PostForm.Get("password")); err != nil {
		if faults := v.faults(err); faults != nil {
			return c.showAccount(v, statusOf(err), faults)
		}
		return err
	}
	v.tell("done.password")
	return v.goTo("/account")
}

func (c *console) endSession(v *visit) error {
	if err := c.Cases.EndSession(v.r.Context(), v.Actor, v.r.PathValue("id")); err != nil {
		return err
	}
	v.tell("done.session_ended")
	return v.goTo("/account")
}

// prefer keeps language and theme; also for whoever is not signed in, on this device.
func (c *console) prefer(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	if lang := models.Language(v.field("language")); lang == models.LanguageZH || lang == models.LanguageEN {
		v.cookie(languageCookie, string(lang), year)
		if v.Person != nil {
			if err := c.Cases.SpeakTo(v.r.Context(), v.Actor, lang); err != nil {
				return err
			}
		}
	}
	switch theme := Theme(v.field("theme")); theme {
	case ThemeLight, ThemeDark, ThemeSystem:
		v.cookie(themeCookie, string(theme), year)
	}
	return v.goTo(ours(v.field("to")))
}
