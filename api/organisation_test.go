package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

func TestADispatchTableReachesTheCasesWordByWord(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	r := s.ask(t, http.MethodPut, "/api/v1/dispatch-table", bodies["PutDispatchTable"], with{"If-Match": `"v3"`})
	require.Equal(t, http.StatusOK, r.Code, r.Body)
	require.Equal(t, `"v4"`, r.Header().Get("ETag"))
	wish := s.put.(cases.TableWish)
	require.EqualValues(t, 3, wish.IfVersion)
	require.Equal(t, "R", wish.Reason)
	var sent struct{ Table json.RawMessage }
	require.NoError(t, json.Unmarshal([]byte(bodies["PutDispatchTable"]), &sent))
	require.JSONEq(t, string(sent.Table), string(wish.Document))
}

func TestARefusedTableNamesAllItsFaults(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.refuse = &cases.Refused{
		Base:   &models.Error{Code: models.CodeInvalid, Message: "two", Field: "/table/rules/0/department"},
		Faults: []cases.Fault{{Pointer: "/table/rules/0/department", Says: "gone"}, {Pointer: "/table/rules/1/examples/0", Says: "elsewhere"}},
	}
	p := s.ask(t, http.MethodPut, "/api/v1/dispatch-table", bodies["PutDispatchTable"]).problem(t)
	require.Equal(t, http.StatusUnprocessableEntity, p.Status)
	require.Len(t, p.Errors, 2)
	require.Equal(t, "/table/rules/1/examples/0", *p.Errors[1].Pointer)
	require.Equal(t, "elsewhere", p.Errors[1].Detail)
}

func TestARouteSaysWhichRuleAndWhyNotTheOthers(t *testing.T) {
	t.Parallel()
	for method, target := range map[string]string{http.MethodGet: complaints + "/" + number + "/route", http.MethodPost: "/api/v1/dispatch-table/try"} {
		body := ""
		if method == http.MethodPost {
			body = `{}`
		}
		r := newStand(t).ask(t, method, target, body)
		require.JSONEq(t, `{"rule":"N","at":1,"department":"d-1","team":"t-1","person":"p-3","auto":true,
			"passed":[{"rule":"other","why":"region"}]}`, r.Body.String())
	}
}

func TestCategoriesComeAsATree(t *testing.T) {
	t.Parallel()
	r := newStand(t).ask(t, http.MethodGet, "/api/v1/categories", "")
	var got struct{ Tree json.RawMessage }
	require.NoError(t, json.Unmarshal(r.Body.Bytes(), &got))
	require.JSONEq(t, `[{"id":"k-1","name_en":"Quality","name_zh":"质量","children":[{"id":"k-2","name_en":"Noise","name_zh":"噪声"}]},
		{"id":"k-3","name_en":"Other","name_zh":"其他"}]`, string(got.Tree))
}

func TestSomebodyLeavesOncePerKey(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.replay = true
	r := s.ask(t, http.MethodPost, "/api/v1/people/p-1/leave", `{}`)
	require.Equal(t, "true", r.Header().Get("Idempotent-Replayed"))
	require.JSONEq(t, `{"person":"p-1","cases":["`+number+`"]}`, r.Body.String())
	require.Equal(t, "POST /people/p-1/leave", s.call.Route)
	require.Equal(t, "key_missing", s.ask(t, http.MethodPost, "/api/v1/people/p-1/leave", `{}`, with{"Idempotency-Key": ""}).problem(t).Code)
}

func TestAbsencesReachTheCases(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.ask(t, http.MethodPut, "/api/v1/people/p-1/absences", bodies["PutAbsences"])
	require.Equal(t, "p-1", s.number)
	absences := s.put.([]models.Absence)
	require.Equal(t, "R", absences[0].Reason)
	require.True(t, absences[0].FromAt.Before(absences[0].UntilAt))
}

func TestTheVersionsOfTheDispatchTableComeInPages(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	r := s.ask(t, http.MethodGet, "/api/v1/dispatch-table/versions?cursor=abc&limit=1", "")
	require.Equal(t, http.StatusOK, r.Code, r.Body)
	require.Contains(t, r.Header().Get("Link"), "cursor=next")
	var got struct {
		Items []struct {
			Version        int64
			Author, Reason string
			CreatedAt      time.Time `json:"created_at"`
			Table          map[string]any
		}
	}
	require.NoError(t, json.Unmarshal(r.Body.Bytes(), &got))
	require.Len(t, got.Items, 1)
	require.NotEmpty(t, got.Items[0].Author)
	require.Contains(t, got.Items[0].Reason, "abc")
	require.Contains(t, got.Items[0].Table, "rules")
	require.False(t, got.Items[0].CreatedAt.IsZero())
}
