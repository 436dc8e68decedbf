package history

import (
	"maps"
	"slices"
	"strings"

	"recourse/models"
)

// aliases are names of moves by the promise that they keep.
var aliases = map[string]models.Kind{
	"first_response": models.KindReplied,
	"feedback":       models.KindSolutionTold,
}

// rank is the order of moves that stand on one instant and of which the log tells no other order.
var rank = []models.Kind{
	models.KindReworked, models.KindResumed, models.KindReclassified, models.KindDispatched, models.KindTransferred, models.KindReturned,
	models.KindAccepted, models.KindAssigned, models.KindUrged, models.KindReplied, models.KindPaused, models.KindInterimTold,
	models.KindSolutionTold, models.KindResolved, models.KindResultTold, models.KindNotAccepted, models.KindWithdrawn,
	models.KindClosed, models.KindSurveyAnswered, models.KindArchived,
}

func rankOf(k models.Kind) int { return slices.Index(rank, k) }

// kindOf is the move that a name means.
func kindOf(name string) (models.Kind, bool) {
	if k, is := aliases[name]; is {
		return k, true
	}
	return models.Kind(name), slices.Contains(models.AdoptedKinds(), models.Kind(name))
}

// milestoneNames are the moves that a case has an instant of at most: what may be a column of its own.
func milestoneNames() []string {
	never := []models.Kind{
		models.KindPaused, models.KindResumed, models.KindAssigned, models.KindTransferred, models.KindReturned, models.KindReclassified,
	}
	names := slices.Collect(maps.Keys(aliases))
	for _, k := range models.AdoptedKinds() {
		if !slices.Contains(never, k) {
			names = append(names, string(k))
		}
	}
	slices.Sort(names)
	return names
}

// moveNames are the words for what an activity or a state means.
func moveNames(state bool) []string {
	names := slices.Collect(maps.Keys(aliases))
	for _, k := range models.AdoptedKinds() {
		if k != models.KindPaused { // the reason says it
			names = append(names, string(k))
		}
	}
	for _, p := range models.PauseReasons() {
		names = append(names, string(p))
	}
	names = append(names, "received", "ignore")
	if state {
		names = append(names, "open")
	}
	slices.Sort(names)
	return names
}

// actOf is what a word for a move means.
func actOf(word string, state bool) (act, bool) {
	switch {
	case !slices.Contains(moveNames(state), word):
		return act{}, false
	case slices.Contains(models.PauseReasons(), models.PauseReason(word)):
		return act{kind: models.KindPaused, pause: models.PauseReason(word)}, true
	case word == "received":
		return act{received: true}, true
	case word == "ignore":
		return act{}, true
	case word == "open":
		return act{open: true}, true
	}
	kind, _ := kindOf(word)
	return act{kind: kind}, true
}

// The fields of a case, and what they may say; nil: anything.
var fieldValues = map[string][]string{
	"severity":    words(models.Severities()),
	"channel":     words(models.Channels()),
	"nature":      words(models.Natures()),
	"attribution": words(models.Attributions()),
	"cause":       words(models.Causes()),
	"outcome":     words(models.Outcomes()),
	"language":    words(models.Languages()),
	"result":      strings.Fields("1 2 3 4 5"),
	"process":     strings.Fields("1 2 3 4 5"),
	"speed":       strings.Fields("1 2 3 4 5"),
	"attitude":    strings.Fields("1 2 3 4 5"),
	"recommend":   strings.Fields("0 1 2 3 4 5 6 7 8 9 10"),
	"department":  nil,
	"person":      nil,
	"concerned":   nil,
	"category":    nil,
	"product":     nil,
	"model":       nil,
	"region":      nil,
	"customer":    nil,
}

// fieldNames lists the fields; a field has the same slot in every row.
var fieldNames = slices.Sorted(maps.Keys(fieldValues))

func fieldSlot(name string) int { return slices.Index(fieldNames, name) }

func words[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}
