package nominate

import (
	"fmt"
	"strings"
	"testing"

	"rondo/app/i18n"
)

// TestEveryWordOfThePageIsAHeading: a column that is called as the page calls it is understood, or
// what stands in it would be lost without a word.
func TestEveryWordOfThePageIsAHeading(t *testing.T) {
	for _, lang := range i18n.Languages {
		for _, field := range []string{"told", "row", "name", "email", "language", "size", "branch", "town", "office", "code", "head", "quota"} {
			label := i18n.T(lang, "office.field."+field, nil)
			if !known(field, label) {
				t.Errorf("%s: %q is no heading of %s", lang, label, field)
			}
		}
	}
}

func TestAHeadingMaySayMoreThanTheName(t *testing.T) {
	const line = "\nEins AG;eins@eins.ch;de;12;C;Uster;3.11.2025\n"
	for _, header := range []string{
		"Name der Firma;E-Mail-Adresse (geschäftlich);Sprache (de/fr/it/en);Grösse (Anzahl Mitarbeitende);Branche (NOGA);Ort / Gemeinde;Informiert am: *",
		"Firma*;E-Mail [bitte nur eine];Sprache: d, f, i, e;Grösse – Zahl der Personen;NOGA-Buchstabe;PLZ/Ort;informiert am",
		"Nom de l'entreprise (raison sociale);E-mail;Langue (d/f/i);Effectif;Branche;NPA/Lieu;Informée le",
		"Azienda;E-mail;Lingua;Dimensione;Ramo;Luogo;Informata il",
	} {
		got, verdicts, err := ReadEmployers([]byte(header+line), "ZH")
		want := Employer{Line: 2, Office: "ZH", Name: "Eins AG", Email: "eins@eins.ch", Language: "de", Size: "10-49", Branch: "be", Town: "Uster", Told: "2025-11-03"}
		if err != nil || !AllGood(verdicts) || got[0] != want {
			t.Errorf("%s: %+v %+v %v", header, got, verdicts, err)
		}
	}
	_, _, err := ReadEmployers([]byte("Firma;E-Mail;E-Mail (privat);Sprache;Grösse;Branche\nA;a@a.ch;b@b.ch;de;7;A\n"), "ZH")
	if err != nil {
		t.Errorf("a heading that says more gives way to the plain one: %v", err)
	}
	_, _, err = ReadEmployers([]byte("Firma;E-Mail (Büro);E-Mail (privat);Sprache;Grösse;Branche\nA;a@a.ch;b@b.ch;de;7;A\n"), "ZH")
	if err == nil || !strings.Contains(err.Error(), "column_twice") {
		t.Errorf("which of two addresses is meant nobody knows: %v", err)
	}
}

// A column "Kanton" in an office's own list says where a firm is. In a list of staff it names the office.
func TestTheCantonOfAFirmIsNotItsOffice(t *testing.T) {
	for list, want := range map[string]string{
		"Firma;Kanton;E-Mail;Sprache;Grösse;Branche\nA;AG;a@a.ch;de;7;A\n":                  "ZH",
		"Firma;IV-Stelle;Kanton;E-Mail;Sprache;Grösse;Branche\nA;zh;Aargau;a@a.ch;de;7;A\n": "ZH",
	} {
		got, verdicts, err := ReadEmployers([]byte(list), "ZH")
		if err != nil || !AllGood(verdicts) || got[0].Office != want {
			t.Errorf("%q: %+v %+v %v", list, got, verdicts, err)
		}
	}
	got, verdicts, err := ReadEmployers([]byte("Kanton;Firma;E-Mail;Sprache;Grösse;Branche\nag;A;a@a.ch;de;7;A\n"), "")
	if err != nil || !AllGood(verdicts) || got[0].Office != "AG" {
		t.Errorf("a list of staff: %s", fmt.Sprint(got, verdicts, err))
	}
}
