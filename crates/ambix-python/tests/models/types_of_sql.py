"""Types of which only the SQL is known: what `get_col_spec` gives, and decorators of such types."""

from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.types import TypeDecorator, UserDefinedType

metadata = MetaData()


class Point(UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **kw):
        return "POINT"


class Vector(UserDefinedType):
    def __init__(self, size, kind="f"):
        self.size = size
        self.kind = kind

    def get_col_spec(self, **kw):
        return f"VECTOR({self.size})" if self.kind == "f" else "IVECTOR(%s)" % self.size


class Code(UserDefinedType):
    def get_col_spec(self):
        return "VARCHAR(7)"


class Wrapped(TypeDecorator):
    impl = Vector


class Fixed(TypeDecorator):
    impl = Vector(9, kind="i")


Table(
    "k",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("b", Point()),
    Column("b2", Point),
    Column("c", Vector(3)),
    Column("d", Wrapped(5)),
    Column("e", Fixed),
    Column("f", Code()),
)
