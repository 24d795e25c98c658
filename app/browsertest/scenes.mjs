// Every page and state that people meet, reached as they reach it. A scene is shown to `look` as
// (page, name): it may resize the page, but leaves it where it is. Every state is a real answer of
// the service.
import { hand, links, must, signIn, stage, visitor } from './stage.mjs';
import { heads } from './heads.mjs';
import { enter, fault, fill, forward, goes, pages, submit } from './walk.mjs';
import { answers, at, sends, token } from './acts.mjs';
import { autosave, early, everyKind, preview, stops, tooLarge } from './scenes_beside.mjs';
import { authors, corrections, desk, journal, releases, texts, watched } from './scenes_desk.mjs';

// questionnaire shows every page of a questionnaire empty, in error, with a warning and filled, and
// the review with what is missing.
async function questionnaire(page, look, name) {
  await answers(page, '/answer/review', 200);
  await look(page, `${name} review, incomplete`);
  await sends(page, () => page.locator('form#submit button').click(), 422);
  await look(page, `${name} review error 422`);
  await page.goto(at('/answer'));
  await pages(page, async (code, how) => {
    if (how) return look(page, `${code} ${how}`);
    await look(page, `${code} empty`);
    if (await fault(page)) await look(page, `${code} error`);
    await page.goto(at(`/answer/${code}`));
  });
  await look(page, `${name} review`);
}

async function employer(lang, look, give) {
  const link = give.employer(), page = await visitor();
  await page.goto(`${link}?lang=${lang}`);
  await look(page, 'employer landing');
  await enter(page, link, lang);
  await questionnaire(page, look, 'employer');
  await changed(page, look);
  await submit(page);
  await look(page, 'employer done');
  const receipt = (await page.textContent('#receipt')).trim();
  await goes(page, () => page.locator('form#panel button').click());
  await look(page, 'employer done, results wanted');
  await page.goto(`${link}?lang=${lang}`);
  await look(page, 'employer link after done');
  await answers(page, '/answer/e1', 200); // leads to the receipt
  await answers(page, '/answer/withdraw', 200);
  await look(page, 'withdraw');
  await page.fill('#receipt', 'WRONG');
  await sends(page, () => page.locator('form#withdraw button').click(), 422);
  await look(page, 'withdraw error 422');
  await page.fill('#receipt', receipt);
  await goes(page, () => page.locator('form#withdraw button').click());
  await look(page, 'withdrawn');
  await page.context().close();
}

// changed sends a review after something was changed in another tab.
async function changed(page, look) {
  const second = await page.context().newPage();
  await second.goto(at('/answer/e10'));
  await second.locator('textarea').first().fill('Anders.');
  await forward(second);
  await sends(page, () => page.locator('form#submit button').click(), 409);
  await look(page, 'employer review changed 409');
  await second.close();
}

async function office(lang, look, give) {
  const link = give.office(), page = await visitor();
  await page.goto(`${link}?lang=${lang}`);
  await look(page, 'office landing');
  await enter(page, link, lang);
  await questionnaire(page, look, 'office');
  await submit(page);
  await look(page, 'office done');
  await page.goto(at('/office'));
  await look(page, 'office room, submitted');
  await answers(page, '/answer/own', 200);
  await look(page, 'office own answers');
  await page.context().close();
}

// unscripted shows what a page says where no script runs.
async function unscripted(lang, look, give) {
  const page = await visitor({ script: false });
  await enter(page, give.employer(), lang);
  await look(page, 'e1 without script');
  await fault(page);
  await look(page, 'e1 error without script');
  await page.goto(at('/answer/e9'));
  await look(page, 'e9 without script');
  await page.context().close();
}

