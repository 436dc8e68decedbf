package api

import (
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	"recourse/models"
)

// tokenForm is what a token can look like; anything else is not worth asking about.
var tokenForm = regexp.MustCompile(`^rc_[!-~]{1,250}$`)

// authenticate finds out who asks, where the contract wants to know.
func (d *door) authenticate(c *gin.Context) {
	in := inboundOf(c.Request.Context())
	if d.contract.open(in.route, c.Request.Method) {
		return
	}
	scheme, secret, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	secret = strings.TrimSpace(secret)
	if !strings.EqualFold(scheme, "Bearer") || !tokenForm.MatchString(secret) {
		d.refuse(c, models.Refuse(models.CodeUnauthorized, "send Authorization: Bearer with a token that begins with rc_"))
		return
	}
	person, err := d.Cases.Authenticate(c.Request.Context(), secret)
	if err != nil {
		d.refuse(c, err)
		return
	}
	in.person = person
}
