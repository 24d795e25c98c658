// focus, zoom, spacing, contrast, targets, motion and orientation, measured on
// every page and state in one language.
// Usage: node measure.mjs STAGE
import { check, play } from './stage.mjs';
import { all } from './scenes.mjs';
import * as gauge from './gauge.mjs';

const participant = (name) => !name.startsWith('/desk');

// sizes at which nothing may scroll sideways: 320x256 is also 1280x1024 at 400 % zoom.
const sizes = [[320, 256], [360, 640], [640, 360], [1280, 800]];

async function reflow(page, name) {
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    const wide = await page.evaluate(gauge.sideways);
    check(wide.length === 0, `${name}, ${width}x${height}: scrolls sideways because of ${wide.join(', ')}`);
    if (width !== 1280) check((await page.evaluate(gauge.clipped)).length === 0, `${name}, ${width}x${height}: cut: ${await page.evaluate(gauge.clipped)}`);
  }
}

// larger makes letters twice as large, then sets the text spacing of WCAG 1.4.12.
async function larger(page, name) {
  const spacing = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }';
  for (const [what, rules, width] of [['text at 200 %', 'html { font-size: 200% }', 1280], ['text spacing', spacing, 1280], ['text spacing', spacing, 320]]) {
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate(gauge.restyle, rules);
    for (const [problem, probe] of [['scrolls sideways', gauge.sideways], ['cuts', gauge.clipped], ['overlaps', gauge.overlaps]]) {
      const found = await page.evaluate(probe);
      check(found.length === 0, `${name}, ${what} at ${width} px ${problem}: ${found.slice(0, 3).join(', ')}`);
    }
    await page.evaluate(gauge.restyle, '');
  }
}

async function contrasts(page, name) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    for (const found of await page.evaluate(gauge.contrasts)) check(false, `${name}, ${colorScheme}: ${found}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function targets(page, name) {
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const least = participant(name) ? 44 : 24;
    for (const found of await page.evaluate(gauge.targets, least)) check(false, `${name}, ${width} px: ${found} is smaller than ${least} px`);
  }
}

async function motion(page, name) {
  for (const reducedMotion of ['reduce', 'no-preference']) {
    await page.emulateMedia({ reducedMotion });
    const found = await page.evaluate(gauge.motion);
    check(found.length === 0, `${name}, motion ${reducedMotion}: ${found.slice(0, 3)}`);
  }
}

// stops tabs through the page: the order is that of the document, every stop is in sight, on top
// and has an outline that stands out, everything is reached, and the focus leaves at the end.
async function stops(page, name, width) {
  await page.setViewportSize({ width, height: 800 });
  const wanted = await page.evaluate(gauge.beginTabbing);
  let last = -1;
  for (let n = 0; n < 400; n++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(gauge.stop);
    if (at.end) {
      check(last === wanted - 1, `${name}, ${width} px: Tab ends at stop ${last + 1} of ${wanted}`);
      return;
    }
    check(at.index === last + 1, `${name}, ${width} px: Tab leads from stop ${last} to ${at.index} (${at.what})`);
    check(at.problem === '', `${name}, ${width} px: ${at.what} ${at.problem}`);
    if (at.index <= last) return;
    last = at.index;
  }
  check(false, `${name}, ${width} px: the focus never leaves`);
}

// tabbed are the scenes whose focus stops are walked: one of each layout.
const tabbed = /error|landing|done$|review|room|nomination|later|withdraw|asked|40[0349]|print|^\/$|^\/(privacy|accessibility)$|sign-in|waves\/2026$/;

const lookIn = () => async (page, name) => {
  await reflow(page, name);
  await larger(page, name);
  await contrasts(page, name);
  await targets(page, name);
  await motion(page, name);
  if (tabbed.test(name)) for (const width of /error/.test(name) ? [320, 1280] : [1280]) await stops(page, name, width);
  await page.setViewportSize({ width: 1280, height: 800 });
};

await play(await all(['de'], lookIn));
