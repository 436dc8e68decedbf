package console

import (
	"context"

	"recourse/models"
)

// directory says how people and departments are called. What is not in it is called by its id.
type directory struct {
	language    models.Language
	people      map[string]string
	departments map[string]models.Department
	categories  map[string]models.Category
}

// directory reads the names of everybody and everything that cases point to.
func (v *visit) directory(ctx context.Context) (directory, error) {
	d := directory{language: v.Language, people: map[string]string{}, departments: map[string]models.Department{}, categories: map[string]models.Category{}}
	people, err := v.c.Cases.People(ctx, v.Actor)
	if err != nil {
		return d, err
	}
	departments, err := v.c.Cases.Departments(ctx)
	if err != nil {
		return d, err
	}
	categories, err := v.c.Cases.Categories(ctx)
	for _, p := range people {
		d.people[p.ID] = p.Name
	}
	for _, one := range departments {
		d.departments[one.ID] = one
	}
	for _, one := range categories {
		d.categories[one.ID] = one
	}
	return d, err
}

// Person is how somebody is called.
func (d directory) Person(id string) string {
	if name := d.people[id]; name != "" {
		return name
	}
	return id
}

// Department is how a department is called.
func (d directory) Department(id string) string {
	return d.named(id, d.departments[id].NameZH, d.departments[id].NameEN)
}

// Category is how a category is called.
func (d directory) Category(id string) string {
	return d.named(id, d.categories[id].NameZH, d.categories[id].NameEN)
}

func (d directory) named(id, zh, en string) string {
	name := en
	if d.language == models.LanguageZH || name == "" {
		name = zh
	}
	if name == "" {
		return id
	}
	return name
}
