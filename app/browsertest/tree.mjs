// A-21, A-22: what Chromium tells assistive technology about each kind of question, empty and in
// error, is what somebody has approved (testdata/tree/*.txt: role, name, description, state, with
// the groups as indents). Written anew by: go test -tags browser ./app/browsertest -run Tree -update
// Usage: node tree.mjs STAGE
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { check, fresh, must, play, stage, visitor } from './stage.mjs';
import { kinds, opened, put, to } from './kinds.mjs';
import { enter, forward } from './walk.mjs';

const silent = new Set(['none', 'generic', 'InlineTextBox', 'ListMarker', 'LineBreak', 'LabelText', 'MenuListPopup', 'paragraph', 'Legend']);
const states = ['invalid', 'checked', 'selected', 'expanded', 'required', 'disabled', 'readonly', 'multiline', 'hasPopup', 'autocomplete'];

// tree gives the lines of an element of the page.
export async function tree(page, selector) {
  const client = await page.context().newCDPSession(page);
  await client.send('Accessibility.enable');
  const { root } = await client.send('DOM.getDocument');
  const { nodeId } = await client.send('DOM.querySelector', { nodeId: root.nodeId, selector });
  must(nodeId, `there is no ${selector} on ${page.url()}`);
  const { node } = await client.send('DOM.describeNode', { nodeId });
  const { nodes } = await client.send('Accessibility.getFullAXTree');
  const byId = new Map(nodes.map((n) => [n.nodeId, n]));
  const lines = [];
  write(nodes.find((n) => n.backendDOMNodeId === node.backendNodeId), 0, byId, lines);
  await client.detach();
  return lines;
}

function write(node, depth, byId, lines) {
  const role = node.role?.value, name = (node.name?.value ?? '').replace(/\s+/g, ' ').trim();
  const shown = !node.ignored && !silent.has(role) && !(role === 'StaticText' && name === '');
  if (shown) lines.push('  '.repeat(depth) + line(node, role, name));
  if (role === 'StaticText' || role === 'LabelText') return; // a label's words are the name of its control
  for (const id of node.childIds) if (byId.has(id)) write(byId.get(id), depth + (shown ? 1 : 0), byId, lines);
}

function line(node, role, name) {
  let text = `${role} “${name}”`;
  if (node.description?.value) text += ` described “${node.description.value.replace(/\s+/g, ' ').trim()}”`;
  if (node.value?.value !== undefined && role !== 'StaticText' && node.value.value !== '') text += ` value “${node.value.value}”`;
  const told = (node.properties ?? []).filter((p) => states.includes(p.name) && ![false, 'false', 'none', ''].includes(p.value.value));
  for (const p of told) text += ` ${p.name}${p.value.value === true || p.value.value === 'true' ? '' : `=${p.value.value}`}`;
  return text;
}

// approved compares with the file, or writes it.
async function approved(page, selector, file) {
  const found = (await tree(page, selector)).join('\n') + '\n', path = `testdata/tree/${file}.txt`;
  must(found.length > 20, `${file}: the tree is empty`);
  if (stage.update) return writeFileSync(path, found);
  check(existsSync(path), `${path} is missing; -update writes it`);
  const want = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return check(found === want, `${path} differs. Found:\n${found}`);
}

async function kind(name) {
  const page = await opened('en'), question = name === 'check' ? '#q-k_some' : `#q-k_${name}`;
  await to(page, name);
  await approved(page, question, name);
  if (name === 'check') await put(page, { k_all: '5', k_some: '7' });
  if (name === 'texts') await put(page, { 'k_texts.beta': 'x'.repeat(201) });
  await forward(page);
  await approved(page, '#errors', `${name}-summary`);
  await approved(page, question, `${name}-error`);
  if (name === 'matrix') await matrix(page);
  if (name === 'list') await listOpen(page);
  await page.context().close();
}

// matrix: at every width each radio button says its own point of the scale, in a group with the
// statement as its name.
async function matrix(page) {
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 });
    const lines = await tree(page, '#q-k_matrix');
    const rows = lines.flatMap((l, i) => (/^\s*group “(Speed|Clarity|Being reachable)”/.test(l) ? [i] : []));
    check(rows.length === 3, `at ${width} px the matrix has ${rows.length} named groups:\n${lines.join('\n')}`);
    for (const i of rows) {
      const points = lines.slice(i + 1).filter((l) => /^\s*radio/.test(l)).slice(0, 5).map((l) => l.match(/“(.*?)”/)[1]);
      check(points.join() === "not at all satisfied,rather not satisfied,rather satisfied,very satisfied,don't know", `at ${width} px a row offers ${points}`);
    }
  }
}

// listOpen shows the suggestions of a long list.
async function listOpen(page) {
  const box = page.getByRole('combobox');
  await box.pressSequentially('bas');
  await box.press('ArrowDown');
  await approved(page, '#q-k_list', 'list-open');
}

async function prefilled() {
  const page = await visitor();
  await enter(page, await fresh('office'), 'en');
  await page.goto(`${stage.base}/answer/o1`);
  await approved(page, '#q-o_canton', 'prefilled');
  await page.context().close();
}

await play([[...kinds.map((name) => [`tree of ${name}`, () => kind(name)]), ['tree of prefilled', prefilled]]]);
