package api

import (
	"github.com/gin-gonic/gin"

	"recourse/models"
)

// limitRate slows the customers' pages down, per address and link.
func (d *door) limitRate(c *gin.Context) {
	if !forCustomers(inboundOf(c.Request.Context()).route) {
		return
	}
	if wait := d.throttle.Wait(c.ClientIP() + " " + c.Param("token")); wait > 0 {
		d.refuse(c, &refusal{base: models.Refuse(models.CodeTooMany, "slow down, please"), retry: wait})
	}
}
