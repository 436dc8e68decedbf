package rawjson_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"recourse/api/rawjson"
)

func TestScanRefusesWhatDecodersWouldRepair(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ body, fault string }{
		"nothing":                      {"", "this is not JSON (unexpected end of JSON input) at byte 0"},
		"no JSON":                      {"{", "this is not JSON (unexpected end of JSON input) at byte 1"},
		"two values":                   {"{} {}", "this is not JSON (invalid character '{' after top-level value) at byte 4"},
		"invalid UTF-8":                {"{\"text\":\"a\xffb\"}", "invalid UTF-8 at byte 10"},
		"a surrogate as UTF-8":         {"{\"text\":\"\xed\xa0\x80\"}", "invalid UTF-8 at byte 9"},
		"a raw NUL":                    {"{\"text\":\"a\x00b\"}", "a NUL character at byte 10"},
		"an escaped NUL":               {`{"text":"a\u0000b"}`, "a NUL character at /text, byte 10"},
		"an escaped NUL in a key":      {`{"a":{"b\u0000":1}}`, "a NUL character at /a/, byte 8"},
		"a lone high surrogate":        {`{"text":"\ud800"}`, "half of a surrogate pair at /text, byte 9"},
		"a lone low surrogate":         {`{"text":"\udc00"}`, "half of a surrogate pair at /text, byte 9"},
		"a high surrogate and a text":  {`{"text":"\ud83dx"}`, "half of a surrogate pair at /text, byte 9"},
		"two high surrogates":          {`{"text":"\ud83d\ud83d"}`, "half of a surrogate pair at /text, byte 9"},
		"a high surrogate, other pair": {`{"text":"\ud83d\n"}`, "half of a surrogate pair at /text, byte 9"},
		"a duplicate key":              {`{"a":1,"a":2}`, "a duplicate key at /a, byte 7"},
		"a duplicate key deep inside":  {`{"a":[{},{"b":{"c":1,"c":2}}]}`, "a duplicate key at /a/1/b/c, byte 21"},
		"a duplicate key in disguise":  {`{"a":1,"\u0061":2}`, "a duplicate key at /a, byte 7"},
		"a duplicate key, escaped":     {`{"a/b~":1,"a/b~":2}`, "a duplicate key at /a~1b~0, byte 10"},
		"too many levels":              {strings.Repeat("[", 33) + strings.Repeat("]", 33), "more than 32 levels at " + strings.Repeat("/0", 32) + ", byte 32"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := rawjson.Scan([]byte(test.body))
			require.EqualError(t, err, test.fault)
		})
	}
}

func TestScanLetsHonestTextPass(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`null`, ` 1.5e3 `, `"x"`, `[]`, `{}`, "\t{ \"a\" : [ 1 , true , null , { \"b\" : \"c\" } ] , \"d\" : -0 }\n",
		`{"text":"新买的电饭煲跳闸 😀 \ud83d\ude00 \\ud800 \" \/ \u4e2d"}`,
		`{"a":{"x":1},"b":{"x":1}}`, `[{"a":1},{"a":2}]`, `{"":1}`,
		strings.Repeat("[", 32) + strings.Repeat("]", 32),
	} {
		require.NoError(t, rawjson.Scan([]byte(body)), body)
	}
}

func TestTextNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	require.Empty(t, rawjson.Text("中 a\n"))
	require.Equal(t, "invalid UTF-8", rawjson.Text("a\xff"))
	require.Equal(t, "a NUL character", rawjson.Text("a\x00"))
}

// FuzzScan holds against any bytes: no panic, and what passes is JSON that survives a decoder
// unchanged in every string.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`{"channel":"phone","text":"跳闸","contact":{"phone":"1"}}`, `{"a":1,"a":2}`, `"\ud800"`, `"\ud83d\ude00"`,
		`"\u0000"`, "[[[[[]]]]]", `{"\u0061":{"a":[1,2,{"b":"c"}]}}`, "\xff", `"\\ud800"`, ` [ 1 , "x" ] `, `"\"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if rawjson.Scan(body) != nil {
			return
		}
		var tree any
		require.NoError(t, json.Unmarshal(body, &tree))
		require.True(t, clean(tree), "a string that a decoder had to repair")
	})
}

func clean(tree any) bool {
	switch v := tree.(type) {
	case string:
		return utf8.ValidString(v) && !strings.ContainsRune(v, 0)
	case []any:
		for _, e := range v {
			if !clean(e) {
				return false
			}
		}
	case map[string]any:
		for k, e := range v {
			if !clean(k) || !clean(e) {
				return false
			}
		}
	}
	return true
}
