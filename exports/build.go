package exports

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"rondo/exports/formats"
	"rondo/questionnaires"
)

// Request asks for one release.
type Request struct {
	Wave       string // label
	Population string
	Profile    string
	Earlier    []string // profiles under which the same snapshot was released, or is about to be
	Reason     string   // why a further release of it is needed; without one there is none
	Tell       Tell     // nil: nobody watches
}

// Manifest lists what a bundle holds.
type Manifest struct {
	Wave          string              `json:"wave"`
	Population    string              `json:"population"`
	Profile       string              `json:"profile"`
	Label         questionnaires.Text `json:"label"`
	Questionnaire string              `json:"questionnaire"`
	Snapshot      string              `json:"snapshot,omitempty"` // hash; profile internal only
	Synthetic     bool                `json:"synthetic"`
	Records       int                 `json:"records"`
	Invited       int                 `json:"invited,omitempty"` // confidential populations only
	K             int                 `json:"k,omitempty"`
	Keys          []string            `json:"keys,omitempty"`
	Files         []ManifestFile      `json:"files"`
}

// ManifestFile is one file of a bundle.
type ManifestFile struct {
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Build writes the bundle of a release to out and says what it holds. Nothing is
// written before the bundle has been verified. RowKey orders the rows; it comes
// from the master secret and never leaves.
func Build(ctx context.Context, src Source, req Request, rowKey []byte, out io.Writer) (Manifest, error) {
	profile, err := ProfileOf(req.Profile)
	if err != nil {
		return Manifest{}, err
	}
	if err := profile.allows(req.Population); err != nil {
		return Manifest{}, err
	}
	if len(req.Earlier) > 0 && strings.TrimSpace(req.Reason) == "" {
		return Manifest{}, ErrNoReason
	}
	s, err := src.Snapshot(ctx, req.Wave, req.Population)
	if err != nil {
		return Manifest{}, fmt.Errorf("open snapshot: %w", err)
	}
	if err := s.of(req.Population); err != nil {
		return Manifest{}, err
	}
	v, err := versionOf(ctx, src, s, req.Profile, rowKey, req.Tell)
	if err != nil {
		return Manifest{}, err
	}
	if err := v.besideAll(ctx, src, s, req, rowKey); err != nil {
		return Manifest{}, err
	}
	sh, plan, done := v.sheet, v.plan, v.done
	files, about, err := sh.files(s, plan, done, req)
	if err != nil {
		return Manifest{}, err
	}
	if !plan.Profile.Release() {
		inside, err := insideFiles(ctx, src, s, sh, rowKey)
		if err != nil {
			return Manifest{}, err
		}
		sheet, err := correctionFiles(s)
		if err != nil {
			return Manifest{}, err
		}
		files = slices.Concat(files, inside, sheet)
	}
	m := manifest(s, plan, sh, about, files)
	var bundle bytes.Buffer
	if err := pack(&bundle, m, files); err != nil {
		return Manifest{}, err
	}
	if err := check(ctx, src, s, plan, bundle.Bytes()); err != nil {
		return Manifest{}, err
	}
	if err := ctx.Err(); err != nil {
		return Manifest{}, fmt.Errorf("build release: %w", err)
	}
	if _, err := bundle.WriteTo(out); err != nil {
		return Manifest{}, fmt.Errorf("write release: %w", err)
	}
	return m, nil
}

// files makes every file of the bundle except the manifest.
func (sh *sheet) files(s Snapshot, plan Plan, done outcome, req Request) ([]formats.File, formats.About, error) {
	q := s.Questionnaire
	about := formats.About{
		Wave: s.Wave, Population: s.Population, Profile: plan.Profile.Name, Label: labels[plan.Profile.Name], Title: q.Title,
		Questionnaire: q.Ref(), RefFrom: s.RefFrom, RefTo: s.RefTo, Records: len(sh.rows), Synthetic: s.MadeUp(),
	}
	variables := sh.variables(s, plan.Profile, done)
	rows := sh.table()
	formats.Measure(variables, rows)
	var files []formats.File
	add := func(name string, body []byte) { files = append(files, formats.File{Name: name, Body: body}) }
	data, err := dataFiles(about, variables, rows)
	if err != nil {
		return nil, about, err
	}
	files = append(files, data...)
	for _, lang := range questionnaires.Languages {
		name := "syntax/" + s.Population + "." + lang
		add(name+".R", formats.R(about, variables, lang))
		add(name+".sps", formats.SPSS(about, variables, lang))
		add(name+".do", formats.Stata(about, variables, lang))
		page, err := formats.CodebookHTML(about, variables, lang)
		if err != nil {
			return nil, about, err
		}
		add("codebook/codebook."+lang+".html", page)
	}
	list, err := formats.CodebookCSV(variables)
	if err != nil {
		return nil, about, err
	}
	add("codebook/codebook.csv", list)
	ddi, err := formats.DDI(about, variables)
	if err != nil {
		return nil, about, err
	}
	add("codebook/ddi-codebook-2.5.xml", ddi)
	r := reportOf(s, plan, sh, done)
	r.Earlier, r.Reason = req.Earlier, strings.TrimSpace(req.Reason)
	reports, err := r.files()
	if err != nil {
		return nil, about, err
	}
	add("README", readme(about))
	add("LICENCE", licence(about, s.Terms))
	return append(files, reports...), about, nil
}

// dataFiles are the data in every format. An SPSS file knows labels in one language
// only, so there is one of each.
func dataFiles(about formats.About, variables []formats.Variable, rows [][]string) ([]formats.File, error) {
	type format struct {
		ending string
		write  func(io.Writer) error
	}
	all := []format{
		{".csv", func(w io.Writer) error { return formats.CSV(w, variables, rows) }},
		{"-excel.csv", func(w io.Writer) error { return formats.ExcelCSV(w, variables, rows) }},
		{".parquet", func(w io.Writer) error { return formats.Parquet(w, about, variables, rows) }},
		{".xlsx", func(w io.Writer) error { return formats.XLSX(w, about, variables, rows) }},
	}
	for _, lang := range questionnaires.Languages {
		all = append(all, format{"." + lang + ".sav", func(w io.Writer) error { return formats.SAV(w, about, variables, rows, lang) }})
	}
	var files []formats.File
	for _, f := range all {
		var body bytes.Buffer
		if err := f.write(&body); err != nil {
			return nil, err
		}
		files = append(files, formats.File{Name: "data/" + about.Population + f.ending, Body: body.Bytes()})
	}
	return files, nil
}

// table joins the leading columns with those of the questionnaire.
func (sh *sheet) table() [][]string {
	out := make([][]string, len(sh.rows))
	for r, row := range sh.rows {
		out[r] = append(append(make([]string, 0, len(sh.before[r])+len(row)), sh.before[r]...), row...)
	}
	return out
}

func manifest(s Snapshot, plan Plan, sh *sheet, about formats.About, files []formats.File) Manifest {
	m := Manifest{
		Wave: s.Wave, Population: s.Population, Profile: plan.Profile.Name, Label: about.Label, Questionnaire: about.Questionnaire,
		Synthetic: about.Synthetic, Records: about.Records, K: plan.Profile.K,
	}
	if !plan.Profile.Release() {
		m.Snapshot = s.Hash
	}
	if s.Confidential() {
		m.Invited = s.Invited
	}
	for _, j := range sh.keys() {
		m.Keys = append(m.Keys, sh.choices[j].Column.Name)
	}
	for _, f := range files {
		sum := sha256.Sum256(f.Body)
		m.Files = append(m.Files, ManifestFile{Name: f.Name, Bytes: len(f.Body), SHA256: hex.EncodeToString(sum[:])})
	}
	sort.Slice(m.Files, func(i, j int) bool { return m.Files[i].Name < m.Files[j].Name })
	return m
}

func pack(w io.Writer, m Manifest, files []formats.File) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return formats.Archive(w, append(files, formats.File{Name: "MANIFEST.json", Body: b.Bytes()}))
}
