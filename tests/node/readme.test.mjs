// The README's first command, as a newcomer runs it. (Its second one is what runs this test.)
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const readme = await readFile(new URL('README.md', root), 'utf8');
const commands = [...readme.matchAll(/^```sh\n([^`]*)```/gm)].flatMap(([, block]) => block.trim().split('\n')).map((line) => line.replace(/ +#.*/, ''));

/** Whether nothing listens on the port. */
const is_free = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

test('the README names the two commands, and CI runs the second', async () => {
  assert.deepEqual(commands.slice(0, 2), ['cargo xtask serve', 'cargo xtask test']);
  assert.ok((await readFile(new URL('.ci/run', root), 'utf8')).includes(commands[1]));
});

test('the first one serves the page', async (t) => {
  // Somebody else's server on the port is no fault of ours: then a port of our own.
  const words = commands[0].split(' ').concat((await is_free(8080)) ? [] : ['--port', '0']);
  const child = spawn(words[0], words.slice(1), { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => process.kill(-child.pid));
  let said = '';
  const address = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
    child.stdout.on('data', (data) => {
      said += data;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+\//);
      if (found) resolve(found[0]);
    });
  });
  const answer = await fetch(address);
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /<title>Ambix/);
  const wasm = await fetch(new URL('ambix_web_bg.wasm', address));
  assert.equal(wasm.headers.get('content-type'), 'application/wasm');
});
