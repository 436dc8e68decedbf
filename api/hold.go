package api

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/gin-gonic/gin"

	"recourse/api/openapi"
	"recourse/api/rawjson"
	"recourse/models"
)

// hold holds a request against the contract: first its raw bytes, then what they mean.
func (d *door) hold(c *gin.Context) {
	in := inboundOf(c.Request.Context())
	if err := d.judge(c, in); err != nil {
		d.refuse(c, err)
	}
}

func (d *door) judge(c *gin.Context, in *inbound) error {
	if err := texts(c); err != nil {
		return err
	}
	_, op := d.contract.at(in.route, c.Request.Method)
	if op != nil && op.RequestBody != nil {
		take := d.takeBody
		if op.RequestBody.Value.Content.Get("multipart/form-data") != nil {
			take = d.takeUpload
		}
		if err := take(c, in); err != nil {
			return err
		}
	}
	params := map[string]string{}
	for _, p := range c.Params {
		params[p.Key] = p.Value
	}
	return refusalOf(d.contract.judge(c.Request, in.route, params))
}

// takeBody reads and scans the body and leaves it to be read again.
func (d *door) takeBody(c *gin.Context, in *inbound) error {
	body, err := readBody(c.Writer, c.Request, d.MaxBody)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return models.Refuse(models.CodeTooLarge, fmt.Sprintf("a body has at most %d bytes", d.MaxBody))
	case err != nil:
		return models.Refuse(models.CodeMalformed, "the body ended before it was complete")
	case len(body) == 0:
		return models.Refuse(models.CodeMalformed, "there is no body; send at least {}")
	case !isJSON(c.ContentType()):
		return models.Refuse(models.CodeMalformed, "send the body as Content-Type: application/json")
	}
	if err := rawjson.Scan(body); err != nil {
		return scanned(err)
	}
	in.body = sha256.Sum256(body)
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
	c.Request.ContentLength = int64(len(body))
	return nil
}

func scanned(err error) error {
	refused := models.Refuse(models.CodeMalformed, cut(err.Error()))
	if fault, is := errors.AsType[*rawjson.Fault](err); is {
		refused.Field = fault.Pointer
	}
	return refused
}

// texts looks for what no text may hold in everything that is not the body.
func texts(c *gin.Context) error {
	for _, p := range c.Params {
		if what := rawjson.Text(p.Value); what != "" {
			return malformed(p.Key, what)
		}
	}
	for name, values := range c.Request.URL.Query() {
		if what := rawjson.Text(name + strings.Join(values, "")); what != "" {
			return malformed("query", what)
		}
	}
	for _, name := range []string{headerKey, "If-Match", "If-None-Match", "Accept-Language", "Content-Type"} {
		values := c.Request.Header.Values(name)
		if what := rawjson.Text(strings.Join(values, "")); what != "" {
			return malformed(name, what)
		}
		if len(values) > 1 && (name == headerKey || name == "If-Match") {
			return malformed(name, "may be given once")
		}
	}
	return nil
}

func malformed(parameter, what string) error {
	return &refusal{
		base:   models.Refuse(models.CodeMalformed, parameter+": "+what),
		faults: []openapi.Fault{{Parameter: parameter, Detail: what}},
	}
}

// refusalOf turns what the validator says into the door's own words. A path that cannot be is not
// found; a header is the caller's program's fault; fields and filters are invalid, all named at once.
func refusalOf(err error) error {
	if err == nil {
		return nil
	}
	var unknown *unknownParameter
	switch {
	case errors.Is(err, errQuery):
		return models.Refuse(models.CodeMalformed, errQuery.Error())
	case errors.As(err, &unknown):
		return &refusal{
			base:   models.Refuse(models.CodeInvalid, unknown.name+": "+unknown.what),
			faults: []openapi.Fault{{Parameter: unknown.name, Detail: unknown.what}},
		}
	}
	var faults []openapi.Fault
	for _, one := range flat(err) {
		var asked *openapi3filter.RequestError
		if !errors.As(one, &asked) {
			return err
		}
		if refused := outright(asked); refused != nil {
			return refused
		}
		faults = append(faults, faultsIn(asked)...)
	}
	const most = 50
	return &refusal{
		base:   models.Refuse(models.CodeInvalid, summary(faults)),
		faults: faults[:min(len(faults), most)],
	}
}

