// Scripts with control flow on the page: they look at the database that they meet, and an error is underlined.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import initSqlJs from 'sql.js';
import { REVISION, newcomer } from './visitor.mjs';

const SQL = await initSqlJs();

const ROWS = `t = sa.table("items", sa.column("id", sa.Integer), sa.column("title", sa.String))
op.bulk_insert(t, [{"id": n, "title": f"Item {n} of It's"} for n in range(1, 4)])`;

const HELPER = `SUFFIXES = ("title", "description")


def _has_index(inspector, name):
    return any(index["name"] == name for index in inspector.get_indexes("items"))`;

const SLUGS = `conn = op.get_bind()
inspector = sa.inspect(conn)
columns = {c["name"] for c in inspector.get_columns("items")}
for suffix in SUFFIXES:
    if suffix in columns and not _has_index(inspector, f"ix_by_{suffix}"):
        op.create_index(f"ix_by_{suffix}", "items", [suffix])
if "slug" not in columns:
    op.add_column("items", sa.Column("slug", sa.String(50)))
for row in conn.execute(sa.text("SELECT id, title FROM items ORDER BY id")).fetchall():
    slug = "-".join(row.title.lower().split())
    conn.execute(sa.text("UPDATE items SET slug = :slug WHERE id = :id"), {"slug": slug, "id": row.id})
try:
    op.drop_index("no_such_index", "items")
except Exception as e:
    print(e)
if conn.dialect.name == "postgresql":
    raise NotImplementedError("not here")`;

const BACK = `for suffix in reversed(SUFFIXES):
    op.drop_index(f"ix_by_{suffix}", table_name="items")
with op.batch_alter_table("items") as batch_op:
    batch_op.drop_column("slug")`;

async function answer(visitor, sql) {
  const db = new SQL.Database((await visitor.exports()).bytes);
  const rows = db.exec(sql)[0]?.values ?? [];
  db.close();
  return rows.join(';');
}

test('a script asks which columns and rows there are, and does what they call for', async (t) => {
  const visitor = await newcomer(t);
  await visitor.types(REVISION);
  await visitor.revises('rows', { upgrade: ROWS, downgrade: 'op.execute("DELETE FROM items")' });
  await visitor.revises('slugs', { upgrade: SLUGS, downgrade: BACK, top: HELPER });
  const problems = visitor.page.getByRole('status', { name: 'Problems' });
  assert.equal(await problems.getByRole('button', { name: /^Line \d+/ }).count(), 0);

  const said = await visitor.types('alembic upgrade head');
  assert.ok(said.every(({ kind }) => kind !== 'error'), said.map(({ text }) => text).join('\n'));
  const slugs = "SELECT slug FROM items ORDER BY id";
  assert.equal(await answer(visitor, slugs), "item-1-of-it's;item-2-of-it's;item-3-of-it's");
  const indexes = "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE name LIKE 'ix_by%' ORDER BY name)";
  assert.equal(await answer(visitor, indexes), 'ix_by_description,ix_by_title');

  await visitor.types('alembic downgrade -1');
  assert.equal(await answer(visitor, indexes), '');
  await visitor.types('alembic upgrade head');
  assert.equal(await answer(visitor, slugs), "item-1-of-it's;item-2-of-it's;item-3-of-it's");
  assert.deepEqual(visitor.errors, []);
});

test('what a script cannot say is underlined where it is, and nothing has happened', async (t) => {
  const visitor = await newcomer(t);
  await visitor.types(REVISION);
  await visitor.types('alembic upgrade head');
  await visitor.revises('asks', {
    upgrade: 'import os\nif "items" in sa.inspect(op.get_bind()).get_table_names():\n    op.drop_table("items")\nif os.environ.get("FAST"):\n    pass',
  });
  const error = await visitor.fails('alembic upgrade head');
  assert.match(error, /os\.environ\.get/);
  assert.match(error, /line \d+/);
  assert.deepEqual(await visitor.tables(), ['items']);
  await visitor.revises('wrong', { upgrade: 'for name in NAMES:\n    op.drop_table(name)' });
  const mark = visitor.page.locator('.editor pre .problem').first();
  await mark.waitFor({ state: 'attached' });
  assert.equal(await mark.textContent(), 'NAMES');
});

const MODELS = `import enum
from typing import Annotated, Optional
from sqlalchemy import Enum, ForeignKey, MetaData, String, UniqueConstraint, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlmodel import Field, SQLModel

NAMING = {"uq": "uq_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}
Key = Annotated[int, mapped_column(primary_key=True)]

class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)

class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"

class Stamped:
    made: Mapped[str] = mapped_column(server_default=func.now())

class Owner(Stamped, Base):
    __tablename__ = "owners"
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(40))
    items: Mapped[list["Item"]] = relationship(back_populates="owner")
    __table_args__ = (UniqueConstraint("name"),)

class Item(Stamped, Base):
    __tablename__ = "items"
    id: Mapped[Key]
    size: Mapped[Size]
    note: Mapped[Optional[str]]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id", ondelete="CASCADE"))
    owner: Mapped[Owner] = relationship(back_populates="items")
`;

test('models of many kinds are read, and what is not is underlined', async (t) => {
  const visitor = await newcomer(t);
  await visitor.edits('models.py', MODELS);
  const problems = visitor.page.getByRole('status', { name: 'Problems' });
  assert.equal(await problems.getByRole('button', { name: /^Line \d+/ }).count(), 0);
  await visitor.types(REVISION);
  const said = await visitor.types('alembic upgrade head');
  assert.ok(said.every(({ kind }) => kind !== 'error'), said.map(({ text }) => text).join('\n'));
  assert.deepEqual((await visitor.tables()).sort(), ['items', 'owners']);
  const size = "SELECT type || ' ' || \"notnull\" FROM pragma_table_info('items') WHERE name = 'size'";
  assert.equal(await answer(visitor, size), 'VARCHAR(5) 1');
  const unique = "SELECT sql LIKE '%CONSTRAINT uq_owners_name UNIQUE (name)%' FROM sqlite_schema WHERE name = 'owners'";
  assert.equal(await answer(visitor, unique), '1');

  await visitor.edits('models.py', MODELS.replace('Mapped[Optional[str]]', 'Mapped[complex]'));
  const mark = visitor.page.locator('.editor pre .problem').first();
  await mark.waitFor({ state: 'attached' });
  assert.equal(await mark.textContent(), 'complex');
  await visitor.fails(REVISION);
  assert.deepEqual(visitor.errors, []);
});
