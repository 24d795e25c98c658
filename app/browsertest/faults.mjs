// every kind of question, in every way it can be answered wrongly: the focus is on the
// summary, the title says so, the link leads to the control, the words there are the same, and
// nothing typed is lost. Nor does anything on the page move while it is answered.
// Usage: node faults.mjs STAGE
import { check, languages, must, play } from './stage.mjs';
import { held, opened, put, to } from './kinds.mjs';
import { fill, forward, place } from './walk.mjs';

const long = (n) => 'x'.repeat(n);
const prefix = { de: 'Fehler: ', fr: 'Erreur: ', it: 'Errore: ', en: 'Error: ' };

// [page, what is wrong, what is entered]; the first control of the question is where the link leads
// unless a fourth says another.
const wrong = [
  ['single', 'nothing', {}],
  ['list', 'nothing', {}],
  ['multi', 'nothing', {}],
  ['multi', 'too few', { k_multi: ['advice'] }],
  ['multi', 'too many', { k_multi: ['advice', 'training', 'coaching', 'placement'] }],
  ['multi', 'excluding each other', { k_multi: ['advice', 'training', 'none'] }],
  ['matrix', 'nothing', {}],
  ['matrix', 'one row open', { 'k_matrix.speed': '1', 'k_matrix.reachable': '98' }, 'k_matrix.clarity'],
  ['integer', 'nothing', {}],
  ['integer', 'no number', { k_integer: 'viele' }],
  ['integer', 'a fraction', { k_integer: '12.5' }],
  ['integer', 'too small', { k_integer: '9' }],
  ['integer', 'too large', { k_integer: "5'001" }],
  ['decimal', 'nothing', {}],
  ['decimal', 'no number', { k_decimal: 'halb' }],
  ['decimal', 'too fine', { k_decimal: '1,25' }],
  ['decimal', 'too large', { k_decimal: '100.5' }],
  ['numbers', 'nothing', {}],
  ['numbers', 'a wrong sum', { 'k_numbers.alpha': '40', 'k_numbers.beta': '40', 'k_numbers.gamma': '40' }],
  ['numbers', 'a row no number', { 'k_numbers.alpha': '40', 'k_numbers.beta': 'rest', 'k_numbers.gamma': '30' }, 'k_numbers.beta'],
  ['atleast', 'a sum too small', { 'k_atleast.alpha': '1', 'k_atleast.beta': '0' }],
  ['short', 'nothing', {}],
  ['short', 'too long', { k_short: long(41) }],
  ['long', 'nothing', {}],
  ['long', 'too long', { k_long: long(401) }],
  ['texts', 'a row too long', { 'k_texts.alpha': 'gut', 'k_texts.beta': long(201) }, 'k_texts.beta'],
  ['ranking', 'nothing', {}],
  ['ranking', 'a rank twice', { 'k_ranking.faster': '1', 'k_ranking.early': '1' }],
  ['ranking', 'a gap', { 'k_ranking.faster': '1', 'k_ranking.early': '3' }],
  ['order', 'one without rank', { 'k_order.faster': '1', 'k_order.contact': '2' }],
  ['yesno', 'nothing', {}],
  ['date', 'nothing', {}],
  ['date', 'no such day', { 'k_date.day': '31', 'k_date.month': '2', 'k_date.year': '2026' }],
  ['date', 'the future', { 'k_date.day': '1', 'k_date.month': '1', 'k_date.year': '2199' }],
  ['check', 'a contradiction', { k_all: '5', k_some: '7' }, 'k_some'],
];

// What may be passed: it is said once, as a warning, and Continue goes on.
const doubtful = [
  ['single', 'other without words', { k_single: 'other' }],
  ['multi', 'other without words', { k_multi: ['advice', 'other'] }],
  ['check', 'a doubtful number', { k_all: '900', k_some: '700' }],
];

// seen is what the page says about its errors. It runs in the page.
function seen() {
  const at = document.activeElement, links = [...document.querySelectorAll('#errors a')];
  return {
    focus: at.id, title: document.title, alert: document.querySelector('#errors [role=alert]') !== null,
    top: document.querySelector('#errors').compareDocumentPosition(document.querySelector('h1')) === Node.DOCUMENT_POSITION_FOLLOWING,
    links: links.map((a) => ({ href: a.getAttribute('href'), text: a.textContent.trim() })),
    words: [...document.querySelectorAll('.question .error')].map((x) => ({ id: x.id, text: x.textContent.trim(), question: x.closest('.question').id })),
  };
}

