import json
import uuid

from sqlalchemy import CHAR, Column, ForeignKey, Integer, MetaData, Numeric, String, Table, Text, types
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.types import JSON, TypeDecorator, UserDefinedType

metadata = MetaData()


class Upper(TypeDecorator):
    impl = String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value.upper()


class Fixed(TypeDecorator[str]):
    impl = String(7)


class Guid(TypeDecorator):
    """Another type in each database."""

    impl = CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        else:
            return dialect.type_descriptor(CHAR(32))


class AsText(TypeDecorator):
    impl = String

    def __init__(self, enum_class, *args, **kwargs):
        self.enum_class = enum_class
        super().__init__(*args, **kwargs)


class Money(TypeDecorator):
    impl = Numeric

    def __init__(self):
        super(Money, self).__init__(precision=12, scale=2)


class LongGuid(Guid):
    impl = CHAR(40)


class Code(String):
    def __init__(self, size):
        super().__init__(length=size * 2)


class Blob(UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **kw):
        return "BLOB"


class Short(UserDefinedType):
    def __init__(self, size=8):
        self.size = size

    def get_col_spec(self, **kw):
        return f"VARCHAR({self.size})"


class Document(types.TypeDecorator):
    @property
    def python_type(self):
        return dict

    impl = types.Text

    def process_result_value(self, value, dialect):
        return json.loads(value)


t = Table(
    "k",
    metadata,
    Column("id", Guid, primary_key=True, default=uuid.uuid4),
    Column("a", Upper(12)),
    Column("b", Fixed),
    Column("c", AsText(dict, 100), nullable=False),
    Column("d", Money),
    Column("e", LongGuid()),
    Column("f", Code(4)),
    Column("g", Blob()),
    Column("h", Short(size=9)),
    Column("i", Short),
    Column("j", Document),
    Column("l", JSON().with_variant(JSONB(), "postgresql")),
    Column("m", JSONB().with_variant(Text(), "sqlite")),
    Column("n", MutableDict.as_mutable(JSON), server_default="{}"),
    Column("o", ForeignKey("k.id")),
)
