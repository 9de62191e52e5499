"""SQL functions by their module, and columns that are added behind the class or the table."""

import sqlalchemy.sql.functions as G
from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, mapped_column, relationship
from sqlalchemy.sql import func as f2, functions, functions as F
from sqlalchemy.sql.functions import now, current_timestamp, coalesce


class Base(DeclarativeBase):
    pass


class A(Base):
    __tablename__ = "a"
    id = Column(Integer, primary_key=True)
    a = Column(DateTime, server_default=functions.now())
    b = Column(DateTime, server_default=F.now())
    c = Column(DateTime, server_default=now())
    d = Column(DateTime, server_default=current_timestamp())
    e = Column(DateTime, server_default=G.current_date())
    f = Column(DateTime, server_default=F.func.now())
    g = Column(String, server_default=coalesce(text("1"), text("2")))
    h = Column(DateTime, server_default=functions.current_timestamp())
    i = Column(Integer, server_default=F.random())
    k = Column(Integer, server_default=F.max(text("3")))
    m = Column(Integer, server_default=F.concat("a", "b"))
    o = Column(DateTime, server_default=f2.now())


class Late(Base):
    __tablename__ = "late"
    id = Column(Integer, primary_key=True)


Late.later = Column(String, index=True)
Late.named = Column("nm", Integer, ForeignKey("late.id"))
Late.third = mapped_column(Integer, nullable=False)
Late.rel = relationship("Late")
Late.__table__.append_column(Column("fourth", Integer))
t = Table("t", Base.metadata, Column("id", Integer, primary_key=True))
t.append_column(Column("x", String, unique=True))
t.append_column(Column("y", Integer, ForeignKey("late.id"), index=True))
t.append_constraint(UniqueConstraint("x", "y", name="uq"))
t.append_constraint(CheckConstraint("y > 3"))
Index("ix", t.c.y, t.c.x)
Index("ix2", Late.later)
