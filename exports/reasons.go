package exports

import "rondo/questionnaires"

// Reason gives the sentence for why a column is treated as it is.
func Reason(why string) questionnaires.Text { return reasons[why] }

var reasons = map[string]questionnaires.Text{
	"internal": {
		"de": "Intern: wie beantwortet.", "fr": "Interne: tel que répondu.",
		"it": "Interno: come risposto.", "en": "Internal: as answered."},
	"direct": {
		"de": "Weggelassen: benennt, wer antwortet.", "fr": "Supprimé: désigne qui répond.",
		"it": "Tralasciato: indica chi risponde.", "en": "Left out: names who answers."},
	"freetext": {
		"de": "Weggelassen: freier Text verrät leicht, wer schreibt.", "fr": "Supprimé: un texte libre trahit facilement qui écrit.",
		"it": "Tralasciato: un testo libero rivela facilmente chi scrive.", "en": "Left out: free text easily betrays who wrote it."},
	"stable": {
		"de": "Weggelassen: eine Tatsache, die andere kennen oder nachschlagen können.", "fr": "Supprimé: un fait que d'autres connaissent ou peuvent rechercher.",
		"it": "Tralasciato: un fatto che altri conoscono o possono cercare.", "en": "Left out: a fact that others know or can look up."},
	"calculated": {
		"de": "Weggelassen: berechnet aus anderen Variablen, deren geschützte Antworten es verraten könnte.", "fr": "Supprimé: calculé à partir d'autres variables, dont il pourrait trahir les réponses protégées.",
		"it": "Tralasciato: calcolato da altre variabili, di cui potrebbe rivelare le risposte protette.", "en": "Left out: computed from other variables, whose protected answers it could give away."},
	"number": {
		"de": "Weggelassen: eine genaue Zahl oder ein Datum kann ein Fingerabdruck sein.", "fr": "Supprimé: un nombre exact ou une date peut être une empreinte.",
		"it": "Tralasciato: un numero esatto o una data può essere un'impronta.", "en": "Left out: an exact number or a date can be a fingerprint."},
	"key": {
		"de": "Weggelassen: liesse zusammen mit anderen Merkmalen einzelne Unternehmen erkennen.", "fr": "Supprimé: permettrait, avec d'autres caractéristiques, de reconnaître une entreprise.",
		"it": "Tralasciato: insieme ad altre caratteristiche permetterebbe di riconoscere un'azienda.", "en": "Left out: together with other features it would single out companies."},
	"key-coarse": {
		"de": "Vergröbert, bis jede Kombination der Schlüsselmerkmale oft genug vorkommt.", "fr": "Regroupé jusqu'à ce que chaque combinaison des caractéristiques clés soit assez fréquente.",
		"it": "Raggruppato finché ogni combinazione delle caratteristiche chiave è abbastanza frequente.", "en": "Coarsened until every combination of the key features is frequent enough."},
	"sensitive_high": {
		"de": "Offen; wo eine Gruppe sich einig ist, unterdrückt.", "fr": "Ouvert; supprimé là où un groupe est unanime.",
		"it": "Aperto; soppresso dove un gruppo è unanime.", "en": "Open; suppressed where a group agrees."},
	"sensitive": {
		"de": "Offen; seltene Antworten zusammengefasst.", "fr": "Ouvert; réponses rares regroupées.",
		"it": "Aperto; risposte rare raggruppate.", "en": "Open; rare answers merged."},
	"plain": {
		"de": "Offen; seltene Antworten zusammengefasst.", "fr": "Ouvert; réponses rares regroupées.",
		"it": "Aperto; risposte rare raggruppate.", "en": "Open; rare answers merged."},
	"language": {
		"de": "Weggelassen: die Sprache lässt auf den Kanton schliessen.", "fr": "Supprimé: la langue permet de déduire le canton.",
		"it": "Tralasciato: la lingua permette di dedurre il Cantone.", "en": "Left out: the language points to the canton."},
	"stratum": {
		"de": "Weggelassen: Merkmale der IV-Stelle lassen auf diese schliessen.", "fr": "Supprimé: les caractéristiques de l'office AI permettent de le déduire.",
		"it": "Tralasciato: le caratteristiche dell'ufficio AI permettono di dedurlo.", "en": "Left out: features of the IV office point to it."},
}
