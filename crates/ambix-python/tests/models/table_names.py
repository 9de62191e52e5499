"""Names of tables from those of classes, by the regular expressions that are in use for it."""

import re
from re import sub

from sqlalchemy import Integer
from sqlalchemy.orm import DeclarativeBase, declared_attr, mapped_column

FIRST = re.compile("(.)([A-Z][a-z]+)")
SECOND = re.compile("([a-z0-9])([A-Z])")


def in_two_steps(name):
    return SECOND.sub(r"\1_\2", FIRST.sub(r"\1_\2", name)).lower()


def inflected(name):
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower() + "s"


class Base(DeclarativeBase):
    id = mapped_column(Integer, primary_key=True)

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class UserAccount(Base):
    pass


class HTTPLog(Base):
    pass


class HTTPServer2Address(Base):
    __tablename__ = in_two_steps("HTTPServer2Address")


class XMLHttpRequests(Base):
    __tablename__ = inflected("XMLHttpRequest")


class Other(Base):
    __tablename__ = sub("((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))", r"_\1", "MyHTTPThing").lower()


class Plain(Base):
    __tablename__ = re.sub("[^a-z0-9]+", "-", "some thing (2)")
