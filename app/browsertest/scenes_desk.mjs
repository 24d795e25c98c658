// The desk: every page of the staff, and what it says when something is wrong or refused.
import { hand, must, signIn, stage, tries, visitor } from './stage.mjs';
import { goes } from './walk.mjs';
import { answers, at, sends } from './acts.mjs';

const signedIn = new Map(); // language and who → the state of a browser that is signed in

// staff gives a page of somebody who is signed in already.
async function staff(lang, email = 'lead@demo.example') {
  const key = `${lang} ${email}`;
  if (!signedIn.has(key)) {
    const page = await visitor();
    await page.goto(at(`/desk/sign-in?lang=${lang}`));
    await signIn(page, email);
    signedIn.set(key, await page.context().storageState());
    await page.context().close();
  }
  return visitor({ storageState: signedIn.get(key) });
}

// journal comes before everything else: it holds what the others do.
export async function journal(lang, look) {
  const page = await staff(lang);
  await answers(page, '/desk/journal', 200);
  await look(page, '/desk/journal');
  await page.context().close();
}

const pages = ['', '/new', '/waves/2026', '/waves/2026/offices', '/waves/2026/employers', '/waves/2026/nominations', '/waves/2026/panel', '/waves/2026/mail',
  '/waves/2026/mail/office/reminder', '/waves/2026/mail/employer/invitation', '/waves/2026/mail/employer/invitation/cancel', '/waves/2026/schedule/employer', '/waves/2026/texts',
  '/waves/2026/repeat', '/waves/2026/links', '/waves/2015/archive', '/waves/2015', '/waves/2015/corrections', '/waves/2015/releases', '/waves/2015/releases/preview/employer/public',
  '/waves/2015/discussions', '/waves/2015/employers', '/lists/2026/office', '/lists/2026/employer', '/waves/2026/step/close/office', '/waves/2026/step/end/employer', '/waves/2031', '/waves/2031/step/open/office',
  '/questionnaires', '/questionnaires/employer/1', '/questionnaires/employer/2', '/questionnaires/employer/2/print', '/drafts/new', '/staff', '/me'];

export async function desk(lang, look) {
  const page = await staff(lang);
  for (const path of [...pages, `/waves/2026/texts/employer/last_call/${lang}`]) {
    await answers(page, `/desk${path}`, 200);
    await look(page, `/desk${path}`);
  }
  await page.goto(at('/desk/staff'));
  for (const what of ['disable', 'factor']) {
    await answers(page, await page.locator(`main a[href$="/${what}"]`).first().getAttribute('href'), 200);
    await look(page, `/desk/staff/:id/${what}`);
    await page.goto(at('/desk/staff'));
  }
  await answers(page, '/desk/waves/nowhere', 404);
  await look(page, 'desk, nowhere 404');
  await page.context().close();
  await door(lang, look);
  await ended(lang, look);
  await wrong(lang, look);
  await lists(lang, look);
}

// door is what people see who are not in.
async function door(lang, look) {
  const page = await visitor();
  await answers(page, `/desk/sign-in?lang=${lang}`, 200);
  await look(page, '/desk/sign-in');
  await page.fill('input[name=email]', 'nobody@demo.example');
  await page.fill('input[type=password]', 'not the right one at all');
  await sends(page, () => page.locator('main form button').first().click(), 422);
  await look(page, '/desk/sign-in error 422');
  await answers(page, `${stage.welcome}?lang=${lang}`, 200);
  await look(page, '/desk/welcome');
  await sends(page, () => page.locator('main form button').first().click(), 422);
  await look(page, '/desk/welcome error 422');
  await page.context().close();
  const analyst = await staff(lang, 'reviewer@demo.example');
  await answers(analyst, '/desk/staff', 403);
  await look(analyst, 'desk, not allowed 403');
  await analyst.context().close();
}

// ended is a session that is over when a text is sent: what was typed waits for whoever typed it, or, where nobody can tell
// whose it is, is there to be copied.
async function ended(lang, look) {
  const page = await visitor(), path = `/desk/waves/2026/texts/employer/last_call/${lang}`, typed = 'Ganz neue Worte';
  const save = () => page.locator('main form button.primary').first().click();
  await page.goto(at(`/desk/sign-in?lang=${lang}`));
  await signIn(page);
  const elsewhere = await visitor({ storageState: await page.context().storageState() });
  await answers(page, path, 200);
  await page.fill('input[name=subject]', typed);
  await elsewhere.goto(at('/desk'));
  await elsewhere.locator('form[action="/desk/sign-out"] button').first().click();
  await elsewhere.waitForURL('**/desk/sign-in*');
  await sends(page, save, 403);
  await look(page, '/desk/sign-in, a text waits 403');
  let status = 422;
  for (let turn = 0; turn < 5 && status === 422; turn++) status = await tries(page);
  must(status === 200, `signing in answers ${status}`);
  must(await page.getByText(typed).or(page.locator(`[value="${typed}"]`)).count() > 0, 'what was typed before the session ended is gone');
  await look(page, '/desk/sign-in, a text has waited');
  await answers(page, path, 200);
  await page.fill('input[name=subject]', typed);
  await page.context().clearCookies({ name: /staff/ });
  await sends(page, save, 403);
  must(await page.locator(`main :text("${typed}"), main [value="${typed}"]`).count() > 0, 'what was typed without a session is gone');
  await look(page, '/desk/sign-in, a text to copy 403');
  await page.context().close();
  await elsewhere.context().close();
}