// around are the pages before, beside and after the questionnaire.
async function around(lang, look, give) {
  const page = await visitor();
  for (const path of ['/', '/privacy', '/accessibility']) {
    await answers(page, `${path}?lang=${lang}`, 200);
    await look(page, path);
  }
  await answers(page, `/check?lang=${lang}`, 200);
  await look(page, 'check a link');
  await sends(page, () => page.locator('form#check button').click(), 422);
  await look(page, 'check a link error 422');
  for (const [pasted, found] of [[at('/privacy'), 'ours'], ['https://evil.example/', 'foreign']]) {
    await page.fill('#link', pasted);
    await sends(page, () => page.locator('form#check button').click(), 200);
    await look(page, `check a link ${found}`);
  }
  const link = give.employer();
  await page.goto(`${link}?lang=${lang}`);
  for (const wish of ['refused', 'wrong-person']) {
    await goes(page, () => page.locator(`form#${wish} button`).click());
    await look(page, `${wish} asked`);
    if (wish === 'refused') {
      await sends(page, () => page.locator('form#decline button').click(), 422);
      await look(page, `${wish} error 422`);
    }
    await page.check('#sure');
    await goes(page, () => page.locator('form#decline button').click());
    await look(page, `${wish} noted`);
    await page.goto(`${link}?lang=${lang}`);
  }
  await goes(page, () => page.locator('form#start button').click());
  await handOver(page, look);
  await page.goto(at('/answer/e1'));
  await fill(page);
  await page.waitForFunction(() => /\d\d:\d\d/.test(document.querySelector('#saved').textContent));
  await look(page, 'e1 saved by itself');
  await answers(page, '/answer/print', 200);
  await look(page, 'print');
  await page.goto(at('/answer/e1'));
  await goes(page, () => page.locator('form#answers button[value=save]').click());
  await look(page, 'later');
  await page.goto(`${link}?lang=${lang}`);
  await look(page, 'employer landing, begun');
  await page.goto(at('/answer/e1'));
  await goes(page, () => page.locator('form.sign-out button').click());
  await look(page, 'signed out');
  await enter(page, give.employer(), lang);
  await page.goto(at('/answer/hand-over'));
  await page.fill('#email', 'colleague@firm.example');
  await page.locator('form#hand-over button.primary').click();
  await page.locator('form#confirm button.primary').click();
  await look(page, 'handed over');
  await answers(page, '/answer', 410);
  await look(page, 'handed over 410');
  await page.context().close();
}

// handOver shows how a questionnaire goes to a colleague, without doing it.
async function handOver(page, look) {
  await answers(page, '/answer/hand-over', 200);
  await look(page, 'hand over');
  await page.fill('#email', 'nobody');
  await sends(page, () => page.locator('form#hand-over button.primary').click(), 422);
  await look(page, 'hand over error 422');
  await page.fill('#email', 'colleague@firma.example');
  await goes(page, () => page.locator('form#hand-over button.primary').click());
  await look(page, 'hand over asked');
}

// refusals are what the service says no with.
async function refusals(lang, look, give) {
  const page = await visitor({ locale: lang, script: false }); // the script would hold the button back
  await answers(page, `/r/${'0'.repeat(32)}?lang=${lang}`, 404);
  await look(page, 'wrong link 404');
  await answers(page, `/answer/e1?lang=${lang}`, 403);
  await look(page, 'no link opened 403');
  const link = give.employer();
  await enter(page, link, lang);
  await answers(page, '/answer/nowhere', 404);
  await look(page, 'no such page 404');
  await page.goto(at('/answer/e1'));
  await page.locator('[name=e_contact]').first().evaluate((radio) => { radio.value = 'forged'; radio.checked = true; });
  await sends(page, () => forward(page), 400);
  await look(page, 'forged answer 400');
  await twoTabs(page, look);
  await otherLink(page, lang, look, give);
  await tooOften(page, look);
  await page.context().close();
}

// twoTabs answers one question differently in two tabs.
async function twoTabs(page, look) {
  const second = await page.context().newPage();
  for (const tab of [page, second]) await tab.goto(at('/answer/e1'));
  await page.locator('[name=e_contact][value="0"]').check();
  await forward(page);
  await second.locator('[name=e_contact][value="1"]').check();
  await sends(second, () => forward(second), 409);
  await look(second, 'two tabs 409');
  await second.close();
}

