// What the scenes have in common: opening a page and sending a form, and saying what that must answer.
import { must, stage } from './stage.mjs';

export const at = (path) => stage.base + path;
export const token = (link) => link.slice(link.lastIndexOf('/') + 1);

// answers opens a page and says what it must answer.
export async function answers(page, path, status) {
  const answer = await page.goto(path.startsWith('http') ? path : at(path));
  must(answer.status() === status, `${path} answers ${answer.status()}, not ${status}`);
}

// sends does what sends a form, and says what that must answer.
export async function sends(page, act, status) {
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.request().isNavigationRequest() && r.request().method() === 'POST'), page.waitForEvent('load'), act(),
  ]);
  must(answer.status() === status, `${answer.url()} answers ${answer.status()}, not ${status}`);
}
