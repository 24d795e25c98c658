// Usage: node pages.mjs BASE PASSWORD LINKS.csv [SCREENSHOT-FOLDER]
// Answers employers' questionnaires without JavaScript, one per language, tries what JavaScript
// adds, and looks at the office's and the desk's pages. Every page must pass axe-core (WCAG 2.2 A and AA, best practice)
// and must not scroll sideways at 320 px. Prints one line per check; exits 1 on the first that fails.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [base, password, linksFile, shots] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.RONDO_TEST_CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-quic'],
});
const links = readFileSync(linksFile, 'utf8').trim().split('\n').slice(1).map((line) => line.slice(line.lastIndexOf(',') + 1));
let checks = 0;

function must(holds, what) {
  if (!holds) throw new Error(what);
  checks++;
}

// audit looks at the page shown, in a second browser context that may run scripts.
async function audit(context, page, name, judge) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  must(width <= 0, `${name} scrolls sideways by ${width} px`);
  must((await page.getAttribute('html', 'lang')) !== null, `${name} has no language`);
  await judge.setViewportSize(page.viewportSize());
  await judge.goto(`${base}/healthz`); // same origin, so that the page's own style sheet applies
  await judge.setContent((await page.content()).replace('<head>', `<head><base href="${page.url()}">`), { waitUntil: 'load' });
  await judge.evaluate(axe);
  const result = await judge.evaluate(() => axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  const found = result.violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html}`);
  must(found.length === 0, `${name}: axe finds ${found.join('; ')}`);
  console.log(`ok  ${name}`);
}

// shoot keeps a screenshot where a folder was named.
async function shoot(page, name) {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

// fill answers everything that can be ticked on the page shown.
async function fill(page) {
  const names = await page.$$eval('main form input[type=radio]', (all) => [...new Set(all.map((i) => i.name))]);
  for (const name of names) await page.locator(`input[type=radio][name="${name}"]`).first().check();
  const lists = await page.$$eval('main form select', (all) => all.map((i) => i.name).filter((name) => !name.includes('.')));
  for (const name of lists) await page.locator(`select[name="${name}"]`).selectOption({ index: 1 });
  const boxes = await page.$$eval('main form input[type=checkbox]', (all) => [...new Set(all.map((i) => i.name))]);
  for (const name of boxes) await page.locator(`input[type=checkbox][name="${name}"]`).first().check();
}

// employer answers one questionnaire from link to receipt.
async function employer(lang, link, width, judge) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${link}?lang=${lang}`);
  must((await page.getAttribute('main', 'data-state')) === 'open', `the landing page in ${lang} is not open`);
  await audit(context, page, `landing ${lang} ${width}`, judge);
  await shoot(page, `landing-${lang}-${width}`);
  await page.locator('main form button').first().click();
  must(!page.url().includes('/r/'), 'the token is still in the address');
  for (let n = 0; !page.url().includes('/answer/review'); n++) {
    must(n < 14, `the questionnaire in ${lang} does not end: ${page.url()}`);
    const here = page.url();
    if (n === 0) { // an empty page first: every problem is said, and nothing is lost
      await page.locator('main form button').first().click();
      must((await page.title()).length > 0 && page.url() === here, `an empty first page in ${lang} went on`);
      await audit(context, page, `page with problems ${lang} ${width}`, judge);
      await shoot(page, `problems-${lang}-${width}`);
    }
    await fill(page);
    await audit(context, page, `${new URL(here).pathname} ${lang} ${width}`, judge);
    await shoot(page, `${new URL(here).pathname.split('/').pop()}-${lang}-${width}`);
    await page.locator('main form button').first().click();
  }
  await audit(context, page, `review ${lang} ${width}`, judge);
  await shoot(page, `review-${lang}-${width}`);
  await page.locator('main form[action$="/answer/submit"] button').click();
  must((await page.getAttribute('main', 'data-state')) === 'done', `submitting in ${lang} did not end at the receipt`);
  must(((await page.textContent('#receipt')) || '').trim().length > 20, `the page after submitting in ${lang} shows no receipt`);
  await audit(context, page, `done ${lang} ${width}`, judge);
  await shoot(page, `done-${lang}-${width}`);
  await context.close();
}

