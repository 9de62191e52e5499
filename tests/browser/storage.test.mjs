// Reload, several tabs, storage that is refused or full.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADDRESS, REVISION, TUTORIAL_MODELS, Visitor, newcomer, profile, visit } from './visitor.mjs';

test('database, files and what lies open survive a reload', async (t) => {
  const visitor = await newcomer(t);
  await visitor.types(REVISION);
  await visitor.types('alembic upgrade head');
  await visitor.edits('models.py', `${TUTORIAL_MODELS}# edited\n`);
  await visitor.saved();
  await visitor.page.reload();
  await visitor.ready();
  assert.equal((await visitor.lines('alembic current')).length, 1);
  assert.deepEqual(await visitor.tables(), ['items']);
  await visitor.page.getByRole('tab', { name: 'models.py' }).click();
  assert.match(await visitor.text(), /# edited/);
  assert.deepEqual(visitor.errors, []);
});

test('what was typed just before a reload is there after it', async (t) => {
  const visitor = await newcomer(t);
  await visitor.saved();
  await visitor.edits('models.py', `${TUTORIAL_MODELS}# the last word\n`);
  await visitor.page.reload();
  await visitor.ready();
  assert.match(await visitor.text(), /# the last word/);
});

test('a second tab only reads, follows the first, and can take over', async (t) => {
  const context = await profile();
  t.after(() => context.close());
  const first = await visit(context);
  await first.types(REVISION);
  const second = await visit(context);
  await second.notice('only reads');
  assert.equal((await second.history()).length, 2);
  await first.types('alembic upgrade head');
  await second.page.getByRole('treeitem', { name: /Add Item model.*current/ }).waitFor();
  assert.match((await second.types('alembic downgrade base'))[0].text, /^Not run: this tab only reads/);
  assert.deepEqual(await first.tables(), ['items']);

  await second.button('Take over in this tab').click();
  await first.notice('taken over');
  await second.page.locator('.notice').filter({ hasText: 'only reads' }).waitFor({ state: 'detached' });
  await second.types('alembic downgrade base');
  await first.page.getByRole('treeitem', { name: /^base.*current/ }).waitFor();
  assert.match((await first.types('alembic upgrade head'))[0].text, /^Not run: this tab only reads/);
  assert.deepEqual(await second.tables(), []);
});

test('when the tab that writes is closed the other one goes on', async (t) => {
  const context = await profile();
  t.after(() => context.close());
  const first = await visit(context);
  await first.types(REVISION);
  const second = await visit(context);
  await second.notice('only reads');
  await first.page.close();
  await second.page.locator('.notice').filter({ hasText: 'only reads' }).waitFor({ state: 'detached' });
  await second.types('alembic upgrade head');
  assert.deepEqual(await second.tables(), ['items']);
});

/** Opens the page with a script that runs before it. */
async function visit_with(t, script) {
  const context = await profile();
  t.after(() => context.close());
  await context.addInitScript(script);
  const visitor = new Visitor(await context.newPage());
  await visitor.page.goto(ADDRESS);
  await visitor.ready();
  return visitor;
}

test('storage that is refused: the page works in memory and says so', async (t) => {
  const visitor = await visit_with(t, () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('not here', 'SecurityError');
    };
  });
  await visitor.notice('in memory');
  await visitor.types(REVISION);
  await visitor.types('alembic upgrade head');
  assert.deepEqual(await visitor.tables(), ['items']);
  assert.ok((await visitor.exports()).bytes.length > 0);
});

test('storage that is full: the page goes on in memory and says so', async (t) => {
  const visitor = await visit_with(t, () => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...args) {
      if (globalThis.full) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      return put.apply(this, args);
    };
  });
  await visitor.types(REVISION);
  await visitor.saved();
  await visitor.page.evaluate(() => (globalThis.full = true));
  await visitor.types('alembic upgrade head');
  await visitor.notice('in memory');
  assert.deepEqual(await visitor.tables(), ['items']);
});

test('starting over asks first', async (t) => {
  const visitor = await newcomer(t);
  await visitor.types(REVISION);
  await visitor.types('alembic upgrade head');
  await visitor.button('Start over…').first().click();
  const dialog = visitor.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.deepEqual(await visitor.tables(), ['items']);
  await visitor.button('Start over…').first().click();
  await dialog.getByRole('button', { name: 'Start over' }).click();
  assert.deepEqual(await visitor.tables(), []);
  assert.equal((await visitor.history()).length, 0);
  assert.equal(await visitor.text(), TUTORIAL_MODELS);
  await visitor.saved();
  await visitor.page.reload();
  await visitor.ready();
  assert.deepEqual(await visitor.tables(), []);
});
