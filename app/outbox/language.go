package outbox

import "strings"

// telling are short words that stand in nearly every text of a language and hardly in any of the
// other three.
var telling = map[string][]string{
	"de": {"und", "der", "die", "das", "nicht", "mit", "ist", "sie", "wir", "für", "von", "auf", "den", "ein", "eine", "zu", "haben", "wird", "ihr", "ihre", "ihrer", "ihnen", "uns", "bis", "bitte", "vielen", "dank"},
	"fr": {"le", "les", "des", "et", "est", "pas", "une", "vous", "nous", "votre", "pour", "avec", "dans", "sur", "qui", "que", "du", "au", "aux", "ce", "cette", "vos", "merci", "être", "jusqu'au"},
	"it": {"il", "gli", "della", "dei", "delle", "nel", "che", "con", "una", "per", "questa", "questo", "sono", "non", "lei", "noi", "suo", "sua", "grazie", "alla", "dal", "fino", "può", "vostra", "vostro"},
	"en": {"the", "and", "of", "with", "you", "your", "we", "this", "that", "are", "not", "for", "from", "have", "has", "will", "our", "until", "please", "thank", "which", "can", "be"},
}

// foreignLanguage says that a text is clearly not in lang, and in which language it seems to be. A
// short or a mixed text gets the benefit of the doubt.
func foreignLanguage(lang, text string) (found string, is bool) {
	count := map[string]int{}
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		word = strings.Trim(word, around)
		for l, words := range telling {
			for _, w := range words {
				if w == word {
					count[l]++
				}
			}
		}
	}
	for l, n := range count {
		if l != lang && n >= 4 && n >= 3*max(1, count[lang]) && n > count[found] {
			found = l
		}
	}
	return found, found != ""
}
