// A Worker that runs one case for each request: in its Durable Object, or on one of its D1 databases.
import { DurableObject } from 'cloudflare:workers';
import { initialize } from '../../pkg/dist/index.js';
import { d1 } from '../../pkg/dist/drivers/d1.js';
import { durableObject } from '../../pkg/dist/drivers/durable-object.js';
import wasm from '../../pkg/wasm/ambix_wasm_bg.wasm';
import { rebuild } from '../behaviours/rebuild.mjs';
import { cases } from '../behaviours/revisions.mjs';

/** What a request asks for: `rebuild` is the case itself, `revisions` the name of one. */
async function run(host, { revisions, rebuild: one }) {
  try {
    await initialize(wasm);
    await (revisions ? cases[revisions](host) : rebuild(host, one));
    return { passed: true };
  } catch (error) {
    // As a value: an exception would reset the object.
    return { passed: false, message: String(error?.stack ?? error) };
  }
}

export class Store extends DurableObject {
  run(asked) {
    const { storage } = this.ctx;
    const host = { driver: durableObject(storage), rows: async (sql) => storage.sql.exec(sql).raw().toArray() };
    return this.ctx.blockConcurrencyWhile(() => run(host, asked));
  }
}

export default {
  async fetch(request, env) {
    const { host, database, ...asked } = await request.json();
    if (host === 'Durable Object') {
      const store = env.STORE.get(env.STORE.idFromName(database));
      return Response.json(await store.run(asked));
    }
    const binding = env[database];
    return Response.json(await run({ driver: d1(binding), rows: (sql) => binding.prepare(sql).raw() }, asked));
  },
};
