package outbox

import (
	"html"
	"strings"
)

// markup is a message as a web page of its own: the same words as the text, a link where a line is
// one, and nothing that is fetched. Written here and not by a template: of all that is done for a
// message it would be the longest part.
func markup(lang, subject, text string) string {
	var out strings.Builder
	out.Grow(2 * len(text))
	put := func(parts ...string) {
		for _, part := range parts {
			out.WriteString(part)
		}
	}
	title := html.EscapeString(subject)
	put(`<!doctype html>
<html lang="`, html.EscapeString(lang), `">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>`, title, `</title>
</head>
<body>
<h1>`, title, "</h1>\n")
	for _, block := range blocksOf(text) {
		if block.Link != "" { // blocksOf finds only http: and https:
			link := html.EscapeString(block.Link)
			put(`<p><a href="`, link, `">`, link, "</a></p>\n")
			continue
		}
		put("<p>")
		for i, line := range block.Lines {
			if i > 0 {
				put("<br>\n")
			}
			put(html.EscapeString(line))
		}
		put("</p>\n")
	}
	put("</body>\n</html>\n")
	return out.String()
}
