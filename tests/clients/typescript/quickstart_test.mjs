/* The quick start of the README, run as it stands: only the address and the package's name are those
 * of the test. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { clientPath, Collector, Host } from './host.mjs';

function quickStart(host) {
  const readme = readFileSync(process.env.JUNMAI_README, 'utf8');
  const [, code] = /## Quick start\n\n```js\n(.*?)```/s.exec(readme);
  return code
    .replace("'junmai-client'", JSON.stringify(pathToFileURL(clientPath).href))
    .replace('http://localhost:5100', host.url);
}

test('the quick start prints what happens', async (t) => {
  const host = await Host.start(t);
  const folder = mkdtempSync(join(tmpdir(), 'junmai-test-'));
  const script = join(folder, 'quickstart.mjs');
  writeFileSync(script, quickStart(host));
  const program = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => {
    program.kill();
    rmSync(folder, { recursive: true });
  });
  const lines = new Collector();
  createInterface({ input: program.stdout }).on('line', lines.add);

  // It prints nothing when it is subscribed: an event is sent until one arrives.
  const message = { type: 'photo_imported', file_name: 'IMG_1.CR3' };
  while (lines.items.length === 0) {
    await host.post('/api/websocket/broadcast', { message, channel: 'photos' });
  }
  await host.post('/api/websocket/broadcast', {
    message: { type: 'job_progress', job_id: 'j', progress: 50 }, channel: 'jobs',
  });
  await lines.until('progress', (items) => items.includes('j 50'));
  assert.equal(lines.items[0], 'new photo IMG_1.CR3');
});