// otherLink sends a page after another link was opened in the same browser.
async function otherLink(page, lang, look, give) {
  await page.goto(at('/answer/e1'));
  const second = await page.context().newPage();
  await enter(second, give.employer(), lang);
  await page.locator('[name=e_contact][value="98"]').check();
  await sends(page, () => forward(page), 409);
  await look(page, 'page of another link 409');
  await second.close();
}

// tooOften saves more often than a person can.
async function tooOften(page, look) {
  await page.goto(at('/answer/e9'));
  const form = Object.fromEntries(await page.$$eval('form#answers input[type=hidden]', (all) => all.map((x) => [x.name, x.value])));
  for (let status = 0, n = 0; status !== 429; n++) {
    must(n < 300, 'nobody is ever too fast');
    const all = await Promise.all(Array.from({ length: 10 }, () => page.request.post(at('/answer/e9'), {
      form: { ...form, _go: 'save' }, headers: { origin: stage.base }, maxRedirects: 0,
    })));
    status = all.at(-1).status();
  }
  await sends(page, () => forward(page), 429);
  await look(page, 'too many saves 429');
}

// chooser is at an office that chooses its employers itself; the rows of one that draws them are looked at on the way.
async function chooser(lang, look, give) {
  for (;;) {
    const page = await visitor();
    await enter(page, give.office(), lang);
    await page.goto(at('/office/selection'));
    if (!(await page.locator('details form').count())) return page;
    await page.locator('details summary').first().click();
    await look(page, 'office room, drawn rows');
    await page.context().close();
  }
}

// officeRoom proposes employers.
async function officeRoom(lang, look, give) {
  const page = await chooser(lang, look, give);
  await page.goto(at('/office'));
  await look(page, 'office room');
  await answers(page, '/office/returned', 200);
  await look(page, 'office returned invitations');
  await answers(page, '/office', 200);
  await answers(page, '/office/employer-questionnaire', 200);
  await look(page, 'office, the employers questionnaire');
  await page.goto(at('/office/selection'));
  await look(page, 'office room, selection');
  if (await page.locator('#mode-picked').count()) { // this office has not said how it selects
    await sends(page, () => page.locator('main form button.primary').click(), 422);
    await look(page, 'office room, selection error 422');
    await page.check('#mode-picked');
  }
  await page.fill('#firms', '340');
  await goes(page, () => page.locator('main form button.primary').click());
  await answers(page, '/office/tell', 200);
  await look(page, 'office room, text for employers');
  await page.goto(at('/office/nominations/new'));
  await look(page, 'nomination');
  await sends(page, () => page.locator('main form button.primary').click(), 422);
  await look(page, 'nomination error 422');
  await page.goto(at('/office/nominations/list'));
  await look(page, 'nomination list');
  await page.fill('#list', 'nonsense without an address\nMuster AG; nobody');
  await sends(page, () => page.locator('main form button.primary').click(), 422);
  await look(page, 'nomination list error 422');
  await page.goto(at('/office/nominations/list'));
  await page.fill('#list', 'name,email,language,size,branch,town\nNeue Muster AG,hr@neue-muster.example,de,10-49,C,Muri\nModèle SA,rh@modele.example,fr,250+,Q,');
  await sends(page, () => page.locator('main form button.primary').click(), 200);
  must(await page.locator('form#keep').count() === 1, 'a good list may not be kept');
  await look(page, 'nomination list good');
  await goes(page, () => page.locator('form#keep button.primary').click());
  await look(page, 'office room, list kept');
  await page.context().close();
}

// broken are the answers of a service in trouble, and of a wave that is over. They come last.
async function broken(langs, lookIn, give) {
  const guests = [];
  for (const lang of langs) {
    const link = give.employer(), page = await visitor({ script: false });
    await enter(page, link, lang);
    await page.locator('[name=e_contact][value="0"]').check();
    guests.push({ page, link, lang, look: lookIn(lang) });
  }
  await hand('lock');
  for (const { page, look } of guests) {
    await sends(page, () => forward(page), 503);
    await look(page, 'database locked 503');
  }
  await hand('unlock');
  for (const { page } of guests) {
    await page.goto(at('/answer/e1'));
    await forward(page);
  }
  for (const { page } of guests) {
    await page.goto(at('/answer/e1'));
    await page.locator('[name=e_contact][value="98"]').check();
    await forward(page);
  }
  await hand('damage');
  for (const { page, look } of guests) {
    await answers(page, '/answer/e1', 500);
    await look(page, 'damaged draft 500');
  }
  await hand('mend');
  await hand('close?population=employer');
  for (const { page, link, lang, look } of guests) {
    await answers(page, `/r/${token(link)}?lang=${lang}`, 410);
    await look(page, 'wave over 410');
  }
  await discussions(langs, lookIn, give);
}

