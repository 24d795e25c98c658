// whole questionnaires from the link to the receipt, by keyboard alone: Tab, Shift-Tab,
// arrows, Space and Enter, and characters where something is to be typed. In each language.
// Usage: node keyboard.mjs STAGE
import { fresh, languages, must, play, visitor } from './stage.mjs';
import { place, state } from './walk.mjs';

// focused describes what has the focus. It runs in the page.
function focused() {
  const x = document.activeElement, question = x.closest('.question');
  const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(x.name ?? '')}"]`)];
  return {
    tag: x.tagName, type: x.type ?? '', name: x.name ?? '', value: x.value ?? '', role: x.getAttribute('role') ?? '', mode: x.inputMode,
    checked: x.checked ?? false, answered: group.some((r) => r.checked), href: x.getAttribute('href') ?? '', form: x.form?.id ?? '',
    kind: question?.className.match(/kind-(\w+)/)?.[1] ?? '', text: x.textContent.trim().slice(0, 60),
    of: question ? [...question.querySelectorAll('select,input')].indexOf(x) : -1, fields: question?.querySelectorAll('input').length ?? 0,
  };
}

// answer gives the control in focus an answer.
async function answer(page, at) {
  const keys = page.keyboard;
  switch (true) {
    case at.type === 'radio' && !at.answered:
      await keys.press('Space');
      await keys.press('ArrowDown'); // moves the choice, as in any list of radio buttons
      return keys.press('ArrowUp');
    case at.type === 'checkbox' && !at.checked && !['none', '98', 'other'].includes(at.value):
      return keys.press('Space');
    case at.role === 'combobox' && at.value === '':
      await keys.press('ArrowDown');
      await keys.press('ArrowDown');
      return keys.press('Enter');
    case at.tag === 'SELECT' && at.kind === 'ranking' && at.value === '' && at.of < 3:
      for (let i = 0; i <= at.of; i++) await keys.press('ArrowDown');
      return undefined;
    case at.kind === 'numbers' && at.value === '':
      return keys.type(at.of === 0 ? '40' : '30');
    case (at.mode === 'numeric' || at.mode === 'decimal') && at.value === '':
      return keys.type('20');
    case at.tag === 'TEXTAREA' && at.value === '':
      return keys.type('Kurz und klar.');
  }
  return undefined;
}

// tabTo goes on with Tab until a stop fits; each stop on the way is visited. There and back again
// with Shift-Tab shows that nothing holds the focus.
async function tabTo(page, fits, visit = async () => {}) {
  for (let n = 0; n < 400; n++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(focused);
    if (fits(at)) return at;
    if (at.tag !== 'BODY') await visit(at);
  }
  throw new Error(`Tab never comes to what is looked for on ${page.url()}`);
}

// press sends the form and waits for the next page.
async function press(page, key) {
  await Promise.all([page.waitForEvent('load'), page.keyboard.press(key)]);
}

async function answerPage(page, n) {
  const goOn = (at) => at.tag === 'BUTTON' && at.form === 'answers' && at.value === 'continue';
  await tabTo(page, goOn, async (at) => {
    if (at.form === 'answers' && at.tag !== 'BUTTON') await answer(page, at);
  });
  await page.keyboard.press('Shift+Tab');
  const back = await page.evaluate(focused);
  must(back.value !== 'continue' && back.form === 'answers', `Shift-Tab leads from Continue to ${JSON.stringify(back)}`);
  // Enter in a field of one line sends the page as Continue does; elsewhere the button is pressed.
  const sends = back.tag === 'INPUT' && back.role !== 'combobox' && n % 2 === 0;
  if (!sends) await page.keyboard.press('Tab');
  await press(page, n % 3 === 0 && !sends ? 'Space' : 'Enter');
}

async function whole(population, lang) {
  const page = await visitor();
  await page.goto(`${await fresh(population)}?lang=${lang}`);
  await tabTo(page, (at) => at.form === 'start');
  await press(page, 'Enter');
  if (population === 'office') {
    await tabTo(page, (at) => at.href === '/answer');
    await press(page, 'Enter');
  }
  for (let n = 0; place(page) !== 'review'; n++) {
    must(n < 30, `the questionnaire does not end: ${page.url()}`);
    const here = page.url();
    await answerPage(page, n);
    const errors = await page.locator('#errors').allInnerTexts();
    must(errors.length === 0, `${here} has problems after everything was answered: ${errors}`);
  }
  await tabTo(page, (at) => at.tag === 'BUTTON' && at.form === 'submit');
  await press(page, 'Enter');
  must((await state(page)) === 'done', `the keyboard walk ends at ${page.url()}`);
  must((await page.getAttribute('html', 'lang')) === lang, `the receipt is not in ${lang}`);
  await page.context().close();
}

// escape is harmless: it sends nothing, and takes no answer away.
async function escape() {
  const page = await visitor();
  await page.goto(`${await fresh('employer')}?lang=en`);
  await tabTo(page, (at) => at.form === 'start');
  await press(page, 'Enter');
  await tabTo(page, (at) => at.type === 'radio');
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  must(place(page) === 'e1' && (await page.locator('[name=e_contact]:checked').count()) === 1, 'Escape takes an answer away');
  await page.context().close();
}

const walks = ['employer', 'office'].flatMap((p) => languages.map((lang) => [`keyboard ${p} ${lang}`, () => whole(p, lang)]));
await play([[...walks, ['escape', escape]]]);
