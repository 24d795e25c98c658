package webtest

import (
	"strings"

	"golang.org/x/net/html"
)

// part is one compound of a selector: tag, #id, .class, [name], [name=value], [name^=start],
// [name*=within].
type part struct {
	tag   string
	attrs []wanted
	class []string
}

// wanted is what a selector wants of an attribute.
type wanted struct {
	name, value string
	fits        func(got, value string) bool
}

func present(string, string) bool    { return true }
func same(got, value string) bool    { return got == value }
func others(word string) bool        { return strings.ContainsAny(word, ">+~,:") }
func unsupported(word string) string { return "webtest knows no selector like " + word }

// parseSelector reads compounds separated by blanks: "main form[method=post] .card". What it does
// not know fits nothing, so that a test would pass for no reason: it panics.
func parseSelector(selector string) []part {
	var parts []part
	for _, word := range splitOutside(selector) {
		parts = append(parts, parsePart(word))
	}
	return parts
}

// splitOutside splits at blanks that stand outside brackets.
func splitOutside(s string) []string {
	var words []string
	depth, from := 0, 0
	for i, r := range s + " " {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case r == ' ' && depth == 0:
			if i > from {
				words = append(words, s[from:i])
			}
			from = i + 1
		}
	}
	return words
}

func parsePart(word string) part {
	var p part
	for i := 0; i < len(word); {
		switch word[i] {
		case '[':
			end := strings.IndexByte(word[i:], ']') + i
			p.attrs = append(p.attrs, parseAttribute(word[i+1:end]))
			i = end + 1
		case '#', '.':
			end := i + 1
			for end < len(word) && !strings.ContainsRune("#.[", rune(word[end])) {
				end++
			}
			name := word[i+1 : end]
			if others(name) {
				panic(unsupported(word))
			}
			if word[i] == '#' {
				p.attrs = append(p.attrs, wanted{"id", name, same})
			} else {
				p.class = append(p.class, name)
			}
			i = end
		default:
			end := i
			for end < len(word) && !strings.ContainsRune("#.[", rune(word[end])) {
				end++
			}
			if p.tag = word[i:end]; others(p.tag) {
				panic(unsupported(word))
			}
			i = end
		}
	}
	return p
}

// parseAttribute reads what stands between brackets.
func parseAttribute(inside string) wanted {
	name, value, has := strings.Cut(inside, "=")
	if !has {
		return wanted{name, "", present}
	}
	value = strings.Trim(value, `"'`)
	switch {
	case strings.HasSuffix(name, "^"):
		return wanted{strings.TrimSuffix(name, "^"), value, strings.HasPrefix}
	case strings.HasSuffix(name, "*"):
		return wanted{strings.TrimSuffix(name, "*"), value, strings.Contains}
	case strings.ContainsAny(name, "$~|"):
		panic(unsupported("[" + inside + "]"))
	}
	return wanted{name, value, same}
}

func (p part) fits(n *html.Node) bool {
	if n.Type != html.ElementNode || (p.tag != "" && p.tag != "*" && n.Data != p.tag) {
		return false
	}
	for _, want := range p.attrs {
		if got, has := attr(n, want.name); !has || !want.fits(got, want.value) {
			return false
		}
	}
	classes, _ := attr(n, "class")
	for _, want := range p.class {
		found := false
		for _, c := range strings.Fields(classes) {
			found = found || c == want
		}
		if !found {
			return false
		}
	}
	return true
}

// find gives the elements under root that the selector fits, in document order.
func find(root *html.Node, selector string) []*html.Node {
	parts := parseSelector(selector)
	var found []*html.Node
	walk(root, func(n *html.Node) {
		if matches(n, root, parts) {
			found = append(found, n)
		}
	})
	return found
}

func matches(n, root *html.Node, parts []part) bool {
	if len(parts) == 0 || !parts[len(parts)-1].fits(n) {
		return false
	}
	rest := parts[:len(parts)-1]
	for up := n.Parent; up != nil && len(rest) > 0 && up != root.Parent; up = up.Parent {
		if rest[len(rest)-1].fits(up) {
			rest = rest[:len(rest)-1]
		}
	}
	return len(rest) == 0
}

func walk(n *html.Node, visit func(*html.Node)) {
	visit(n)
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		walk(child, visit)
	}
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// text gives the words of a node, blanks folded.
func text(n *html.Node) string {
	var b strings.Builder
	walk(n, func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	})
	return strings.Join(strings.Fields(b.String()), " ")
}
