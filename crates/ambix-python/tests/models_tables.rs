//! SQLAlchemy Core tables, alone and beside classes, shown as the operations that make them.
#![allow(clippy::unwrap_used)]

use ambix_core::operation::{CreateIndex, CreateTable, Operation};
use ambix_python::{Metadata, Models, read_models, read_models_of, render_operations};

fn files(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect()
}

fn check(models: Models, expected: &str) {
    assert_eq!(models.diagnostics, []);
    let tables = models.schema.tables.into_iter();
    let mut operations: Vec<Operation> =
        tables.map(|table| Operation::CreateTable(CreateTable::new(table))).collect();
    for index in models.schema.indexes {
        operations.push(Operation::CreateIndex(CreateIndex::new(index)));
    }
    assert_eq!(render_operations(&operations), expected.trim_matches('\n'));
}

#[test]
fn a_table_lists_columns_constraints_and_indexes() {
    let text = "
from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, String, Table, UniqueConstraint, text
metadata = MetaData()
account = Table(
    'account', metadata,
    Column('id', Integer, primary_key=True),
    Column('name', String(50), nullable=False, unique=True),
    Column('email', String(80), index=True),
    UniqueConstraint('name', 'email', name='uq_both'),
    CheckConstraint('id > 0', name='ck_id'),
    Index('ix_lower', text('lower(name)')),
    sqlite_autoincrement=True, mysql_engine='InnoDB', info={'a': 1},
)
";
    check(
        read_models(&files(&[("models.py", text)])),
        "
op.create_table('account',
sa.Column('id', sa.Integer(), nullable=False),
sa.Column('name', sa.String(length=50), nullable=False),
sa.Column('email', sa.String(length=80), nullable=True),
sa.CheckConstraint('id > 0', name='ck_id'),
sa.PrimaryKeyConstraint('id'),
sa.UniqueConstraint('name'),
sa.UniqueConstraint('name', 'email', name='uq_both'),
info={'a': 1},
mysql_engine='InnoDB',
sqlite_autoincrement=True
)
op.create_index(op.f('ix_account_email'), 'account', ['email'], unique=False)
op.create_index('ix_lower', 'account', [sa.literal_column('lower(name)')], unique=False)
",
    );
}

#[test]
fn tables_may_stand_in_env_py_and_need_no_name() {
    let text = "
import sqlalchemy as sa
from alembic import context
config = context.config
m1 = sa.MetaData()
m2 = sa.MetaData()
sa.Table('a', m1, sa.Column('id', sa.Integer, primary_key=True))
sa.Table('b', m2, *[sa.Column('id', sa.Integer)])
target_metadata = [m1, m2]
def offline():
    context.configure(url=config.get_main_option('sqlalchemy.url'), target_metadata=target_metadata)
if context.is_offline_mode():
    offline()
";
    let a = "
op.create_table('a',
sa.Column('id', sa.Integer(), nullable=False),
sa.PrimaryKeyConstraint('id')
)";
    let b = "
op.create_table('b',
sa.Column('id', sa.Integer(), nullable=True)
)";
    let files = files(&[("migrations/env.py", text)]);
    let here = |name: &str| Metadata::Here { name: name.into() };
    let of = |targets: &[Metadata]| read_models_of(&files, "migrations/env.py", targets);
    check(of(&[here("m1"), here("m2")]), &format!("{a}{b}"));
    check(of(&[here("m1")]), a);
    check(of(&[here("m2")]), b);
    check(of(&[here("nobody_knows")]), &format!("{a}{b}"));
}

