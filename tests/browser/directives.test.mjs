// Scripts edited on the page: every kind of directive works there, up and down, and the panes show what it did.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import initSqlJs from 'sql.js';
import { newcomer } from './visitor.mjs';

const SQL = await initSqlJs();

/**
 * A database with much that must not be lost where a table is made anew. It is made anew for every change of which
 * SQLite's own ALTER TABLE could lose the comment.
 */
const BOOKSHOP = `
CREATE TABLE author (id INTEGER PRIMARY KEY, name VARCHAR(50));
CREATE TABLE book (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title VARCHAR(50) COLLATE NOCASE, -- as on the cover
    price TEXT,
    author_id INTEGER REFERENCES author (id) ON DELETE CASCADE,
    draft BOOLEAN,
    CHECK (title <> ''),
    UNIQUE (title)
);
CREATE INDEX ix_book_newest ON book (id DESC) WHERE price IS NOT NULL;
CREATE VIEW cheap AS SELECT title FROM book WHERE price + 0 < 20;
CREATE TRIGGER no_free_book BEFORE INSERT ON book WHEN new.price = 0 BEGIN SELECT RAISE(ABORT, 'free'); END;
INSERT INTO author VALUES (1, 'Ada'), (2, 'Grace');
INSERT INTO book VALUES (1, 'Notes', '12', 1, NULL), (7, 'Compilers', '30', 2, 1);
`;

/** The lines of a batch on `book`. */
const batch = (line, how = '') => `with op.batch_alter_table('book'${how}) as batch:\n    batch.${line}`;

/**
 * One directive each, one after the other on the same database. The schema pane has `brings` afterwards, and no
 * longer `takes`. `asked` is a question to the database, what it answers before and after, and once more before
 * where a downgrade does not bring all back. `anew` is the table that is made anew for it.
 */
