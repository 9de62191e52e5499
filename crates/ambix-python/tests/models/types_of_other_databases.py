"""Types of other databases that SQLite writes as those do."""

import enum

from sqlalchemy import JSON, Column, Integer, MetaData, Table, Text
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.dialects.postgresql import ENUM, JSONB, UUID

metadata = MetaData()


class Mood(enum.Enum):
    sad = 1
    happy = 2


Table(
    "p",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("a", postgresql.INTEGER),
    Column("b", postgresql.VARCHAR(50)),
    Column("c", postgresql.TIMESTAMP(timezone=True, precision=3)),
    Column("d", postgresql.JSON),
    Column("d2", JSONB),
    Column("d3", JSONB(astext_type=Text())),
    Column("e", ENUM("a","bcd",name="x", create_type=False)),
    Column("f", ENUM(Mood)),
    Column("g", postgresql.DOUBLE_PRECISION),
    Column("h", postgresql.TIME(True, 3)),
    Column("i", postgresql.NUMERIC(5,2)),
    Column("j", mysql.INTEGER(11, unsigned=True)),
    Column("k", mysql.VARCHAR(20, charset="utf8")),
    Column("l", mysql.BIGINT(20)),
    Column("m", mysql.DATETIME(fsp=6)),
    Column("n", postgresql.TEXT),
    Column("o", postgresql.BOOLEAN()),
    Column("q", mysql.TEXT(50)),
    Column("r", mysql.DECIMAL(10, 2, unsigned=True)),
    Column("s", mysql.FLOAT(5, 2)),
    Column("t", postgresql.ARRAY(Integer).with_variant(JSON(), "sqlite")),
    Column("u", postgresql.REAL),
    Column("v", postgresql.CHAR(3)),
    Column("w", mysql.TIMESTAMP),
    Column("x", postgresql.BIGINT),
)
