// axe-core over one page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);
const source = readFileSync(resolve('axe-core/axe.min.js'), 'utf8');
export const { version } = JSON.parse(readFileSync(resolve('axe-core/package.json'), 'utf8'));
export const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
export const colours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

// audit runs axe over the page as it is shown now.
export async function audit(page, runOnly = tags) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  return page.evaluate(async (only) => {
    const { violations, incomplete, passes } = await window.axe.run(document, { runOnly: only, resultTypes: ['violations', 'incomplete'] });
    const brief = (list, why) => list.map((r) => ({ id: r.id, where: r.nodes.map((n) => `${n.target.join(' ')}${why ? ` ${n.failureSummary}` : ''}`.slice(0, 300)) }));
    return { violations: brief(violations, true), incomplete: brief(incomplete), passes: passes.length };
  }, runOnly);
}
