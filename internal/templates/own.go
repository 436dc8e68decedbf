package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"recourse/models"
)

// Draft is the words of a message as they are written: templates, in which values stand in braces.
type Draft struct {
	Subject string // empty where the medium knows none
	Body    string
}

// What the product ships with: own/<language>/<name>.txt for mail, own/<language>/<medium>/<name>.txt for
// the others. Where there is a subject it is the first line.
//
//go:embed own
var files embed.FS

// shipped is a text of the product.
type shipped struct {
	draft  Draft
	letter letter
}

// own holds the product's texts. One that cannot be read ends the program at its start, not at the first
// message.
var own = func() map[Key]shipped {
	all := map[Key]shipped{}
	for _, lang := range models.Languages() {
		for _, m := range models.Media() {
			folder := path.Join("own", string(lang))
			if m != models.MediumMail {
				folder = path.Join(folder, string(m))
			}
			for _, file := range must(fs.Glob(files, folder+"/*.txt")) {
				k := Key{strings.TrimSuffix(path.Base(file), ".txt"), lang, m}
				d := split(k, string(must(files.ReadFile(file))))
				all[k] = shipped{d, must(parsed(d))}
			}
		}
	}
	return all
}()

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// split takes a file apart.
func split(k Key, content string) Draft {
	if !k.HasSubject() {
		return Draft{Body: strings.TrimRight(content, "\n")}
	}
	subject, body, _ := strings.Cut(content, "\n")
	return Draft{subject, strings.TrimRight(body, "\n")}
}

// Has says whether there are words for a message in a medium and a language.
func Has(k Key) bool {
	_, is := own[k]
	return is
}

// Own returns the words that the product ships with; CodeNotFound where there are none.
func Own(k Key) (Draft, error) {
	o, is := own[k]
	if !is {
		return Draft{}, models.Refuse(models.CodeNotFound, fmt.Sprintf("there is no message %q in %s and %s", k.Name, k.Medium, k.Language))
	}
	return o.draft, nil
}
