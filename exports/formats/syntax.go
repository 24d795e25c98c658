package formats

import (
	"fmt"
	"strconv"
	"strings"
)

// What would end a literal, or begin something in one.
var (
	escapedR      = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ")
	harmlessStata = strings.NewReplacer("`", "'", `"`, "'", "$", "")
)

// quoteR makes a string literal of R.
func quoteR(s string) string {
	return `"` + escapedR.Replace(s) + `"`
}

// R is a script in plain R that reads the CSV: categories become factors with
// labels, reasons for missing answers become NA and are kept in an attribute.
func R(about About, variables []Variable, lang string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n# Run with this folder as the working directory, as source(\"FILE\", encoding = \"UTF-8\"); the result is the data frame d.\n", oneLine(about.Heading(lang)))
	fmt.Fprintf(&b, "d <- read.csv(%s, encoding = \"UTF-8\", colClasses = \"character\", na.strings = character(0), check.names = FALSE)\n", quoteR("../data/"+about.Population+".csv"))
	b.WriteString("reasons <- c(")
	for i, m := range Missing {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s = %s", quoteR(m.Code), quoteR(m.Label.In(lang)))
	}
	b.WriteString(")\nprepare <- function(x, label, codes = NULL, labels = NULL, number = FALSE, day = FALSE) {\n" +
		"  reason <- ifelse(x %in% names(reasons), x, NA)\n  x[!is.na(reason)] <- NA\n" +
		"  if (!is.null(codes)) x <- factor(x, levels = codes, labels = labels)\n  else if (number) x <- as.numeric(x)\n  else if (day) x <- as.Date(x)\n" +
		"  attr(x, \"label\") <- label\n  if (any(!is.na(reason))) attr(x, \"reason\") <- unname(reasons[reason])\n  x\n}\n")
	for _, v := range variables {
		fmt.Fprintf(&b, "d[[%s]] <- prepare(d[[%s]], %s", quoteR(v.Name), quoteR(v.Name), quoteR(v.Label(lang)))
		switch {
		case len(v.Categories) > 0:
			codes, labels := make([]string, len(v.Categories)), make([]string, len(v.Categories))
			for i, c := range v.Categories {
				codes[i], labels[i] = quoteR(c.Code), quoteR(distinct(v.Categories, i, lang))
			}
			fmt.Fprintf(&b, ", c(%s), c(%s)", strings.Join(codes, ", "), strings.Join(labels, ", "))
		case v.Numeric():
			b.WriteString(", number = TRUE")
		case v.kept() == asDay:
			b.WriteString(", day = TRUE")
		}
		b.WriteString(")\n")
	}
	return []byte(b.String())
}

// distinct is a category's label, with its code where another has the same.
func distinct(all []Category, i int, lang string) string {
	label := all[i].Label.In(lang)
	for j, c := range all {
		if j != i && c.Label.In(lang) == label {
			return label + " (" + all[i].Code + ")"
		}
	}
	return label
}

func quoteSPSS(s string) string {
	return "'" + strings.ReplaceAll(cut(oneLine(s), longestLabel), "'", "''") + "'"
}

// SPSS is a script for SPSS and PSPP that reads the CSV into the dataset that
// SAV writes: categories become numbers with labels, the codes -99 to -90 are
// declared missing. The widths of variables must have been set by Measure.
func SPSS(about About, variables []Variable, lang string) []byte {
	var b strings.Builder
	b.WriteString("* Encoding: UTF-8.\n")
	fmt.Fprintf(&b, "* %s.\n* Run with this folder as the working directory.\nSET DECIMAL=DOT.\n", strings.TrimRight(oneLine(about.Heading(lang)), "."))
	fmt.Fprintf(&b, "GET DATA /TYPE=TXT /FILE=%s /ENCODING='UTF8' /DELIMITERS=',' /QUALIFIER='\"' /ARRANGEMENT=DELIMITED /FIRSTCASE=2\n /VARIABLES=\n", quoteSPSS("../data/"+about.Population+".csv"))
	for j, v := range variables {
		fmt.Fprintf(&b, "  @raw%d A%d\n", j+1, max(v.width(), 10))
	}
	b.WriteString(" .\n")
	for j, name := range SPSSNames(variables) {
		variables[j].spss(&b, name, "@raw"+strconv.Itoa(j+1), lang)
	}
	fmt.Fprintf(&b, "EXECUTE.\nDELETE VARIABLES @raw1 TO @raw%d.\n", len(variables))
	return []byte(b.String())
}

// levels are the words of SPSS for the levels of measurement.
var levels = map[int32]string{1: "NOMINAL", 2: "ORDINAL", 3: "SCALE"}

