// What the page is for everybody: readable, reachable by keyboard, and there before the engine is.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { ADDRESS, REVISION, Visitor, newcomer, profile, visit } from './visitor.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A revision that makes a table anew and destroys another, after one that makes it. */
const ANEW = [
  { upgrade: 'op.execute("CREATE TABLE old AS SELECT 1 AS a")' },
  { upgrade: "with op.batch_alter_table('items') as batch:\n    batch.alter_column('title', type_=sa.Text())\nop.drop_table('old')" },
];

/** What axe finds, each as one line. */
async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}`));
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing, ${colorScheme}`, async (t) => {
    const visitor = await newcomer(t, { colorScheme });
    assert.deepEqual(await violations(visitor.page), [], 'first visit');
    await visitor.types(REVISION);
    await visitor.types('alembic upgrade head');
    for (const [at, bodies] of ANEW.entries()) {
      await visitor.revises(`aa0${at}`, bodies);
      await visitor.types('alembic upgrade head');
    }
    await visitor.fails('alembic upgrade zzz');
    await visitor.page.getByRole('treeitem').first().click();
    for (const view of ['Schema', 'Data', 'SQL']) {
      await visitor.look(view);
      assert.deepEqual(await violations(visitor.page), [], view);
    }
    assert.equal(await (await visitor.run()).locator('.rebuild').count(), 1);
    assert.match(await (await visitor.run()).innerText(), /destroyed: table old \(1 row\)/);
    await visitor.button('New revision…').click();
    assert.deepEqual(await violations(visitor.page), [], 'a dialog');
  });
}

for (const width of [360, 768, 1024, 1400]) {
  test(`no horizontal scroll at ${width} px`, async (t) => {
    const visitor = await newcomer(t, { viewport: { width, height: 740 } });
    await visitor.page.keyboard.press('Control+`');
    await visitor.types(REVISION);
    await visitor.types('alembic upgrade head');
    const excess = () => visitor.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(await excess(), 0);
    const bar = visitor.page.getByRole('navigation').getByRole('button');
    for (let n = 0; width < 760 && n < (await bar.count()); n++) {
      await bar.nth(n).click();
      assert.equal(await excess(), 0, await bar.nth(n).innerText());
    }
    if (width === 360) assert.deepEqual(await violations(visitor.page), []);
  });
}

test('the tutorial by keyboard alone', async (t) => {
  const visitor = await newcomer(t);
  const { keyboard } = visitor.page;
  await keyboard.press('Control+`');
  await keyboard.type('alem');
  await keyboard.press('Tab');
  await keyboard.type('revision --auto');
  await keyboard.press('Tab');
  await keyboard.type('-m "Add Item model"');
  await keyboard.press('Enter');
  await visitor.answer(REVISION);
  await keyboard.press('Control+`');
  await keyboard.press('Control+Enter');
  await visitor.answer('alembic upgrade head');
  await keyboard.press('Control+`');
  await keyboard.press('ArrowUp');
  await keyboard.press('ArrowUp');
  assert.equal(await visitor.prompt.inputValue(), REVISION);
  await keyboard.press('ArrowDown');
  assert.equal(await visitor.prompt.inputValue(), 'alembic upgrade head');
  await visitor.prompt.fill('');
  // To the graph, and from the selected revision to its script.
  await keyboard.press('F6');
  await keyboard.press('Enter');
  assert.match(await visitor.text(), /Add Item model/);
  assert.deepEqual(visitor.errors, []);
});

test('Tab indents in the editor, and Escape then Tab leaves it', async (t) => {
  const visitor = await newcomer(t);
  const editor = visitor.page.getByRole('textbox', { name: 'Text of models.py' });
  await editor.fill('');
  await editor.press('Tab');
  assert.equal(await editor.inputValue(), '    ');
  await editor.press('Escape');
  await editor.press('Tab');
  assert.equal(await editor.evaluate((field) => document.activeElement === field), false);
});

test('Tab and Shift+Tab move every selected line, and one undo takes it back', async (t) => {
  const visitor = await newcomer(t);
  const editor = visitor.page.getByRole('textbox', { name: 'Text of models.py' });
  await editor.fill('one\ntwo\n');
  await editor.press('Control+a');
  await editor.press('Tab');
  assert.equal(await editor.inputValue(), '    one\n    two\n');
  await editor.press('Shift+Tab');
  assert.equal(await editor.inputValue(), 'one\ntwo\n');
  await editor.press('Control+z');
  assert.equal(await editor.inputValue(), '    one\n    two\n');
});

test('on a narrow screen an error shows the terminal', async (t) => {
  const visitor = await newcomer(t, { viewport: { width: 360, height: 740 } });
  const bar = visitor.page.getByRole('navigation');
  await bar.getByRole('button', { name: 'Terminal' }).click();
  await visitor.types('alembic revision -m broken');
  await bar.getByRole('button', { name: 'Editor' }).click();
  const editor = visitor.page.getByRole('textbox', { name: /^Text of versions/ });
  await editor.fill((await editor.inputValue()).replace('    pass\n', '    op.execute("boom")\n'));
  await bar.getByRole('button', { name: 'Graph' }).click();
  await visitor.button('Upgrade to head').click();
  await visitor.page.locator('[data-entry="error"]').waitFor();
  assert.match(await visitor.page.locator('[data-entry="error"]').innerText(), /boom/);
});

test('the shell is painted before any wasm has arrived', async (t) => {
  const context = await profile();
  t.after(() => context.close());
  const page = await context.newPage();
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(ADDRESS, { waitUntil: 'commit' });
  await page.getByRole('heading', { name: 'Ambix' }).waitFor();
  assert.match(await page.locator('body').innerText(), /loading/i);
  release();
  await new Visitor(page).ready();
});

test('an engine that does not arrive is said, with a way to try again', async (t) => {
  const context = await profile();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.route('**/sql-wasm-browser.wasm', (route) => route.abort());
  await page.goto(ADDRESS);
  await page.getByRole('alert').first().waitFor();
  await page.unroute('**/sql-wasm-browser.wasm');
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await new Visitor(page).ready();
});

test('nothing is loaded from anywhere else', async (t) => {
  const context = await profile();
  t.after(() => context.close());
  const page = await context.newPage();
  const foreign = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(ADDRESS) && !request.url().startsWith('data:') && !request.url().startsWith('blob:')) foreign.push(request.url());
  });
  await page.goto(ADDRESS);
  await new Visitor(page).ready();
  assert.deepEqual(foreign, []);
});

test('the site works from any path of a static host', async (t) => {
  const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm' };
  const host = createServer(async (request, response) => {
    const path = request.url.replace(/^\/some\/where\//, '') || 'index.html';
    const bytes = await readFile(new URL(`../../dist/${path}`, import.meta.url)).catch(() => null);
    response.writeHead(bytes ? 200 : 404, { 'content-type': types[path.split('.').pop()] ?? 'text/plain' });
    response.end(bytes);
  });
  await new Promise((resolve) => host.listen(0, '127.0.0.1', resolve));
  const context = await profile();
  t.after(async () => {
    await context.close();
    host.close();
  });
  const visitor = await visit(context, `http://127.0.0.1:${host.address().port}/some/where/`);
  await visitor.types(REVISION);
  await visitor.types('alembic upgrade head');
  assert.deepEqual(await visitor.tables(), ['items']);
  assert.deepEqual(visitor.errors, []);
});
