package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Faults is everything that is wrong with a configuration, each under the name that the operator
// typed: a variable of the environment, or file, line and key.
type Faults []string

// Error lists them, one a line.
func (f Faults) Error() string {
	return "the configuration has faults:\n  " + strings.Join(f, "\n  ")
}

// loading is a configuration while it is read: where each value came from, and what was wrong.
type loading struct {
	config Config
	fields []field
	origin map[string]string // key → the name under which its value was given
	broken map[string]bool   // keys that have a fault already
	faults Faults
}

// Load returns the defaults with the file over them and the environment, as os.Environ gives it, over
// both. Without a file named, RECOURSE_CONFIG names it; without that there is none. Every fault is in
// the error, which is of type Faults.
func Load(file string, environ []string) (Config, error) {
	l := &loading{config: Default(), origin: map[string]string{}, broken: map[string]bool{}}
	l.fields = fields(&l.config)
	typed := "--config"
	if file == "" {
		file, typed = lookup(environ, FileVariable), FileVariable
	}
	if file != "" {
		l.readFile(file, typed)
	}
	l.readEnvironment(environ)
	l.config.derive()
	l.validate()
	if len(l.faults) > 0 {
		return Config{}, l.faults
	}
	l.config.HTTP.PublicURL = strings.TrimRight(l.config.HTTP.PublicURL, "/") // paths are put behind it
	return l.config, nil
}

func lookup(environ []string, name string) string {
	for _, pair := range environ {
		if value, is := strings.CutPrefix(pair, name+"="); is {
			return value
		}
	}
	return ""
}

func (l *loading) fault(name, format string, args ...any) {
	l.faults = append(l.faults, name+": "+fmt.Sprintf(format, args...))
}

// give sets the field called key to text, which was given under name.
func (l *loading) give(key, name, text string) {
	i := slices.IndexFunc(l.fields, func(f field) bool { return f.key == key })
	if i < 0 {
		l.fault(name, "there is no such key")
		return
	}
	if other := l.origin[key]; other == name+fileSuffix || name == other+fileSuffix {
		l.broken[key] = true
		l.fault(l.fields[i].env(), "is given both as it is and by %s; which one holds?", l.fields[i].env()+fileSuffix)
		return
	}
	l.origin[key] = name
	if err := l.fields[i].set(text); err != nil {
		l.broken[key] = true
		l.fault(name, "%s", err)
		return
	}
	delete(l.broken, key) // a good value over a bad one; the bad one's fault was told
}

func (l *loading) readFile(file, typed string) {
	content, err := os.ReadFile(file)
	if err != nil {
		l.fault(typed, "%s", err)
		return
	}
	var document, more yaml.Node
	in := yaml.NewDecoder(bytes.NewReader(content))
	if err := in.Decode(&document); errors.Is(err, io.EOF) {
		return // nothing but comments
	} else if err != nil {
		l.fault(file, "%s", strings.TrimPrefix(err.Error(), "yaml: "))
		return
	}
	l.readNode(file, "", document.Content[0])
	if !errors.Is(in.Decode(&more), io.EOF) {
		l.fault(file, "has more than one document, or broken lines behind the first; only one is read")
	}
}

// readNode reads a section of the file, or the value of a key.
func (l *loading) readNode(file, key string, node *yaml.Node) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	name := fmt.Sprintf("%s:%d", file, node.Line)
	if key != "" {
		name += ": " + key
	}
	section := key == "" || slices.ContainsFunc(l.fields, func(f field) bool { return strings.HasPrefix(f.key, key+".") })
	null := node.Kind == yaml.ScalarNode && node.Tag == "!!null"
	switch {
	case null && (section || l.known(key)):
		return // "mail:" with everything behind or below it commented out: not given
	case node.Kind == yaml.ScalarNode && !section:
		l.give(key, name, node.Value)
	case node.Kind == yaml.MappingNode && section:
		seen := map[string]bool{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			below := strings.TrimPrefix(key+"."+node.Content[i].Value, ".")
			if seen[below] {
				l.fault(fmt.Sprintf("%s:%d: %s", file, node.Content[i].Line, below), "stands here for the second time")
				continue
			}
			seen[below] = true
			l.readNode(file, below, node.Content[i+1])
		}
	case section:
		l.fault(name, "has keys below it, so it cannot be a value")
	case l.known(key):
		l.fault(name, "is one value, so it cannot have anything below it")
	default:
		l.fault(name, "there is no such key")
	}
}

func (l *loading) known(key string) bool {
	return slices.ContainsFunc(l.fields, func(f field) bool { return f.key == key })
}

func (l *loading) readEnvironment(environ []string) {
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, prefix) || strings.HasPrefix(name, reserved) || name == FileVariable {
			continue
		}
		if direct, is := strings.CutSuffix(name, fileSuffix); is && l.isSecret(direct) {
			l.readSecret(direct, name, value)
			continue
		}
		l.give(keyOf(name), name, value)
	}
}

// keyOf turns a variable's name into a key. One in lower case stays unknown: names are as in the manual.
func keyOf(name string) string {
	rest := strings.TrimPrefix(name, prefix)
	if rest != strings.ToUpper(rest) {
		return name
	}
	return strings.ToLower(strings.ReplaceAll(rest, separator, "."))
}

func (l *loading) isSecret(name string) bool {
	return slices.ContainsFunc(l.fields, func(f field) bool { return f.env() == name && f.secret() })
}

// readSecret takes a secret from a file of its own. The line break that editors leave at the end is
// not part of it.
func (l *loading) readSecret(direct, name, file string) {
	content, err := os.ReadFile(file)
	if err == nil && len(content) == 0 {
		err = errors.New("the file is empty")
	}
	if err != nil {
		l.broken[keyOf(direct)] = true
		l.fault(name, "%s", reason(err))
		return
	}
	l.give(keyOf(direct), name, strings.TrimRight(string(content), "\r\n"))
}

// reason is why a file cannot be read, without its name: somebody may have typed the secret itself.
func reason(err error) string {
	if at, is := errors.AsType[*fs.PathError](err); is {
		return "cannot read the file it names: " + at.Err.Error()
	}
	return err.Error()
}
