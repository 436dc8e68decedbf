package console

import "recourse/models"

// register lists every address there is.
func (c *console) register() {
	c.routes.HandleFunc("GET /static/{address...}", c.assets.serve)

	c.open("GET /sign-in", c.signInForm)
	c.open("POST /sign-in", c.signIn)
	c.inside("POST /sign-out", c.signOut)
	c.inside("GET /account", c.account)
	c.inside("POST /account/password", c.changePassword)
	c.inside("POST /account/sessions/{id}/end", c.endSession)
	c.open("POST /preferences", c.prefer)

	c.inside("GET /{$}", func(v *visit) error { return v.goTo(firstPage(v.Actor)) })
	c.inside("GET /live", c.live)

	c.inside("GET /cases/{number}", c.casePage)
	c.inside("POST /cases/{number}/{verb}", c.act)
	c.inside("POST /cases/{number}/unmask", c.unmask)
	c.inside("GET /cases/{number}/attachments/{id}", c.download)
	c.inside("GET /cases/{number}/letters/{kind}", c.letter)
	c.inside("GET /alerts", c.alerts)
	c.inside("POST /alerts/{id}/acknowledge", c.acknowledge)
	c.inside("GET /inbox", c.inbox)

	c.open("/", func(v *visit) error { return models.Refuse(models.CodeNotFound, "there is no such page") })
}

// firstPage is where somebody begins their day.
func firstPage(a models.Actor) string {
	switch {
	case a.Is(models.RoleIntake):
		return "/intake"
	case a.Is(models.RoleHandler), a.Is(models.RoleDepartmentHead):
		return "/queue"
	case a.Is(models.RoleOps):
		return "/system"
	}
	return "/overview"
}
