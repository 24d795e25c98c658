package formats

import (
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
)

// quoteR makes a string literal of R.
func quoteR(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(s) + `"`
}

// R is a script in plain R that reads the CSV: categories become factors with
// labels, reasons for missing answers become NA and are kept in an attribute.
func R(about About, variables []Variable, lang string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n# Run with this folder as the working directory; the result is the data frame d.\n", oneLine(about.Heading(lang)))
	fmt.Fprintf(&b, "d <- read.csv(%s, encoding = \"UTF-8\", colClasses = \"character\", na.strings = character(0), check.names = FALSE)\n", quoteR("../data/"+about.Population+".csv"))
	b.WriteString("reasons <- c(")
	for i, m := range Missing {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s = %s", quoteR(m.Code), quoteR(m.Label.In(lang)))
	}
	b.WriteString(")\nprepare <- function(x, label, codes = NULL, labels = NULL, number = FALSE) {\n" +
		"  reason <- ifelse(x %in% names(reasons), x, NA)\n  x[!is.na(reason)] <- NA\n" +
		"  if (!is.null(codes)) x <- factor(x, levels = codes, labels = labels)\n  else if (number) x <- as.numeric(x)\n" +
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
	return "'" + strings.ReplaceAll(cut(oneLine(s), 240), "'", "''") + "'"
}

// SPSS is a script for SPSS and PSPP that reads the CSV: categories become
// numbers with labels, the codes -99 to -90 are declared missing.
func SPSS(about About, variables []Variable, lang string) []byte {
	var b strings.Builder
	b.WriteString("* Encoding: UTF-8.\n")
	fmt.Fprintf(&b, "* %s.\n* Run with this folder as the working directory.\n", strings.TrimRight(oneLine(about.Heading(lang)), "."))
	fmt.Fprintf(&b, "GET DATA /TYPE=TXT /FILE=%s /ENCODING='UTF8' /DELIMITERS=',' /QUALIFIER='\"' /ARRANGEMENT=DELIMITED /FIRSTCASE=2\n /VARIABLES=\n", quoteSPSS("../data/"+about.Population+".csv"))
	for j, v := range variables {
		width := 40
		if v.Type == Words {
			width = 16000
		}
		fmt.Fprintf(&b, "  raw%d A%d\n", j+1, width)
	}
	b.WriteString(" .\n")
	for j, v := range variables {
		raw := "raw" + strconv.Itoa(j+1)
		switch {
		case len(v.Categories) > 0:
			fmt.Fprintf(&b, "NUMERIC %s (F8.0).\n", v.Name)
			fmt.Fprintf(&b, "RECODE %s", raw)
			for i, c := range v.Categories {
				fmt.Fprintf(&b, "\n  (%s=%s)", quoteSPSS(c.Code), stand(v, i))
			}
			for _, m := range Missing {
				fmt.Fprintf(&b, "\n  (%s=%s)", quoteSPSS(m.Code), m.Code)
			}
			fmt.Fprintf(&b, "\n  INTO %s.\n", v.Name)
			labelsSPSS(&b, v, lang)
		case v.Numeric():
			fmt.Fprintf(&b, "NUMERIC %s (F12.2).\nCOMPUTE %s = NUMBER(%s, F40.0).\n", v.Name, v.Name, raw)
			labelsSPSS(&b, v, lang)
		default:
			width := 40
			if v.Type == Words {
				width = 16000
			}
			fmt.Fprintf(&b, "STRING %s (A%d).\nCOMPUTE %s = %s.\n", v.Name, width, v.Name, raw)
		}
		fmt.Fprintf(&b, "VARIABLE LABELS %s %s.\n", v.Name, quoteSPSS(v.Label(lang)))
	}
	fmt.Fprintf(&b, "EXECUTE.\nDELETE VARIABLES raw1 TO raw%d.\n", len(variables))
	return []byte(b.String())
}

func labelsSPSS(b *strings.Builder, v Variable, lang string) {
	fmt.Fprintf(b, "VALUE LABELS %s", v.Name)
	for i, c := range v.Categories {
		fmt.Fprintf(b, "\n  %s %s", stand(v, i), quoteSPSS(cut(c.Label.In(lang), 110)))
	}
	for _, m := range Missing {
		fmt.Fprintf(b, "\n  %s %s", m.Code, quoteSPSS(m.Label.In(lang)))
	}
	fmt.Fprintf(b, ".\nMISSING VALUES %s (-99 THRU -90).\n", v.Name)
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
	return "`\"" + strings.NewReplacer("`", "'", `"`, "'", "$", "").Replace(oneLine(s)) + "\"'"
}

// Stata is a do-file that reads the CSV: categories become numbers with labels,
// the codes -90 to -99 become .a to .j.
func Stata(about About, variables []Variable, lang string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "* %s\n* Run with this folder as the working directory.\nversion 14\nclear\n", oneLine(about.Heading(lang)))
	fmt.Fprintf(&b, "import delimited using %s, delimiters(\",\") varnames(nonames) rowrange(2:) stringcols(_all) encoding(\"utf-8\") bindquote(strict) maxquotedrows(unlimited)\n", quoteStata("../data/"+about.Population+".csv"))
	for j, v := range variables {
		raw, name := "v"+strconv.Itoa(j+1), ShortName(v.Name)
		switch {
		case len(v.Categories) > 0:
			fmt.Fprintf(&b, "generate double %s = real(%s) if substr(%s,1,2) == \"-9\"\n", name, raw, raw)
			for i, c := range v.Categories {
				fmt.Fprintf(&b, "replace %s = %s if %s == %s\n", name, stand(v, i), raw, quoteStata(c.Code))
			}
			labelsStata(&b, v, name, "l"+strconv.Itoa(j+1), lang)
		case v.Numeric():
			fmt.Fprintf(&b, "generate double %s = real(%s)\n", name, raw)
			labelsStata(&b, v, name, "l"+strconv.Itoa(j+1), lang)
		default:
			fmt.Fprintf(&b, "generate strL %s = %s\n", name, raw)
		}
		fmt.Fprintf(&b, "label variable %s %s\nnotes %s: %s\ndrop %s\n", name, quoteStata(cut(v.Label(lang), 80)), name, quoteStata(v.Name+": "+v.Label(lang)), raw)
	}
	return []byte(b.String())
}

func labelsStata(b *strings.Builder, v Variable, name, set, lang string) {
	fmt.Fprintf(b, "mvdecode %s, mv(", name)
	for i, m := range Missing {
		if i > 0 {
			b.WriteString(` \ `)
		}
		fmt.Fprintf(b, "%s=.%c", m.Code, 'a'+i)
	}
	b.WriteString(")\n")
	for i, c := range v.Categories {
		fmt.Fprintf(b, "label define %s %s %s, add\n", set, stand(v, i), quoteStata(c.Label.In(lang)))
	}
	for i, m := range Missing {
		fmt.Fprintf(b, "label define %s .%c %s, add\n", set, 'a'+i, quoteStata(m.Label.In(lang)))
	}
	fmt.Fprintf(b, "label values %s %s\n", name, set)
}

// ShortName is a variable's name within Stata's 32 characters: a longer one is
// cut and ends in a checksum of the whole.
func ShortName(name string) string {
	if len(name) <= 32 {
		return name
	}
	return fmt.Sprintf("%s_%06x", name[:25], crc32.ChecksumIEEE([]byte(name))&0xffffff)
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
