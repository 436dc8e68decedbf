package store

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"gorm.io/gorm/schema"
)

// ids keeps a list of ids as ",a,b,": both databases find one of them with the same LIKE.
type ids struct{}

// optional keeps an id that may point to nothing: "" is NULL, which a foreign key lets through.
type optional struct{}

// knowIDs tells GORM, which knows serializers by name only.
var knowIDs = sync.OnceFunc(func() {
	schema.RegisterSerializer("ids", ids{})
	schema.RegisterSerializer("optional", optional{})
})

// Scan reads the id.
func (optional) Scan(ctx context.Context, field *schema.Field, dst reflect.Value, kept any) error {
	id := ""
	switch kept := kept.(type) {
	case nil:
	case string:
		id = kept
	case []byte:
		id = string(kept)
	default:
		return fmt.Errorf("an id lies there as %T", kept)
	}
	field.ReflectValueOf(ctx, dst).SetString(id)
	return nil
}

// Value writes the id.
func (optional) Value(_ context.Context, _ *schema.Field, _ reflect.Value, given any) (any, error) {
	if given == "" {
		return nil, nil //nolint:nilnil // NULL
	}
	return given, nil
}

// Scan reads the list.
func (ids) Scan(ctx context.Context, field *schema.Field, dst reflect.Value, kept any) error {
	var list []string
	switch kept := kept.(type) {
	case nil:
	case string:
		list = idsOf(kept)
	case []byte:
		list = idsOf(string(kept))
	default:
		return fmt.Errorf("a list of ids lies there as %T", kept)
	}
	field.ReflectValueOf(ctx, dst).Set(reflect.ValueOf(list))
	return nil
}

// Value writes the list.
func (ids) Value(_ context.Context, _ *schema.Field, _ reflect.Value, given any) (any, error) {
	list, is := given.([]string)
	if !is {
		return nil, fmt.Errorf("a list of ids came as %T", given)
	}
	if len(list) == 0 {
		return "", nil
	}
	return "," + strings.Join(list, ",") + ",", nil
}

func idsOf(kept string) []string {
	if kept = strings.Trim(kept, ","); kept == "" {
		return nil
	}
	return strings.Split(kept, ",")
}

// holding is the pattern that finds an id in such a list.
func holding(id string) string { return "%," + likeLiterally.Replace(id) + ",%" }