// wrong sends forms empty.
async function wrong(lang, look) {
  const page = await staff(lang);
  for (const [path, at] of [['/new', 'form.card'], ['/staff', 'form.card'], ['/waves/2026/step/end/employer', 'form.card'], ['/waves/2026/step/close/employer', 'form.card'],
    ['/waves/2026/repeat', 'form.card'], ['/drafts/new', 'form.card']]) {
    await answers(page, `/desk${path}`, 200);
    await page.locator(`main ${at} input:not([type=hidden]):not([type=checkbox]):not([type=file])`).evaluateAll((all) => all.forEach((x) => { x.value = ''; }));
    await sends(page, () => page.locator(`main ${at} button`).last().click(), 422);
    await look(page, `/desk${path} error 422`);
  }
  for (const [path, name] of [['/waves/2026/schedule/employer'], [`/waves/2026/texts/employer/last_call/${lang}`, 'do']]) { // somebody else was faster
    await answers(page, `/desk${path}`, 200);
    await page.locator('main input[name=seen]').evaluate((x) => { x.value = 'another'; });
    await sends(page, () => page.locator(`main form button${name ? `[name=${name}][value=keep]` : '.primary'}`).click(), 422);
    await look(page, `/desk${path.replace(lang, ':lang')}, changed meanwhile 422`);
  }
  await page.context().close();
}

// lists are checked before anything is kept; who has lost a link is looked for.
async function lists(lang, look) {
  const page = await staff(lang);
  for (const [who, status] of [['IV', 422], ['gmbh', 200], ['nobody at all', 200]]) {
    await answers(page, '/desk/waves/2026/links', 200);
    await page.fill('#who', who);
    await sends(page, () => page.locator('main form.card button.primary').click(), status);
    await look(page, `/desk/waves/2026/links, ${who}`);
  }
  const list = (lines) => ({ name: 'employers.csv', mimeType: 'text/csv', buffer: Buffer.from(`office,name,email,language,size,branch\n${lines}\n`) });
  for (const [what, file, status] of [
    ['without a file 422', null, 422], ['good', list('BE,Neue Muster AG,neu@neue-muster.example,de,10-49,C\nGE,Modèle SA,info@modele.example,fr,250+,Q'), 200],
    ['wrong 422', list('BE,Neue Muster AG,nobody,de,10-49,C\nXX,Zweite GmbH,zwei@zweite.example,rm,many,?'), 422],
  ]) {
    await answers(page, '/desk/lists/2026/employer', 200);
    if (file) await page.setInputFiles('#file', file);
    await sends(page, () => page.locator('main form button.primary').click(), status);
    await look(page, `/desk/lists/2026/employer ${what}`);
  }
  await page.context().close();
}

// authors make a draft out of a published questionnaire, and come to publish or discard it.
export async function authors(langs, lookIn) {
  for (const lang of langs) {
    const page = await staff(lang), look = lookIn(lang);
    await answers(page, '/desk/questionnaires/employer/2', 200);
    if (lang === langs[0]) await goes(page, () => page.locator('form[action$="/next"] button').click());
    for (const path of ['', '/publish', '/discard', '/print']) {
      await answers(page, `/desk/drafts/employer/3${path}`, 200);
      await look(page, `/desk/drafts/employer/3${path}`);
    }
    await page.context().close();
  }
}

// texts of employers are taken out, redacted by one person and read by another.
export async function texts(langs, lookIn) {
  const path = '/desk/waves/2015/releases/texts';
  let one = '';
  for (const lang of langs) {
    const page = await staff(lang), look = lookIn(lang);
    await answers(page, path, 200);
    await look(page, lang === langs[0] ? `${path}, to be taken out` : path);
    if (lang === langs[0]) {
      await goes(page, () => page.locator('main form.card button').click());
      await look(page, path);
    }
    await answers(page, `${path}/e_comment`, 200);
    await look(page, `${path}/:question`);
    one = await page.locator('main table th a').first().getAttribute('href');
    await answers(page, one, 200);
    await look(page, `${path}/:question/:text, to redact`);
    await page.fill('#text', 'Frau Keller, 044 123 45 67');
    await sends(page, () => page.locator('button[value=redact]').click(), 422);
    await look(page, `${path}/:question/:text error 422`);
    await page.check('#sure');
    await goes(page, () => page.locator('button[value=redact]').click());
    await answers(page, one, 200);
    await look(page, `${path}/:question/:text, own`);
    const other = await staff(lang, 'reviewer@demo.example');
    await answers(other, one, 200);
    await look(other, `${path}/:question/:text, to read`);
    await sends(other, () => other.locator('button[value=reject]').click(), 422);
    await look(other, `${path}/:question/:text, to read, error 422`);
    await goes(other, () => other.locator('button[value=release]').click());
    await other.context().close();
    await answers(page, one, 200);
    await look(page, `${path}/:question/:text, released`);
    await page.context().close();
  }
}

