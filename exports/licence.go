package exports

import (
	"fmt"
	"strings"

	"rondo/exports/formats"
	"rondo/questionnaires"
)

var licenceTitle = questionnaires.Text{"de": "Nutzungsbedingungen", "fr": "Conditions d'utilisation", "it": "Condizioni d'uso", "en": "Terms of use"}

// builtinTerms are the terms of use, by profile, where the house sets none.
var builtinTerms = map[string][]questionnaires.Text{
	Internal: {{
		"de": "Diese Datei ist vertraulich und bleibt im Haus. Sie darf nicht weitergegeben und nicht veröffentlicht werden.",
		"fr": "Ce fichier est confidentiel et ne quitte pas la maison. Il ne peut être ni transmis ni publié.",
		"it": "Questo file è confidenziale e resta in casa. Non può essere trasmesso né pubblicato.",
		"en": "This file is confidential and stays in the house. It must not be passed on or published."}},
	Scientific: append([]questionnaires.Text{{
		"de": "Diese Daten werden unter Vertrag für die genannte Forschung abgegeben. Sie dürfen nicht weitergegeben werden und sind am Ende der vereinbarten Frist zu löschen; die Löschung ist dem BSV zu bestätigen.",
		"fr": "Ces données sont remises sous contrat pour la recherche désignée. Elles ne peuvent pas être transmises et sont à effacer à la fin du délai convenu; l'effacement est à confirmer à l'OFAS.",
		"it": "Questi dati sono consegnati sotto contratto per la ricerca indicata. Non possono essere trasmessi e vanno cancellati alla fine del termine convenuto; la cancellazione va confermata all'UFAS.",
		"en": "These data are given under contract for the research named in it. They must not be passed on and are to be erased at the end of the agreed term; confirm the erasure to the FSIO."}}, shared...),
	Public: append([]questionnaires.Text{{
		"de": "Diese Daten dürfen für alle statistischen Zwecke genutzt und mit diesen Bedingungen weitergegeben werden.",
		"fr": "Ces données peuvent être utilisées à toute fin statistique et transmises avec les présentes conditions.",
		"it": "Questi dati possono essere usati per ogni scopo statistico e trasmessi con queste condizioni.",
		"en": "These data may be used for any statistical purpose and passed on with these terms."}}, shared...),
}

// shared are the terms of all releases.
var shared = []questionnaires.Text{
	readmeWords["terms"],
	{
		"de": "Ergebnisse dürfen keine Rückschlüsse auf einzelne Personen, Unternehmen oder IV-Stellen erlauben.",
		"fr": "Les résultats ne doivent permettre aucune conclusion sur des personnes, des entreprises ou des offices AI particuliers.",
		"it": "I risultati non devono permettere di risalire a singole persone, imprese o uffici AI.",
		"en": "Results must not allow conclusions about single persons, employers or IV offices."},
	{
		"de": "Bitte zitieren: Bundesamt für Sozialversicherungen (BSV), {title}, Datensatz {profile}.",
		"fr": "Veuillez citer: Office fédéral des assurances sociales (OFAS), {title}, jeu de données {profile}.",
		"it": "Si prega di citare: Ufficio federale delle assicurazioni sociali (UFAS), {title}, insieme di dati {profile}.",
		"en": "Please cite: Federal Social Insurance Office (FSIO), {title}, dataset {profile}."},
}

// licence are the terms of use: those of the house for what leaves it, else the
// built-in ones in every language.
func licence(about formats.About, ofHouse string) []byte {
	var b strings.Builder
	if ofHouse != "" && profiles[about.Profile].Release() {
		for _, lang := range questionnaires.Languages {
			fmt.Fprintf(&b, "%s: %s\n", licenceTitle.In(lang), about.Heading(lang))
		}
		b.WriteString("\n" + strings.TrimSpace(strings.ReplaceAll(ofHouse, "\r\n", "\n")) + "\n")
		return []byte(b.String())
	}
	for i, lang := range questionnaires.Languages {
		if i > 0 {
			b.WriteString("\n----------------------------------------\n\n")
		}
		fmt.Fprintf(&b, "%s: %s\n\n", licenceTitle.In(lang), about.Heading(lang))
		fill := strings.NewReplacer("{title}", about.Heading(lang), "{profile}", about.Profile)
		for _, t := range builtinTerms[about.Profile] {
			fmt.Fprintf(&b, "%s\n", fill.Replace(t.In(lang)))
		}
	}
	return []byte(b.String())
}
