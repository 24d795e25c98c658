package questionnaires

import "strings"

// summaries are the names of the functions of formulas in words.
var summaries = map[string]map[string]string{
	"de": {"sum": "Summe", "mean": "Mittelwert", "min": "kleinster Wert", "max": "grösster Wert", "count": "Anzahl Antworten", "round": "gerundet"},
	"fr": {"sum": "somme", "mean": "moyenne", "min": "plus petite valeur", "max": "plus grande valeur", "count": "nombre de réponses", "round": "arrondi"},
	"it": {"sum": "somma", "mean": "media", "min": "valore più basso", "max": "valore più alto", "count": "numero di risposte", "round": "arrotondato"},
	"en": {"sum": "sum", "mean": "mean", "min": "lowest value", "max": "highest value", "count": "number of answers", "round": "rounded"},
}

// amount says a formula in words.
func (e *explainer) amount(t amount) string {
	names := summaries[e.lang]
	switch t := t.(type) {
	case constant:
		return SayNumber(float64(t), e.lang)
	case variable:
		return e.name(t.ref)
	case operation:
		return e.operand(t.left) + " " + strings.NewReplacer("*", "×", "/", "÷", "-", "−").Replace(t.op) + " " + e.operand(t.right)
	case rounded:
		return names["round"] + " (" + e.amount(t.inner) + ")"
	case summary:
		var inputs []string
		for _, x := range t.inputs {
			inputs = append(inputs, e.amount(x))
		}
		return names[t.name] + " (" + strings.Join(inputs, ", ") + ")"
	case choice:
		return "(" + e.say(t.condition) + " ? " + e.amount(t.yes) + " : " + e.amount(t.no) + ")"
	}
	return ""
}

// operand keeps "(a + b) × c" apart from "a + b × c".
func (e *explainer) operand(t amount) string {
	if _, ok := t.(operation); ok {
		return "(" + e.amount(t) + ")"
	}
	return e.amount(t)
}
