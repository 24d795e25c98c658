// focus, zoom, spacing, contrast, targets, motion and orientation, measured on
// every page and state in one language.
// Usage: node measure.mjs STAGE
import { check, play } from './stage.mjs';
import { all } from './scenes.mjs';
import * as gauge from './gauge.mjs';

const participant = (name) => !name.startsWith('/desk');
const spacing = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }';
const probes = Object.entries(gauge).map(([name, probe]) => `${name}: ${probe}`).join(', ');

// at looks at the page at one size, in one go: each probe is asked once, and after its name stands
// what it is given.
async function at(page, width, height, asked) {
  await page.setViewportSize({ width, height });
  if (!(await page.evaluate(() => 'gauge' in window))) await page.evaluate(`void (window.gauge = { ${probes} })`);
  return page.evaluate((all) => all.map(([probe, given, rules]) => {
    if (rules) window.gauge.restyle(rules);
    const found = window.gauge[probe](given);
    if (rules) window.gauge.restyle('');
    return found;
  }), asked);
}

// sized measures the page at every size: nothing scrolls sideways or is cut, also with letters twice
// as large and with the text spacing of WCAG 1.4.12; targets are large, and nothing moves. 320x256
// is also 1280x1024 at 400 % zoom.
async function sized(page, name) {
  const least = participant(name) ? 44 : 24;
  const reflow = [['scrolls sideways', 'sideways'], ['cuts', 'clipped']];
  const styled = (what, rules) => [...reflow, ['overlaps', 'overlaps']].map(([problem, probe]) => [`with ${what} ${problem}`, probe, null, rules]);
  for (const [width, height, asked] of [
    [320, 256, [...reflow, ...styled('text spacing', spacing)]],
    [360, 640, [...reflow, [`has a target under ${least} px`, 'targets', least]]],
    [640, 360, reflow],
    [1280, 800, [reflow[0], ...styled('text at 200 %', 'html { font-size: 200% }'), ...styled('text spacing', spacing),
      [`has a target under ${least} px`, 'targets', least], ['moves', 'motion'], ['has too little contrast in light', 'contrasts']]],
  ]) {
    const found = await at(page, width, height, asked.map(([, ...probe]) => probe));
    found.forEach((list, i) => check(list.length === 0, `${name}, ${width}x${height} ${asked[i][0]}: ${list.slice(0, 3).join(', ')}`));
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  const [dark] = await at(page, 1280, 800, [['contrasts']]);
  check(dark.length === 0, `${name} has too little contrast in dark: ${dark.slice(0, 3).join(', ')}`);
  await page.emulateMedia({ colorScheme: 'light' });
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
    if (at.end || at.index === 0 && last === wanted - 1) { // the browser may begin anew at once
      check(last === wanted - 1, `${name}, ${width} px: Tab ends at stop ${last + 1} of ${wanted}`);
      return;
    }
    if (at.index === last && at.parts) continue; // day, month, year, hour and minute of one field
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
  await sized(page, name);
  if (tabbed.test(name)) for (const width of /error/.test(name) ? [320, 1280] : [1280]) await stops(page, name, width);
  await page.setViewportSize({ width: 1280, height: 800 });
};

await play(await all(['de'], lookIn));
