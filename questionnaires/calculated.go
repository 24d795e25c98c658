package questionnaires

// Calculated is a variable nobody is asked: it is computed from the answers,
// such as an index of the forms of cooperation (mean of four rows, at least
// three of them valid). It has no value where too few of its inputs have one.
type Calculated struct {
	Code     string   // a variable like any other: conditions after its last input may name it
	Formula  *Formula // what it is computed from
	Valid    int      // the least number of inputs with a value; 0: all of them
	Decimals int      // digits after the point it is rounded to, half away from zero; at most 6
	Label    Text
	Role     Role
}

// Formula is a compiled rule that gives a number.
type Formula struct {
	source    string
	variables []string // in order of first mention
	questions []int    // places of the questions they belong to
}

// Source gives the formula as its author wrote it.
func (f *Formula) Source() string { return f.source }

// Variables gives the variables the formula looks at.
func (f *Formula) Variables() []string { return append([]string(nil), f.variables...) }
