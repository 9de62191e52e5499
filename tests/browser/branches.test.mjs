// Branches, labels and merges, typed on the page; and what no other test types there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newcomer } from './visitor.mjs';

test('a fork with a label, both heads applied, joined again', async (t) => {
  const visitor = await newcomer(t);
  const make = (line) => visitor.types(`alembic revision ${line}`);
  await make('-m start --rev-id aa01');
  await make('-m left --rev-id bb01 --branch-label left');
  await make('-m right --rev-id cc01 --head aa01 --splice --branch-label right');
  assert.deepEqual(await visitor.lines('alembic heads'), ['bb01 (left) (head)', 'cc01 (right) (head)']);
  assert.match(await visitor.fails('alembic upgrade head'), /Multiple head revisions are present/);
  await visitor.types('alembic upgrade heads');
  await visitor.types('alembic downgrade right@-1');
  assert.deepEqual(await visitor.lines('alembic current'), ['bb01 (head)']);
  await visitor.types('alembic merge heads -m join --rev-id dd01');
  assert.deepEqual(await visitor.lines('alembic history --graph'), [
    '○    dd01 (left, right) (head), join',
    '├─╮',
    '○ │  bb01 (left), left',
    '│ ○  cc01 (right), right',
    '├─╯',
    '○    aa01, start',
  ]);
  await visitor.types('alembic upgrade head');
  assert.deepEqual(await visitor.lines('alembic current'), ['dd01 (head) (mergepoint)']);
  assert.equal((await visitor.history()).length, 5, "four revisions and the base");
  assert.deepEqual(visitor.errors, []);
});

test('what would run, and whether every revision can be taken back', async (t) => {
  const visitor = await newcomer(t);
  await visitor.types('alembic revision --autogenerate -m "Add Item model" --rev-id aa01');
  const plan = (await visitor.lines('alembic plan head')).join('\n');
  assert.match(plan, /^-- upgrade {2}-> aa01, Add Item model\nCREATE TABLE items/);
  assert.deepEqual(await visitor.lines('alembic verify'), ['aa01 ok, Add Item model']);
  assert.deepEqual(await visitor.tables(), [], 'verify leaves the database alone');
  const script = (await visitor.lines('alembic upgrade head --sql')).join('\n');
  assert.match(script, /INSERT INTO alembic_version \(version_num\) VALUES \('aa01'\)/);
  assert.match(await visitor.fails('alembic upgrade aa01:head'), /Range revision not allowed/);
  assert.deepEqual(visitor.errors, []);
});
