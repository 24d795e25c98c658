// What every script shares: the browser, the stage it plays on, fresh links, and checks.
// Usage of every script: node SCRIPT.mjs STAGE-AS-JSON [more]
import { availableParallelism } from 'node:os';
import { chromium } from 'playwright-core';

export const stage = JSON.parse(process.argv[2]);
export const more = process.argv.slice(3);
export const languages = ['de', 'fr', 'it', 'en'];
export const browser = await chromium.launch({
  executablePath: process.env.RONDO_TEST_CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-quic', '--font-render-hinting=none'],
});

let checks = 0, broken = 0;
const failures = [];

// must stops a walk where what holds is needed to go on.
export function must(holds, what) {
  if (!holds) throw new Error(what);
  checks++;
}

// check notes what does not hold, and goes on.
export function check(holds, what) {
  checks++;
  if (!holds && !failures.includes(what)) failures.push(what);
}

// play runs tasks in phases, as many at a time as there are processors (or RONDO_TEST_WIDE), then ends the script: with 1
// where anything failed. A task is [name, function]; after hears how many of them did not come to their end.
export async function play(phases, after = () => {}, wide = Number(process.env.RONDO_TEST_WIDE) || Math.max(2, availableParallelism())) {
  for (const tasks of phases) await together(tasks, wide);
  try {
    await after(broken);
  } catch (error) {
    failures.push(error.stack);
  }
  await browser.close();
  for (const failure of failures) console.error(`FAILED  ${failure}`);
  console.log(`${checks} checks, ${failures.length} failed`);
  process.exitCode = failures.length === 0 && checks > 0 ? 0 : 1;
}

async function together(tasks, wide) {
  const queue = [...tasks];
  const work = async () => {
    for (let task; (task = queue.shift());) {
      const began = Date.now();
      try {
        await task[1]();
        console.log(`ok  ${task[0]}  ${((Date.now() - began) / 1000).toFixed(1)} s`);
      } catch (error) {
        broken++;
        failures.push(`${task[0]}: ${error.stack}`);
      }
    }
  };
  await Promise.all(Array.from({ length: wide }, work));
}

// visitor is a browser of their own for somebody new. Complaints of the browser (a script that
// fails, a style that the content policy refuses) fail the test.
export async function visitor(options = {}) {
  const { quiet, script = true, ...rest } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...rest });
  // The same order of shuffled rows for everybody, so that pictures and trees are the same each time.
  await context.addCookies([{ name: 'rondo-order', value: '0', url: stage.base }]);
  if (!script) await context.route('**/*.js', (route) => route.abort());
  const page = await context.newPage();
  if (!quiet && script) {
    page.on('pageerror', (error) => check(false, `${page.url()}: ${error.message}`));
    page.on('console', (line) => {
      if (line.type() === 'error' && !/the server responded with a status of/.test(line.text())) check(false, `${page.url()}: ${line.text()}`);
    });
  }
  return page;
}

const left = new Map();

// links gives the links of a population behind which nobody has answered, in an order that never changes.
export function links(population) {
  if (!left.has(population)) left.set(population, untouched(population));
  return left.get(population);
}

async function untouched(population) {
  const free = await Promise.all((stage.links[population] ?? []).map(async (link) => {
    const landing = await (await fetch(link)).text();
    if (!landing.includes('data-state="open"')) return false;
    if (population === 'employer') return true;
    const let_in = await fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams(), headers: { origin: stage.base } });
    const cookie = let_in.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
    return !(await (await fetch(`${stage.base}/answer/o1`, { headers: { cookie } })).text()).includes(' checked');
  }));
  return (stage.links[population] ?? []).filter((_, i) => free[i]);
}

// fresh takes one of them.
export async function fresh(population) {
  const link = (await links(population)).shift();
  must(link, `no fresh link of ${population} is left`);
  return link;
}

// hand asks the test behind the script for what a browser cannot do; see hand_test.go.
export async function hand(act) {
  const answer = await fetch(`${stage.hand}/${act}`, { method: 'POST' });
  must(answer.ok, `${act}: ${await answer.text()}`);
}

// tries fills in who signs in, and sends it once.
export async function tries(page, email = 'lead@demo.example') {
  await page.fill('input[name=email]', email);
  await page.fill('input[type=password]', stage.password);
  const [answer] = await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST'), page.waitForEvent('load'), page.locator('main form button').first().click()]);
  return answer.status();
}

// signIn opens the desk. Where too many sign in at a time it waits its turn, as a person would; of two who try one account in
// the same moment, which only tests do, one is told that the password is wrong (auth.Door.SignIn).
export async function signIn(page, email = 'lead@demo.example') {
  let status;
  for (let turn = 0; turn < 30; turn++) {
    await page.goto(`${stage.base}/desk/sign-in`);
    status = await tries(page, email);
    if (![422, 429, 503].includes(status)) break;
    await page.waitForTimeout(2000);
  }
  must(new URL(page.url()).pathname === '/desk', `signing in leads to ${page.url()} (${status})`);
}
