package console

import (
	"slices"

	"recourse/models"
)

// Asked is what the form of each verb asks for, as it is declared: the names of its fields, with those of
// its sets.
func Asked() map[models.Verb][]string {
	asked := map[models.Verb][]string{}
	for _, f := range forms {
		asked[f.Verb] = []string{}
		for _, one := range f.Fields {
			if one.Kind != fieldSet && one.Kind != fieldLink { // which are none themselves
				asked[f.Verb] = append(asked[f.Verb], one.Name)
			}
			for _, part := range one.Parts {
				asked[f.Verb] = append(asked[f.Verb], part.Name)
			}
		}
		slices.Sort(asked[f.Verb])
	}
	return asked
}
