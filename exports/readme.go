package exports

import (
	"fmt"
	"strings"

	"rondo/exports/formats"
	"rondo/questionnaires"
)

// labels name the profiles as people may see them; only what was anonymised is
// called so.
var labels = map[string]questionnaires.Text{
	Internal:   {"de": "Intern, vertraulich, nicht anonymisiert", "fr": "Interne, confidentiel, non anonymisé", "it": "Interno, confidenziale, non anonimizzato", "en": "internal, confidential, not anonymised"},
	Scientific: {"de": "Wissenschaftliche Nutzung, mit Vertrag (k = 5)", "fr": "Usage scientifique, sous contrat (k = 5)", "it": "Uso scientifico, con contratto (k = 5)", "en": "Scientific use, contract (k = 5)"},
	Public:     {"de": "Öffentliche Nutzung (k = 10)", "fr": "Usage public (k = 10)", "it": "Uso pubblico (k = 10)", "en": "Public use (k = 10)"},
}

// ProfileLabel names a profile in words that may be shown beside a file.
func ProfileLabel(profile string) questionnaires.Text { return labels[profile] }

var readmeWords = map[string]questionnaires.Text{
	"data": {
		"de": "data/: die Daten. {p}.csv für Programme (UTF-8, Komma), {p}.de.sav, .fr.sav, .it.sav und .en.sav für SPSS (dieselben Daten, beschriftet in je einer Sprache), {p}.parquet für R, Python und Datenbanken (leer, wo eine Angabe fehlt; der Grund in der Spalte daneben mit der Endung __miss), {p}-excel.csv und {p}.xlsx für Excel. Excel liest Codes wie 10-49 in einer CSV-Datei leicht als Datum; die XLSX-Datei hat dieses Problem nicht.",
		"fr": "data/: les données. {p}.csv pour les programmes (UTF-8, virgule), {p}.de.sav, .fr.sav, .it.sav et .en.sav pour SPSS (les mêmes données, avec les libellés dans une langue chacune), {p}.parquet pour R, Python et les bases de données (vide où une donnée manque; la raison dans la colonne voisine terminée par __miss), {p}-excel.csv et {p}.xlsx pour Excel. Dans un fichier CSV, Excel prend facilement des codes comme 10-49 pour des dates; le fichier XLSX n'a pas ce problème.",
		"it": "data/: i dati. {p}.csv per i programmi (UTF-8, virgola), {p}.de.sav, .fr.sav, .it.sav e .en.sav per SPSS (gli stessi dati, con le etichette in una lingua ciascuno), {p}.parquet per R, Python e banche dati (vuoto dove manca un dato; la ragione nella colonna accanto che termina con __miss), {p}-excel.csv e {p}.xlsx per Excel. In un file CSV Excel scambia facilmente codici come 10-49 per date; il file XLSX non ha questo problema.",
		"en": "data/: the data. {p}.csv for programs (UTF-8, comma), {p}.de.sav, .fr.sav, .it.sav and .en.sav for SPSS (the same data, labelled in one language each), {p}.parquet for R, Python and databases (empty where an answer is missing; the reason in the column beside it that ends in __miss), {p}-excel.csv and {p}.xlsx for Excel. Excel easily takes codes such as 10-49 in a CSV file for dates; the XLSX file does not have this problem."},
	"syntax": {
		"de": "syntax/: Skripte für R, SPSS und Stata, die die CSV-Datei mit Beschriftungen und fehlenden Werten einlesen, jedes in vier Sprachen; das für SPSS gibt dieselben Daten wie die SAV-Datei. Längere und ungewöhnliche Namen stehen in codebook/codebook.csv (spss_name).",
		"fr": "syntax/: scripts pour R, SPSS et Stata qui lisent le fichier CSV avec les libellés et les valeurs manquantes, chacun en quatre langues; celui de SPSS donne les mêmes données que le fichier SAV. Les noms longs ou inhabituels sont dans codebook/codebook.csv (spss_name).",
		"it": "syntax/: script per R, SPSS e Stata che leggono il file CSV con etichette e valori mancanti, ciascuno in quattro lingue; quello per SPSS dà gli stessi dati del file SAV. I nomi lunghi o insoliti sono in codebook/codebook.csv (spss_name).",
		"en": "syntax/: scripts for R, SPSS and Stata that read the CSV file with labels and missing values, each in four languages; that for SPSS gives the same data as the SAV file. Long or unusual names are in codebook/codebook.csv (spss_name)."},
	"codebook": {
		"de": "codebook/: Wortlaut, Werte und Codes für fehlende Angaben (CSV, HTML, DDI-Codebook 2.5).",
		"fr": "codebook/: libellés, valeurs et codes des données manquantes (CSV, HTML, DDI-Codebook 2.5).",
		"it": "codebook/: testi, valori e codici dei dati mancanti (CSV, HTML, DDI-Codebook 2.5).",
		"en": "codebook/: wording, values and missing codes (CSV, HTML, DDI-Codebook 2.5)."},
	"report": {
		"de": "report/: was zum Schutz der Antwortenden getan wurde. LICENCE: Nutzungsbedingungen. MANIFEST.json: SHA-256 jeder Datei.",
		"fr": "report/: ce qui a été fait pour protéger les personnes qui ont répondu. LICENCE: conditions d'utilisation. MANIFEST.json: SHA-256 de chaque fichier.",
		"it": "report/: che cosa è stato fatto per proteggere chi ha risposto. LICENCE: condizioni d'uso. MANIFEST.json: SHA-256 di ogni file.",
		"en": "report/: what was done to protect those who answered. LICENCE: terms of use. MANIFEST.json: SHA-256 of each file."},
	"terms": {
		"de": "Versuchen Sie nicht, jemanden zu erkennen, und verknüpfen Sie die Daten nicht mit anderen. Melden Sie es dem BSV, wenn Ihnen jemand erkennbar scheint.",
		"fr": "N'essayez pas de reconnaître quelqu'un et ne reliez pas ces données à d'autres. Si quelqu'un vous semble reconnaissable, signalez-le à l'OFAS.",
		"it": "Non cercate di riconoscere nessuno e non collegate questi dati ad altri. Se qualcuno vi sembra riconoscibile, segnalatelo all'UFAS.",
		"en": "Do not try to recognise anybody and do not link these data with others. If somebody seems recognisable to you, please tell the FSIO."},
	"synthetic": {
		"de": "Diese Daten sind synthetisch: erfunden, niemand hat so geantwortet (synthetic).",
		"fr": "Ces données sont synthétiques: inventées, personne n'a répondu ainsi (synthetic).",
		"it": "Questi dati sono sintetici: inventati, nessuno ha risposto così (synthetic).",
		"en": "These data are synthetic: made up, nobody answered like this."},
}

func readme(about formats.About) []byte {
	var b strings.Builder
	for i, lang := range questionnaires.Languages {
		if i > 0 {
			b.WriteString("\n----------------------------------------\n\n")
		}
		fmt.Fprintf(&b, "%s\n%s · %s\n\n", about.Heading(lang), about.Questionnaire, about.Label.In(lang))
		keys := []string{"data", "syntax", "codebook", "report", "terms"}
		if about.Synthetic {
			keys = append([]string{"synthetic"}, keys...)
		}
		for _, key := range keys {
			fmt.Fprintf(&b, "%s\n", strings.ReplaceAll(readmeWords[key].In(lang), "{p}", about.Population))
		}
		for _, limit := range limits[profiles[about.Profile].Release()] {
			fmt.Fprintf(&b, "%s\n", limit.In(lang))
		}
	}
	return []byte(b.String())
}
