package nominate

import (
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
	"name": "name firma firmenname unternehmen unternehmung betrieb arbeitgeber arbeitgeberin arbeitgebende nomdelentreprise " +
		"entreprise raisonsociale nom employeur societe azienda ditta ragionesociale nome nomedellazienda impresa datoredilavoro " +
		"company companyname employer organisation organisationname",
	"email": "email mail emailadresse mailadresse adressemail adresseemail courriel adresseelectronique indirizzoemail " +
		"indirizzomail postaelettronica indirizzodipostaelettronica emailaddress",
	"language": "language lang sprache korrespondenzsprache langue languedecorrespondance lingua linguadicorrispondenza",
	"size": "size esize grosse groesse betriebsgrosse unternehmensgrosse grossenklasse groessenklasse mitarbeitende " +
		"anzahlmitarbeitende beschaftigte taille tailledelentreprise effectif dimensione dimensioni grandezza addetti " +
		"numerodiaddetti employees",
	"branch": "branch ebranch branche noga nogaabschnitt wirtschaftszweig brancheeconomique secteur sectionnoga ramo " +
		"ramoeconomico settore sezionenoga industry sector nogasection",
	"town": "town ort ortschaft stadt gemeinde standort plzort lieu localite ville commune npalocalite luogo localita citta comune city place",
	"head": "head leitung leiter leiterin adresseleitung adressederleitung emailleitung emailderleitung direction emaildirection " +
		"adressedeladirection direzione emaildirezione indirizzodelladirezione headofoffice heademail emailofhead",
	"name_de": "namede", "name_fr": "namefr", "name_it": "nameit", "name_en": "nameen",
}

// columns says where each wanted field stands in the header.
func (t table) columns(wanted, optional []string) (map[string]int, *FileProblem) {
	at := map[string]int{}
	for i, heading := range t.header {
		for _, field := range append(append([]string(nil), wanted...), optional...) {
			if !known(field, heading) {
				continue
			}
			if _, twice := at[field]; twice {
				return nil, &FileProblem{Rule: "column_twice", Args: map[string]any{"column": heading}}
			}
			at[field] = i
			break
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
	return at, nil
}

func known(field, heading string) bool {
	heading = fold(heading)
	for _, name := range strings.Fields(headings[field]) {
		if name == heading {
			return true
		}
	}
	return false
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
