// Usage: node save.mjs BASE LINKS.csv FOLDER COMMAND ARGUMENT…
// Starts the service by COMMAND, and answers employers' questionnaires in a browser while it kills
// the service (kill -9), drops the network and takes the cookie away in the middle of typing: every
// word must be there in the end. Looks as well at what else the script of the pages promises. Prints
// one line per scene; exits 1 where one fails.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const [base, linksFile, folder, command, ...args] = process.argv.slice(2);
const links = readFileSync(linksFile, 'utf8').trim().split('\n').slice(1).map((line) => line.slice(line.lastIndexOf(',') + 1));
const words = 'Die Zusammenarbeit mit der IV-Stelle war gut. “Très bien”, però un po’ lenta & <teuer>.\n';
let service = null;

function must(holds, what) {
  if (!holds) throw new Error(what);
}

async function until(holds, what, patience = 30000) {
  for (const end = Date.now() + patience; Date.now() < end; await pause(50)) {
    if (await holds()) return;
  }
  throw new Error(what);
}

async function start() {
  service = spawn(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  await until(() => fetch(`${base}/readyz`).then((r) => r.ok, () => false), 'the service does not come up');
}

async function kill() {
  const gone = new Promise((done) => service.once('exit', done));
  service.kill('SIGKILL');
  await gone;
}

const text = (page) => page.locator('[name=e_comment]');
const said = (page) => page.locator('#saved').innerText();
const saved = (page) => until(async () => /^Saved \d\d:\d\d$/.test(await said(page)), 'nothing says that it is saved');
const unsaved = (page) => until(async () => /not saved|cannot be reached/i.test(await said(page)), 'nothing says that it is not saved');
const held = (page) => page.evaluate(() => Object.keys(sessionStorage).filter((name) => name !== 'rondo-focus'));

// begin opens a link nobody has used yet and goes to a page.
async function begin(browser, at = 'e10', link = links.shift()) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto(`${link}?lang=en`);
  await page.locator('#start button').click();
  if (at !== 'e1') await page.goto(`${base}/answer/${at}`);
  return { context, page, link };
}

