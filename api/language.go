package api

import (
	"github.com/gin-gonic/gin"
	"golang.org/x/text/language"

	"recourse/models"
)

// spoken are the languages of titles, in the order of matcher.
var (
	spoken  = []models.Language{models.LanguageEN, models.LanguageZH}
	matcher = language.NewMatcher([]language.Tag{language.English, language.SimplifiedChinese})
)

// spoken is the caller's language: what the request asks for, else the person's own, else English.
func (in *inbound) spoken(c *gin.Context) models.Language {
	wanted, _, err := language.ParseAcceptLanguage(c.GetHeader("Accept-Language"))
	if err == nil && len(wanted) > 0 {
		_, i, sure := matcher.Match(wanted...)
		if sure > language.No {
			return spoken[i]
		}
	}
	if in.person.Language != "" {
		return in.person.Language
	}
	return models.LanguageEN
}
