// How long a plan takes in WebAssembly, as an app calls it: from objects to ids, graph and all.
// `cargo xtask bench planning` runs it after planning.rs, which measures the same cases natively.
import { plan } from './adapter.mjs';

const ROUNDS = 31;

const id = (nth) => nth.toString(16).padStart(12, '0');
const parents = ({ down }) => (down === null ? [] : [down].flat());

const linear = (count) => Array.from({ length: count }, (_, nth) => ({ id: id(nth), down: nth ? id(nth - 1) : null }));

/** Blocks of two branches with five revisions each, and the merge of both. */
function merges(count) {
  const revisions = [];
  let last = null;
  const add = (down) => {
    const revision = { id: id(revisions.length), down };
    revisions.push(revision);
    return revision.id;
  };
  while (revisions.length < count) {
    const tips = [last, last];
    for (let step = 0; step < 5; step++) for (const side of [0, 1]) tips[side] = add(tips[side]);
    last = add(tips);
  }
  return revisions;
}

function shuffled(revisions) {
  const list = [...revisions];
  let state = 12345;
  for (let at = list.length - 1; at > 0; at--) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const other = state % (at + 1);
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}

/** Kahn's algorithm over what is to run. */
function floor({ revisions, current, target }) {
  const byId = new Map(revisions.map((revision) => [revision.id, revision]));
  const applied = new Set();
  const open = [...current];
  while (open.length) {
    const next = open.pop();
    if (applied.has(next)) continue;
    applied.add(next);
    open.push(...parents(byId.get(next)));
  }
  const wanted = (name) => applied.has(name) === (target === 'base');
  const waits = new Map();
  const children = new Map();
  const ready = [];
  for (const revision of revisions) {
    if (!wanted(revision.id)) continue;
    const needed = parents(revision).filter(wanted);
    waits.set(revision.id, needed.length);
    if (needed.length === 0) ready.push(revision.id);
    for (const parent of needed) {
      if (!children.has(parent)) children.set(parent, []);
      children.get(parent).push(revision.id);
    }
  }
  for (let at = 0; at < ready.length; at++) {
    for (const child of children.get(ready[at]) ?? []) {
      waits.set(child, waits.get(child) - 1);
      if (waits.get(child) === 0) ready.push(child);
    }
  }
  return target === 'base' ? ready.reverse() : ready;
}

/** A quick plan must also be right: each step after those that it needs, and none missing. */
function check(name, graph, steps, expected) {
  const at = new Map(steps.map((step, nth) => [step, nth]));
  if (steps.length !== expected.length || at.size !== expected.length) {
    throw new Error(`${name}: ${steps.length} steps, expected ${expected.length}`);
  }
  for (const revision of graph.revisions) {
    for (const parent of parents(revision)) {
      if (!at.has(revision.id) || !at.has(parent)) continue;
      if (at.get(parent) < at.get(revision.id) === (graph.target === 'base')) {
        throw new Error(`${name}: ${revision.id} is on the wrong side of ${parent}`);
      }
    }
  }
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

function timed(work, into) {
  const started = performance.now();
  const result = work();
  into.push(performance.now() - started);
  return result;
}

const [straight, forked] = [linear(10_000), merges(5_000)];
const up = (revisions, current = []) => ({ revisions, current, target: 'heads' });
const down = (revisions) => ({ revisions, current: [revisions.at(-1).id], target: 'base' });
const cases = [
  ['10,000 linear, up', up(straight), 10],
  ['10,000 linear, files in any order, up', up(shuffled(straight)), 10],
  ['10,000 linear, the last 10', up(straight, [id(9_989)]), 10],
  ['10,000 linear, down', down(straight), 10],
  ['5,000 with merges, up', up(forked), 20],
  ['5,000 with merges, down', down(forked), 20],
];

console.log('| in WebAssembly | together ms | × floor | target |');
console.log('|---|---|---|---|');
for (const [name, graph, limit] of cases) {
  const [ours, floors] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const steps = timed(() => plan(graph), ours);
    check(name, graph, steps, timed(() => floor(graph), floors));
  }
  const together = median(ours);
  const met = together < limit;
  if (!met) process.exitCode = 1;
  const ratio = (together / median(floors)).toFixed(1);
  console.log(`| ${name} | ${together.toFixed(2)} | ${ratio} | < ${limit} ms: ${met ? 'met' : 'MISSED'} |`);
}