// scripted answers two pages with JavaScript: what depends on the page comes and goes, long lists
// are searched, and neither the content policy nor anything else complains.
async function scripted(link, width, judge) {
  const context = await browser.newContext({ viewport: { width, height: 800 } });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (said) => { if (said.type() === 'error' && !said.text().includes('status of 422')) complaints.push(said.text()); });
  await page.goto(`${link}?lang=en`);
  await page.locator('main form button').first().click();
  must((await page.locator('.if').count()) === 0, 'with JavaScript the page still says "only if"');
  const reasons = page.locator('#q-e_reasons');
  await reasons.locator('input').first().evaluate((box) => { box.checked = true; });
  must(!(await reasons.isVisible()), 'a question is shown before the answer it depends on');
  await page.locator('[name=e_contact][value="1"]').check();
  must(await reasons.isVisible() && await reasons.locator('input').first().isChecked(), 'a question does not come up, or lost what was ticked');
  await audit(context, page, `scripted e1 ${width}`, judge);
  await shoot(page, `scripted-e1-${width}`);
  await page.locator('[name=e_contact][value="0"]').check();
  must(!(await reasons.isVisible()), 'a question does not go away');
  await page.locator('.actions .primary').click();
  await page.waitForURL('**/answer/e7'); // the script saves first

  await page.goto(`${base}/answer/e9`);
  const canton = page.getByRole('combobox'), chosen = () => page.locator('select[name=e_canton]').inputValue();
  await canton.pressSequentially('zur');
  await canton.press('ArrowDown');
  must((await page.locator('[role=option][aria-selected=true]').textContent()) === 'Zurich', 'typing does not find the canton');
  await audit(context, page, `scripted e9 ${width}`, judge);
  await shoot(page, `scripted-e9-${width}`);
  await canton.press('Enter');
  must((await chosen()) === 'ZH' && (await canton.inputValue()) === 'Zurich', 'Enter does not choose');
  await canton.fill('nowhere');
  must((await page.locator('.combobox [role=status]').textContent()) === 'No match', 'nobody says that nothing fits');
  await canton.press('Escape');
  must((await chosen()) === 'ZH' && (await canton.inputValue()) === 'Zurich', 'what was typed half counts as an answer');
  await canton.click();
  await page.getByRole('option', { name: 'Ticino' }).click();
  must((await chosen()) === 'TI', 'a click does not choose');
  await Promise.all([page.waitForEvent('framenavigated'), page.locator('.actions .primary').click()]);
  await page.goto(`${base}/answer/e9`);
  must((await canton.inputValue()) === 'Ticino', 'the chosen canton did not arrive');
  must(complaints.length === 0, `the browser complains: ${complaints.join('; ')}`);
  await context.close();
}

// open gives a link behind which nobody has answered yet.
async function open(page) {
  for (let link; (link = links.shift());) {
    await page.goto(link);
    if ((await page.getAttribute('main', 'data-state')) === 'open') return link;
  }
  throw new Error('no open link left');
}

async function desk(width, judge) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${base}/desk/sign-in?lang=en`);
  await audit(context, page, `sign in ${width}`, judge);
  await page.fill('input[name=email]', 'lead@demo.example');
  await page.fill('input[type=password]', password);
  await page.locator('main form button').first().click();
  for (const path of ['/desk', '/desk/waves/2026', '/desk/waves/2026/offices', '/desk/waves/2026/employers', '/desk/waves/2026/mail',
    '/desk/waves/2015/releases', '/desk/waves/2026/nominations', '/desk/waves/2015/discussions', '/desk/journal', '/desk/staff', '/desk/new']) {
    const answer = await page.goto(`${base}${path}`);
    must(answer.status() === 200, `${path} answers ${answer.status()}`);
    await audit(context, page, `${path} ${width}`, judge);
    await shoot(page, `desk${path.replaceAll('/', '-')}-${width}`);
  }
  await context.close();
}

try {
  const judged = await browser.newContext({ bypassCSP: true });
  const judge = await judged.newPage();
  const looking = await (await browser.newContext()).newPage();
  for (const [lang, width] of [['de', 1280], ['fr', 320], ['it', 320], ['en', 1280]]) {
    await employer(lang, await open(looking), width, judge);
  }
  for (const width of [320, 1280]) await scripted(await open(looking), width, judge);
  const unknown = await looking.goto(`${base}/r/${'0'.repeat(32)}`);
  must(unknown.status() === 404, `an unknown link answers ${unknown.status()}`);
  for (const path of ['/', '/privacy', '/accessibility']) {
    await looking.goto(`${base}${path}`);
    await audit(null, looking, path, judge);
  }
  for (const width of [320, 1280]) await desk(width, judge);
  console.log(`${checks} checks passed`);
} catch (error) {
  console.error(`FAILED  ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
