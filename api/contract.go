package api

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"recourse/api/openapi"
)

//go:embed openapi.yaml
var contractYAML []byte

// contract is openapi.yaml as requests are held against it.
type contract struct {
	json  []byte // as served
	doc   *openapi3.T
	rules openapi3filter.Options
}

// Contract returns openapi.yaml, checked.
func Contract() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(contractYAML)
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("check openapi.yaml: %w", err)
	}
	return doc, nil
}

// loadContract reads the contract once: that takes a tenth of a second, and nobody changes it.
var loadContract = sync.OnceValues(func() (*contract, error) {
	doc, err := Contract()
	if err != nil {
		return nil, err
	}
	served, err := doc.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("write openapi.json: %w", err)
	}
	// For 3.1 the library compiles a JSON Schema anew with every request: 12.9 ms for a complaint
	// instead of 0.4 (BenchmarkOpen). The contract uses no keyword that 3.0 lacks (a test says so), so
	// that the built-in validator of 3.0 judges the same; this copy claims to be 3.0 for its sake.
	doc.OpenAPI = "3.0.3"
	return &contract{json: served, doc: doc, rules: openapi3filter.Options{
		MultiError:          true, // name every fault at once
		SkipSettingDefaults: true, // an absent field is absent
		KeepValidatedValue:  true, // decode what was judged, and nothing else
		AuthenticationFunc:  openapi3filter.NoopAuthenticationFunc,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{
			openapi3.WithStringFormatValidator("date-time", openapi3.NewCallbackValidator(isInstant)),
			openapi3.WithStringFormatValidator("date", openapi3.NewCallbackValidator(isDay)),
		},
	}}, nil
})

var instantForm = openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringDateTime)

// isInstant and isDay know the calendar, unlike the library's patterns: there is no 30th of February.
func isInstant(s string) error {
	if err := instantForm.Validate(s); err != nil {
		return err
	}
	return new(time.Time).UnmarshalText([]byte(s))
}

func isDay(s string) error {
	_, err := time.Parse(time.DateOnly, s)
	return err
}

// at returns the operation at a path of the contract; nil when there is none.
func (k *contract) at(route, method string) (*openapi3.PathItem, *openapi3.Operation) {
	item := k.doc.Paths.Value(route)
	if item == nil {
		return nil, nil
	}
	return item, item.GetOperation(method)
}

// open says whether the operation asks for no token.
func (k *contract) open(route, method string) bool {
	_, op := k.at(route, method)
	return op != nil && op.Security != nil && len(*op.Security) == 0
}

// judge holds a request, with its body read and scanned, against the contract.
func (k *contract) judge(r *http.Request, route string, params map[string]string) error {
	item, op := k.at(route, r.Method)
	if op == nil {
		return fmt.Errorf("%s %s is not in the contract", r.Method, route)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return errQuery
	}
	if err := knownParameters(op, query); err != nil {
		return err
	}
	rules := k.rules
	rules.ExcludeRequestBody = op.RequestBody != nil && op.RequestBody.Value.Content.Get("application/json") == nil // read and judged already
	return openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request:     r,
		PathParams:  params,
		QueryParams: query,
		Options:     &rules,
		Route:       &routers.Route{Spec: k.doc, Path: route, PathItem: item, Method: r.Method, Operation: op},
	})
}

var errQuery = errors.New("the query cannot be read")

// unknownParameter names a query parameter that the contract does not know, or knows only once.
type unknownParameter struct{ name, what string }

// Error returns the sentence.
func (u *unknownParameter) Error() string { return u.what }

// knownParameters refuses a misspelt filter, which would otherwise list everything.
func knownParameters(op *openapi3.Operation, query url.Values) error {
	names := make([]string, 0, len(query))
	for name := range query {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p := op.Parameters.GetByInAndName(openapi3.ParameterInQuery, name)
		if p == nil {
			return &unknownParameter{cut(name), "there is no such parameter here"}
		}
		if len(query[name]) > 1 && !p.Schema.Value.Type.Is(openapi3.TypeArray) {
			return &unknownParameter{name, "may be given once"}
		}
	}
	return nil
}

// asParameters names the faults of a request that has no body by their parameters: whoever refuses it behind the door
// knows fields alone.
func (k *contract) asParameters(route, method string, faults []openapi.Fault) []openapi.Fault {
	item, op := k.at(route, method)
	if op == nil || op.RequestBody != nil {
		return faults
	}
	for i := range faults {
		f := &faults[i]
		if f.Pointer == nil {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(*f.Pointer, "/"), "/")
		if name == "filters" { // which of them, the sentence says
			name = "filter"
		}
		known := func(p *openapi3.ParameterRef) bool { return p.Value.Name == name }
		if slices.ContainsFunc(op.Parameters, known) || slices.ContainsFunc(item.Parameters, known) {
			f.Pointer, f.Parameter = nil, name
		}
	}
	return faults
}

// readBody reads at most limit bytes.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > limit {
		return nil, &http.MaxBytesError{Limit: limit}
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
}

// isJSON says whether the request calls its body JSON.
func isJSON(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(media), "application/json")
}
