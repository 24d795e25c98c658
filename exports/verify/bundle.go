package verify

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ErrBroken says that a bundle does not hold what it promises.
var ErrBroken = errors.New("the bundle does not hold what it promises")

// largest is how much a bundle may unpack to.
const largest = 4 << 30

// Report is what a bundle was found to be.
type Report struct {
	Wave       string   `json:"wave"`
	Population string   `json:"population"`
	Profile    string   `json:"profile"`
	Synthetic  bool     `json:"synthetic"`
	Files      int      `json:"files"`
	Records    int      `json:"records"`
	Columns    int      `json:"columns"`
	Target     int      `json:"k_target,omitempty"` // 0 where nothing was promised
	K          int      `json:"k,omitempty"`        // counted again from the data file
	Classes    int      `json:"classes,omitempty"`
	Candidates int      `json:"candidates_min,omitempty"` // against the snapshot only
	NCP        float64  `json:"ncp,omitempty"`            // against the snapshot only
	Findings   []string `json:"findings,omitempty"`
}

type manifest struct {
	Wave       string   `json:"wave"`
	Population string   `json:"population"`
	Profile    string   `json:"profile"`
	Synthetic  bool     `json:"synthetic"`
	Records    int      `json:"records"`
	Snapshot   string   `json:"snapshot"`
	K          int      `json:"k"`
	Keys       []string `json:"keys"`
	Files      []struct {
		Name   string `json:"name"`
		Bytes  int    `json:"bytes"`
		SHA256 string `json:"sha256"`
	} `json:"files"`
}

// Bundle reads a bundle whole and checks it. Where something is wrong the error
// is ErrBroken with the first finding, and the report lists all.
func Bundle(r io.ReaderAt, size int64) (Report, error) {
	out, _, _, err := read(r, size)
	return out, err
}

// read checks a bundle and gives what is in it.
func read(r io.ReaderAt, size int64) (Report, map[string][]byte, *release, error) {
	var out Report
	files, findings, err := unpack(r, size)
	if err != nil {
		return out, nil, nil, fmt.Errorf("%w: %s", ErrBroken, err.Error())
	}
	out.Findings = findings
	say := func(format string, args ...any) { out.Findings = append(out.Findings, fmt.Sprintf(format, args...)) }
	var m manifest
	if err := json.Unmarshal(files["MANIFEST.json"], &m); err != nil {
		return out, nil, nil, fmt.Errorf("%w: MANIFEST.json is missing or unreadable", ErrBroken)
	}
	out.Wave, out.Population, out.Profile, out.Synthetic = m.Wave, m.Population, m.Profile, m.Synthetic
	out.Files, out.Target = len(files), m.K
	checkHashes(files, m, say)
	checkMarks(files, m, say)
	d := checkData(files, m, &out, say)
	if len(out.Findings) > 0 {
		return out, files, d, fmt.Errorf("%w: %s", ErrBroken, out.Findings[0])
	}
	return out, files, d, nil
}

