// Pictures of every page and state in every language at 360, 768 and 1280 px, with a page that shows
// them side by side. What differs from run to run (dates, times, receipts, numbers of requests) is
// written over before a picture is taken, so that the same service gives the same pictures.
// Usage: node shots.mjs STAGE FOLDER [LANGUAGE,…]
import { mkdirSync, writeFileSync } from 'node:fs';
import { check, languages, more, play } from './stage.mjs';
import { all } from './scenes.mjs';

const [folder, only] = more;
const widths = [360, 768, 1280];
const taken = new Map(); // scene → languages
const fileOf = (name) => name.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'home';

// settle runs in the page.
function settle(day) {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    node.data = node.data.replace(/(?<!\d)\d{1,2}(er|\.|º)? \p{L}{3,} \d{4}/gu, day).replace(/\b\d{1,2}[:.]\d{2}\b(?!\d)/g, '14:02')
      .replace(/\b\d{2}\.\d{2}\.\d{4}\b/g, '31.12.2030').replace(/\b\d{4}-\d{2}-\d{2}\b/g, '2030-12-31').replace(/\b[0-9a-f]{12,}\b/g, '0123456789ab');
  }
  const receipt = document.querySelector('#receipt.code');
  if (receipt) receipt.textContent = 'ABCD EFGH IJKL MNOP QRST UVWX';
  document.activeElement?.blur();
}

const days = { de: '31. Dezember 2030', fr: '31 décembre 2030', it: '31 dicembre 2030', en: '31 December 2030' };

const lookIn = (lang) => async (page, name) => {
  if (only && !only.split(',').includes(lang)) return;
  mkdirSync(`${folder}/${lang}`, { recursive: true });
  await page.evaluate(settle, days[lang]);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: `${folder}/${lang}/${fileOf(name)}-${width}.png`, fullPage: true, animations: 'disabled' });
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: `${folder}/${lang}/${fileOf(name)}-dark.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: 'light' });
  check(true, name);
  taken.set(name, [...(taken.get(name) ?? []), lang]);
};

// index shows all pictures, a scene in a row.
function index() {
  const rows = [...taken].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })).map(([name, langs]) => `<h2>${name}</h2>${langs.sort().map((lang) => `<p>${lang}
${[...widths, 'dark'].map((w) => `<a href="${lang}/${fileOf(name)}-${w}.png"><img loading="lazy" src="${lang}/${fileOf(name)}-${w}.png" alt="${name}, ${lang}, ${w}" height="360"></a>`).join(' ')}</p>`).join('')}`);
  writeFileSync(`${folder}/index.html`, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages of Rondo</title><body>\n<h1>Pages of Rondo</h1>\n${rows.join('\n')}\n`);
}

mkdirSync(folder, { recursive: true });
await play(await all(only ? only.split(',') : languages, lookIn), index);