func (v Variable) spss(b *strings.Builder, name, raw, lang string) {
	recoded := func(categories []Category) {
		fmt.Fprintf(b, "RECODE %s", raw)
		for i, c := range categories {
			fmt.Fprintf(b, "\n  (%s=%s)", quoteSPSS(c.Code), stand(v, i))
		}
		for _, m := range v.Reasons() {
			fmt.Fprintf(b, "\n  (%s=%s)", quoteSPSS(m.Code), m.Code)
		}
		fmt.Fprintf(b, "\n  INTO %s.\n", name)
	}
	switch kept := v.kept(); {
	case kept == asText:
		fmt.Fprintf(b, "STRING %s (A%d).\nCOMPUTE %s = %s.\n", name, v.width(), name, raw)
	case kept == asDay:
		fmt.Fprintf(b, "NUMERIC %s (SDATE10).\n", name)
		if v.Reasons() != nil {
			recoded(nil) // first: PSPP empties what it does not recode
		}
		fmt.Fprintf(b, "IF (SUBSTR(%s,5,1) = '-') %s = NUMBER(SUBSTR(%s,1,10), SDATE10).\n", raw, name, raw)
	case len(v.Categories) > 0:
		fmt.Fprintf(b, "NUMERIC %s (F8.0).\n", name)
		recoded(v.Categories)
	default:
		decimals := 0
		width := 8
		if v.Type == Number {
			width, decimals = 12, v.Decimals
		}
		fmt.Fprintf(b, "NUMERIC %s (F%d.%d).\nCOMPUTE %s = NUMBER(%s, F40.0).\n", name, width, decimals, name, raw)
	}
	v.labelsSPSS(b, name, lang)
	fmt.Fprintf(b, "VARIABLE LABELS %s\n  %s.\nVARIABLE LEVEL %s (%s).\n", name, quoteSPSS(v.Label(lang)), name, levels[v.measure()])
}

func (v Variable) labelsSPSS(b *strings.Builder, name, lang string) {
	if v.kept() == asText || len(v.Categories)+len(v.Reasons()) == 0 {
		return
	}
	fmt.Fprintf(b, "VALUE LABELS %s", name)
	for i, c := range v.Categories {
		fmt.Fprintf(b, "\n  %s %s", stand(v, i), quoteSPSS(cut(oneLine(c.Label.In(lang)), longestValueLabel)))
	}
	for _, m := range v.Reasons() {
		fmt.Fprintf(b, "\n  %s %s", m.Code, quoteSPSS(m.Label.In(lang)))
	}
	b.WriteString(".\n")
	if v.Reasons() != nil {
		fmt.Fprintf(b, "MISSING VALUES %s (-99 THRU -90).\n", name)
	}
}

// stand is the number that stands for a category: its code where all codes are
// numbers, else its place.
func stand(v Variable, i int) string {
	if v.Numeric() {
		return v.Categories[i].Code
	}
	return strconv.Itoa(i + 1)
}

func quoteStata(s string) string {
	return "`\"" + harmlessStata.Replace(oneLine(s)) + "\"'"
}

// Stata is a do-file that reads the CSV: categories become numbers with labels,
// the codes -90 to -99 become .a to .j.
func Stata(about About, variables []Variable, lang string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "* %s\n* Run with this folder as the working directory.\nversion 14\nclear\n", oneLine(about.Heading(lang)))
	fmt.Fprintf(&b, "import delimited using %s, delimiters(\",\") varnames(nonames) rowrange(2:) stringcols(_all) encoding(\"utf-8\") bindquote(strict) maxquotedrows(unlimited)\nrename v* _raw*\n", quoteStata("../data/"+about.Population+".csv"))
	for j, name := range StataNames(variables) {
		variables[j].stata(&b, name, "_raw"+strconv.Itoa(j+1), "l"+strconv.Itoa(j+1), lang)
	}
	return []byte(b.String())
}

func (v Variable) stata(b *strings.Builder, name, raw, set, lang string) {
	switch kept := v.kept(); {
	case kept == asText:
		fmt.Fprintf(b, "generate strL %s = %s\n", name, raw)
	case kept == asDay:
		fmt.Fprintf(b, "generate double %s = date(%s, \"YMD\")\nformat %s %%td\n", name, raw, name)
	case len(v.Categories) > 0:
		fmt.Fprintf(b, "generate double %s = .\n", name)
		for i, c := range v.Categories {
			fmt.Fprintf(b, "replace %s = %s if %s == %s\n", name, stand(v, i), raw, quoteStata(c.Code))
		}
	default:
		fmt.Fprintf(b, "generate double %s = real(%s)\n", name, raw)
	}
	if v.kept() != asText {
		v.labelsStata(b, name, raw, set, lang)
	}
	fmt.Fprintf(b, "label variable %s %s\nnotes %s: %s\ndrop %s\n", name, quoteStata(cut(v.Label(lang), 80)), name, quoteStata(v.Name+": "+v.Label(lang)), raw)
}

// labelsStata tells the reasons apart by the raw cell: as numbers they could
// also be days of the year 1959.
func (v Variable) labelsStata(b *strings.Builder, name, raw, set, lang string) {
	for i, m := range v.Reasons() {
		fmt.Fprintf(b, "replace %s = .%c if %s == \"%s\"\n", name, 'a'+i, raw, m.Code)
	}
	for i, c := range v.Categories {
		fmt.Fprintf(b, "label define %s %s %s, add\n", set, stand(v, i), quoteStata(c.Label.In(lang)))
	}
	for i, m := range v.Reasons() {
		fmt.Fprintf(b, "label define %s .%c %s, add\n", set, 'a'+i, quoteStata(m.Label.In(lang)))
	}
	if len(v.Categories)+len(v.Reasons()) > 0 {
		fmt.Fprintf(b, "label values %s %s\n", name, set)
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cut shortens a label to a number of bytes at a character's border.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 3 && s[n-3]&0xc0 == 0x80 {
		n--
	}
	return s[:n-3] + "…"
}
