// Package browsertest opens the pages of the demo in a real Chromium, driven by
// playwright-core from Debian's own browser: whole questionnaires without
// JavaScript in every language, and axe-core on every kind of page.
//
// # Promise
//
// It runs by `make browser` only (build tag browser), and never skips there.
package browsertest
