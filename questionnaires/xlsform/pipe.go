package xlsform

import "regexp"

var (
	ourPipe   = regexp.MustCompile(`\{[A-Za-z][A-Za-z0-9_]*\}`)
	theirPipe = regexp.MustCompile(`\$\{\s*[A-Za-z_][A-Za-z0-9_.-]*\s*\}`)
)

// pipe turns our placeholders of earlier answers, {e_size}, into references of
// XLSForm, ${e_size}. The placeholders of the wave stay as they are.
func (s *scope) pipe(words string) string {
	return ourPipe.ReplaceAllStringFunc(words, func(m string) string {
		if ref := s.refOf(m[1 : len(m)-1]); ref != "" {
			return "${" + ref + "}"
		}
		return m
	})
}

// refOf gives the workbook's name of a variable or ranking.
func (s *scope) refOf(name string) string {
	if v := s.byName[name]; v != nil && v.rank == "" {
		return v.ref
	}
	if v := s.byRef[name]; v != nil && v.name == name {
		return v.ref
	}
	return ""
}
