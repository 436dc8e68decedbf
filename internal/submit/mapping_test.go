package submit_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/submit"
)

func TestAMappingSaysEverythingThatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	_, err := submit.ReadMapping(strings.NewReader(`
zone: Mars/Olympus
comma: ";;"
fields:
  chanel: phone
  text: "{what"
`))
	for _, what := range []string{"Mars/Olympus", `";;" is more`, "fields.chanel: a complaint has no such field", "is not closed", "fields.channel is missing"} {
		require.ErrorContains(t, err, what)
	}
	_, err = submit.ReadMapping(strings.NewReader("fieds: {}"))
	require.ErrorContains(t, err, "fieds")
	_, err = submit.ReadMapping(strings.NewReader("fields: {text: {form: x}}"))
	require.ErrorContains(t, err, `not "form"`)
}

func TestAMappingMustFitItsFileBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	cfg, _ := config(n)
	_, err := submit.Run(t.Context(), file(t, "other.csv", "a,b\n1,2\n"), mapping(t, plainMap), cfg)
	require.ErrorContains(t, err, "the file has no column id, source, what, where; it has a, b")
	require.Zero(t, n.requests)
}

func TestFieldsAreMadeOfCellsDatesAndConstants(t *testing.T) {
	t.Parallel()
	n := newNeighbour(t)
	cfg, _ := config(n)
	m := mapping(t, `
zone: Asia/Shanghai
dates: {when: 2006/1/2 15:04}
fields:
  channel: letter_box
  text: "{what}"
  received_at: "{when}"
  receipt_evidence: "Stamped {when}[ by {who}]"
  contact.name: "{who}"
  contact.second.phone: "{tel}"
  confidential: "{secret}"
  particulars.happened: "[in {place}]"
`)
	rep, err := submit.Run(t.Context(), file(t, "l.csv", "what,when,who,tel,secret,place\n"+
		"太吵,2026/3/7 9:05,王芳,199 0000 0001,是,\n"+
		"太慢,2026/3/8 9:05,,,no,上海\n"+
		"太贵,yesterday,,,no,\n"+
		"太远,,,,perhaps,\n"), m, cfg)
	require.NoError(t, err)
	require.Equal(t, 2, rep.Accepted)
	got := map[string]string{}
	for _, body := range n.bodies {
		var read struct {
			Text string `json:"text"`
		}
		require.NoError(t, json.Unmarshal([]byte(body), &read))
		got[read.Text] = body
	}
	require.JSONEq(t, `{"channel":"letter_box","text":"太吵","received_at":"2026-03-07T09:05:00+08:00",
		"receipt_evidence":"Stamped 2026-03-07T09:05:00+08:00 by 王芳","contact":{"name":"王芳","second":{"phone":"199 0000 0001"}},
		"confidential":true}`, got["太吵"])
	require.JSONEq(t, `{"channel":"letter_box","text":"太慢","received_at":"2026-03-08T09:05:00+08:00",
		"receipt_evidence":"Stamped 2026-03-08T09:05:00+08:00","confidential":false,"particulars":{"happened":"in 上海"}}`, got["太慢"])
	require.Contains(t, rep.Refused[0].Why, `when: "yesterday" is not written as`)
	require.Contains(t, rep.Refused[1].Why, `confidential: "perhaps" is neither yes nor no`)
}

func TestTheMappingOfTheCityOfBostonIsSound(t *testing.T) {
	t.Parallel()
	in, err := os.Open(filepath.Join("..", "..", "examples", "boston311", "map.yaml"))
	require.NoError(t, err)
	defer in.Close()
	m, err := submit.ReadMapping(in)
	require.NoError(t, err)
	n := newNeighbour(t)
	cfg, _ := config(n)
	rep, err := submit.Run(t.Context(), file(t, "b.csv", strings.Join([]string{
		"CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,OnTime_Status,CASE_STATUS,CLOSURE_REASON,CASE_TITLE,SUBJECT,REASON,TYPE,QUEUE,Department,neighborhood,Source",
		"101001240735,01/01/2015 12:25:23 AM,,,ONTIME,Open,,PRINTED,Public Works Department,Street Lights,Street Light Outages,PWDx,PWDx,,Citizens Connect App",
	}, "\n")), m, cfg)
	require.NoError(t, err)
	require.NoError(t, rep.Verdict())
	require.JSONEq(t, `{"channel":"app","text":"Street Light Outages (Street Lights), reported to: Public Works Department. Title: PRINTED.",
		"language":"en","zone":"America/New_York","contact":{"external_id":"boston311-101001240735"},
		"particulars":{"happened":"Opened with the City of Boston at 2015-01-01T00:25:23-05:00","order_number":"101001240735"}}`,
		n.bodies[submit.Key(rep.Digest, 1)])
}
