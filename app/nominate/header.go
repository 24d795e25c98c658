package nominate

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// headings says by which names a column is known, folded as fold does, in the
// languages of those who make lists.
var headings = map[string]string{
	"code":  "code officecode kurzel kuerzel kanton canton cantone sigle sigla",
	"quota": "quota kontingent contingent contingente quote",
	"office": "office officecode ivstelle stelle buro bureau kanton canton cantone officeai ufficio ufficioai ivoffice " +
		"kurzelivstelle codeoffice codicedellufficio",
	"own": "office officecode ivstelle officeai ufficioai ivoffice kurzelivstelle codeoffice codicedellufficio", // in an office's own list a canton is that of the firm
	"name": "name firma firmenname unternehmen unternehmung betrieb arbeitgeber arbeitgeberin arbeitgebende nomdelentreprise " +
		"entreprise raisonsociale nom employeur societe azienda ditta ragionesociale nome nomedellazienda impresa datoredilavoro " +
		"company companyname employer organisation organisationname namederfirma namedesunternehmens unternehmensname betriebsname nomdelasociete",
	"email": "email mail emailadresse mailadresse adressemail adresseemail courriel adresseelectronique indirizzoemail " +
		"indirizzomail postaelettronica indirizzodipostaelettronica emailaddress",
	"language": "language lang sprache korrespondenzsprache langue languedecorrespondance lingua linguadicorrispondenza",
	"size": "size esize grosse groesse betriebsgrosse unternehmensgrosse grossenklasse groessenklasse mitarbeitende " +
		"anzahlmitarbeitende beschaftigte taille tailledelentreprise effectif dimensione dimensioni grandezza addetti " +
		"numerodiaddetti employees mitarbeiter anzahlmitarbeiter anzahlbeschaftigte zahlderbeschaftigten anzahlpersonen " +
		"nombredepersonnes nombredecollaborateurs numerodipersone numberofemployees",
	"branch": "branch ebranch branche noga nogaabschnitt wirtschaftszweig brancheeconomique secteur sectionnoga ramo " +
		"ramoeconomico settore sezionenoga industry sector nogasection nogabuchstabe lettrenoga letteranoga nogaletter",
	"town": "town ort ortschaft stadt gemeinde standort plzort npalieu lieu localite ville commune npalocalite luogo localita citta comune city place",
	"row":  "row rownumber listrow zeile zeilennummer listenzeile nr nummer no numero ligne numerodeligne numeroriga riga number",
	"told": "told toldon informed informedon informiert informiertam orientiert informe informele informee informeele avertie avertiele informato informatoil informata informatail",
	"head": "head leitung leiter leiterin adresseleitung adressederleitung emailleitung emailderleitung direction emaildirection " +
		"adressedeladirection direzione emaildirezione indirizzodelladirezione headofoffice heademail emailofhead addressofthehead",
	"name_de": "namede", "name_fr": "namefr", "name_it": "nameit", "name_en": "nameen",
}

// headerWithin is among how many first rows the header is looked for: above it people write titles.
const headerWithin = 10

// settle finds the header and says where each wanted field stands. Where there is none, and the rows
// look like a list in the order in which the fields are named, that order holds.
func (t *table) settle(wanted, optional []string) (map[string]int, *FileProblem) {
	at, problem := t.columns(wanted, optional)
	if problem == nil || problem.Rule != "columns" {
		return at, problem
	}
	for i := range min(len(t.rows), headerWithin-1) {
		below := table{header: t.rows[i].cells, rows: t.rows[i+1:]}
		if at, other := below.columns(wanted, optional); other == nil || other.Rule != "columns" {
			*t = below
			return at, other
		}
	}
	if at := assumed(t.header, wanted); at != nil {
		t.rows = append([]row{{line: t.headerLine, cells: t.header}}, t.rows...)
		return at, nil
	}
	return nil, problem
}

// assumed says where the fields stand when the first row is no header but an employer: name, email,
// language, size, branch, and then, if they are there, town and told; a number of a row or an office
// may come first. Its address, its language and its size show that it is one.
func assumed(cells, wanted []string) map[string]int {
	order := []string{"name", "email", "language", "size", "branch", "town", "told"}
	switch {
	case len(wanted) > 0 && wanted[0] == "office":
		order = append([]string{"office"}, order...)
	case len(cells) > 2 && strings.Contains(cells[2], "@"):
		order = append([]string{"row"}, order...)
	}
	if !slices.Contains(wanted, "branch") || len(cells) < len(order)-2 {
		return nil
	}
	at := map[string]int{}
	for i, field := range order[:min(len(order), len(cells))] {
		at[field] = i
	}
	_, language := Language(cells[at["language"]])
	_, size := Size(cells[at["size"]])
	if !strings.Contains(cells[at["email"]], "@") || !language || !size {
		return nil
	}
	return at
}

// columns says where each wanted field stands in the header: under its name or, where no heading is
// just that, under one that says more, such as "Sprache (de/fr/it/en)".
func (t table) columns(wanted, optional []string) (map[string]int, *FileProblem) {
	var twice *FileProblem
	at, taken := map[string]int{}, map[int]bool{}
	fields := append(append([]string(nil), wanted...), optional...)
	for _, part := range []func(string) string{whole, start} {
		found := map[string]int{}
		for i, heading := range t.header {
			for _, field := range fields {
				if _, before := at[field]; before || taken[i] || !known(field, part(heading)) {
					continue
				}
				if _, again := found[field]; again {
					twice = &FileProblem{Rule: "column_twice", Args: map[string]any{"column": heading}}
				}
				found[field] = i
				break
			}
		}
		for field, i := range found {
			at[field], taken[i] = i, true
		}
	}
	var missing []string
	for _, field := range wanted {
		if _, found := at[field]; !found {
			missing = append(missing, field)
		}
	}
	if missing != nil {
		return nil, &FileProblem{Rule: "columns", Args: map[string]any{"columns": missing}}
	}
	return at, twice
}

func known(field, heading string) bool {
	return slices.Contains(strings.Fields(headings[field]), fold(heading))
}

func whole(heading string) string { return heading }

// start is a heading up to what people add to its name: brackets, a choice, a note, another line.
func start(heading string) string {
	for _, mark := range []string{"(", "[", ":", "/", "|", ",", "\n", " - ", " – "} {
		heading, _, _ = strings.Cut(heading, mark)
	}
	return heading
}

// fold takes case, accents, spaces and marks away: "Adresse e-mail *" is "adresseemail".
func fold(s string) string {
	var out strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out.WriteRune(r)
		}
	}
	return strings.ReplaceAll(out.String(), "ß", "ss")
}