func unpack(r io.ReaderAt, size int64) (map[string][]byte, []string, error) {
	zr, err := zip.NewReader(r, size)
	if err != nil {
		return nil, nil, errors.New("it is no zip archive")
	}
	var findings []string
	files, total, last := map[string][]byte{}, uint64(0), ""
	for _, f := range zr.File {
		if f.Name <= last {
			findings = append(findings, "files are doubled or not in the order of their names")
		}
		last = f.Name
		if strings.HasPrefix(f.Name, "/") || strings.Contains(f.Name, "..") || strings.Contains(f.Name, `\`) || f.Name == "" {
			return nil, nil, errors.New("a file name leaves the archive")
		}
		if t := f.Modified.UTC(); t.Year() != 1980 || t.YearDay() != 1 || t.Hour() != 0 || t.Minute() != 0 {
			findings = append(findings, f.Name+" carries a time")
		}
		if f.Comment != "" || zr.Comment != "" {
			findings = append(findings, f.Name+" carries a comment")
		}
		if total += f.UncompressedSize64; total > largest || f.UncompressedSize64 > largest {
			return nil, nil, errors.New("it unpacks to more than 4 GB")
		}
		body, err := f.Open()
		if err != nil {
			return nil, nil, fmt.Errorf("%s cannot be opened", f.Name)
		}
		content, err := io.ReadAll(io.LimitReader(body, int64(f.UncompressedSize64)+1))
		body.Close()
		if err != nil {
			return nil, nil, fmt.Errorf("%s is damaged", f.Name)
		}
		files[f.Name] = content
	}
	return files, findings, nil
}

func checkHashes(files map[string][]byte, m manifest, say func(string, ...any)) {
	listed := map[string]bool{"MANIFEST.json": true}
	for _, f := range m.Files {
		body, there := files[f.Name]
		sum := sha256.Sum256(body)
		switch {
		case !there:
			say("%s is listed and missing", f.Name)
		case listed[f.Name]:
			say("%s is listed twice", f.Name)
		case len(body) != f.Bytes || hex.EncodeToString(sum[:]) != f.SHA256:
			say("%s is not the file the manifest describes", f.Name)
		}
		listed[f.Name] = true
	}
	for name := range files {
		if !listed[name] {
			say("%s is not listed in the manifest", name)
		}
	}
	needed, more := filesOf(m)
	for _, name := range needed {
		if len(files[name]) == 0 {
			say("%s is missing", name)
		}
	}
	for name := range files {
		if !slices.Contains(needed, name) && !slices.Contains(more, name) {
			say("%s is no file of a bundle of the profile %s", name, m.Profile)
		}
	}
}

// filesOf lists the files that a bundle holds, and those that it may hold: what no check reads
// must not ride along, whatever the manifest says.
func filesOf(m manifest) (needed, more []string) {
	data := "data/" + m.Population
	needed = []string{"MANIFEST.json", "README", "LICENCE", data + ".csv", data + "-excel.csv", data + ".parquet", data + ".xlsx",
		"codebook/codebook.csv", "codebook/ddi-codebook-2.5.xml", "report/anonymisation.json", "report/anonymisation.html"}
	for _, lang := range languages {
		script := "syntax/" + m.Population + "." + lang
		needed = append(needed, data+"."+lang+".sav", "codebook/codebook."+lang+".html", script+".R", script+".sps", script+".do")
	}
	if m.K == 0 {
		more = []string{"report/internal.json", "report/internal.html", "report/corrections.json", "report/corrections.html"}
	}
	return needed, more
}

// checkMarks looks for the word synthetic where it is due, and for a claim of
// anonymity where none was made.
func checkMarks(files map[string][]byte, m manifest, say func(string, ...any)) {
	switch {
	case m.K == 0 && m.Profile != "internal":
		say("the profile %s promises no k", m.Profile)
	case m.K > 0 && m.Population != "employer":
		say("the population %s is confidential and may leave as internal only", m.Population)
	}
	if m.K > 0 && m.Snapshot != "" {
		say("MANIFEST.json tells the hash of the frozen answers, against which anybody could try what they guess")
	}
	for name, body := range files {
		text := strings.HasSuffix(name, ".html") || strings.HasSuffix(name, ".xml") || strings.HasPrefix(name, "syntax/") || name == "README" || name == "LICENCE" || strings.HasPrefix(name, "report/") || strings.HasSuffix(name, ".sav") || strings.HasSuffix(name, ".parquet") || strings.HasSuffix(name, ".csv")
		if text && m.Synthetic && !bytes.Contains(body, []byte("synthetic")) {
			say("%s does not say that it is synthetic", name)
		}
	}
	if m.K == 0 && !bytes.Contains(files["README"], []byte("not anonymised")) {
		say("README does not say that the data have not been anonymised")
	}
}
