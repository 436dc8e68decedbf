package roster

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"recourse/models"
)

// Kinds lists what can be read from CSV.
func Kinds() []string { return []string{"departments", "teams", "people", "categories"} }

// column is one field of a kind of row: its names in a header, how it is read and how it is shown.
type column[T any] struct {
	name    string // as the API names it
	aliases []string
	set     func(row *T, cell string) error
	show    func(row T) string
}

// separators split a cell that holds a list.
const separators = ";；、|"

func list[S ~string](cell string) []S {
	var items []S
	for item := range strings.FieldsFuncSeq(cell, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if item = strings.TrimSpace(item); item != "" && !slices.Contains(items, S(item)) {
			items = append(items, S(item))
		}
	}
	return items
}

func joined[S ~string](items []S) string {
	plain := make([]string, len(items))
	for i, item := range items {
		plain[i] = string(item)
	}
	return strings.Join(plain, ";")
}

// text is a column of one word or name.
func text[T any, S ~string](name string, at func(*T) *S, aliases ...string) column[T] {
	return column[T]{
		name: name, aliases: aliases,
		set:  func(row *T, cell string) error { *at(row) = S(cell); return nil },
		show: func(row T) string { return string(*at(&row)) },
	}
}

// many is a column that holds a list.
func many[T any, S ~string](name string, at func(*T) *[]S, aliases ...string) column[T] {
	return column[T]{
		name: name, aliases: aliases,
		set:  func(row *T, cell string) error { *at(row) = list[S](cell); return nil },
		show: func(row T) string { return joined(*at(&row)) },
	}
}

// yes and no, as people write them.
var (
	yes = []string{"yes", "y", "true", "1", "是"}
	no  = []string{"", "no", "n", "false", "0", "否"}
)

func truth(cell string) (bool, error) {
	switch cell = strings.ToLower(cell); {
	case slices.Contains(yes, cell):
		return true, nil
	case slices.Contains(no, cell):
		return false, nil
	}
	return false, fmt.Errorf("%q is neither yes nor no", cell)
}

func yesNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// off is the column that switches a row off; since when, the record knows best.
func off[T any](now time.Time, at func(*T) **time.Time) column[T] {
	return column[T]{
		name: "disabled", aliases: []string{"停用", "已停用"},
		set: func(row *T, cell string) error {
			is, err := truth(cell)
			switch {
			case err != nil:
				return err
			case !is:
				*at(row) = nil
			case *at(row) == nil:
				*at(row) = &now
			}
			return nil
		},
		show: func(row T) string { return yesNo(*at(&row) != nil) },
	}
}

func departmentColumns(now time.Time) []column[models.Department] {
	type row = models.Department
	return []column[row]{
		text("id", func(r *row) *string { return &r.ID }, "编号", "部门编号"),
		text("name_zh", func(r *row) *string { return &r.NameZH }, "中文名称", "名称"),
		text("name_en", func(r *row) *string { return &r.NameEN }, "英文名称"),
		text("supervising", func(r *row) *string { return &r.Supervising }, "监督部门"),
		off(now, func(r *row) **time.Time { return &r.DisabledAt }),
	}
}

func teamColumns(now time.Time) []column[models.Team] {
	type row = models.Team
	return []column[row]{
		text("id", func(r *row) *string { return &r.ID }, "编号", "小组编号"),
		text("department", func(r *row) *string { return &r.Department }, "部门", "所属部门"),
		text("name_zh", func(r *row) *string { return &r.NameZH }, "中文名称", "名称"),
		text("name_en", func(r *row) *string { return &r.NameEN }, "英文名称"),
		off(now, func(r *row) **time.Time { return &r.DisabledAt }),
	}
}

func personColumns(now time.Time) []column[models.Person] {
	type row = models.Person
	return []column[row]{
		text("id", func(r *row) *string { return &r.ID }, "编号", "工号"),
		text("name", func(r *row) *string { return &r.Name }, "姓名"),
		text("email", func(r *row) *string { return &r.Email }, "邮箱", "电子邮件"),
		text("phone", func(r *row) *string { return &r.Phone }, "电话", "手机", "手机号"),
		text("language", func(r *row) *models.Language { return &r.Language }, "语言"),
		many("languages", func(r *row) *[]models.Language { return &r.Languages }, "其他语言"),
		many("roles", func(r *row) *[]models.Role { return &r.Roles }, "角色"),
		many("departments", func(r *row) *[]string { return &r.Departments }, "部门", "所属部门"),
		many("teams", func(r *row) *[]string { return &r.Teams }, "小组", "所属小组"),
		text("deputy", func(r *row) *string { return &r.Deputy }, "代理人"),
		{
			name: "service", aliases: []string{"服务账号"},
			set:  func(r *row, cell string) (err error) { r.Service, err = truth(cell); return err },
			show: func(r row) string { return yesNo(r.Service) },
		},
		off(now, func(r *row) **time.Time { return &r.DisabledAt }),
	}
}

func categoryColumns() []column[models.Category] {
	type row = models.Category
	return []column[row]{
		text("id", func(r *row) *string { return &r.ID }, "编号", "类别编号"),
		text("parent", func(r *row) *string { return &r.Parent }, "上级", "上级类别", "父类别"),
		text("name_zh", func(r *row) *string { return &r.NameZH }, "中文名称", "名称"),
		text("name_en", func(r *row) *string { return &r.NameEN }, "英文名称"),
	}
}
