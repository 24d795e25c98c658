// Package questionnairetest makes up questionnaires for property tests: every
// kind of question, every key, words that are missing in a language, words and
// codes that YAML, XML or a spreadsheet could misread.
//
// The questionnaires are drawn as JSON, which is YAML too, and read by
// questionnaires.ReadFiles: so they know nothing of how the writer lays out a
// file, and each is one that the reader accepts without a finding.
package questionnairetest
