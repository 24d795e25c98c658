// The pages of bundles, as a receiver opens them: no server, no network. axe-core finds nothing on
// them, light or dark, and nothing but a table scrolls sideways.
// Usage: node bundle.mjs STAGE FOLDER
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { audit, colours, tags } from './audit.mjs';
import { sideways } from './gauge.mjs';
import { browser, check, more, must, play } from './stage.mjs';

const [folder] = more;
const pages = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.html')).sort();
must(pages.length > 0, `no page in ${folder}`);

async function look(name) {
  const page = await (await browser.newContext({ offline: true })).newPage();
  page.on('request', (r) => check(r.url().startsWith('file:'), `${name} asks for ${r.url()}`));
  await page.goto(pathToFileURL(join(folder, name)).href);
  for (const [width, colorScheme, rules] of [[360, 'light', tags], [1280, 'light', tags], [1280, 'dark', colours]]) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    const found = await audit(page, rules);
    check(found.passes > 0, `${name}: axe has looked at nothing`);
    for (const v of found.violations) check(false, `${name}, ${width} px, ${colorScheme}: ${v.id} at ${v.where[0]}`);
    const wide = await page.evaluate(sideways);
    check(wide.length === 0, `${name}, ${width} px scrolls sideways: ${wide.slice(0, 3).join(', ')}`);
    if (more[1]) await page.screenshot({ path: join(more[1], `${name.replaceAll('/', '-')}-${width}-${colorScheme}.png`) });
  }
  await page.context().close();
}

await play([pages.map((name) => [name, () => look(name)])]);
