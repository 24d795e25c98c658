// Pages and states beside the course of a questionnaire: before it opens, when it is too much, when
// saving fails, the links that stop messages, every kind of question, and the preview of a questionnaire.
import { must, stage, visitor } from './stage.mjs';
import { kinds, opened, put, to } from './kinds.mjs';
import { enter, forward, goes } from './walk.mjs';
import { answers, at, sends } from './acts.mjs';

// early are links of a wave that has not begun.
export async function early(lang, look) {
  const page = await visitor();
  for (const [i, who] of ['office', 'employer'].entries()) {
    await answers(page, `${stage.early[i]}?lang=${lang}`, 200);
    await look(page, `${who} landing, not yet open`);
  }
  await page.context().close();
}

// stops stops the messages to somebody.
export async function stops(lang, look, give) {
  const page = await visitor();
  await answers(page, `${give.stop()}?lang=${lang}`, 200);
  await look(page, 'stop messages');
  await sends(page, () => page.locator('main form button').click(), 422);
  await look(page, 'stop messages error 422');
  await page.check('#sure');
  await sends(page, () => page.locator('main form button').click(), 200);
  await look(page, 'stop messages done');
  await page.context().close();
}

// tooLarge sends more than a page takes.
export async function tooLarge(lang, look, give) {
  const page = await visitor({ script: false });
  await enter(page, give.employer(), lang);
  await page.goto(at('/answer/e10'));
  await page.locator('textarea').first().evaluate((field) => { field.value = 'viel zu lang '.repeat(6000); });
  await sends(page, () => forward(page), 413);
  must(await page.locator('#kept textarea').count() === 1, 'what is too large is not given back');
  await look(page, 'too large 413');
  await page.context().close();
}

// autosave types while the service cannot be reached.
export async function autosave(lang, look, give) {
  const page = await visitor({ quiet: true }); // a browser complains where it reaches nobody
  page.on('dialog', (dialog) => dialog.accept());
  await enter(page, give.employer(), lang);
  await page.goto(at('/answer/e10'));
  const text = page.locator('textarea').first(), saved = page.locator('#saved');
  await text.fill('Was wir noch sagen wollten.');
  await saved.filter({ hasText: /\d\d:\d\d/ }).waitFor();
  await look(page, 'e10 saved by itself');
  await page.route('**/answer/e10', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await text.fill('Was wir noch sagen wollten, und mehr.');
  await page.waitForSelector('#saved.bad');
  await look(page, 'e10 not saved, no service');
  const before = await saved.innerText();
  await page.locator('form#answers .primary').click();
  await page.waitForFunction((old) => document.getElementById('saved').innerText !== old, before);
  await look(page, 'e10 waits for the service');
  await page.reload();
  await page.waitForFunction(() => document.querySelector('#answers > .notice')?.innerText);
  await page.waitForSelector('#saved.bad');
  await look(page, 'e10 put back after reloading');
  await text.fill('x'.repeat(2001));
  await page.waitForSelector('.count.bad');
  await look(page, 'e10 one character too many');
  await page.context().close();
}

// everyKind shows each kind of question: empty, in error and filled.
export async function everyKind(lang, look) {
  const page = await opened(lang);
  const filled = {
    decimal: { k_decimal: '12.5' }, ranking: { 'k_ranking.faster': '1', 'k_ranking.money': '2' }, date: { 'k_date.day': '3', 'k_date.month': '5', 'k_date.year': '2026' },
    multi: { k_multi: ['advice', 'coaching'] }, matrix: { 'k_matrix.speed': '1', 'k_matrix.clarity': '98' }, numbers: { 'k_numbers.alpha': '40', 'k_numbers.beta': '60' },
  };
  for (const name of kinds) {
    await to(page, name);
    await look(page, `kind ${name}`);
    if (name === 'check') await put(page, { k_all: '5', k_some: '7' });
    if (name === 'texts') await put(page, { 'k_texts.beta': 'x'.repeat(201) });
    await forward(page);
    await look(page, `kind ${name} error`);
    if (filled[name]) {
      await put(page, filled[name]);
      await page.locator('#saved').filter({ hasText: /\d\d:\d\d|\p{L}/u }).waitFor();
      await look(page, `kind ${name} filled`);
    }
  }
  await page.context().close();
}

// preview is what authors see of a questionnaire, whole and broken.
export async function preview(lang, look) {
  const page = await visitor();
  await answers(page, `${stage.kinds}/?lang=${lang}`, 200);
  await look(page, 'preview');
  await page.fill('#answers', 'k_single: nothing like this');
  await goes(page, () => page.locator('form[action="/preview/jump"] button').click());
  await look(page, 'preview, a jump refused');
  await answers(page, `${stage.kinds}/print?lang=${lang}`, 200);
  await look(page, 'preview print');
  await answers(page, `${stage.broken}/?lang=${lang}`, 200);
  must(await page.locator('.error-summary').count() === 1, 'the broken questionnaire is shown as whole');
  await look(page, 'preview, broken');
  await page.context().close();
}