// arrived looks on another device what the service has.
async function arrived(browser, link, wanted) {
  const { context, page } = await begin(browser, 'e10', link);
  const got = await text(page).inputValue();
  must(got === wanted, `the service has ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
  await context.close();
}

const scenes = {
  async 'typing is saved by itself, said once, and leaves nothing in the browser'(browser) {
    const { page, link } = await begin(browser);
    await page.evaluate(() => {
      globalThis.announced = [];
      new MutationObserver(() => announced.push(document.querySelector('#saved span').textContent))
        .observe(document.querySelector('#saved span'), { childList: true, characterData: true, subtree: true });
    });
    for (let n = 0; n < 3; n++) {
      await text(page).pressSequentially(`${n} ${words}`);
      must((await held(page)).every((name) => /^rondo-[a-z2-7]{24}$/.test(name)), 'a name in the storage tells something');
      await saved(page);
      await until(async () => (await held(page)).length === 0, 'what is saved stays in the browser');
    }
    must((await page.evaluate(() => announced)).join() === 'Saved', 'saving is announced again and again');
    must(await text(page).evaluate((x) => x === document.activeElement), 'saving takes the focus away');
    must(await page.evaluate(() => localStorage.length) === 0, 'something stays in the browser for good');
    await arrived(browser, link, [0, 1, 2].map((n) => `${n} ${words}`).join('').trim());
    await page.locator('.actions .primary').click();
    await page.waitForURL('**/answer/review');
  },

  async 'the service is killed in the middle of typing, and the button waits for it'(browser) {
    const { page, link } = await begin(browser);
    await text(page).pressSequentially(words);
    await saved(page);
    await text(page).pressSequentially(words.slice(0, 20));
    await kill();
    await text(page).pressSequentially(words.slice(20));
    await unsaved(page);
    await page.locator('.actions .primary').click();
    await pause(1500);
    must(page.url().endsWith('/answer/e10') && (await text(page).inputValue()) === words + words, 'without a service the page goes away');
    must(/goes on by itself/.test(await said(page)), `nothing says that it goes on: ${await said(page)}`);
    await start();
    await page.waitForURL('**/answer/review');
    must((await held(page)).length === 0, 'what is saved stays in the browser');
    await arrived(browser, link, (words + words).trim());
  },

  async 'the service is killed again and again while somebody types'(browser) {
    const { page, link } = await begin(browser);
    let whole = '';
    for (let n = 0; n < 5; n++) {
      const part = `${n} ${words}`;
      const typing = text(page).pressSequentially(part, { delay: 25 });
      await pause(300 + Math.random() * 1500);
      await kill();
      await pause(Math.random() * 1000);
      await start();
      await typing;
      whole += part;
    }
    await page.locator('.actions .primary').click();
    await page.waitForURL('**/answer/review');
    await arrived(browser, link, whole.trim());
  },

  async 'the network is away in the middle of typing'(browser) {
    const { context, page, link } = await begin(browser);
    await text(page).pressSequentially(words.slice(0, 30));
    await context.setOffline(true);
    await text(page).pressSequentially(words.slice(30));
    await unsaved(page);
    await context.setOffline(false);
    await saved(page);
    await arrived(browser, link, words.trim());
  },

  async 'an answer of the service gets lost on its way'(browser) {
    const { page, link } = await begin(browser);
    await page.route('**/answer/e10', async (route) => { // arrives, but nobody hears of it
      if (route.request().method() === 'POST') await route.fetch();
      await route.abort();
    });
    await text(page).pressSequentially(words);
    await unsaved(page);
    await text(page).pressSequentially('more');
    await page.unroute('**/answer/e10');
    await saved(page);
    await page.locator('.actions .primary').click();
    await page.waitForURL('**/answer/review'); // and does not clash with itself
    await arrived(browser, link, `${words}more`);
  },

  async 'a page that is loaded again has what could not be sent'(browser) {
    const { page, link } = await begin(browser);
    await page.route('**/answer/e10', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
    await text(page).pressSequentially(words);
    await unsaved(page);
    await page.reload();
    must((await text(page).inputValue()) === words, 'loading the page again loses what was typed');
    await until(async () => /stands in this page again/.test(await page.locator('#answers > .notice').innerText()), 'nothing says that it was put back');
    await page.goto(`${base}/answer/e1`); // somewhere else and back
    await page.goto(`${base}/answer/e10`);
    must((await text(page).inputValue()) === words, 'going away and back loses what was typed');
    await page.unroute('**/answer/e10');
    await saved(page);
    await arrived(browser, link, words.trim());
  },

  async 'the cookie expires in the middle of typing'(browser) {
    const { context, page, link } = await begin(browser);
    await text(page).pressSequentially(words);
    await saved(page);
    await context.clearCookies({ name: 'rondo' });
    await text(page).pressSequentially('more');
    await until(async () => /^Not saved: Please open your personal link/.test(await said(page)), `nothing says why: ${await said(page)}`);
    await page.locator('.actions .primary').click();
    await page.waitForSelector('#kept');
    must((await page.locator('#kept textarea').inputValue()) === `${words}more`, 'the refusal does not show what was typed');
    must(/comment|add anything|remark/i.test(await page.locator('#kept dt').innerText()), 'the refusal does not show what was asked');
    const other = await context.newPage();
    await other.goto(link);
    await other.locator('#start button').click();
    await page.locator('#kept button').click();
    await page.waitForURL('**/answer/review');
    await arrived(browser, link, `${words}more`);
  },

  async 'two tabs type in the same text'(browser) {
    const { context, page, link } = await begin(browser);
    const other = await context.newPage();
    await other.goto(`${base}/answer/e10`);
    await text(page).pressSequentially('from the first');
    await saved(page);
    await text(other).pressSequentially('from the second');
    await until(async () => /^Not saved: These answers were changed elsewhere/.test(await said(other)), 'nothing says that both differ');
    await other.locator('.actions .primary').click();
    await other.waitForSelector('#clashes');
    must(/from the first[^]*from the second/.test(await other.locator('#clashes').innerText()), 'not both are shown');
    must(await other.evaluate(() => document.activeElement.id) === 'clashes', 'the focus is not at what differs');
    await arrived(browser, link, 'from the first');
    await other.locator('.actions .primary').click();
    await other.waitForURL('**/answer/review');
    await arrived(browser, link, 'from the second');
  },

  async 'signing out and submitting leave nothing behind'(browser) {
    const { page } = await begin(browser);
    await page.route('**/answer/e10', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 410, json: { title: 'Ended' } }) : route.continue()));
    await text(page).pressSequentially(words);
    await until(async () => (await said(page)) === 'Not saved: Ended', 'a refusal is not said');
    must((await held(page)).length === 1, 'what is refused is not kept');
    await page.locator('form.sign-out button').click();
    await page.waitForURL('**/answer/signed-out');
    must((await held(page)).length === 0, 'after signing out something stays');
  },

  async 'another language keeps the text and the focus'(browser) {
    const { page } = await begin(browser);
    await text(page).pressSequentially(words);
    await page.getByRole('button', { name: 'Français' }).click();
    await page.waitForSelector('html[lang=fr]');
    must((await text(page).inputValue()) === words.trim(), `the text has changed: ${await text(page).inputValue()}`);
    must(await page.evaluate(() => document.activeElement.name) === 'e_comment', 'the focus is not where it was');
    await page.goto(`${base}/answer/e9`);
    await page.getByRole('button', { name: 'Italiano' }).click();
    await page.waitForSelector('html[lang=it]');
    must(await page.evaluate(() => document.activeElement.textContent) === 'Italiano', 'the focus is not at the language');
  },

  async 'characters are counted when typing stops'(browser) {
    const { page } = await begin(browser);
    const count = page.locator('.count');
    must((await count.innerText()) === '2’000 characters left', `at first it says ${await count.innerText()}`);
    await text(page).fill('ä'.repeat(1990));
    await until(async () => (await count.innerText()) === '10 characters left', 'it does not count down');
    await text(page).fill('ä'.repeat(2001));
    await until(async () => (await count.innerText()) === '1 character too many', 'it does not say what is too much');
  },

  async 'ranks are given by buttons'(browser) {
    const { page } = await begin(browser, 'e1');
    await page.locator('[name=e_contact][value="1"]').check();
    await page.locator('[name=e_reasons]').first().check();
    await page.locator('.actions .primary').click();
    await page.waitForURL('**/answer/e2');
    await page.goto(`${base}/answer/e8`);
    const lists = page.locator('.line.rank select'), move = (line, way) => page.locator(`.line.rank >> nth=${line} >> .move[value=${way}]`).click({ force: true });
    const ranks = async () => (await lists.evaluateAll((all) => all.map((x) => x.value || '-'))).join('');
    for (const [line, way, wanted] of [[0, 'up', '1------'], [2, 'up', '1-2----'], [4, 'up', '1-2-3--'], [5, 'up', '1-2-3--'],
      [4, 'up', '1-3-2--'], [0, 'down', '2-3-1--'], [4, 'up', '2-3-1--'], [2, 'down', '2---1--'], [1, 'down', '2---1--']]) {
      await move(line, way);
      must((await ranks()) === wanted, `${way} at ${line} gives ${await ranks()}, want ${wanted}`);
    }
    must(/: no rank$/.test(await page.locator('.kind-ranking > [role=status]').textContent()), 'the new rank is not said');
    await saved(page);
    await page.reload();
    must((await ranks()) === '2---1--', 'the ranks did not arrive');
  },

  async 'the focus is at what is wrong'(browser) {
    const { page } = await begin(browser, 'e1');
    await page.locator('.actions .primary').click();
    await page.waitForSelector('#errors');
    must(await page.evaluate(() => document.activeElement.id) === 'errors', 'the focus is not at the errors');
  },
};

const browser = await chromium.launch({
  executablePath: process.env.RONDO_TEST_CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-quic'],
});
const only = process.env.RONDO_TEST_SCENE;
try {
  await start();
  for (const [name, scene] of Object.entries(scenes)) {
    if (only && !name.includes(only)) continue;
    try {
      const begun = Date.now();
      await scene(browser);
      console.log(`ok  ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
    } catch (error) {
      console.error(`FAILED  ${name}: ${error.message}`);
      process.exitCode = 1;
      if (service.exitCode !== null || service.signalCode !== null) await start();
    }
    for (const context of browser.contexts()) await context.close();
  }
} finally {
  await browser.close();
  service?.kill('SIGKILL');
}
