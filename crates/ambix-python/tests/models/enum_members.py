"""Names in an Enum that are for one member, what is worked out of members, and Enums that a call makes."""

import enum
from enum import Enum as PyEnum, IntEnum, StrEnum

from sqlalchemy import Enum, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Mood(PyEnum):
    SAD = 1
    HAPPY = 2
    GLAD = 2
    BLUE = SAD


class Word(str, PyEnum):
    A = "aa"
    B = "bb"


class Small(StrEnum):
    A = "aa"
    B = enum.auto()


class Number(IntEnum):
    A = 3
    B = 4


class Own(PyEnum):
    A = 3
    B = 4

    def __str__(self):
        return f"own-{self.value}-{self.name}"


class Coded(PyEnum):
    A = (1, "one")
    B = (2, "two")

    @property
    def code(self):
        return self.value[1]


class Pair(PyEnum):
    A = (1, "one")
    B = (2, "two")

    def __init__(self, number, code):
        self.number = number
        self.code = code


class Made(PyEnum):
    A = "x"
    B = "y"

    def __init__(self, code):
        self.code = code + "!"


Words = PyEnum("Words", "a b c")
Listed = enum.Enum("Listed", ["a", "b"])
Valued = enum.Enum("Valued", {"a": "x", "b": "y"})
Texts = StrEnum("Texts", "A, B")
Pairs = IntEnum("Pairs", [("a", 1), ("b", 5)], start=3)
Counted = PyEnum("Counted", ("q", "r"), start=7)
Strings = PyEnum("Strings", "q r", type=str)


def values(e):
    return [str(m.value) for m in e]


def codes(e):
    return [m.code for m in e]


class T(Base):
    __tablename__ = "t"
    id = mapped_column(Integer, primary_key=True)
    a = mapped_column(Enum(Mood, create_constraint=True))
    b = mapped_column(Enum(Mood, omit_aliases=False, create_constraint=True, name="b"))
    c = mapped_column(Enum(Mood, values_callable=lambda e: list(e.__members__), omit_aliases=False, create_constraint=True, name="c"))
    d = mapped_column(Enum(Mood, values_callable=lambda e: [n + str(v.value) for n, v in e.__members__.items()], omit_aliases=False, create_constraint=True, name="d"))
    e = mapped_column(Enum(*[m.name for m in Mood], create_constraint=True, name="e"))
    f = mapped_column(Enum(Word, values_callable=lambda e: [str(m) for m in e], create_constraint=True, name="f"))
    g = mapped_column(Enum(Small, values_callable=lambda e: [str(m) for m in e], create_constraint=True, name="g"))
    h = mapped_column(Enum(Number, values_callable=lambda e: [str(m) for m in e], create_constraint=True, name="h"))
    i = mapped_column(Enum(Own, values_callable=lambda e: [str(m) for m in e], create_constraint=True, name="i"))
    j = mapped_column(Enum(Coded, values_callable=codes, create_constraint=True, name="j"))
    k = mapped_column(Enum(Pair, values_callable=codes, create_constraint=True, name="k"))
    l = mapped_column(Enum(Made, values_callable=lambda e: [m.code for m in e], create_constraint=True, name="l"))
    m1 = mapped_column(Enum(Words, create_constraint=True))
    m2 = mapped_column(Enum(Listed, create_constraint=True, values_callable=values))
    m3 = mapped_column(Enum(Valued, create_constraint=True, values_callable=values))
    m4 = mapped_column(Enum(Texts, create_constraint=True, values_callable=values))
    m5 = mapped_column(Enum(Pairs, create_constraint=True, values_callable=values))
    m6 = mapped_column(Enum(Counted, create_constraint=True, values_callable=values))
    m7 = mapped_column(Enum(Strings, create_constraint=True))
    n: Mapped[Mood]
    n2: Mapped[Words]
    o = mapped_column(String, server_default=Mood.GLAD.name)
    p = mapped_column(String, server_default=Mood["BLUE"].name)
    q = mapped_column(String, server_default=str(Mood.GLAD))
    r = mapped_column(String, server_default=Pair.B.code)
    s = mapped_column(Enum(Word, values_callable=lambda e: [str(m) for m in e]), server_default=str(Word.A))
    u = mapped_column(Enum(Word, values_callable=lambda e: [f"{m.name}" for m in e]), server_default=Word.A)