#[test]
fn an_association_table_takes_the_types_of_the_classes() {
    let base = "
from sqlalchemy.orm import DeclarativeBase
class Base(DeclarativeBase): pass
";
    let tables = "
from sqlalchemy import Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship
from . import base
from .base import Base

link: Table = Table('link', Base.metadata, Column('l', ForeignKey('l.id'), primary_key=True), Column('r', ForeignKey('r.code')))

class L(Base):
    __tablename__ = 'l'
    id: Mapped[int] = mapped_column(primary_key=True)
    rs: Mapped[list['R']] = relationship(secondary=link)

class R(base.Base):
    __tablename__ = 'r'
    key: Mapped[str] = mapped_column('code', String(8), primary_key=True)

Index('ix_r', R.key.desc())
Index('ix_link', link.c['r'], unique=True)
";
    let user = "
import sqlalchemy as sa
from app import tables
from app.tables import R as Right, link
note = sa.Table('note', tables.Base.metadata,
    sa.Column('l', sa.ForeignKey(tables.link.c.l, ondelete='CASCADE')),
    sa.Column('r', sa.ForeignKey(Right.key)),
    sa.ForeignKeyConstraint(['l', 'r'], [link.columns.l, link.c.r]))
alias = note
sa.Index('ix_note', sa.text('l DESC'), _table=alias)
";
    let files = files(&[
        ("src/app/base.py", base),
        ("src/app/notes.py", user),
        ("src/app/tables.py", tables),
    ]);
    let expected = "
op.create_table('note',
sa.Column('l', sa.Integer(), nullable=True),
sa.Column('r', sa.String(length=8), nullable=True),
sa.ForeignKeyConstraint(['l', 'r'], ['link.l', 'link.r'], ),
sa.ForeignKeyConstraint(['l'], ['link.l'], ondelete='CASCADE'),
sa.ForeignKeyConstraint(['r'], ['r.code'], )
)
op.create_table('link',
sa.Column('l', sa.Integer(), nullable=False),
sa.Column('r', sa.String(length=8), nullable=True),
sa.ForeignKeyConstraint(['l'], ['l.id'], ),
sa.ForeignKeyConstraint(['r'], ['r.code'], ),
sa.PrimaryKeyConstraint('l')
)
op.create_table('l',
sa.Column('id', sa.Integer(), nullable=False),
sa.PrimaryKeyConstraint('id')
)
op.create_table('r',
sa.Column('code', sa.String(length=8), nullable=False),
sa.PrimaryKeyConstraint('code')
)
op.create_index('ix_note', 'note', [sa.literal_column('l DESC')], unique=False)
op.create_index('ix_link', 'link', ['r'], unique=True)
op.create_index('ix_r', 'r', [sa.literal_column('code DESC')], unique=False)
";
    check(read_models(&files), expected);
    for target in ["app.tables.Base.metadata", "app.base.Base.metadata", "app.notes.note.metadata"]
    {
        let target = Metadata::Imported { dotted: target.into() };
        check(read_models_of(&files, "migrations/env.py", &[target]), expected);
    }
}

#[test]
fn a_naming_convention_names_what_has_no_name() {
    let meta = "
from sqlalchemy import MetaData
NAMES = {
    'ix': 'ix_%(table_name)s_%(column_0_N_name)s', 'uq': 'uq_%(column_0_label)s', 'pk': 'pk_%(table_name)s',
    'ck': 'ck_%(table_name)s_%(constraint_name)s', 'fk': 'fk_%(column_0_name)s_%(referred_table_name)s_%%',
}
metadata = MetaData(naming_convention=NAMES)
";
    let models = "
from sqlalchemy import *
from sqlalchemy.orm import declarative_base
from meta import metadata
Base = declarative_base(metadata=metadata)
class A(Base):
    __tablename__ = 'a'
    id = Column(Integer, primary_key=True, index=True)
    b = Column(Integer, ForeignKey('a.id'), unique=True)
    __table_args__ = (CheckConstraint('b > 0', name='b'), Index(None, 'b', 'id'), UniqueConstraint('id', name='own'))
";
    check(
        read_models(&files(&[("meta.py", meta), ("models.py", models)])),
        "
op.create_table('a',
sa.Column('id', sa.Integer(), nullable=False),
sa.Column('b', sa.Integer(), nullable=True),
sa.CheckConstraint('b > 0', name=op.f('ck_a_b')),
sa.ForeignKeyConstraint(['b'], ['a.id'], name=op.f('fk_b_a_%')),
sa.PrimaryKeyConstraint('id', name=op.f('pk_a')),
sa.UniqueConstraint('b', name=op.f('uq_a_b')),
sa.UniqueConstraint('id', name='own')
)
op.create_index(op.f('ix_a_id'), 'a', ['id'], unique=False)
op.create_index(op.f('ix_a_b_id'), 'a', ['b', 'id'], unique=False)
",
    );
}

#[test]
fn names_that_lead_in_a_circle_lead_nowhere() {
    let text = "
from sqlalchemy import Column, Integer, Table
from models import a, b
x = y
y = x
class A(B, B, B, B): pass
class B(A, A, A, A): pass
Table('t', x, Column('id', Integer))
Table('u', A.metadata, Column('id', Integer))
Table('v', a.metadata, Column('id', Integer))
";
    let models = read_models(&files(&[("models.py", text)]));
    assert_eq!(models.diagnostics, []);
    assert_eq!(models.schema.tables.len(), 3);
}