// outright are the faults that make looking for others pointless.
func outright(e *openapi3filter.RequestError) error {
	p := e.Parameter
	switch {
	case p != nil && p.In == openapi3.ParameterInPath:
		return models.Refuse(models.CodeNotFound, "there is no such "+p.Name)
	case p != nil && p.In == openapi3.ParameterInHeader && p.Name == headerKey && errors.Is(e.Err, openapi3filter.ErrInvalidRequired):
		return models.Refuse(models.CodeKeyMissing, "a POST carries an Idempotency-Key of 1 to 255 printable ASCII characters")
	case p != nil && p.In == openapi3.ParameterInHeader:
		return malformed(p.Name, "has not the form that the contract wants: "+strings.ToLower(p.Description[:1])+p.Description[1:])
	case e.RequestBody != nil && len(schemaErrors(e.Err)) == 0:
		return models.Refuse(models.CodeMalformed, "the body cannot be read")
	}
	return nil
}

// faultsIn names each fault of a query parameter or of the body.
func faultsIn(e *openapi3filter.RequestError) []openapi.Fault {
	if p := e.Parameter; p != nil {
		return []openapi.Fault{{Parameter: p.Name, Detail: parameterReason(e.Err)}}
	}
	var faults []openapi.Fault
	said := map[string]bool{}
	for _, s := range schemaErrors(e.Err) {
		pointer, detail := place(s), reason(s)
		if !said[pointer+detail] { // an empty text is both too short and blank
			said[pointer+detail] = true
			faults = append(faults, openapi.Fault{Pointer: &pointer, Detail: detail})
		}
	}
	return faults
}

func parameterReason(err error) string {
	if found := schemaErrors(err); len(found) > 0 {
		return reason(found[0])
	}
	if parse := new(openapi3filter.ParseError); errors.As(err, &parse) {
		return "cannot be read as what it should be"
	}
	return cut(err.Error())
}

// reason is what is wrong: in the contract's own words where it has some, since nobody likes to read
// regular expressions; without the schema and the value that the library adds.
func reason(s *openapi3.SchemaError) string {
	switch s.SchemaField {
	case "pattern", "format", "minLength":
		if says, is := s.Schema.Extensions["x-says"].(string); is {
			return says
		}
	}
	return cut(s.Reason)
}

// place is the pointer to what is at fault. For a field that nobody knows the library names the
// object around it, and the field in its reason.
func place(s *openapi3.SchemaError) string {
	path := s.JSONPointer()
	if s.SchemaField == "properties" {
		quoted, err := strconv.QuotedPrefix(strings.TrimPrefix(s.Reason, "property "))
		if name, bad := strconv.Unquote(quoted); err == nil && bad == nil && strings.HasSuffix(s.Reason, "is unsupported") {
			path = append(path, name)
		}
	}
	return pointerTo(path)
}

func summary(faults []openapi.Fault) string {
	if len(faults) == 0 {
		return "the request does not follow the contract"
	}
	first := faults[0]
	where := first.Parameter
	if first.Pointer != nil {
		where = *first.Pointer
	}
	says := strings.TrimPrefix(where+": "+first.Detail, ": ")
	if more := len(faults) - 1; more > 0 {
		says += fmt.Sprintf(" (and %d more)", more)
	}
	return cut(says)
}

// flat opens the library's nested lists of errors.
func flat(err error) []error {
	var many openapi3.MultiError
	if asked := new(openapi3filter.RequestError); errors.As(err, &asked) && !errors.As(err, &many) {
		return []error{err}
	}
	if many, is := err.(openapi3.MultiError); is { //nolint:errorlint // only the outermost list
		var all []error
		for _, one := range many {
			all = append(all, flat(one)...)
		}
		return all
	}
	return []error{err}
}

func schemaErrors(err error) []*openapi3.SchemaError {
	switch e := err.(type) { //nolint:errorlint // the outermost of each branch: causes repeat it
	case *openapi3.SchemaError:
		return []*openapi3.SchemaError{e}
	case openapi3.MultiError:
		var all []*openapi3.SchemaError
		for _, one := range e {
			all = append(all, schemaErrors(one)...)
		}
		return all
	}
	return nil
}

func pointerTo(path []string) string {
	var b strings.Builder
	for _, key := range path {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key))
	}
	return cut(b.String())
}
