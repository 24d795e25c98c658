// Walks through a questionnaire as a browser shows it: in, from page to page, to the receipt.
import { must } from './stage.mjs';

export const main = (page) => page.locator('main form#answers button[value=continue]');
export const place = (page) => new URL(page.url()).pathname.split('/').pop();
export const state = (page) => page.getAttribute('main', 'data-state');

// enter opens a link in a language and starts.
export async function enter(page, link, lang) {
  await page.goto(`${link}?lang=${lang}`);
  must((await state(page)) === 'open', `${link} is not open`);
  await goes(page, () => page.locator('form#start button').click());
  must(!page.url().includes('/r/'), 'the token is still in the address');
  if (page.url().endsWith('/office')) await page.goto(new URL('/answer', page.url()).href);
}

// goes does what leads to another page, and waits for it: the script saves before it goes.
export async function goes(page, act) {
  await Promise.all([page.waitForEvent('load'), act()]);
}

// forward presses Continue.
export const forward = (page) => goes(page, () => main(page).click());

// submit sends the review.
export async function submit(page) {
  await goes(page, () => page.locator('form#submit button').click());
  must((await state(page)) === 'done', `submitting ends at ${page.url()}`);
}

// fill gives every question in sight an answer that fits, and those that come up by it.
export async function fill(page) {
  for (let pass = 0; pass < 6; pass++) {
    if ((await page.evaluate(answerAll)) === 0) return;
  }
  throw new Error(`${page.url()} is never filled`);
}

// answerAll runs in the page. It gives how many controls it changed.
function answerAll() {
  const form = document.querySelector('form#answers');
  const seen = (x) => x.getClientRects().length > 0;
  let changed = 0;
  const put = (field, value) => {
    if (field.value === value) return;
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
    changed++;
  };
  const groups = new Set([...form.querySelectorAll('input[type=radio]')].filter(seen).map((x) => x.name));
  for (const name of groups) {
    const all = [...form.elements].filter((x) => x.name === name && x.type === 'radio' && seen(x));
    if (!all.some((x) => x.checked)) { all[0].click(); changed++; }
  }
  for (const box of form.querySelectorAll('input[type=checkbox]')) {
    if (seen(box) && !box.checked && !['none', '98', '90', '94', 'other'].includes(box.value)) { box.click(); changed++; }
  }
  for (const question of form.querySelectorAll('.kind-ranking')) {
    [...question.querySelectorAll('select')].filter(seen).forEach((list, i) => {
      if (i + 1 < list.options.length) put(list, String(i + 1));
    });
  }
  for (const list of form.querySelectorAll('.kind-select select')) {
    if (seen(list.closest('.question')) && list.value === '') {
      put(list, list.options[1].value);
      const typed = list.parentNode.querySelector('[role=combobox]');
      if (typed) { typed.value = list.selectedOptions[0].label; typed.dispatchEvent(new Event('blur')); }
    }
  }
  const plain = [...form.querySelectorAll('.kind-integer input, .kind-decimal input, .kind-text input, .kind-text textarea, .kind-texts textarea')];
  for (const field of plain.filter(seen)) {
    const wrong = field.getAttribute('aria-invalid') === 'true' && field.value.length > 200;
    if ((field.value !== '' && !wrong) || field.name.endsWith('_other')) continue;
    put(field, field.inputMode === 'numeric' || field.inputMode === 'decimal' ? '20' : 'Kurz und klar.');
  }
  for (const question of form.querySelectorAll('.kind-numbers')) {
    const fields = [...question.querySelectorAll('input')].filter(seen);
    if (fields.every((x) => x.value === '')) fields.forEach((x, i) => put(x, fields.length !== 3 ? '2' : i === 0 ? '40' : '30'));
  }
  for (const question of form.querySelectorAll('.kind-date')) {
    const fields = [...question.querySelectorAll('input')].filter(seen);
    if (fields.every((x) => x.value === '')) fields.forEach((x, i) => put(x, ['3', '2', '2026'][i]));
  }
  return changed;
}

// fault sends the page so that something is wrong with it: empty where anything is asked for,
// else a text beyond its limit. False where no entry can be wrong.
export async function fault(page) {
  const here = page.url();
  await forward(page);
  if ((await page.locator('#errors').count()) > 0) return true;
  await page.goto(here);
  const long = page.locator('form#answers textarea').first();
  if ((await long.count()) === 0) return false;
  await long.evaluate((field) => { field.value = 'zu lang '.repeat(1300); });
  await forward(page);
  must((await page.locator('#errors').count()) > 0, `${here} takes any text`);
  return true;
}

// pages walks over all pages to the review. Visit is called with the page shown; the next page
// comes when it is filled.
export async function pages(page, visit) {
  for (let n = 0; place(page) !== 'review'; n++) {
    must(n < 16, `the questionnaire does not end: ${page.url()}`);
    const here = place(page);
    await visit(here);
    await fill(page);
    await visit(here, 'filled');
    await forward(page);
    if (place(page) === here && (await page.locator('#warnings').count()) > 0) {
      await visit(here, 'warning');
      await forward(page);
    }
    const said = place(page) === here ? await page.locator('#errors').innerText().catch(() => '') : '';
    must(place(page) !== here, `${here} does not go on when it is filled: ${said}`);
  }
}
