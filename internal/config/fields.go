package config

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Names in the environment.
const (
	prefix     = "RECOURSE_"
	separator  = "__"
	fileSuffix = separator + "FILE"
	reserved   = prefix + "TEST_" // for the tests' own databases; not ours to read

	// FileVariable names the configuration file when the command line does not.
	FileVariable = prefix + "CONFIG"
)

// A field is one key of the configuration and the place where its value lives.
type field struct {
	key   string // temporal.tls.cert
	value reflect.Value
}

var secretType = reflect.TypeFor[Secret]()

// secret says whether the value may be read from a file of its own, and is redacted.
func (f field) secret() bool { return f.value.Type() == secretType }

// env is the field's name in the environment.
func (f field) env() string {
	return prefix + strings.ToUpper(strings.ReplaceAll(f.key, ".", separator))
}

// fields lists all fields of c, in the order of the struct.
func fields(c *Config) []field { return walk("", reflect.ValueOf(c).Elem()) }

func walk(at string, section reflect.Value) []field {
	var found []field
	for i := range section.NumField() {
		key := at + section.Type().Field(i).Tag.Get("key")
		if value := section.Field(i); value.Kind() == reflect.Struct {
			found = append(found, walk(key+".", value)...)
		} else {
			found = append(found, field{key, value})
		}
	}
	return found
}

// Names lists every name that the environment may have, in the order of the struct: each key's own,
// for secrets also the one that names a file, and the name of the configuration file.
func Names() []string {
	names := []string{FileVariable}
	var c Config
	for _, f := range fields(&c) {
		names = append(names, f.env())
		if f.secret() {
			names = append(names, f.env()+fileSuffix)
		}
	}
	return names
}

// set reads text into the field. Its errors never repeat the text: it may be a secret in the wrong place.
func (f field) set(text string) error {
	if f.value.Type() == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(text)
		if err != nil {
			return errors.New("is not a duration such as 500ms, 25s or 5m")
		}
		f.value.SetInt(int64(d))
		return nil
	}
	if f.value.Kind() == reflect.Int {
		n, err := strconv.Atoi(text)
		if err != nil {
			return errors.New("is not a whole number")
		}
		f.value.SetInt(int64(n))
		return nil
	}
	f.value.SetString(text) // every other field is a string or a named one
	return nil
}
