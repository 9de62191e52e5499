import functools
from functools import partial

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, MetaData, String, Table, func
from sqlalchemy.orm import declarative_base

PREFIX = "app_"
LENGTHS = {"short": 10, "long": 10 * 20}
NAMES = ["red", "green"]
metadata = MetaData()
Base = declarative_base(metadata=metadata)
NotNull = partial(Column, nullable=False)


def table_name(name, *, plural=True):
    return PREFIX + name + ("s" if plural else "")


def id_column(name="id"):
    return Column(name, Integer, primary_key=True)


def stamps():
    return [
        Column("created_at", DateTime, server_default=func.now()),
        Column("updated_at", DateTime),
    ]


def reference(table, **options):
    options.setdefault("nullable", False)
    return Column(Integer, ForeignKey(f"{table}.id"), **options)


OPTIONS = dict(nullable=False, index=True)

for color in NAMES:
    Table(f"color_{color}", metadata, id_column(), Column(color, String(LENGTHS["short"])), *stamps())

wide = Table("wide", metadata, *[Column("c%02d" % at, Integer, primary_key=at == 0) for at in range(3)])
Index("ix_" + wide.name if False else "ix_wide", wide.c.c01, wide.c["c02"].desc())

if len(NAMES) > 1:

    class Extra(Base):
        __tablename__ = "extra"
        id = Column(Integer, primary_key=True)


def make(name):
    class Made(Base):
        __tablename__ = table_name(name)
        id = id_column()
        code = NotNull(String(3))

    return Made


First = make("first")
Second = make("second")


class Item(Base):
    __tablename__ = table_name("item")
    SIZE = LENGTHS["long"]
    id = id_column()
    title = Column(String(SIZE), **OPTIONS)
    first_id = reference(First.__tablename__)
    second_id = reference("app_seconds", nullable=True, unique=True)
    kind = NotNull("item_kind", String(max(3, 4)), server_default=f"{PREFIX}kind")
    __table_args__ = tuple(Index(f"ix_item_{name}", name) for name in ("first_id", "item_kind")) + ({"comment": "x"},)