// releases are previewed, asked for by one person and approved or rejected by another; a second one of
// the same answers is refused.
export async function releases(langs, lookIn) {
  await hand('propose');
  for (const lang of langs) {
    const page = await staff(lang), look = lookIn(lang);
    for (const [population, profile] of [['employer', 'scientific'], ['office', 'scientific'], ['discussion', 'public']]) {
      await answers(page, `/desk/waves/2015/releases/preview/${population}/${profile}`, 200);
      await look(page, `/desk/waves/2015/releases/preview/${population}`);
    }
    await answers(page, '/desk/waves/2015/releases', 200);
    await look(page, '/desk/waves/2015/releases, one to approve');
    await page.selectOption('#population', 'office');
    await page.selectOption('#profile', 'scientific');
    await sends(page, () => page.locator('main form.card button.primary').click(), 409);
    await look(page, '/desk/waves/2015/releases refused 409');
    await answers(page, '/desk/waves/2015/releases/preview/employer/public', 200);
    await look(page, '/desk/waves/2015/releases/preview/employer, a further release');
    await sends(page, () => page.locator('main form.card button.primary').click(), 422);
    await look(page, '/desk/waves/2015/releases/preview/employer without a reason 422');
    await page.fill('#reason', 'Für das Portal offener Daten');
    await sends(page, () => page.locator('main form.card button.primary').click(), 409);
    await look(page, '/desk/waves/2015/releases, a second one refused 409');
    await answers(page, '/desk/waves/2015/releases/proposed/reject', 200);
    await look(page, '/desk/waves/2015/releases/:id/reject');
    await sends(page, () => page.locator('main form.card button.danger').click(), 422);
    await look(page, '/desk/waves/2015/releases/:id/reject without a reason 422');
    await page.context().close();
    const other = await staff(lang, 'reviewer@demo.example');
    await answers(other, '/desk/waves/2015/releases', 200);
    const approve = await other.locator('main a[href$="/approve"]').first().getAttribute('href');
    must(approve, 'nothing is to be approved');
    await answers(other, approve, 200);
    await look(other, '/desk/waves/2015/releases/:id/approve');
    await other.context().close();
  }
}

// watched is a search that takes long: how it begins, which is the first part of the answer, held there, and how it ends in a
// refusal, since the answers are fewer than they seem.
export async function watched(langs, lookIn) {
  const path = '/desk/waves/2015/releases/preview/employer/scientific';
  await hand('long');
  for (const lang of langs) {
    const page = await staff(lang), look = lookIn(lang);
    await answers(page, path, 200);
    must(await page.locator('.steps .problem').isVisible() && await page.locator('.lead').isHidden(), 'a search that has ended goes on');
    await look(page, `${path}, watched, refused`);
    await page.route(at(path), async (route) => {
      const answer = await route.fetch(), body = await answer.text();
      await route.fulfill({ response: answer, body: body.slice(0, body.indexOf('<ol class="steps">') + '<ol class="steps">'.length) });
    });
    await answers(page, path, 200);
    must(await page.locator('.lead').isVisible() && await page.locator('main a.button').isVisible(), 'a search that goes on cannot be stopped');
    await look(page, `${path}, watched`);
    await page.context().close();
  }
  await hand('short');
}

// corrections of answers that are closed and not frozen: one person proposes, another may confirm.
export async function corrections(langs, lookIn) {
  const sheet = '/desk/waves/2026/corrections';
  for (const lang of langs) {
    const page = await staff(lang), look = lookIn(lang);
    await answers(page, sheet, 200);
    if (await page.locator(`main a[href="${sheet}/employer"]`).count() === 0) {
      await hand('close?population=employer');
      await answers(page, sheet, 200);
    }
    await look(page, `${sheet}, as they were before`);
    await answers(page, `${sheet}/employer`, 200);
    await look(page, `${sheet}/employer`);
    await answers(page, `${sheet}/employer/e_role_other`, 200);
    await look(page, `${sheet}/employer/e_role_other`);
    await answers(page, `${sheet}/employer/e_role`, 200);
    await look(page, `${sheet}/employer/e_role`);
    await sends(page, () => page.locator('main form button.primary').click(), 422);
    await look(page, `${sheet}/employer/e_role error 422`);
    if (lang === langs[0]) {
      await page.locator('main input[name=from]').first().check();
      await page.selectOption('#to', '-92');
      await page.fill('#reason', 'Nobody of this role can answer here');
      await goes(page, () => page.locator('main form button.primary').click());
    }
    await answers(page, sheet, 200);
    await look(page, `${sheet}, one of the own`);
    await page.context().close();
    const other = await staff(lang, 'reviewer@demo.example');
    await answers(other, sheet, 200);
    await look(other, `${sheet}, one to confirm`);
    await sends(other, () => other.locator('main form button.primary').click(), 422);
    await look(other, `${sheet} error 422`);
    await other.context().close();
  }
}
