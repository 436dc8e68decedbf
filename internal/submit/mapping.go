package submit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones must not depend on the machine

	"go.yaml.in/yaml/v3"
)

// Mapping says how the columns of a file become the fields of a complaint.
type Mapping struct {
	Comma  string            `yaml:"comma"`  // between columns; empty: a comma
	Zone   string            `yaml:"zone"`   // of dates that say none; empty: UTC
	Dates  map[string]string `yaml:"dates"`  // column → layout, as Go writes 2006-01-02 15:04:05
	Fields map[string]Field  `yaml:"fields"` // field of the complaint → what it is made of

	zone *time.Location
}

// Field is what a field of the complaint is made of. {Column} stands for a cell, a date in RFC 3339;
// a part in [brackets] is left out when a cell in it is empty. In YAML a plain string is From alone.
type Field struct {
	From   string            `yaml:"from"`
	Values map[string]string `yaml:"values"` // what is written for what was read; nil: the same
	Else   string            `yaml:"else"`   // for what Values does not name; empty: the row is refused

	parts []part
}

// UnmarshalYAML reads a field in its long or its short form.
func (f *Field) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		f.From = node.Value
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 { // a decoder inside a decoder forgets to be strict
		if name := node.Content[i].Value; !slices.Contains([]string{"from", "values", "else"}, name) {
			return fmt.Errorf("line %d: a field has from, values and else, not %q", node.Content[i].Line, name)
		}
	}
	type long Field // without this method
	return node.Decode((*long)(f))
}

// The fields of a complaint, as the contract has them; a true field is yes or no.
var fields = map[string]bool{
	"channel": false, "text": false, "anonymous": true, "confidential": true, "mystery_shopper": true,
	"language": false, "zone": false, "received_at": false, "receipt_evidence": false, "severity": false,
	"nature": false, "category": false, "region": false, "department_concerned": false, "product": false,
	"model": false, "answer": false,
	"contact.name": false, "contact.phone": false, "contact.email": false, "contact.external_id": false,
	"contact.address": false, "contact.second.name": false, "contact.second.phone": false,
	"contact.second.email": false, "contact.second.acts_for": true,
	"particulars.happened": false, "particulars.serial": false, "particulars.order_number": false,
	"particulars.purchase_date": false, "particulars.symptom": false, "particulars.remedy": false,
}

// ReadMapping reads a mapping and says everything that is wrong with it.
func ReadMapping(in io.Reader) (Mapping, error) {
	var m Mapping
	content, err := io.ReadAll(in)
	if err != nil {
		return m, fmt.Errorf("read mapping: %w", err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&m); err != nil {
		return m, fmt.Errorf("read mapping: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return m, m.prepare()
}

func (m *Mapping) prepare() error {
	var faults []error
	var err error
	if m.zone, err = time.LoadLocation(m.Zone); err != nil {
		faults = append(faults, fmt.Errorf("zone: %q is not an IANA time zone such as Asia/Shanghai", m.Zone))
	}
	if len([]rune(m.Comma)) > 1 {
		faults = append(faults, fmt.Errorf("comma: %q is more than one character", m.Comma))
	}
	for _, name := range slices.Sorted(maps.Keys(m.Fields)) {
		if _, known := fields[name]; !known {
			faults = append(faults, fmt.Errorf("fields.%s: a complaint has no such field; it has %s", name,
				strings.Join(slices.Sorted(maps.Keys(fields)), ", ")))
		}
		f := m.Fields[name]
		if f.parts, err = parse(f.From); err != nil {
			faults = append(faults, fmt.Errorf("fields.%s: %w", name, err))
		}
		m.Fields[name] = f
	}
	for _, needed := range []string{"channel", "text"} {
		if _, is := m.Fields[needed]; !is {
			faults = append(faults, fmt.Errorf("fields.%s is missing", needed))
		}
	}
	return errors.Join(faults...)
}

// columns lists the columns that the mapping names.
func (m *Mapping) columns() map[string]bool {
	named := map[string]bool{}
	for column := range m.Dates {
		named[column] = true
	}
	for _, f := range m.Fields {
		for _, p := range f.parts {
			for _, column := range p.columns() {
				named[column] = true
			}
		}
	}
	return named
}

// fits says which columns the mapping names and the file does not have.
func (m *Mapping) fits(header []string) error {
	var lacking []string
	for column := range m.columns() {
		if !slices.Contains(header, column) {
			lacking = append(lacking, column)
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	slices.Sort(lacking)
	return fmt.Errorf("the file has no column %s; it has %s", strings.Join(lacking, ", "), strings.Join(header, ", "))
}
