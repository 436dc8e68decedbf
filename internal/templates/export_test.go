package templates

import "slices"

// Read finds what is wrong with the templates of a draft, without trying them.
func Read(k Key, d Draft) []Fault {
	return slices.Concat(read(k, fieldSubject, d.Subject), read(k, fieldBody, d.Body))
}

// Write renders a draft that was read.
func Write(k Key, d Draft, v Values) error {
	l, err := parsed(d)
	if err != nil {
		return err
	}
	_, _, err = l.render(k, v, MostBytes)
	return err
}
