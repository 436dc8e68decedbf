package words

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// banned are words for which the glossary, docs/words.md, has another.
var banned = regexp.MustCompile(strings.Join([]string{
	"裁定", "分派", "接单", "转交", "批量转办", "严重程度", "承办人", "责任部门", "经办部门", "当场办结", "目标时间", "最终时限", "办结期限", "办结时间", "处理期限",
	"无计时", "没有计时", "计时项", "客户号", "外部编号", "[^部]客户编号", `"客户编号`, "[^予能]受理", `"受理`,
}, "|"))

// spoken are the files in which we say something in Chinese.
var spoken = []string{
	"locales/*.zh-CN.json", "refusals.zh-CN.json", "../templates/own/zh-CN/*.txt", "../templates/own/zh-CN/*/*.txt", "../../api/letter.go", "../export/index.go", "../kpi/*.go",
	"../endpoints/robots.go",
}

func TestOneIdeaHasOneWordInChinese(t *testing.T) {
	t.Parallel()
	for _, pattern := range spoken {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, file := range files {
			says, err := os.ReadFile(file)
			require.NoError(t, err)
			for line := range strings.Lines(string(says)) {
				require.Emptyf(t, banned.FindString(line), "%s says, against docs/words.md: %s", file, line)
			}
		}
	}
}

func TestTheGlossaryNamesEveryBannedWord(t *testing.T) {
	t.Parallel()
	says, err := fs.ReadFile(os.DirFS("../../docs"), "words.md")
	require.NoError(t, err)
	for word := range strings.SplitSeq(banned.String(), "|") {
		plain := strings.Trim(regexp.MustCompile(`\[[^\]]*\]`).ReplaceAllString(word, ""), `"`)
		if plain != "无计时" && plain != "没有计时" && plain != "客户编号" {
			require.Contains(t, string(says), plain)
		}
	}
}

func TestTheExternalIDHasOneName(t *testing.T) {
	t.Parallel()
	for _, lang := range models.Languages() {
		require.Equal(t, In(lang).Say("intake.external_id"), In(lang).Say("fact.external_id"), lang)
	}
}
