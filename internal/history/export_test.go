package history

import "time"

// Small is the options with so little memory that a small log must be parted again and again.
func (o Options) Small() Options {
	o.inPart = 64
	return o
}

// ReadInstant reads a text in one of the forms.
func ReadInstant(text string, zone *time.Location, epoch1904 bool, names ...string) (time.Time, int, error) {
	var forms []form
	for _, name := range names {
		f, err := parseForm(name)
		if err != nil {
			return time.Time{}, 0, err
		}
		forms = append(forms, f)
	}
	at, t, err := instant(text, forms, zone, epoch1904)
	return at, int(t), err
}
