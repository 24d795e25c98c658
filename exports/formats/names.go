package formats

import (
	"fmt"
	"hash/crc32"
	"regexp"
	"strings"
)

// The longest names of variables, in bytes.
const (
	longestSPSS  = 64
	longestStata = 32
)

// reserved are words that SPSS does not take as the name of a variable.
var reserved = map[string]bool{
	"all": true, "and": true, "by": true, "eq": true, "ge": true, "gt": true, "le": true, "lt": true, "ne": true, "not": true, "or": true, "to": true, "with": true,
}

// reservedStata are words that Stata does not take, beside str and a number, and those that begin
// with _, which no name here does.
var reservedStata = map[string]bool{
	"byte": true, "double": true, "float": true, "if": true, "in": true, "int": true, "long": true, "strl": true, "using": true, "with": true,
}

var stringType = regexp.MustCompile(`^str[0-9]+$`)

// SPSSNames are the names of variables in SPSS, in order: as in the CSV where
// SPSS takes them. Letters alone of either case do not tell two apart.
func SPSSNames(variables []Variable) []string {
	return names(variables, longestSPSS, func(word string) bool { return reserved[word] })
}

// StataNames are the names of variables in Stata, in order: as in the CSV where
// Stata takes them.
func StataNames(variables []Variable) []string {
	return names(variables, longestStata, func(word string) bool { return reservedStata[word] || stringType.MatchString(word) })
}

func names(variables []Variable, longest int, reserved func(word string) bool) []string {
	taken := map[string]bool{}
	out := make([]string, len(variables))
	for i, v := range variables {
		name := shortName(v.Name, longest, reserved)
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = marked(v.Name, fmt.Sprintf("%s_%d", v.Name, n), longest)
		}
		taken[strings.ToLower(name)] = true
		out[i] = name
	}
	return out
}

// shortName is a name within a program's limits: one that is too long, reserved
// or holds other signs is cut and ends in a checksum of the whole.
func shortName(name string, longest int, reserved func(word string) bool) string {
	if len(name) <= longest && plainName(name) == name && !reserved(strings.ToLower(name)) && !strings.HasSuffix(name, "_") {
		return name
	}
	return marked(name, name, longest)
}

// marked is what a name and the checksum of its full form make.
func marked(name, full string, longest int) string {
	name = plainName(name)
	return fmt.Sprintf("%s_%06x", name[:min(len(name), longest-7)], crc32.ChecksumIEEE([]byte(full))&0xffffff)
}

// plainName writes _ for every sign that is no letter of English, digit or _.
func plainName(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, name)
	if plain == "" || plain[0] == '_' || '0' <= plain[0] && plain[0] <= '9' {
		plain = "v" + plain
	}
	return plain
}
