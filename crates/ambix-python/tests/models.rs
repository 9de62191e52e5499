//! Models and the tables that they mean, shown as the operations that make them.
#![allow(clippy::unwrap_used)]

use ambix_core::operation::{CreateIndex, CreateTable, Operation};
use ambix_python::{read_models, render_operations};

/// `body` is the body of a model, after the imports that models usually have.
fn check(body: &str, expected: &str) {
    check_files(&[("models.py", &format!("{IMPORTS}class Item(Base):\n{body}"))], expected);
}

const IMPORTS: &str = "\
import datetime
import sqlalchemy as sa
from typing import Any, List, Optional, Union
from sqlalchemy import *
from sqlalchemy import Column as C, Integer, String
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Mapped, mapped_column, relationship
from .database import Base

LENGTH = 80

";

fn check_files(files: &[(&str, &str)], expected: &str) {
    let files: Vec<(String, String)> =
        files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
    let models = read_models(&files);
    assert_eq!(models.diagnostics, [], "{files:?}");
    let mut operations = Vec::new();
    for table in models.schema.tables {
        operations.push(Operation::CreateTable(CreateTable::new(table)));
    }
    for index in models.schema.indexes {
        operations.push(Operation::CreateIndex(CreateIndex::new(index)));
    }
    assert_eq!(render_operations(&operations), expected.trim_matches('\n'));
}

#[test]
fn a_column_has_a_name_a_type_and_options() {
    check(
        "
    __tablename__ = 'item'
    id = Column(Integer, primary_key=True)
    other = C('renamed', sa.Integer())
    named = Column(name='by_name', type_=sa.Integer, nullable=False)
    short = Column(String(50), nullable=False, default='x', onupdate=lambda: 'y', doc='d')
    long = Column(String(LENGTH), comment='how it is called', info={'a': 1})
    price = Column(sa.Numeric(10, scale=2), autoincrement=False)
    when = Column(sa.DateTime(timezone=True))
    plain = Column(sa.DateTime(timezone=False))
    kind = Column(sa.Enum('a', 'b', name='kinds'))
    data = Column(sqlite.BLOB)
",
        "
op.create_table('item',
sa.Column('id', sa.Integer(), nullable=False),
sa.Column('renamed', sa.Integer(), nullable=True),
sa.Column('by_name', sa.Integer(), nullable=False),
sa.Column('short', sa.String(length=50), nullable=False),
sa.Column('long', sa.String(length=80), nullable=True, comment='how it is called'),
sa.Column('price', sa.Numeric(precision=10, scale=2), autoincrement=False, nullable=True),
sa.Column('when', sa.DateTime(timezone=True), nullable=True),
sa.Column('plain', sa.DateTime(), nullable=True),
sa.Column('kind', sa.Enum('a', 'b', name='kinds'), nullable=True),
sa.Column('data', sa.BLOB(), nullable=True),
sa.PrimaryKeyConstraint('id')
)
",
    );
}