const DIRECTIVES = [
  {
    id: 'type',
    upgrade: batch("alter_column('price', type_=sa.Integer(), existing_type=sa.Text())"),
    downgrade: batch("alter_column('price', type_=sa.Text(), existing_type=sa.Integer())"),
    anew: 'book',
    brings: /price\s+INTEGER/,
    takes: /price\s+TEXT/,
    asked: ['SELECT typeof(price), price FROM book', 'text,12;text,30', 'integer,12;integer,30'],
  },
  {
    id: 'nullable',
    upgrade: batch("alter_column('title', nullable=False)"),
    downgrade: batch("alter_column('title', nullable=True)"),
    anew: 'book',
    brings: /title\s+VARCHAR\(50\)\s+NOT NULL/,
    asked: ['SELECT "notnull" FROM pragma_table_info(\'book\')', '0;0;0;0;0', '0;1;0;0;0'],
  },
  {
    id: 'naming_convention',
    upgrade: batch("drop_constraint('uq_book_title', type_='unique')", ", naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s'}"),
    downgrade: batch("create_unique_constraint('uq_book_title', ['title'])"),
    anew: 'book',
    takes: /unique\s+\(title\)/,
    asked: ["SELECT count(*) FROM pragma_index_list('book') WHERE origin = 'u'", '1', '0'],
  },
  {
    id: 'insert_after',
    upgrade: batch("add_column(sa.Column('pages', sa.Integer(), server_default='0', nullable=False), insert_after='title')", ", recreate='always'"),
    downgrade: batch("drop_column('pages')"),
    anew: 'book',
    brings: /title\s.*\s*pages\s+INTEGER\s+NOT NULL\s*DEFAULT '0'/,
    asked: ['SELECT * FROM book', '1,Notes,12,1,;7,Compilers,30,2,1', '1,Notes,0,12,1,;7,Compilers,0,30,2,1'],
  },
  {
    id: 'check',
    upgrade: "op.create_check_constraint('ck_book_price', 'book', 'price > 0')",
    downgrade: "op.drop_constraint('ck_book_price', 'book', type_='check')",
    anew: 'book',
    brings: /check\s+price > 0/,
    asked: ["SELECT sql LIKE '%CONSTRAINT ck_book_price CHECK (price > 0)%' FROM sqlite_schema WHERE name = 'book'", '0', '1'],
  },
  {
    id: 'rename_table',
    upgrade: "op.rename_table('author', 'writer')",
    downgrade: "op.rename_table('writer', 'author')",
    brings: /foreign key\s+\(author_id\) → writer \(id\)/,
    takes: /foreign key\s+\(author_id\) → author \(id\)/,
    asked: ['SELECT "table" FROM pragma_foreign_key_list(\'book\')', 'author', 'writer'],
  },
  {
    id: 'rename_column',
    upgrade: "op.alter_column('book', 'title', new_column_name='label')",
    downgrade: "op.alter_column('book', 'label', new_column_name='title')",
    brings: /label\s+VARCHAR\(50\)/,
    takes: /title\s+VARCHAR\(50\)/,
    asked: ["SELECT group_concat(name) FROM pragma_table_info('book')", 'id,title,pages,price,author_id,draft', 'id,label,pages,price,author_id,draft'],
  },
  {
    id: 'if_exists',
    upgrade: "op.drop_column('book', 'draft', if_exists=True)\nop.drop_column('book', 'nothing', if_exists=True)",
    downgrade: "op.add_column('book', sa.Column('draft', sa.Boolean()))",
    takes: /draft\s+BOOLEAN/,
    asked: ['SELECT * FROM book', '1,Notes,0,12,1,;7,Compilers,0,30,2,1', '1,Notes,0,12,1;7,Compilers,0,30,2', '1,Notes,0,12,1,;7,Compilers,0,30,2,'],
  },
  {
    id: 'expression',
    upgrade: "op.create_index('ix_book_label', 'book', [sa.text('lower(label)')], unique=True, sqlite_where=sa.text('price > 10'))",
    downgrade: "op.drop_index('ix_book_label', table_name='book')",
    brings: /unique index\s+ix_book_label \(lower\(label\)\)/,
    asked: ["SELECT sql FROM sqlite_schema WHERE name = 'ix_book_label'", '', 'CREATE UNIQUE INDEX ix_book_label ON book (lower(label)) WHERE price > 10'],
  },
  {
    id: 'standard_sql',
    upgrade: 'op.execute("ALTER TABLE book ALTER COLUMN author_id SET NOT NULL")',
    downgrade: 'op.execute("ALTER TABLE book ALTER COLUMN author_id DROP NOT NULL")',
    anew: 'book',
    brings: /author_id\s+INTEGER\s+NOT NULL/,
    asked: ["SELECT \"notnull\" FROM pragma_table_info('book') WHERE name = 'author_id'", '0', '1'],
  },
  {
    id: 'replace_view',
    upgrade: 'op.execute("CREATE OR REPLACE VIEW cheap AS SELECT label, price FROM book WHERE price < 40")',
    downgrade: 'op.execute("CREATE OR REPLACE VIEW cheap AS SELECT label FROM book WHERE price + 0 < 20")',
    brings: /SELECT label, price FROM book WHERE price < 40/,
    asked: ['SELECT * FROM cheap ORDER BY 1 DESC', 'Notes', 'Notes,12;Compilers,30'],
  },
];


/** A page with the bookshop in it. */
async function bookshop(t, options) {
  const visitor = await newcomer(t, options);
  const db = new SQL.Database();
  db.exec(BOOKSHOP);
  await visitor.imports('bookshop.sqlite', db.export());
  await visitor.page.locator('section[aria-label="Table book"]').waitFor();
  return visitor;
}

/** What the database of the page answers: values with commas, rows with semicolons between them. */
async function answer(visitor, sql) {
  const db = new SQL.Database((await visitor.exports()).bytes);
  const rows = db.exec(sql)[0]?.values ?? [];
  const damage = [...db.exec('PRAGMA integrity_check'), ...db.exec('PRAGMA foreign_key_check')].flatMap(({ values }) => values.flat());
  db.close();
  assert.deepEqual(damage, ['ok']);
  return rows.join(';');
}