// control is where a link has led to. It runs in the page.
function control(code) {
  const at = document.activeElement;
  const told = [at, at.closest('fieldset'), at.closest('[role=group]')].flatMap((x) => (x?.getAttribute('aria-describedby') ?? '').split(' '));
  const seenWords = told.map((id) => document.getElementById(id)).filter((x) => x?.classList.contains('error'));
  return {
    inside: document.getElementById(`q-${code}`).contains(at) && ['INPUT', 'SELECT', 'TEXTAREA'].includes(at.tagName),
    name: at.name || at.id, invalid: at.getAttribute('aria-invalid') === 'true' || at.closest('[aria-invalid=true]') !== null,
    words: seenWords.map((x) => x.textContent.trim()).join(' '), visible: at.getClientRects().length > 0,
  };
}

async function run(lang) {
  const page = await opened(lang);
  for (const [name, what, entry, at] of wrong) {
    const label = `${lang}: ${name}, ${what}`, code = name === 'check' ? 'k_some' : `k_${name}`;
    await to(page, name);
    await put(page, entry);
    const before = await held(page);
    await forward(page);
    if ((await page.locator('#errors').count()) === 0) { check(false, `${label}: is taken`); continue; }
    const said = await page.evaluate(seen);
    check(said.focus === 'errors', `${label}: the focus is on “${said.focus}”`);
    check(said.title.startsWith(prefix[lang]), `${label}: the title is ${said.title}`);
    check(said.alert && said.top, `${label}: the summary is no alert above the heading`);
    check((await held(page)) === before, `${label}: entries are lost: ${await held(page)}, not ${before}`);
    for (const link of said.links) {
      const same = said.words.some((w) => w.text.includes(link.text) || link.text.endsWith(w.text));
      check(same, `${label}: “${link.text}” does not stand at the field: ${JSON.stringify(said.words)}`);
    }
    await page.locator('#errors a').first().click();
    const led = await page.evaluate(control, code);
    check(led.inside && led.visible, `${label}: the link ${said.links[0]?.href} leads to ${led.name}`);
    check(led.invalid, `${label}: ${led.name} is not marked as invalid`);
    check(led.words !== '', `${label}: ${led.name} is not described by its error`);
    if (at) check(led.name === at, `${label}: the link leads to ${led.name}, not to ${at}`);
    await put(page, Object.fromEntries(Object.keys(entry).map((field) => [field, ''])));
  }
  for (const [name, what, entry] of doubtful) {
    await to(page, name);
    await put(page, entry);
    await forward(page);
    const warned = page.locator('#warnings [role=status] a');
    check(place(page) === name && (await warned.count()) === 1, `${lang}: ${name}, ${what}: there is no warning`);
    await warned.click().catch(() => {});
    check(await page.evaluate((code) => document.getElementById(`q-${code}`).contains(document.activeElement), name === 'check' ? 'k_some' : `k_${name}`),
      `${lang}: ${name}, ${what}: the link of the warning leads elsewhere`);
    await forward(page);
    check(place(page) !== name, `${lang}: ${name}, ${what}: the warning cannot be passed`);
  }
  await page.context().close();
}

// still answers everything: the page stays where it is, nothing opens and nothing is sent.
async function still() {
  const page = await opened('de');
  let moves = 0;
  page.on('framenavigated', () => { moves++; });
  page.context().on('page', () => { moves++; });
  for (const name of ['single', 'multi', 'matrix', 'integer', 'short', 'ranking', 'date', 'list']) {
    await to(page, name);
    const here = page.url(), before = moves;
    await fill(page);
    for (const field of await page.locator('form#answers :is(input, select, textarea):visible').all()) await field.focus();
    must(page.url() === here && moves === before, `answering ${name} leads to ${page.url()}`);
  }
  await page.context().close();
}

await play([[...languages.map((lang) => [`error run ${lang}`, () => run(lang)]), ['nothing moves', still]]]);
