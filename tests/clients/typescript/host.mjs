/* A real junmaid for the tests of the TypeScript client, and what waits for events without sleeping.
 * The programs are named by the environment; see ../CMakeLists.txt. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const PATIENCE_MS = 60000;
const SKIPPED = 77;

const environment = (name) => {
  if (!process.env[name]) {
    throw new Error(`${name} is not set: run this test through ctest`);
  }
  return process.env[name];
};

export const clientPath = environment('JUNMAI_CLIENT');
export const { JunmaiClient } = await import(pathToFileURL(clientPath));

/** The package ws, which Debian calls node-ws. */
export const ws = (() => {
  try {
    return createRequire(import.meta.url)('ws');
  } catch {
    console.log('SKIPPED: the package ws is missing (Debian: node-ws)');
    return process.exit(SKIPPED);
  }
})();

export class Host {
  /** For one test. `limits`: of the configuration. `args`: more of the command line. */
  static async start(t, { limits, args = [] } = {}) {
    const host = new Host();
    t.after(() => host.#remove());
    host.folder = mkdtempSync(join(tmpdir(), 'junmai-test-'));
    const config = join(host.folder, 'junmai.json');
    writeFileSync(config, JSON.stringify(limits ? { limits } : {}));
    host.args = ['--config', config, ...args];
    host.port = 0;
    await host.restart();
    return host;
  }

  /** On the port that it had. */
  async restart() {
    this.process = spawn(environment('JUNMAI_HOST'), [
      '--data', join(this.folder, 'data'), '--port', String(this.port), ...this.args,
    ], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
    const lines = createInterface({ input: this.process.stdout });
    const line = await deadline('the host to listen', Promise.race([
      new Promise((resolve) => lines.once('line', resolve)),
      this.ended.then((code) => Promise.reject(new Error(`junmaid ended with ${code}`))),
    ]));
    this.port = Number(/127\.0\.0\.1:(\d+)/.exec(line)[1]);
    this.url = `http://127.0.0.1:${this.port}`;
  }

  async kill(signal = 'SIGKILL') {
    this.process.kill(signal);
    await deadline('the host to end', this.ended);
  }

  /** The next start is a new life. */
  forget() {
    rmSync(join(this.folder, 'data'), { recursive: true });
  }

  async #remove() {
    await this.kill();
    rmSync(this.folder, { recursive: true });
  }

  async post(path, document) {
    const response = await fetch(this.url + path, {
      method: 'POST', body: JSON.stringify(document),
      headers: { 'content-type': 'application/json' },
    });
    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    }
  }

  async get(path) {
    return (await fetch(this.url + path)).text();
  }
}

/** The result of a promise, or an error that says what did not come in time. */
export async function deadline(what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited for ${what} in vain`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Collects what handlers are given, and wakes who waits for it. */
export class Collector {
  items = [];
  #waiting = [];

  add = (item) => {
    this.items.push(item);
    this.#waiting = this.#waiting.filter(({ test, resolve }) => {
      const done = test(this.items);
      if (done) {
        resolve(this.items);
      }
      return !done;
    });
  };

  until(what, test) {
    return deadline(what, new Promise((resolve) => {
      if (test(this.items)) {
        resolve(this.items);
      } else {
        this.#waiting.push({ test, resolve });
      }
    }));
  }

  count(number) {
    return this.until(`${number} items`, (items) => items.length >= number);
  }
}

/** A client, for one test, that comes back quickly; with all that it tells. */
export function listen(t, url, options = {}) {
  const client = new JunmaiClient(url, { retry: { firstMs: 20, mostMs: 200 }, ...options });
  t.after(() => client.close());
  const told = { client };
  for (const [name, on] of Object.entries({ lost: 'onLost', errors: 'onError', states: 'onState' })) {
    told[name] = new Collector();
    client[on](told[name].add);
  }
  told.events = new Collector();
  client.onEvent('*', told.events.add);
  return told;
}

export const overSocket = { WebSocket: ws.WebSocket ?? ws };
export const overStream = { transport: 'sse' };
