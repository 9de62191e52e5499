from datetime import datetime, timezone
from decimal import Decimal
from typing import Annotated, Any, Dict, List, NewType, Optional, Union
from uuid import UUID

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Numeric, String, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry, relationship

str50 = Annotated[str, 50]
intpk = Annotated[int, mapped_column(primary_key=True)]
big = Annotated[int, "big"]
stamp = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
user_fk = Annotated[int, mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)]
maybe = Annotated[Optional[str], mapped_column(String(9))]


class Base(DeclarativeBase):
    registry = registry(
        type_annotation_map={
            str50: String(50),
            big: BigInteger,
            Decimal: Numeric(10, 2),
            dict[str, Any]: JSON,
            List[str]: JSON(),
        }
    )


class User(Base):
    __tablename__ = "user"

    id: Mapped[intpk]
    name: Mapped[str50]
    other: Mapped[Optional[str50]]
    count: Mapped[big]
    price: Mapped[Decimal]
    data: Mapped[dict[str, Any]]
    tags: Mapped[List[str]] = mapped_column(default=list)
    key: Mapped["UUID"]
    created: Mapped[stamp]
    maybe: Mapped[maybe]
    union: Mapped[Union[int, None]]
    quoted: Mapped["Optional[int]"] = mapped_column(index=True)
    later: Mapped["datetime | None"] = mapped_column(nullable=False)
    children: Mapped[List["Child"]] = relationship(back_populates="parent")


class Child(Base):
    __tablename__ = "child"

    id: Mapped[intpk]
    parent_id: Mapped[user_fk]
    second_id: Mapped[Optional[user_fk]]
    ratio: Mapped[float]
    named: Mapped[intpk] = mapped_column("renamed", primary_key=False)
    parent: Mapped["User"] = relationship(back_populates="children")
