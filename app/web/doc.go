// Package web is the kit the rooms build their pages with: the Fiber app with
// its limits and headers, forms, cookies, languages, refusals and error pages.
//
// # Promise
//
// Every response carries the security headers, whatever its status. A form is
// copied out of Fiber before anybody sees it. A POST from another site does
// nothing. A refused POST of answers comes back as a page that holds them; one of
// the desk gives back what was typed, to be copied. Logs
// hold the route pattern, never a path, a value, an address or an IP.
//
// # Why
//
// Fiber's own session, csrf, limiter and cache keep their state in the memory of
// one process, and its error handler prints the error: none of them is used.
// Requests that carry neither Sec-Fetch-Site nor Origin nor Referer come from
// programs, which have no cookies to be abused; they pass the site check and are
// held by the tag in the form.
//
// # Not here
//
// Who somebody is (auth), which error means which status (the table of refusals
// in app), what the pages say (views, i18n).
package web
