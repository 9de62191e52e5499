"""A naming convention that names a CHECK after its first column."""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, MetaData, Table, column, func, or_
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

metadata = MetaData(naming_convention={"ck": "ck_%(table_name)s_%(column_0_name)s", "ix": "ix_%(column_0_label)s"})


class Base(DeclarativeBase):
    metadata = metadata


class T(Base):
    __tablename__ = "t"
    id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column()
    price: Mapped[int] = mapped_column("cost")
    start: Mapped[int] = mapped_column()
    end: Mapped[int] = mapped_column()
    flag = mapped_column(Boolean(create_constraint=True))
    __table_args__ = (
        CheckConstraint(n > 5),
        CheckConstraint(price.in_([1, 2])),
        CheckConstraint(start < end),
        CheckConstraint(func.abs(start) > 3),
        CheckConstraint("n > 7", name="own"),
        CheckConstraint(n > 8, name="owned"),
    )


class U(Base):
    __tablename__ = "u"
    id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column()

    @declared_attr.directive
    def __table_args__(cls):
        return (CheckConstraint(cls.n > 5),)


a = Column("aa", Integer)
Table(
    "v",
    metadata,
    a,
    CheckConstraint(a > 5),
    CheckConstraint(column("b") > 5),
    CheckConstraint(or_(a > 7, a < 3)),
    Column("b", Integer),
)
