// Largest contentful paint on a slow phone: 150 ms round trip, 1.6 Mbit/s, a processor four times
// slower, an empty cache. Prints the median of 7 loads for each page. Usage: node lcp.mjs STAGE
import { check, fresh, play, stage, visitor } from './stage.mjs';
import { enter } from './walk.mjs';

const bound = 1500; // ms

async function paint(page) {
  return page.evaluate(() => new Promise((done) => {
    new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true });
  }));
}

async function measure(name, address, state) {
  const times = [];
  for (let n = 0; n < 7; n++) {
    const page = await visitor({ viewport: { width: 360, height: 740 }, storageState: state });
    const client = await page.context().newCDPSession(page);
    await client.send('Network.enable');
    await client.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 });
    await client.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.goto(address, { waitUntil: 'load' });
    times.push(await paint(page));
    await page.context().close();
  }
  times.sort((a, b) => a - b);
  console.log(`${name.padEnd(28)} median ${Math.round(times[3])} ms, worst ${Math.round(times[6])} ms, bound ${bound} ms${times[3] < bound ? '' : '  MISSED'}`);
  check(times[3] > 0, `${name}: nothing was painted`);
}

async function all() {
  const link = await fresh('employer'), page = await visitor();
  await enter(page, link, 'de');
  const state = await page.context().storageState();
  await page.context().close();
  await measure('landing', link, undefined);
  await measure('first page (e1)', `${stage.base}/answer/e1`, state);
  await measure('matrix page (e6)', `${stage.base}/answer/e6`, state);
}

await play([[['largest contentful paint', all]]], undefined, 1);
