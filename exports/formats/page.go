package formats

import "html/template"

// Page reads a page of a bundle: a document that needs nothing but itself, light or dark as the
// reader's device is, on a phone as on paper. body stands within main; title and body are templates
// over the same data, whose field Lang is the language of the document.
func Page(name, title, body string, funcs template.FuncMap) *template.Template {
	return template.Must(template.New(name).Funcs(funcs).Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>` + title + `</title><style>` + pageStyle + `</style></head><body><main>
` + body + `</main></body></html>
`))
}

// A table that is wider than the page stands in a .scroll, which scrolls by itself.
const pageStyle = `
:root{color-scheme:light dark}
body{margin:0;background:Canvas;color:CanvasText;font:1rem/1.55 system-ui,sans-serif}
main{max-width:75rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin:2rem 0 .5rem}h3{font-size:1.05rem}
a{color:LinkText}a:focus-visible,.scroll:focus-visible{outline:.2rem solid currentColor;outline-offset:.15rem}
nav ul,td ul,ul.codes{margin:0;padding:0;list-style:none}nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem}nav a{display:inline-block;padding:.25rem 0}
section{margin-bottom:4rem}
.scroll{overflow-x:auto;margin:0 0 2rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}caption{padding:.35rem 0;text-align:left;font-weight:700}
th,td{border-bottom:1px solid GrayText;padding:.35rem .75rem .35rem 0;text-align:left;vertical-align:top}
code{font-family:ui-monospace,monospace;overflow-wrap:break-word}
@media print{main{max-width:none;margin:0}nav{display:none}.scroll{overflow:visible}section+section{break-before:page}tr{break-inside:avoid}}
`
