// axe-core finds nothing on any page in any state.
// Usage: node axe.mjs STAGE part|all [REPORT.md]
// part: every page of the questionnaires in four languages, each language at one width, and every
// state in one language at two, contrast in dark as well. all: every page, state and language at 360 and 1280 px, with a
// report. In dark only the rules about colours: nothing else differs there (views/assets_test.go).
import { writeFileSync } from 'node:fs';
import { audit, colours, tags, version } from './audit.mjs';
import { check, languages, more, must, play, stage } from './stage.mjs';
import { all } from './scenes.mjs';
import { report } from './report.mjs';

const whole = more[0] === 'all';
const seen = new Map(); // scene → what was found, for the report

async function audited(page, name, lang, width, scheme, runOnly) {
  const found = await audit(page, runOnly);
  for (const v of found.violations) check(false, `${name}, ${lang}, ${width} px, ${scheme}: ${v.id} at ${v.where[0]}`);
  check(found.passes > 0, `${name}: axe has looked at nothing`);
  const entry = seen.get(name) ?? { looks: 0, languages: new Set(), widths: new Set(), violations: 0, incomplete: new Map() };
  entry.looks++;
  entry.languages.add(lang);
  entry.widths.add(width);
  entry.violations += found.violations.length;
  for (const i of found.incomplete) for (const at of i.where) entry.incomplete.set(i.id, (entry.incomplete.get(i.id) ?? new Set()).add(at));
  seen.set(name, entry);
}

// widths of a scene where not everything is looked at everywhere.
const asked = (name) => /^[eog]\d+ (empty|error|filled|warning|first)$/.test(name);
const widthsOf = (name, lang) => {
  if (whole || (lang === 'en' && !asked(name))) return [360, 1280];
  return { de: [360], fr: [1280], it: [360], en: [1280] }[lang];
};

const lookIn = (lang) => async (page, name) => {
  if (!whole && / (empty|first)$/.test(name)) return;
  if (!whole && lang !== 'en' && !asked(name)) return;
  check(/^preview|own answers|print$/.test(name) || (await page.locator('.langs li').count()) === languages.length, `${name}: no choice of language`);
  must((await page.getAttribute('html', 'lang')) === lang, `${name}: the page is in ${await page.getAttribute('html', 'lang')}, not in ${lang}`);
  for (const width of widthsOf(name, lang)) {
    await page.setViewportSize({ width, height: 800 });
    await audited(page, name, lang, width, 'light', tags);
    if (!whole && (lang !== 'en' || width !== 1280)) continue; // colours are the same in every language and at every width
    await page.emulateMedia({ colorScheme: 'dark' });
    await audited(page, name, lang, width, 'dark', colours);
    await page.emulateMedia({ colorScheme: 'light' });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
};

await play(await all(languages, lookIn, !whole), (unseen) => {
  if (more[1] && unseen === 0) writeFileSync(more[1], report(seen, tags, version));
});
