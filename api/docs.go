package api

import (
	"bytes"
	"html/template"
	"io/fs"
	"net/http"

	"github.com/gin-gonic/gin"
	swaggerFiles "github.com/swaggo/files/v2"

	"recourse/models"
)

// pages are the addresses about the door itself; they are in no contract.
func (d *door) pages(engine *gin.Engine) {
	engine.GET("/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", d.contract.json) })
	engine.GET("/docs", page(docsPage))
	engine.GET("/docs/start.js", asset("text/javascript; charset=utf-8", []byte(startScript)))
	engine.GET("/docs/swagger-ui-bundle.js", asset("text/javascript; charset=utf-8", swagger("swagger-ui-bundle.js")))
	engine.GET("/docs/swagger-ui.css", asset("text/css; charset=utf-8", swagger("swagger-ui.css")))
	engine.GET("/docs/errors", page(errorsPage()))
	if d.Metrics != nil {
		engine.GET("/metrics", gin.WrapH(d.Metrics))
	}
}

// docsPolicy lets the pages load what we serve and nothing else. Swagger UI sets styles as it goes.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func page(html []byte) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Header("Content-Security-Policy", docsPolicy)
		c.Data(http.StatusOK, "text/html; charset=utf-8", html)
	}
}

func asset(kind string, body []byte) gin.HandlerFunc {
	return func(c *gin.Context) { c.Data(http.StatusOK, kind, body) }
}

// swagger reads a file of Swagger UI, which a Go module carries.
func swagger(name string) []byte {
	body, err := fs.ReadFile(swaggerFiles.FS, name)
	if err != nil { // it is compiled in; a test opens every address
		return nil
	}
	return body
}

var docsPage = []byte(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Recourse: the programs' door</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`)

// validatorUrl null: Swagger UI would otherwise send the contract to a validator of its makers.
const startScript = `window.onload = () => {
  SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
  });
};
`

var errorsTemplate = template.Must(template.New("errors").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Recourse: errors</title>
<link rel="icon" href="data:,">
</head>
<body>
<h1>Errors</h1>
<p>Every error is <code>application/problem+json</code> (RFC 9457). Programs may rely on <code>code</code>; it is never renamed.</p>
<dl>
{{- range .}}
<dt id="{{.Code}}"><code>{{.Code}}</code> ({{.Status}}): {{.EN}} · <span lang="zh-CN">{{.ZH}}</span></dt>
<dd>{{.Meaning}}</dd>
{{- end}}
</dl>
</body>
</html>
`))

func errorsPage() []byte {
	type row struct {
		Code            models.Code
		Status          int
		EN, ZH, Meaning string
	}
	var rows []row
	for _, code := range models.Codes() {
		a := answers[code]
		rows = append(rows, row{code, a.status, a.en, a.zh, a.meaning})
	}
	var b bytes.Buffer
	if err := errorsTemplate.Execute(&b, rows); err != nil { // values we wrote ourselves
		return nil
	}
	return b.Bytes()
}
