// The journey of a release: preview, refusal for offices with what k leaves, ask, approve by another account, download
// twice, a second release refused in words. Once with scripts, once without: each in a wave of its own (2015, or a stage anew).
import { readFile } from 'node:fs/promises';
import { check, more, must, play, signIn, stage, visitor } from './stage.mjs';
import { goes } from './walk.mjs';
import { answers, at, sends } from './acts.mjs';

const scripts = more[0] !== 'plain';
const releases = '/desk/waves/2015/releases';

// staff gives a page of somebody who signed in, with scripts or without.
async function staff(email) {
  const page = await visitor({ javaScriptEnabled: scripts, acceptDownloads: true });
  await page.goto(at('/desk/sign-in?lang=en'));
  await signIn(page, email);
  return page;
}

const text = async (page, what) => (await page.locator(what).innerText()).replace(/\s+/g, ' ');

// bar says what a screen reader is told of the capacity: a term, a sentence and a meter with the same value and a name.
async function bar(page, n, k, classes) {
  const row = page.locator('main dl div', { has: page.locator('meter') });
  must(await row.count() === 1, 'there is no bar of the capacity');
  const said = (await row.innerText()).replace(/\s+/g, ' ');
  check(said.includes(`With ${n} responses and k = ${k}, at most ${classes} groups are possible.`), `the capacity in words: ${said}`);
  const meter = await row.locator('meter').evaluate((m) => ({ max: m.max, value: m.value, name: document.getElementById(m.getAttribute('aria-labelledby'))?.textContent, style: m.getAttribute('style'), wide: m.getBoundingClientRect().width }));
  check(meter.max === n && meter.value === classes && meter.name === 'Most groups possible' && meter.style === null && meter.wide > 40, `the bar: ${JSON.stringify(meter)}`);
  check((await row.ariaSnapshot()).includes('meter "Most groups possible"'), 'the bar has no name for a screen reader');
}

async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('main tr', { hasText: name }).locator('form[action$="/download"] button').click()]);
  must(file.suggestedFilename() === name, `the file is called ${file.suggestedFilename()}`);
  return readFile(await file.path());
}

async function offices(page) {
  await answers(page, `${releases}/preview/office/scientific`, 200);
  const why = await text(page, 'main .problems');
  check(why.includes('No row-level dataset can be anonymous here.') && why.includes('Use tables'), `offices are refused with: ${why}`);
  await bar(page, 23, 5, 4);
  check(await page.locator('main form.card').count() === 0, 'a dataset of offices can be asked for');
  await answers(page, releases, 200);
  await page.selectOption('#population', 'office');
  await page.selectOption('#profile', 'scientific');
  await sends(page, () => page.locator('main form.card button.primary').click(), 409);
  check((await text(page, 'main')).includes('Office data leave the house internally only.'), `asked for all the same: ${await text(page, 'main')}`);
}

async function first(lead, reviewer) {
  await answers(lead, releases, 200);
  await lead.selectOption('#population', 'employer');
  await lead.selectOption('#profile', 'scientific');
  await goes(lead, () => lead.locator('main form.card button[name=do]').click());
  must(new URL(lead.url()).pathname === `${releases}/preview/employer/scientific`, `the preview is at ${lead.url()}`);
  await bar(lead, 109, 5, 21);
  const page = await text(lead, 'main');
  for (const words of ['What the dataset still shows', 'Beside the wildcard count', 'as in the dataset, strict (Rondo)', 'as in the dataset, wildcard', 'The best ways', 'would be built']) {
    check(page.includes(words), `the preview does not say: ${words}`);
  }
  check(await lead.locator('#reason').count() === 0, 'a first release asks for a reason');
  await goes(lead, () => lead.locator('main form.card button.primary').click());
  check((await text(lead, 'main')).includes('Someone else has to approve.'), 'whoever asked may approve');
  check(await lead.locator('form[action$="/download"]', { hasText: 'scientific' }).count() === 0, 'what nobody approved can be downloaded');

  await answers(reviewer, releases, 200);
  const row = reviewer.locator('main tr', { hasText: 'rondo-2015-employer-scientific' });
  await goes(reviewer, () => row.locator('a[href$="/approve"]').click());
  check((await text(reviewer, 'main')).includes('SHA-256'), 'what is approved has no hash');
  await goes(reviewer, () => reviewer.locator('main form.card button.danger').click());
  check((await text(reviewer, 'main')).includes('approved by reviewer@demo.example'), 'the approval has no name');
}

// second is a release of the same answers: asked without a reason, then with one, it breaks a rule.
async function second(page) {
  await answers(page, `${releases}/preview/employer/public`, 200);
  await sends(page, () => page.locator('main form.card button.primary').click(), 422);
  check((await text(page, '.error-summary')).includes('why they are needed once more'), 'a missing reason is not said at the top');
  check((await page.title()).startsWith('Error: '), `the title does not say that something is wrong: ${await page.title()}`);
  const described = await page.locator('#reason').evaluate((x) => [x.getAttribute('aria-invalid'), x.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id)?.textContent).join(' ')]);
  check(described[0] === 'true' && described[1].includes('at most 500 characters'), `beside the field: ${described}`);
  await page.fill('#reason', 'For <the> open data portal');
  await goes(page, () => page.locator('nav.langs button[value=de]').click());
  check(await page.locator('html').getAttribute('lang') === 'de' && await page.inputValue('#reason') === 'For <the> open data portal', 'another language loses the reason');
  check(await page.locator('.error-summary').count() === 0, 'another language complains');
  await goes(page, () => page.locator('nav.langs button[value=en]').click());
  await sends(page, () => page.locator('main form.card button.primary').click(), 409);
  const why = await text(page, 'main');
  check(why.includes('Second release of the same answers') && why.includes('These answers have been released before.'), `the second release is refused with: ${why}`);
  await answers(page, releases, 200);
  check(!(await text(page, 'main')).includes('rondo-2015-employer-public'), 'what was refused stands in the list');
}

await play([[[`a release ${scripts ? 'with' : 'without'} scripts`, async () => {
  const lead = await staff('lead@demo.example'), reviewer = await staff('reviewer@demo.example');
  await offices(lead);
  await first(lead, reviewer);
  const name = 'rondo-2015-employer-scientific-synthetic.zip';
  await answers(lead, releases, 200);
  const one = await download(lead, name), two = await download(reviewer, name);
  check(one.length > 1000 && one.equals(two) && one.subarray(0, 2).toString() === 'PK', `two downloads: ${one.length} and ${two.length} bytes`);
  await second(lead);
}]]]);