/** The tables that the newest run has made anew, as its headings say. */
async function madeAnew(visitor) {
  return (await visitor.run()).locator('.rebuild').getByRole('heading').allTextContents();
}

test('a script with any directive works: up, down and up again', async (t) => {
  const visitor = await bookshop(t);
  for (const { id, upgrade, downgrade, anew, brings, takes, asked } of DIRECTIVES) {
    await t.test(id, async () => {
      const [question, before, after, back = before] = asked;
      const schema = await visitor.schema();
      assert.equal(await answer(visitor, question), before);
      await visitor.revises(id, { upgrade, downgrade });

      const said = await visitor.types('alembic upgrade head');
      assert.ok(said.every(({ kind }) => kind !== 'error'), said.map(({ text }) => text).join('\n'));
      assert.deepEqual(await visitor.lines('alembic current'), [`${id} (head)`]);
      assert.equal(await answer(visitor, question), after);
      const changed = await visitor.schema();
      if (brings) assert.ok(brings.test(changed) && !brings.test(schema), `brings ${brings}: ${changed}`);
      if (takes) assert.ok(takes.test(schema) && !takes.test(changed), `takes ${takes}: ${changed}`);
      assert.match(changed, /^book\n2 rows$/m);
      assert.deepEqual(await madeAnew(visitor), anew ? [`${anew} is made anew`] : []);

      await visitor.types('alembic downgrade -1');
      assert.equal(await answer(visitor, question), back);
      assert.equal(await visitor.schema(), schema);
      await visitor.types('alembic upgrade head');
      assert.equal(await answer(visitor, question), after);
    });
  }
  const kept = await answer(visitor, "SELECT sql FROM sqlite_schema WHERE name = 'book'");
  for (const text of ['AUTOINCREMENT', 'COLLATE NOCASE', '-- as on the cover', 'ON DELETE CASCADE', "CHECK (label <> '')"]) assert.ok(kept.includes(text), `${text} in ${kept}`);
  assert.equal(await answer(visitor, "SELECT count(*) FROM sqlite_schema WHERE name IN ('ix_book_newest', 'cheap', 'no_free_book')"), '3');
  assert.equal(await answer(visitor, 'SELECT id, name FROM writer'), '1,Ada;2,Grace');
  assert.equal(await answer(visitor, "SELECT seq FROM sqlite_sequence WHERE name = 'book'"), '7');
  assert.deepEqual(visitor.errors, []);
});

test('the phases of a rebuild stand under one heading, and what is not of it stands outside', async (t) => {
  const visitor = await bookshop(t);
  const upgrade = `${batch("alter_column('title', nullable=False)")}\nop.create_index('ix_book_price', 'book', ['price'])`;
  await visitor.revises('anew', { upgrade, downgrade: batch("alter_column('title', nullable=True)") });
  await visitor.types('alembic upgrade head');

  const run = await visitor.run();
  const rebuild = run.locator('.rebuild');
  assert.equal(await rebuild.count(), 1);
  assert.deepEqual(await rebuild.getByRole('heading').allTextContents(), ['book is made anew']);
  const chips = await rebuild.locator('.sent .chip').allTextContents();
  assert.equal(chips.length, await rebuild.locator('.sent').count(), 'each statement has its phase');
  assert.deepEqual(
    chips.filter((phase, at) => phase !== chips[at - 1]),
    ['asserts that it is still the same', 'sets it aside', 'makes it anew', 'copies rows', 'checks it and what refers to it', 'drops what was set aside', 'makes what hangs on it again', 'checks it and what refers to it'],
  );
  assert.equal(await rebuild.locator('details:not([open])').count(), chips.filter((phase) => /^(asserts|checks)/.test(phase)).length, 'checks take one line');
  const copies = rebuild.locator('.sent').filter({ hasText: 'copies rows' });
  assert.match(await copies.innerText(), /INSERT OR ABORT INTO book/);
  const outside = await run.locator('.bracket > .sent').allInnerTexts();
  assert.ok(outside.some((text) => /CREATE INDEX ix_book_price/.test(text)), outside.join('\n'));

  await rebuild.getByRole('button', { name: /alter_column · line \d+/ }).click();
  assert.match(await visitor.text(), /batch\.alter_column/);
  await visitor.types('alembic downgrade -1');
  assert.deepEqual(await madeAnew(visitor), ['book is made anew']);
  assert.deepEqual(visitor.errors, []);
});

