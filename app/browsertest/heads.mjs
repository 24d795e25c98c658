// The pages of an office whose head releases its answers, and those of the head, in the wave 2030.
import { must, stage, visitor } from './stage.mjs';
import { enter, goes, pages } from './walk.mjs';
import { at, sends } from './acts.mjs';

// headLink is what the head of an office was sent; see hand_test.go.
async function headLink(lang) {
  const answer = await fetch(`${stage.hand}/head?lang=${lang}`, { method: 'POST' }), link = await answer.text();
  must(answer.ok, link);
  return link;
}

// heads lets a clerk put answers forward, the head give them back and then release them.
export async function heads(lang, look) {
  const clerk = await visitor();
  await enter(clerk, stage.headed[lang], lang);
  await clerk.goto(at('/answer'));
  await pages(clerk, async () => {});
  await look(clerk, 'review, no head yet');
  await goes(clerk, () => clerk.locator('form#forward a.primary').click());
  await look(clerk, 'address of the head');
  await clerk.fill('#email', 'nobody');
  await sends(clerk, () => clerk.locator('form#address button').click(), 422);
  await look(clerk, 'address of the head error 422');
  await clerk.fill('#email', `head.${lang}@office.example`);
  await goes(clerk, () => clerk.locator('form#address button').click());
  await look(clerk, 'review, to be put forward');
  await goes(clerk, () => clerk.locator('form#forward button').click());
  await look(clerk, 'put forward');
  await clerk.goto(at('/office'));
  await look(clerk, 'office room, put forward');
  await clerk.fill('#head', 'nobody');
  await sends(clerk, () => clerk.locator('form#head-form button').click(), 422);
  await look(clerk, 'office room, head error 422');

  const link = await headLink(lang), head = await visitor();
  await head.goto(`${link}?lang=${lang}`);
  await look(head, 'head landing');
  await goes(head, () => head.locator('form#start button').click());
  await look(head, 'to release');
  await sends(head, () => head.locator('form#release button').click(), 422);
  await look(head, 'to release without the tick 422');
  await sends(head, () => head.locator('form#return button').click(), 422);
  await look(head, 'give back without a remark 422');
  await head.fill('#remark', 'Frage 2: bitte noch einmal prüfen.');
  await goes(head, () => head.locator('form#return button').click());
  await look(head, 'given back');
  await clerk.goto(at('/office'));
  await look(clerk, 'office room, given back');
  await clerk.goto(at('/answer/review'));
  await look(clerk, 'review with a remark');
  await goes(clerk, () => clerk.locator('form#forward button').click());
  await head.goto(at('/release'));
  await head.check('#sure');
  await goes(head, () => head.locator('form#release button').click());
  await look(head, 'released');
  await clerk.goto(at('/answer/done'));
  await look(clerk, 'done after a release');
  await head.context().close();
  await clerk.context().close();
}
