// Opens the preview of the questionnaire that has every kind of question, a kind on each page.
import { must, stage, visitor } from './stage.mjs';
import { goes } from './walk.mjs';

export const kinds = ['single', 'list', 'multi', 'matrix', 'integer', 'decimal', 'numbers', 'atleast', 'short', 'long', 'texts', 'ranking', 'order',
  'yesno', 'date', 'check'];

// opened gives a browser of somebody who has just begun.
export async function opened(lang, options = {}) {
  const page = await visitor({ ...options });
  await page.context().addCookies([{ name: 'rondo-order', value: '0', url: stage.kinds }]);
  await page.goto(`${stage.kinds}/`);
  await goes(page, () => page.locator('form[action="/preview/start"] button').click());
  await page.goto(`${page.url().split('?')[0]}?lang=${lang}`);
  await goes(page, () => page.locator('form#start button').click());
  must(page.url().includes('/answer/'), `the preview begins at ${page.url()}`);
  return page;
}

export const to = (page, kind) => page.goto(`${stage.kinds}/answer/${kind}`);

// put writes into fields by name: a text, or for radio buttons, boxes and lists the values to choose.
export async function put(page, fields) {
  await page.evaluate((all) => {
    const form = document.querySelector('form#answers');
    const tell = (x) => { for (const kind of ['input', 'change']) x.dispatchEvent(new Event(kind, { bubbles: true })); };
    for (const [name, value] of Object.entries(all)) {
      const controls = [...form.elements].filter((x) => x.name === name);
      if (controls.length === 0) throw new Error(`no field ${name}`);
      for (const x of controls) {
        if (x.type === 'radio' || x.type === 'checkbox') x.checked = [value].flat().includes(x.value);
        else x.value = value;
        tell(x);
      }
    }
  }, fields);
}

// held is what the fields of the form hold, but for the hidden ones.
export const held = (page) => page.$$eval('form#answers input:not([type=hidden]), form#answers select, form#answers textarea', (all) => all
  .filter((x) => x.name && (x.checked || !['radio', 'checkbox'].includes(x.type)) && x.value !== '')
  .map((x) => `${x.name}=${x.value.replaceAll('\r\n', '\n')}`).sort().join('\n'));
