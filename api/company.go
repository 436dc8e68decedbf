package api

import (
	"context"
	"time"

	"recourse/api/openapi"
	"recourse/models"
)

// ListDepartments lists the departments.
func (d *door) ListDepartments(ctx context.Context, _ openapi.ListDepartmentsRequestObject) (openapi.ListDepartmentsResponseObject, error) {
	ctx, _ = enter(ctx)
	all, err := d.Cases.Departments(ctx)
	if err != nil {
		return nil, err
	}
	return openapi.ListDepartments200JSONResponse{Items: each(all, func(m models.Department) openapi.Department {
		return openapi.Department{
			ID: m.ID, NameZh: m.NameZH, NameEn: m.NameEN, Supervising: m.Supervising, Sample: m.Sample, DisabledAt: at(m.DisabledAt),
		}
	})}, nil
}

// PutDepartment creates or changes a department.
func (d *door) PutDepartment(ctx context.Context, r openapi.PutDepartmentRequestObject) (openapi.PutDepartmentResponseObject, error) {
	ctx, in := enter(ctx)
	b := r.Body
	err := d.Cases.PutDepartment(ctx, in.actor(), models.Department{
		ID: r.ID, NameZH: b.NameZh, NameEN: b.NameEn, Supervising: b.Supervising, DisabledAt: d.disabled(b.Disabled),
	})
	return openapi.PutDepartment204Response{}, err
}

// disabled is now for what is switched off; the service keeps the instant of what was already.
func (d *door) disabled(is bool) *time.Time {
	if !is {
		return nil
	}
	now := d.Now().UTC()
	return &now
}

// ListPeople lists the people that the caller may know of.
func (d *door) ListPeople(ctx context.Context, _ openapi.ListPeopleRequestObject) (openapi.ListPeopleResponseObject, error) {
	ctx, in := enter(ctx)
	all, err := d.Cases.People(ctx, in.actor())
	if err != nil {
		return nil, err
	}
	return openapi.ListPeople200JSONResponse{Items: each(all, personOf)}, nil
}

// PutPerson creates or changes a person or service.
func (d *door) PutPerson(ctx context.Context, r openapi.PutPersonRequestObject) (openapi.PutPersonResponseObject, error) {
	ctx, in := enter(ctx)
	b := r.Body
	var languages []models.Language
	if len(b.Languages) > 0 {
		languages = as[models.Language](b.Languages)
	}
	err := d.Cases.PutPerson(ctx, in.actor(), models.Person{
		ID: r.ID, Name: b.Name, Email: b.Email, Phone: b.Phone, Language: models.Language(b.Language), Service: b.Service,
		Roles: as[models.Role](b.Roles), Departments: b.Departments, Teams: b.Teams, Languages: languages,
		Deputy: b.Deputy, DisabledAt: d.disabled(b.Disabled),
	})
	return openapi.PutPerson204Response{}, err
}

// ShowMe says who the caller is.
func (d *door) ShowMe(ctx context.Context, _ openapi.ShowMeRequestObject) (openapi.ShowMeResponseObject, error) {
	return openapi.ShowMe200JSONResponse(personOf(inboundOf(ctx).person)), nil
}

func personOf(p models.Person) openapi.Person {
	v := openapi.Person{
		ID: p.ID, Name: p.Name, Email: p.Email, Phone: p.Phone, Language: openapi.Language(p.Language), Service: p.Service, Sample: p.Sample,
		Roles: as[openapi.Role](p.Roles), Departments: as[string](p.Departments), Teams: as[string](p.Teams),
		Languages: as[openapi.Language](p.Languages), Deputy: p.Deputy, DisabledAt: at(p.DisabledAt),
	}
	if v.Language == "" {
		v.Language = openapi.LanguageEn
	}
	return v
}

// ListCategories lists the tree by which complaints are filed.
func (d *door) ListCategories(ctx context.Context, _ openapi.ListCategoriesRequestObject) (openapi.ListCategoriesResponseObject, error) {
	ctx, _ = enter(ctx)
	all, err := d.Cases.Categories(ctx)
	if err != nil {
		return nil, err
	}
	return openapi.ListCategories200JSONResponse{Tree: treeOf(all), Items: each(all, func(m models.Category) openapi.Category {
		return openapi.Category{ID: m.ID, Parent: m.Parent, NameZh: m.NameZH, NameEn: m.NameEN, Sample: m.Sample}
	})}, nil
}

// PutCategory creates or changes a category.
func (d *door) PutCategory(ctx context.Context, r openapi.PutCategoryRequestObject) (openapi.PutCategoryResponseObject, error) {
	ctx, in := enter(ctx)
	b := r.Body
	err := d.Cases.PutCategory(ctx, in.actor(), models.Category{ID: r.ID, Parent: b.Parent, NameZH: b.NameZh, NameEN: b.NameEn})
	return openapi.PutCategory204Response{}, err
}