// discussions opens when the offices are closed; staff write the protocols.
async function discussions(langs, lookIn, give) {
  const offices = [];
  for (const lang of langs) {
    const page = await visitor();
    await enter(page, give.office(), lang);
    offices.push([page, lookIn(lang)]);
  }
  await hand('close?population=office');
  for (const [page, look] of offices) {
    await answers(page, '/office', 200);
    await look(page, 'office room, closed');
    await answers(page, '/office/nominations/new', 410);
    await look(page, 'nominating over 410');
    await page.context().close();
  }
  await hand('open?population=discussion');
  for (const lang of langs) {
    const page = await visitor(), look = lookIn(lang);
    await page.goto(at(`/desk/sign-in?lang=${lang}`));
    await signIn(page);
    await answers(page, '/desk/waves/2026/discussions', 200);
    await look(page, '/desk/waves/2026/discussions');
    await goes(page, () => page.locator('form[action$="/record"] button').nth(langs.indexOf(lang)).click());
    if (!page.url().includes('/answer')) await page.goto(at('/answer'));
    await look(page, 'g1 first');
    await questionnaire(page, look, 'discussion');
    await submit(page);
    await look(page, 'discussion done');
    await page.context().close();
  }
}

// needs are the links of employers and offices that a scene uses up in each language.
const needs = {
  employer: [1, 0], office: [0, 1], unscripted: [1, 0], around: [2, 0], refusals: [2, 0], officeRoom: [0, 2], tooLarge: [1, 0], autosave: [1, 0], broken: [1, 1],
};

// giver hands out the links of one scene: the same ones in every run, however the scenes go side by side.
function giver(left, name, times = 1) {
  const [employers, offices] = (needs[name] ?? [0, 0]).map((n) => n * times);
  const own = { employer: left.employer.splice(0, employers), office: left.office.splice(0, offices), stop: name === 'stops' ? left.stop.splice(0, times) : [] };
  return Object.fromEntries(Object.keys(own).map((kind) => [kind, () => {
    must(own[kind].length > 0, `${name} has no link of ${kind} left`);
    return own[kind].shift();
  }]));
}

// all gives the tasks of every scene, in phases: what is to be seen before anybody answers, while
// everything is open, and when it breaks. LookIn gives the look for a language. Few: what is not a
// page of a questionnaire in one language only. RONDO_TEST_SCENES names some scenes only.
export async function all(langs, lookIn, few) {
  const left = { employer: await links('employer'), office: await links('office'), stop: [...stage.stops] };
  const only = process.env.RONDO_TEST_SCENES?.split(',');
  const one = few ? ['en'] : langs;
  const phase = (acts, whole = []) => Object.entries(acts).filter(([name]) => !only || only.includes(name)).flatMap(([name, act]) => {
    if (whole.includes(name)) {
      const give = giver(left, name, langs.length);
      return [[name, () => act(name === 'broken' ? langs : one, lookIn, give)]];
    }
    return (['employer', 'office'].includes(name) ? langs : one).map((lang) => {
      const give = giver(left, name);
      return [`${name} ${lang}`, () => act(lang, lookIn(lang), give)];
    });
  });
  return [
    ...phase({ journal }).map((task) => [task]), phase({ desk }),
    phase({ employer, office, unscripted, around, refusals, officeRoom, heads, early, stops, tooLarge, autosave, everyKind, preview }),
    ...phase({ authors, texts, releases, watched, broken, corrections }, ['authors', 'texts', 'releases', 'watched', 'broken', 'corrections']).map((task) => [task]),
  ];
}
