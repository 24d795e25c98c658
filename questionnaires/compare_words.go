package questionnaires

import (
	"fmt"
	"strings"
)

// Family gives the group of a change that people speak of: new, dropped, wording,
// option, code, scale, routing, order, required; and for what stands beside
// these kind, limits, initial, role, check, formula and words.
func (x Change) Family() string {
	switch x.Kind {
	case "added", "row_added", "check_added":
		return "new"
	case "removed", "row_removed", "check_removed":
		return "dropped"
	case "wording", "row_wording":
		return "wording"
	case "option_code":
		return "code"
	case "routing", "row_routing", "option_routing":
		return "routing"
	case "order", "page", "row_order", "shuffle":
		return "order"
	}
	if strings.HasPrefix(x.Kind, "option_") {
		if x.Scale {
			return "scale"
		}
		return "option"
	}
	return x.Kind
}

// kindWords say each kind of change; %s is the option or note it is about.
var kindWords = map[string]Text{
	"added":          {"de": "neu", "fr": "nouveau", "it": "nuovo", "en": "new"},
	"removed":        {"de": "entfallen", "fr": "supprimé", "it": "eliminato", "en": "dropped"},
	"kind":           {"de": "Art der Frage", "fr": "type de question", "it": "tipo di domanda", "en": "kind of question"},
	"wording":        {"de": "Wortlaut", "fr": "libellé", "it": "formulazione", "en": "wording"},
	"required":       {"de": "Pflicht", "fr": "obligatoire", "it": "obbligatorio", "en": "required"},
	"routing":        {"de": "Filter", "fr": "filtre", "it": "filtro", "en": "routing"},
	"order":          {"de": "Reihenfolge", "fr": "ordre", "it": "ordine", "en": "order"},
	"page":           {"de": "Seite", "fr": "page", "it": "pagina", "en": "page"},
	"role":           {"de": "Schutzrolle", "fr": "rôle de protection", "it": "ruolo di protezione", "en": "disclosure role"},
	"initial":        {"de": "Anfangswert", "fr": "valeur initiale", "it": "valore iniziale", "en": "initial answer"},
	"limits":         {"de": "Grenzen", "fr": "limites", "it": "limiti", "en": "limits"},
	"shuffle":        {"de": "gemischt", "fr": "ordre aléatoire", "it": "ordine casuale", "en": "shuffled"},
	"option_added":   {"de": "Antwort %s neu", "fr": "réponse %s nouvelle", "it": "risposta %s nuova", "en": "answer %s new"},
	"option_removed": {"de": "Antwort %s entfallen", "fr": "réponse %s supprimée", "it": "risposta %s eliminata", "en": "answer %s dropped"},
	"option_code":    {"de": "Code der Antwort %s", "fr": "code de la réponse %s", "it": "codice della risposta %s", "en": "code of answer %s"},
	"option_wording": {"de": "Wortlaut der Antwort %s", "fr": "libellé de la réponse %s", "it": "formulazione della risposta %s", "en": "wording of answer %s"},
	"option_order":   {"de": "Reihenfolge der Antworten", "fr": "ordre des réponses", "it": "ordine delle risposte", "en": "order of the answers"},
	"option_meaning": {"de": "Wirkung der Antwort %s", "fr": "effet de la réponse %s", "it": "effetto della risposta %s", "en": "what answer %s does"},
	"option_routing": {"de": "Filter der Antwort %s", "fr": "filtre de la réponse %s", "it": "filtro della risposta %s", "en": "routing of answer %s"},
	"row_added":      {"de": "Zeile neu", "fr": "ligne nouvelle", "it": "riga nuova", "en": "row new"},
	"row_removed":    {"de": "Zeile entfallen", "fr": "ligne supprimée", "it": "riga eliminata", "en": "row dropped"},
	"row_wording":    {"de": "Wortlaut der Zeile", "fr": "libellé de la ligne", "it": "formulazione della riga", "en": "wording of the row"},
	"row_order":      {"de": "Reihenfolge der Zeilen", "fr": "ordre des lignes", "it": "ordine delle righe", "en": "order of the rows"},
	"row_routing":    {"de": "Filter der Zeile", "fr": "filtre de la ligne", "it": "filtro della riga", "en": "routing of the row"},
	"check_added":    {"de": "Prüfung neu", "fr": "contrôle nouveau", "it": "controllo nuovo", "en": "check new"},
	"check_removed":  {"de": "Prüfung entfallen", "fr": "contrôle supprimé", "it": "controllo eliminato", "en": "check dropped"},
	"check":          {"de": "Prüfung", "fr": "contrôle", "it": "controllo", "en": "check"},
	"formula":        {"de": "Berechnung", "fr": "calcul", "it": "calcolo", "en": "formula"},
	"words":          {"de": "Text", "fr": "texte", "it": "testo", "en": "text"},
}

// pointWords say the same of the points of a scale.
var pointWords = map[string]Text{
	"option_added":   {"de": "Skalenpunkt %s neu", "fr": "échelon %s nouveau", "it": "punto %s della scala nuovo", "en": "scale point %s new"},
	"option_removed": {"de": "Skalenpunkt %s entfallen", "fr": "échelon %s supprimé", "it": "punto %s della scala eliminato", "en": "scale point %s dropped"},
	"option_code":    {"de": "Code des Skalenpunkts %s", "fr": "code de l’échelon %s", "it": "codice del punto %s della scala", "en": "code of scale point %s"},
	"option_wording": {"de": "Wortlaut des Skalenpunkts %s", "fr": "libellé de l’échelon %s", "it": "formulazione del punto %s della scala", "en": "wording of scale point %s"},
	"option_order":   {"de": "Reihenfolge der Skala", "fr": "ordre de l’échelle", "it": "ordine della scala", "en": "order of the scale"},
}

// What says in a language what a change is about, without the old and the new.
func (x Change) What(lang string) string {
	words := kindWords[x.Kind]
	if p, ok := pointWords[x.Kind]; ok && x.Scale {
		words = p
	}
	said := words.In(lang)
	if strings.Contains(said, "%s") {
		return fmt.Sprintf(said, x.Part)
	}
	if x.Part != "" {
		return said + " " + x.Part
	}
	return said
}

// Text prints a change on one line, for terminals: variable, language (– for
// none), group, and what was and what is.
func (x Change) Text() string {
	lang := x.Language
	if lang == "" {
		lang = "–"
	}
	return fmt.Sprintf("%-28s %-2s  %-10s %s: %s", x.Variable, lang, x.Family(), x.What("en"), x.fromTo())
}

func (x Change) fromTo() string {
	old, new := strings.Join(strings.Fields(x.Old), " "), strings.Join(strings.Fields(x.New), " ")
	switch {
	case old == "" && new == "":
		return "–"
	case old == "":
		return "+ " + new
	case new == "":
		return "- " + old
	}
	return fmt.Sprintf("“%s” → “%s”", old, new)
}