#[test]
fn server_defaults_are_texts_or_sql() {
    check(
        "
    __tablename__ = 'item'
    id = Column(Integer, primary_key=True)
    a = Column(String, server_default='it\\'s')
    b = Column(Integer, server_default=text('7'))
    c = Column(Integer, server_default=text('10'))
    d = Column(DateTime, server_default=func.now())
    e = Column(Boolean, server_default=sa.true())
    f = Column(String, server_default=sa.func.lower('X'))
    g = Column(Integer, Computed('a + 1'))
    h = Column(Integer, Computed('a + 2', persisted=True))
    i = Column(String, server_default=None)
",
        r#"
op.create_table('item',
sa.Column('id', sa.Integer(), nullable=False),
sa.Column('a', sa.String(), server_default="it's", nullable=True),
sa.Column('b', sa.Integer(), server_default=sa.text('7'), nullable=True),
sa.Column('c', sa.Integer(), server_default=sa.text('(10)'), nullable=True),
sa.Column('d', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=True),
sa.Column('e', sa.Boolean(), server_default=sa.text('1'), nullable=True),
sa.Column('f', sa.String(), server_default=sa.text("(lower('X'))"), nullable=True),
sa.Column('g', sa.Integer(), sa.Computed('a + 1', ), nullable=True),
sa.Column('h', sa.Integer(), sa.Computed('a + 2', persisted=True), nullable=True),
sa.Column('i', sa.String(), nullable=True),
sa.PrimaryKeyConstraint('id')
)
"#,
    );
}

#[test]
fn indexes_and_uniqueness_come_from_columns_and_table_args() {
    check(
        "
    __tablename__ = 'item'
    __table_args__ = (
        Index('ix_own', 'a', desc('b') if False else text('b DESC')),
        Index('ix_part', 'a', unique=True, sqlite_where=text('a > 0')),
        UniqueConstraint('a', 'b', name='uq_ab'),
        CheckConstraint('a > 0', name='ck_a'),
        {'sqlite_autoincrement': True, 'mysql_engine': 'InnoDB', 'comment': 'c'},
    )
    id = Column(Integer, primary_key=True, index=True)
    a = Column(String, index=True, unique=True)
    b = Column(String, unique=True)
"
        .replace("desc('b') if False else ", "")
        .as_str(),
        "
op.create_table('item',
sa.Column('id', sa.Integer(), nullable=False),
sa.Column('a', sa.String(), nullable=True),
sa.Column('b', sa.String(), nullable=True),
sa.CheckConstraint('a > 0', name='ck_a'),
sa.PrimaryKeyConstraint('id'),
sa.UniqueConstraint('a', 'b', name='uq_ab'),
sa.UniqueConstraint('b'),
comment='c',
mysql_engine='InnoDB',
sqlite_autoincrement=True
)
op.create_index(op.f('ix_item_id'), 'item', ['id'], unique=False)
op.create_index(op.f('ix_item_a'), 'item', ['a'], unique=True)
op.create_index('ix_own', 'item', ['a', sa.literal_column('b DESC')], unique=False)
op.create_index('ix_part', 'item', ['a'], unique=True, sqlite_where=sa.text('a > 0'))
",
    );
}

#[test]
fn expressions_in_an_index_may_name_attributes() {
    check(
        "
    __tablename__ = 'item'
    id = Column(Integer, primary_key=True)
    email = Column('Email', String)
    __table_args__ = (Index('ix_1', func.lower(email)), Index(None, email), Index('ix_2', email.desc()),
        Index('ix_3', email + email), Index('ix_4', id + 1))
Index('ix_5', Item.email + 'x', Item.id + Item.id)
",
        r#"
op.create_table('item',
sa.Column('id', sa.Integer(), nullable=False),
sa.Column('Email', sa.String(), nullable=True),
sa.PrimaryKeyConstraint('id')
)
op.create_index('ix_1', 'item', [sa.literal_column('lower("Email")')], unique=False)
op.create_index(op.f('ix_item_Email'), 'item', ['Email'], unique=False)
op.create_index('ix_2', 'item', [sa.literal_column('"Email" DESC')], unique=False)
op.create_index('ix_3', 'item', [sa.literal_column('"Email" || "Email"')], unique=False)
op.create_index('ix_4', 'item', [sa.literal_column('id + 1')], unique=False)
op.create_index('ix_5', 'item', [sa.literal_column('"Email" || \'x\''), sa.literal_column('id + id')], unique=False)
"#,
    );
}

#[test]
fn foreign_keys_give_their_column_a_type() {
    check_files(
        &[
            (
                "orders.py",
                "
from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer
from .base import Base

class Order(Base):
    __tablename__ = 'orders'
    id = Column(ForeignKey('parents.id', ondelete='CASCADE', onupdate='SET NULL'), primary_key=True)
    a = Column(Integer)
    b = Column(Integer)
    __table_args__ = (
        ForeignKeyConstraint(['a', 'b'], ['pairs.a', 'pairs.b'], name='fk', deferrable=True, initially='DEFERRED'),
    )
",
            ),
            (
                "users.py",
                "
import sqlalchemy as sa
from .base import Base

class Parent(Base):
    __tablename__ = 'parents'
    id = sa.Column(sa.ForeignKey('users.key'), primary_key=True)

class User(Base):
    __tablename__ = 'users'
    key = sa.Column(sa.String(12), primary_key=True)
    orders = sa.orm.relationship('Order', back_populates='user')
",
            ),
        ],
        "
op.create_table('orders',
sa.Column('id', sa.String(length=12), nullable=False),
sa.Column('a', sa.Integer(), nullable=True),
sa.Column('b', sa.Integer(), nullable=True),
sa.ForeignKeyConstraint(['a', 'b'], ['pairs.a', 'pairs.b'], name='fk', initially='DEFERRED', deferrable=True),
sa.ForeignKeyConstraint(['id'], ['parents.id'], onupdate='SET NULL', ondelete='CASCADE'),
sa.PrimaryKeyConstraint('id')
)
op.create_table('parents',
sa.Column('id', sa.String(length=12), nullable=False),
sa.ForeignKeyConstraint(['id'], ['users.key'], ),
sa.PrimaryKeyConstraint('id')
)
op.create_table('users',
sa.Column('key', sa.String(length=12), nullable=False),
sa.PrimaryKeyConstraint('key')
)
",
    );
}

#[test]
fn annotations_say_type_and_nullability() {
    check(
        "
    __tablename__ = 'item'
    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[str]
    b: Mapped[Optional[str]]
    c: Mapped[str | None] = mapped_column(String(30))
    d: Mapped[Union[int, None]] = mapped_column(nullable=False)
    e: Mapped['float | None']
    f: Mapped[datetime.datetime] = mapped_column(server_default=func.now())
    g: Mapped[dict[str, Any]] = mapped_column(JSON)
    h = mapped_column('hh', Integer)
    i: Mapped[Optional[int]] = mapped_column(ForeignKey('item.id'))
    items: Mapped[List['Item']] = relationship(back_populates='item')
    note: str
    count: int = 3
",
        "
op.create_table('item',
sa.Column('id', sa.Integer(), nullable=False),
sa.Column('a', sa.String(), nullable=False),
sa.Column('b', sa.String(), nullable=True),
sa.Column('c', sa.String(length=30), nullable=True),
sa.Column('d', sa.Integer(), nullable=False),
sa.Column('e', sa.Double(), nullable=True),
sa.Column('f', sa.DateTime(), server_default=sa.text('(CURRENT_TIMESTAMP)'), nullable=False),
sa.Column('g', sa.JSON(), nullable=False),
sa.Column('hh', sa.Integer(), nullable=True),
sa.Column('i', sa.Integer(), nullable=True),
sa.ForeignKeyConstraint(['i'], ['item.id'], ),
sa.PrimaryKeyConstraint('id')
)
",
    );
}

#[test]
fn keys_can_have_several_columns() {
    check(
        "
    __tablename__ = 'item'
    a = Column(Integer, primary_key=True)
    b = Column(Integer, primary_key=True, nullable=True)
",
        "
op.create_table('item',
sa.Column('a', sa.Integer(), nullable=False),
sa.Column('b', sa.Integer(), nullable=True),
sa.PrimaryKeyConstraint('a', 'b')
)
",
    );
    check(
        "
    __tablename__ = 'item'
    __table_args__ = (PrimaryKeyConstraint('b', 'a', name='pk'), {'sqlite_with_rowid': False})
    a = Column(Integer)
    b = Column(Integer)
",
        "
op.create_table('item',
sa.Column('a', sa.Integer(), nullable=False),
sa.Column('b', sa.Integer(), nullable=False),
sa.PrimaryKeyConstraint('b', 'a', name='pk'),
sqlite_with_rowid=False
)
",
    );
}

#[test]
fn what_makes_no_table_is_passed_over() {
    check_files(
        &[(
            "models.py",
            "
'''Docstring.'''
from __future__ import annotations
import enum, logging, re
from typing import TYPE_CHECKING
from sqlalchemy import Column, Integer, MetaData, create_engine, event
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, backref, declarative_base, relationship, sessionmaker, validates

if TYPE_CHECKING:
    from .other import Other

log = logging.getLogger(__name__)
engine = create_engine('sqlite://')
Session = sessionmaker(bind=engine)
metadata = MetaData()

class Base(DeclarativeBase):
    metadata = metadata
    def save(self): pass

class Color(enum.Enum):
    red = 1

class Plain:
    x = 1
    y: int

class Item(Plain, Base):
    '''An item.'''
    __tablename__ = 'item'
    __mapper_args__ = {'eager_defaults': True}
    id = Column(Integer, primary_key=True)
    others = relationship('Other', backref=backref('item', lazy=True), primaryjoin=lambda: 1)
    names = association_proxy('others', 'name')
    pattern = re.compile('x')
    known = {'a': 1}, [2], (x for x in [])
    alias = id

    class Config:
        orm_mode = True

    @hybrid_property
    def double(self):
        return self.id * 2

    @validates('id')
    def check(self, key, value):
        for _ in range(3): pass
        return value

@event.listens_for(Item, 'before_insert')
def listen(mapper, connection, target): pass

def helper():
    return Column(Integer)

if __name__ == '__main__':
    Base.metadata.create_all(engine)
",
        )],
        "
op.create_table('item',
sa.Column('id', sa.Integer(), nullable=False),
sa.PrimaryKeyConstraint('id')
)
",
    );
}
