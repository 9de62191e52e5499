"""Columns that `Annotated` brings, and the order of columns with and without annotations."""

from typing import Annotated, ClassVar, Optional

from sqlalchemy import Column, Computed, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

Short = Annotated[str, mapped_column(String(10), index=True, nullable=False, server_default="x")]
Single = Annotated[str, mapped_column(String(10), unique=True, index=True, sort_order=-5)]
Key = Annotated[int, mapped_column(primary_key=True)]
Next = Annotated[int, mapped_column(Computed("id + 1"), index=True)]


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "item"
    id: Mapped[Key]
    a: Mapped[Short]
    b: Mapped[Short] = mapped_column(index=False)
    c: Mapped[Optional[Short]]
    d: Mapped[Optional[Short]] = mapped_column(nullable=True)
    e: Mapped[Single] = mapped_column(unique=False)
    f: Mapped[Single] = mapped_column(index=False)
    g: Mapped[Single] = mapped_column(index=None, sort_order=0)
    h: Mapped[Short] = mapped_column(server_default="y", unique=True)
    i: Mapped[Next] = mapped_column(index=False)
    j: Mapped[Single] = mapped_column(String(99), unique=False, index=False, primary_key=False)


class Maybe(Base):
    __tablename__ = "maybe"
    a: Mapped[Optional[int]] = mapped_column(primary_key=True)
    b: Mapped[Optional[Key]]
    c: Mapped[Key] = mapped_column(nullable=True)
    d: Mapped[Key] = mapped_column(primary_key=False)


class Alternating(Base):
    __tablename__: str = "alternating"
    a: Mapped[int]
    id: Mapped[int] = mapped_column(primary_key=True)
    b: Mapped[int]
    c = mapped_column(Integer)
    d: Mapped[str]
    note: ClassVar[str] = "x"
    e = Column(String)
    f: Mapped[str]
    g: Mapped[str] = mapped_column()


class Mixin:
    @declared_attr
    def late(cls) -> Mapped[int]:
        return mapped_column()

    @declared_attr
    def perhaps(cls) -> Mapped[Optional[int]]:
        return mapped_column(Integer)

    early: Mapped[int]
    first = mapped_column(String)
    typed: Mapped[str] = mapped_column()
    bare: Mapped[str]


class Mixed(Mixin, Base):
    __tablename__ = "mixed"
    first: Mapped[str]
    typed: Mapped[int]
    bare: Mapped[int]
    id: Mapped[Key]