test('rows that do not fit the table made anew: refused in its phase, and all is as it was', async (t) => {
  const visitor = await bookshop(t);
  await visitor.revises('nothing', { upgrade: 'pass' });
  await visitor.types('alembic upgrade head');
  await visitor.revises('never_null', { upgrade: batch("alter_column('draft', nullable=False)") });
  const before = (await visitor.exports()).bytes;
  assert.match(await visitor.fails('alembic upgrade head'), /NOT NULL constraint failed: book\.draft/);
  assert.ok(before.equals((await visitor.exports()).bytes), 'the database file is the same to the byte');
  const refused = (await visitor.run()).locator('.rebuild .sent[data-refused]');
  assert.deepEqual(await refused.locator('.chip').allTextContents(), ['copies rows']);
  assert.deepEqual(visitor.errors, []);
});

test('what a revision destroys is said in the terminal and above its statements', async (t) => {
  const visitor = await bookshop(t);
  await visitor.revises('no_draft', { upgrade: batch("drop_column('draft')"), downgrade: batch("add_column(sa.Column('draft', sa.Boolean()))") });
  const plan = (await visitor.lines('alembic plan head')).join('\n');
  assert.match(plan, /column book\.draft \(1 value\)/);
  const notes = (await visitor.types('alembic upgrade head')).filter(({ kind }) => kind === 'note');
  assert.deepEqual(notes.map(({ text }) => text), ['upgrade  -> no_draft destroys: column book.draft (1 value)']);
  const run = await visitor.run();
  assert.match(await run.innerText(), /destroyed: column book\.draft \(1 value\)/);
  await visitor.types('alembic downgrade -1');
  assert.doesNotMatch(await (await visitor.run()).innerText(), /destroyed/);
  assert.equal(await answer(visitor, 'SELECT draft FROM book'), ';');
  assert.deepEqual(visitor.errors, []);
});

test('a downgrade through an irreversible revision is refused with its reason', async (t) => {
  const visitor = await bookshop(t);
  await visitor.revises('prices', { upgrade: 'op.execute("UPDATE book SET price = price * 2")', top: 'irreversible = "the old prices are nowhere"' });
  await visitor.types('alembic upgrade head');
  await visitor.revises('silent', { upgrade: "op.drop_column('book', 'draft')", top: 'irreversible = True' });
  await visitor.types('alembic upgrade head');
  assert.match((await visitor.history())[0], /irreversible/);
  const before = (await visitor.exports()).bytes;
  assert.match(await visitor.fails('alembic downgrade -1'), /Revision silent is irreversible: it cannot be taken back/);
  assert.match(await visitor.fails('alembic downgrade base'), /is irreversible/);
  await visitor.types('alembic stamp prices');
  assert.match(await visitor.fails('alembic downgrade base'), /Revision prices is irreversible: the old prices are nowhere/);
  assert.deepEqual(await visitor.lines('alembic current'), ['prices']);
  await visitor.types('alembic stamp silent');
  const query = 'SELECT * FROM book';
  const db = new SQL.Database(before);
  assert.equal(await answer(visitor, query), db.exec(query)[0].values.join(';'));
  assert.deepEqual(visitor.errors, []);
});
