// Whole questionnaires with JavaScript off, from the link to the receipt, in each language: an empty
// page says what is missing and loses nothing, back and forth keeps everything, the language may
// be changed under way.
// Usage: node plain.mjs STAGE
import { fresh, languages, must, play, visitor } from './stage.mjs';
import { enter, fault, fill, forward, goes, place, pages, state, submit } from './walk.mjs';

const chosen = (page) => page.$$eval('form#answers :checked', (all) => all.filter((x) => x.value !== '').map((x) => `${x.name}=${x.value}`).sort().join());

async function whole(population, lang) {
  const page = await visitor({ javaScriptEnabled: false, viewport: { width: lang === 'fr' ? 360 : 1280, height: 800 } });
  await enter(page, await fresh(population), lang);
  let before = null;
  await pages(page, async (code, how) => {
    if (how === 'filled') { before = { code, answers: await chosen(page) }; return; }
    if (how === 'warning') return;
    if (before) { // back and forward again
      const here = place(page);
      await goes(page, () => page.locator('form#answers button[value=back]').click());
      must(place(page) === before.code && (await chosen(page)) === before.answers, `Back loses the answers of ${before.code}`);
      for (let n = 0; place(page) !== here; n++) {
        must(n < 3, `${before.code} does not lead on to ${here}`);
        await forward(page);
      }
    }
    if (await fault(page)) {
      must((await page.locator('#errors a').count()) > 0 && (await page.getAttribute('html', 'lang')) === lang, `${code} says nothing of what is wrong`);
      await page.goto(page.url());
    }
  });
  await submit(page);
  must((await state(page)) === 'done', `submitting in ${lang} ends at ${page.url()}`);
  if (population === 'employer') {
    must(((await page.textContent('#receipt')) ?? '').trim().length > 20, 'there is no receipt');
  }
  await page.context().close();
}

// change takes another language under way, from a page half filled.
async function change() {
  const page = await visitor({ javaScriptEnabled: false });
  await enter(page, await fresh('employer'), 'de');
  await fill(page);
  const before = await chosen(page);
  for (const lang of ['fr', 'it', 'en', 'de']) {
    await goes(page, () => page.locator(`.langs [lang=${lang}]`).click());
    must((await page.getAttribute('html', 'lang')) === lang && place(page) === 'e1', `${lang}: another page or language`);
    must((await chosen(page)) === before, `${lang}: answers are lost`);
  }
  await page.context().close();
}

const walks = ['employer', 'office'].flatMap((p) => languages.map((lang) => [`without JavaScript ${p} ${lang}`, () => whole(p, lang)]));
await play([[...walks, ['change of language', change]]]);
