import enum
from enum import Enum as PyEnum, IntEnum, StrEnum, auto
from typing import Literal, Optional

import sqlalchemy as sa
from sqlalchemy import Column, Enum, Integer, MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

metadata = MetaData()


class Mood(enum.Enum):
    sad = "is sad"
    ok = "is ok"
    also_sad = "is sad"


class Level(str, PyEnum):
    LOW = "low"
    HIGHEST = "highest"

    @classmethod
    def values(cls):
        return [member.value for member in cls]


class Rank(IntEnum):
    first = 1
    second = auto()


class Kind(StrEnum):
    A_LONG_NAME = auto()
    B = auto()


def values_of(members):
    return [member.value for member in members]


functional = Table(
    "moods",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("names", Enum(Mood)),
    Column("by_value", Enum(Mood, values_callable=lambda members: [m.value for m in members])),
    Column("by_function", Enum(Level, values_callable=values_of, name="levels", native_enum=False)),
    Column("listed", Enum(*[m.value for m in Mood], name="listed")),
    Column("by_method", Enum(*Level.values(), name="by_method", create_constraint=True)),
    Column("checked", Enum(Rank, create_constraint=True, name="ck_rank")),
    Column("wide", Enum(Kind, length=30)),
    Column("text", sa.String(20), server_default=Level.LOW.value),
    Column("text2", sa.String(20), server_default=Level.LOW),
    Column("name", sa.String(20), server_default=Mood.sad.name),
)


class Base(DeclarativeBase):
    metadata = metadata


class Person(Base):
    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    mood: Mapped[Mood]
    level: Mapped[Optional[Level]] = mapped_column(index=True)
    state: Mapped[Literal["draft", "published"]]
    word: Mapped["Literal['a', 'bcd'] | None"]
    rank: Mapped[Rank] = mapped_column(default=Rank.first)
