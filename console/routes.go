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
	c.inside("POST /account/subscriptions", c.subscribe)
	c.inside("POST /account/sessions/{id}/end", c.endSession)
	c.open("POST /preferences", c.prefer)

	c.inside("GET /{$}", func(v *visit) error { return v.goTo(firstPage(v.Actor)) })
	c.inside("GET /live", c.live)
	c.inside("GET /menu", c.menuAgain)

	c.inside("GET /cases/{number}", c.casePage)
	c.inside("POST /cases/{number}/{verb}", c.act)
	c.inside("POST /cases/{number}/unmask", c.unmask)
	c.inside("POST /cases/{number}/alerts/{id}/snooze", c.onAlertOfCase(actSnooze))
	c.inside("POST /cases/{number}/alerts/{id}/hand-over", c.onAlertOfCase(actHandOver))
	c.inside("GET /cases/{number}/attachments/{id}", c.download)
	c.inside("GET /cases/{number}/letters/{kind}", c.letter)
	c.inside("GET /alerts", c.alerts)
	c.inside("POST /alerts/{id}/acknowledge", c.acknowledge)
	c.inside("POST /alerts/{id}/snooze", c.onAlert(actSnooze))
	c.inside("POST /alerts/{id}/hand-over", c.onAlert(actHandOver))
	c.inside("GET /inbox", c.inbox)
	c.inside("GET /overview", c.overview)
	c.inside("GET /overview/tiles", c.tiles)
	c.inside("GET /figures", c.figuresPage)
	c.inside("GET /figures/now", c.figuresNow)
	c.inside("GET /figures/all", c.allFigures)
	c.inside("GET /figures/correlation", c.correlationPage)
	c.inside("GET /figures/{kpi}", c.figurePage)
	c.inside("GET /signals", c.signals)
	c.inside("GET /signals/{id}", c.signal)
	c.inside("GET /figures/{kpi}/cases", c.figureCases)
	c.inside("GET /simulator", c.simulator)
	c.inside("GET /extracts/{table}", c.extract)
	c.inside("GET /queue", c.queue)
	c.inside("GET /queue/rows/{number}", c.queueRowAgain)
	c.inside("POST /queue/assign", c.assignMany)
	c.inside("POST /queue/transfer", c.transferMany)
	c.inside("GET /decisions", c.decisions)
	c.inside("POST /decisions/{number}/{verb}", c.decide)
	c.inside("GET /callbacks", c.callbacks)
	c.inside("GET /callbacks/{number}", c.callbackForm)
	c.inside("POST /callbacks/{number}", c.recordCallback)
	c.inside("POST /callbacks/{number}/unmask", c.unmaskCallback)
	c.inside("GET /system", c.system)
	c.inside("GET /system/outbox", c.outbox)
	c.inside("POST /system/outbox/{id}/redeliver", c.sendAgain)
	c.inside("GET /organisation", c.ofCompany(c.gaps))
	c.inside("GET /organisation/departments", c.ofCompany(c.departmentsPage))
	c.inside("POST /organisation/departments", c.ofCompany(c.putDepartment))
	c.inside("POST /organisation/teams", c.ofCompany(c.putTeam))
	c.inside("GET /organisation/categories", c.ofCompany(c.categoriesPage))
	c.inside("POST /organisation/categories", c.ofCompany(c.putCategory))
	c.inside("GET /organisation/people", c.ofCompany(c.people))
	c.inside("POST /organisation/people", c.ofCompany(c.putPerson))
	c.inside("GET /organisation/people/{id}", c.ofCompany(c.person))
	c.inside("POST /organisation/people/{id}/absences", c.ofCompany(c.putAbsences))
	c.inside("POST /organisation/people/{id}/leave", c.ofCompany(c.leave))
	c.inside("POST /organisation/people/{id}/password", c.ofCompany(c.resetPassword))
	c.inside("POST /organisation/people/{id}/tokens", c.ofCompany(c.newToken))
	c.inside("GET /organisation/tokens", c.ofCompany(c.tokens))
	c.inside("POST /organisation/tokens/{id}/revoke", c.ofCompany(c.revokeToken))
	c.inside("GET /organisation/roster", c.ofCompany(c.roster))
	c.inside("POST /organisation/roster", c.ofCompany(c.putRoster))
	c.inside("POST /organisation/roster/swap", c.ofCompany(c.putSwap))
	c.inside("POST /organisation/roster/unswap", c.ofCompany(c.takeSwapBack))
	c.inside("GET /organisation/endpoints", c.ofCompany(c.endpoints))
	c.inside("POST /organisation/endpoints", c.ofCompany(c.addEndpoint))
	c.inside("GET /organisation/endpoints/{id}", c.ofCompany(c.endpoint))
	c.inside("POST /organisation/endpoints/{id}", c.ofCompany(c.changeEndpoint))
	c.inside("POST /organisation/endpoints/{id}/secret", c.ofCompany(c.rotateSecret))
	c.inside("POST /organisation/endpoints/{id}/test", c.ofCompany(c.testEndpoint))
	c.inside("POST /organisation/endpoints/{id}/redeliver", c.ofCompany(c.redeliver))
	c.inside("GET /organisation/dispatch", c.ofCompany(c.dispatchTable))
	c.inside("POST /organisation/dispatch", c.ofCompany(c.putDispatchTable))
	c.inside("GET /organisation/adjustments", c.ofCompany(c.adjustments))
	c.inside("GET /organisation/adjustments/{id}", c.ofCompany(c.adjustment))
	c.inside("GET /organisation/adjustments/{id}/so-far", c.ofCompany(c.adjustmentSoFar))
	c.inside("POST /organisation/adjustments/{kind}", c.ofCompany(c.previewAdjustment))
	c.inside("POST /organisation/adjustments/{id}/start", c.ofCompany(c.startAdjustment))
	c.inside("POST /organisation/adjustments/{id}/undo", c.ofCompany(c.undoAdjustment))
	c.inside("GET /organisation/policy", c.ofCompany(c.policy))
	c.inside("POST /organisation/policy", c.ofCompany(c.publishPolicy))
	c.inside("GET /organisation/templates", c.ofCompany(c.templates))
	c.inside("GET /organisation/templates/{name}", c.ofCompany(c.template))
	c.inside("POST /organisation/templates/{name}", c.ofCompany(c.publishTemplate))
	c.inside("POST /organisation/templates/{name}/preview", c.ofCompany(c.previewTemplate))
	c.inside("GET /organisation/calendars", c.ofCompany(c.calendars))
	c.inside("POST /organisation/calendars/import", c.ofCompany(c.importDays))

	c.inside("GET /intake", c.intake)
	c.inside("POST /intake", c.takeIntake)
	c.inside("POST /intake/beside", c.lookBeside)
	c.inside("POST /intake/{number}/settle", c.settleAgain)
	c.inside("GET /cases/{number}/saved", c.saved)
	c.inside("GET /cases/{number}/receipt", c.receipt)

	c.forCustomers("GET /complain", c.complain)
	c.forCustomers("POST /complain", c.takeComplaint)
	c.forCustomers("GET /t/{token}", c.status)
	c.forCustomers("POST /t/{token}/confirm", c.says(models.VerbConfirm))
	c.forCustomers("POST /t/{token}/not-solved", c.says(models.VerbNotSolved))
	c.forCustomers("POST /t/{token}/message", c.says(models.VerbMessage))
	c.forCustomers("POST /t/{token}/withdraw", c.says(models.VerbWithdraw))
	c.forCustomers("POST /t/{token}/reschedule", c.reschedule)
	c.forCustomers("GET /s/{token}", c.survey)
	c.forCustomers("POST /s/{token}", c.answer)

	c.forColleagues("GET /a/{token}", c.alertLink)
	c.forColleagues("POST /a/{token}/acknowledge", c.byLink(actAcknowledge))
	c.forColleagues("POST /a/{token}/snooze", c.byLink(actSnooze))
	c.forColleagues("POST /a/{token}/hand-over", c.byLink(actHandOver))

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
