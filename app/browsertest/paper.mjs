// the receipt prints on one sheet, the questionnaire prints whole; a change of language
// keeps page, answers and place.
// Usage: node paper.mjs STAGE
import { check, fresh, languages, must, play, stage, visitor } from './stage.mjs';
import { enter, fill, forward, goes, pages, place, submit } from './walk.mjs';

const sheets = (pdf) => (pdf.toString('latin1').match(/\/Type\s*\/Page(?![s\w])/g) ?? []).length;

// fits says what of a printed page is wider than the sheet, or may be cut in the middle.
async function fits(page, name) {
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 718, height: 1047 }); // A4 within margins of 1 cm, at 96 px an inch
  const found = await page.evaluate(() => {
    const wide = [...document.querySelectorAll('main *')].filter((x) => x.getClientRects().length > 0 && x.getBoundingClientRect().right > innerWidth + 1);
    const cut = [...document.querySelectorAll('.question, .pair, .card, .row')]
      .filter((x) => x.getClientRects().length > 0 && x.getBoundingClientRect().height < innerHeight && getComputedStyle(x).breakInside !== 'avoid');
    const hidden = [...document.querySelectorAll('.scroll')].filter((x) => x.scrollWidth > x.clientWidth + 1);
    const say = (list, what) => list.slice(0, 3).map((x) => `${what}: ${x.tagName} ${x.className} “${x.textContent.trim().slice(0, 40)}”`);
    return [...say(wide, 'wider than the sheet'), ...say(cut, 'may be cut'), ...say(hidden, 'scrolls')];
  });
  for (const one of found) check(false, `${name}: ${one}`);
  await page.emulateMedia({ media: null }); // “screen” would go to the printer as well
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function receipt(lang) {
  const page = await visitor();
  await enter(page, await fresh('employer'), lang);
  await page.goto(`${stage.base}/answer/print`);
  await fits(page, `questionnaire ${lang}`);
  check(sheets(await page.pdf({ format: 'A4' })) >= 3, `the questionnaire in ${lang} prints on too few sheets to be whole`);
  await page.goto(`${stage.base}/answer/e1`);
  await page.locator('[name=e_contact][value="0"]').check(); // the short way through
  await forward(page);
  await pages(page, async () => {});
  await fits(page, `review ${lang}`);
  await submit(page);
  await fits(page, `receipt ${lang}`);
  const n = sheets(await page.pdf({ format: 'A4' }));
  check(n === 1, `the receipt in ${lang} prints on ${n} sheets`);
  await page.context().close();
}

// change takes another language with answers and a text half typed on the page.
async function change() {
  const page = await visitor();
  await enter(page, await fresh('employer'), 'de');
  await fill(page);
  const answers = () => page.$$eval('form#answers :checked', (all) => all.map((x) => `${x.name}=${x.value}`).sort().join());
  const before = await answers();
  for (const lang of ['fr', 'it', 'en', 'de']) {
    await page.locator(`.langs [lang=${lang}]`).focus();
    await goes(page, () => page.keyboard.press('Enter'));
    must((await page.getAttribute('html', 'lang')) === lang, `the page is not in ${lang}`);
    must(place(page) === 'e1' && (await answers()) === before, `${lang}: page or answers are lost`);
    const foreign = await page.$$eval('.langs [lang]', (all) => all.length);
    check(foreign === languages.length, `${lang}: the other languages are not marked as such`);
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => !document.activeElement.matches('body, .skip, .product a'));
    check(at, `${lang}: the focus has gone back to the beginning of the page`);
  }
  await page.goto(`${stage.base}/answer/e10`);
  await page.fill('textarea', 'Noch nicht fertig\nzweite Zeile');
  await goes(page, () => page.locator('.langs [lang=fr]').click());
  must((await page.inputValue('textarea')).replaceAll('\r\n', '\n') === 'Noch nicht fertig\nzweite Zeile', 'a change of language loses a text');
  await page.context().close();
}

await play([[...languages.map((lang) => [`paper ${lang}`, () => receipt(lang)]), ['change of language', change]]]);
