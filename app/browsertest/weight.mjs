// The first page of a questionnaire weighs under 40 KB as it goes over the wire: one document, one
// stylesheet and one script, the latter two kept for ever under names with a hash. Usage: node weight.mjs STAGE
import { check, fresh, play, stage, visitor } from './stage.mjs';
import { enter } from './walk.mjs';

const bound = 40 * 1024; // bytes

async function weigh(population, first) {
  const enterer = await visitor();
  await enter(enterer, await fresh(population), 'de');
  const state = await enterer.context().storageState(); // the same person, with nothing in the cache
  await enterer.context().close();
  const page = await visitor({ storageState: state });
  const client = await page.context().newCDPSession(page), loads = new Map();
  await client.send('Network.enable');
  client.on('Network.responseReceived', ({ requestId, type, response }) => loads.set(requestId, { type, url: response.url, headers: response.headers, bytes: 0 }));
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { if (loads.has(requestId)) loads.get(requestId).bytes = encodedDataLength; });
  await page.goto(`${stage.base}/answer/${first}`);
  await page.waitForLoadState('networkidle');
  const all = [...loads.values()].filter((l) => !l.url.endsWith('.svg')), of = (type) => all.filter((l) => l.type === type);
  for (const l of loads.values()) console.log(`${String(l.bytes).padStart(7)} bytes  ${l.type.padEnd(10)} ${new URL(l.url).pathname}`);
  const sum = [...loads.values()].reduce((total, l) => total + l.bytes, 0);
  console.log(`${String(sum).padStart(7)} bytes  together, of ${bound}`);
  check(sum > 4096 && sum < bound, `the first page of ${population} weighs ${sum} bytes`);
  check(of('Document').length === 1 && of('Stylesheet').length === 1 && of('Script').length === 1 && all.length === 3,
    `it loads ${all.map((l) => `${l.type} ${l.url}`).join(', ')}`);
  for (const l of [...of('Stylesheet'), ...of('Script')]) {
    check(/-[0-9a-f]{12}\.(css|js)$/.test(l.url) && /immutable/.test(l.headers['cache-control'] ?? l.headers['Cache-Control'] ?? ''), `${l.url} is not kept for ever`);
    check(new URL(l.url).origin === stage.base, `${l.url} comes from elsewhere`);
  }
  await page.context().close();
}

await play([[['employer', () => weigh('employer', 'e1')], ['office', () => weigh('office', 'o1')]]]);
