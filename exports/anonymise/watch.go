package anonymise

// Watch is told, again and again while a search runs, how many of all the ways to coarsen it has
// looked at; an error of it ends the search, which gives it back. It is where a caller shows how far
// a long search is, and ends one that nobody waits for any more.
type Watch func(done, all int) error

// Watched lets the searches of a frame be watched.
func (f *Frame) Watched(w Watch) { f.watch = w }

// begin is the start of a search.
func (f *Frame) begin() { f.done, f.halted = 0, nil }

// halt says whether a search has to end; halted is why.
func (f *Frame) halt() bool {
	if f.watch != nil && f.halted == nil {
		f.halted = f.watch(f.done, f.Size())
	}
	return f.halted != nil
}
