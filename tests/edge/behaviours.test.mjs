// The same cases as on sql.js (tests/node/behaviours.test.mjs), in Cloudflare's own runtime: a Durable Object with
// SQLite, and D1. Nothing leaves this machine.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { Miniflare } from 'miniflare';
import { cases } from '../behaviours/revisions.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rebuilds = JSON.parse(await readFile(`${root}tests/recorded/rebuild_cases.json`, 'utf8'));
const asked = [
  ...Object.keys(cases).map((name) => ({ name, asks: { revisions: name } })),
  ...rebuilds.map((one) => ({ name: `rebuild: ${one.name}`, asks: { rebuild: one } })),
];
/** The binding of each case: none sees what another one left. */
const database = (at) => `DB${at}`;

/** The Worker and everything that it imports, as workerd wants it: in a list, the entrance first. */
async function modules() {
  const below = async (folder, end) => (await readdir(root + folder, { recursive: true })).filter((name) => name.endsWith(end)).map((name) => `${folder}/${name}`);
  const scripts = [
    'tests/edge/worker.mjs',
    ...(await below('tests/behaviours', '.mjs')),
    ...(await below('pkg/dist', '.js')),
    ...(await below('pkg/wasm', '.js')),
  ];
  return [
    ...scripts.map((path) => ({ type: 'ESModule', path: root + path })),
    { type: 'CompiledWasm', path: `${root}pkg/wasm/ambix_wasm_bg.wasm` },
  ];
}

let miniflare;
before(async () => {
  miniflare = new Miniflare({
    modules: await modules(),
    modulesRoot: root,
    compatibilityDate: '2026-07-01',
    durableObjects: { STORE: { className: 'Store', useSQLite: true } },
    d1Databases: asked.map((_, at) => database(at)),
    host: '127.0.0.1',
    port: 0,
    cf: false,
  });
  await miniflare.ready;
});
after(() => miniflare?.dispose());

for (const host of ['Durable Object', 'D1']) {
  describe(host, () => {
    for (const [at, { name, asks }] of asked.entries()) {
      test(name, async () => {
        const body = JSON.stringify({ host, database: database(at), ...asks });
        const answer = await miniflare.dispatchFetch('http://127.0.0.1/', { method: 'POST', body });
        const { passed, message } = await answer.json();
        assert.ok(passed, message);
      });
    }
  });
}
