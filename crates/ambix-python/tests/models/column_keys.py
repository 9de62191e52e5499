"""A column that Python calls otherwise than the database: `key=`."""

from sqlalchemy import CheckConstraint, Column, Computed, ForeignKey, ForeignKeyConstraint, Index, Integer, MetaData, String, Table, UniqueConstraint, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

metadata = MetaData()
name = Column("name", String, key="nm")
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True, key="ident"),
    name,
    Column("age", Integer, key="years"),
    Column("low", String, Computed(func.lower(name))),
    CheckConstraint(name != "x"),
    Index("ix_in", name),
    Index("ix_low", func.lower(name)),
    UniqueConstraint("nm"),
    UniqueConstraint(name, name="uq_name"),
)
Index("ix_nm", users.c.nm)
Index("ix_lower", func.lower(users.c.nm), sqlite_where=users.c.years > 5)
Index("ix_down", users.c["nm"], users.columns.years.desc())
posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_name", String, ForeignKey("users.nm")),
    Column("user_id", ForeignKey(users.c.ident)),
    Column("other_id", Integer),
    ForeignKeyConstraint(["other_id"], ["users.ident"]),
)


class Base(DeclarativeBase):
    metadata = metadata


class Item(Base):
    __tablename__ = "item"
    id = Column(Integer, primary_key=True)
    attribute = Column("col", String, key="kk")
    other = mapped_column("oth", Integer, key="ok")
    third: Mapped[int] = mapped_column(key="tk")
    __table_args__ = (
        Index("ix_kk", "kk"),
        Index("ix_attribute", attribute),
        UniqueConstraint("ok"),
        CheckConstraint(third > 5),
        Index("ix_expression", func.lower(attribute)),
    )


Index("ix_of_table", Item.__table__.c.kk, Item.__table__.c.tk)
Index("ix_where", func.lower(Item.__table__.c.kk), sqlite_where=Item.__table__.c.ok > 5)


class Child(Base):
    __tablename__ = "child"
    id = Column(Integer, primary_key=True)
    a = Column(ForeignKey("item.kk"))
    b = Column(ForeignKey(Item.attribute))
    c = Column(ForeignKey(Item.__table__.c.tk))
    d = Column(ForeignKey("item.tk"))
    e = Column("e_1", Integer)
    __table_args__ = (ForeignKeyConstraint(["e_1"], [Item.third]), ForeignKeyConstraint([e], ["item.ok"]))
