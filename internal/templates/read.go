package templates

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"
)

// A template here is a small language: text, {{.Value}}, {{if}}, {{with}}, and a few functions that ask.
// There are no loops, no functions that make text, and no templates within templates: a text comes to its
// own length and that of its values, and takes no longer than that. Each value is a text or yes or no, so
// that what is read without a fault can be written whatever the values hold.

// functions are those that may stand in a template, and how many arguments they take at least and at most.
var functions = map[string][2]int{"and": {1, 9}, "or": {1, 9}, "not": {1, 1}, "eq": {2, 9}, "ne": {2, 2}}

// sort is what an expression says.
type sort int

const (
	none sort = iota // nothing that can be used; its fault is known
	text
	flag // yes or no
	whole
)

// reader reads one field of a draft and notes what is wrong.
type reader struct {
	key   Key
	field string
	text  string
	may   []string
	found []Fault
}

// read finds what is wrong with the templates of a field, without trying them.
func read(k Key, field, source string) []Fault {
	r := &reader{key: k, field: field, text: source, may: k.May()}
	top := parse.New(field)
	top.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := top.Parse(source, "", "", trees); err != nil {
		line, says := misread(err)
		return []Fault{{Field: field, Line: line, Says: "cannot be read: " + says}}
	}
	for _, name := range slices.Sorted(maps.Keys(trees)) {
		if name != field {
			r.note(trees[name].Root, "no template can be defined within a template")
		}
	}
	r.list(top.Root, whole)
	return r.found
}

var atLine = regexp.MustCompile(`^template: [^:]*:(\d+)(?::\d+)?: `)

// misread takes the line out of what the parser says.
func misread(err error) (line int, says string) {
	says = err.Error()
	if at := atLine.FindStringSubmatch(says); at != nil {
		line, _ = strconv.Atoi(at[1])
		says = strings.TrimPrefix(says, at[0])
	}
	return line, says
}

// line is where a node stands.
func (r *reader) line(n parse.Node) int {
	return 1 + strings.Count(r.text[:min(int(n.Position()), len(r.text))], "\n")
}

func (r *reader) note(n parse.Node, says string) sort {
	r.found = append(r.found, Fault{Field: r.field, Line: r.line(n), Says: says})
	return none
}

func (r *reader) list(l *parse.ListNode, dot sort) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.TextNode, *parse.CommentNode:
		case *parse.ActionNode:
			if r.pipe(n.Pipe, dot) == flag {
				r.note(n, "this is yes or no; ask for it with {{if}}")
			}
		case *parse.IfNode:
			r.pipe(n.Pipe, dot)
			r.list(n.List, dot)
			r.list(n.ElseList, dot)
		case *parse.WithNode:
			r.list(n.List, r.pipe(n.Pipe, dot))
			r.list(n.ElseList, dot)
		default: // range, template, break, continue
			r.note(n, "only values, {{if}} and {{with}} may stand in braces")
		}
	}
}

// pipe reads what stands between braces, or between brackets within them.
func (r *reader) pipe(p *parse.PipeNode, dot sort) sort {
	if len(p.Decl) > 0 {
		return r.note(p, "there are no variables here")
	}
	if len(p.Cmds) != 1 {
		return r.note(p, "there is no | here")
	}
	args := p.Cmds[0].Args
	if called, is := args[0].(*parse.IdentifierNode); is {
		return r.call(called, args[1:], dot)
	}
	if len(args) > 1 {
		return r.note(args[1], "a value stands alone in its braces")
	}
	return r.value(args[0], dot)
}

// call reads a function with what it is given.
func (r *reader) call(f *parse.IdentifierNode, args []parse.Node, dot sort) sort {
	takes, is := functions[f.Ident]
	if !is {
		return r.note(f, fmt.Sprintf("there is no function %q; there are and, eq, ne, not and or", f.Ident))
	}
	if len(args) < takes[0] || len(args) > takes[1] {
		return r.note(f, fmt.Sprintf("%s takes %d to %d values", f.Ident, takes[0], takes[1]))
	}
	texts := true
	for _, arg := range args {
		says := r.value(arg, dot)
		texts = texts && says == text
		if says == flag && (f.Ident == "eq" || f.Ident == "ne") {
			r.note(arg, "this is yes or no; ask for it with {{if}}")
		}
	}
	if texts && (f.Ident == "and" || f.Ident == "or") {
		return text
	}
	return flag
}

// value reads one value.
func (r *reader) value(n parse.Node, dot sort) sort {
	switch n := n.(type) {
	case *parse.FieldNode:
		if dot != whole && len(n.Ident) == 1 {
			return r.note(n, fmt.Sprintf("inside {{with}} it is written {{$.%s}}", n.Ident[0]))
		}
		return r.named(n, n.Ident)
	case *parse.VariableNode:
		if n.Ident[0] == "$" && len(n.Ident) > 1 {
			return r.named(n, n.Ident[1:])
		}
	case *parse.DotNode:
		if dot == whole {
			return r.note(n, "{{.}} means something inside {{with}} only")
		}
		return dot
	case *parse.StringNode:
		return text
	case *parse.PipeNode:
		return r.pipe(n, dot)
	}
	return r.note(n, fmt.Sprintf("%s is no value of a message", n))
}

// named reads a value that is called by its name.
func (r *reader) named(n parse.Node, path []string) sort {
	name := path[0]
	switch {
	case len(path) > 1 || !known(name):
		return r.note(n, fmt.Sprintf("there is no value {{.%s}}", strings.Join(path, ".")))
	case !slices.Contains(r.may, name):
		return r.note(n, fmt.Sprintf("this message has no {{.%s}}", name))
	case slices.Contains(flags, name):
		return flag
	}
	return text
}
