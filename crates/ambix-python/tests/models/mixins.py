import re

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, String, UniqueConstraint, func, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_mixin, declared_attr, mapped_column, relationship


def snake(name):
    parts = []
    for at, letter in enumerate(name):
        if letter.isupper() and at:
            parts.append("_")
        parts.append(letter.lower())
    return "".join(parts)


class Base(DeclarativeBase):
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return snake(cls.__name__)

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)


@declarative_mixin
class Stamps:
    created_at = Column(DateTime, server_default=func.now(), nullable=False)

    @declared_attr
    def updated_at(cls):
        return Column(DateTime, onupdate=func.now(), index=True)

    @declared_attr
    def creator_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("user_account.id"), nullable=True)

    @declared_attr
    def creator(cls):
        return relationship("UserAccount", foreign_keys=[cls.creator_id])

    @property
    def age(self):
        return func.now() - self.created_at


class SoftDelete:
    deleted = Column(Boolean, server_default=text("0"))


class Tenant(SoftDelete):
    __abstract__ = True
    tenant: Mapped[str] = mapped_column(String(20))

    @declared_attr.directive
    def __table_args__(cls):
        return (
            UniqueConstraint("tenant", "id", name=f"uq_{cls.__tablename__}_tenant"),
            Index(f"ix_{cls.__tablename__}_tenant", cls.tenant, unique=False),
        )


class UserAccount(Base):
    name: Mapped[str] = mapped_column(String(30))


class BlogPost(Stamps, Tenant, Base):
    title: Mapped[str | None]


class Comment(Stamps, Base):
    __tablename__ = "comments"
    created_at = Column("made_at", DateTime)
    creator = None
    body = Column(String(100))
    post_id = Column(Integer, ForeignKey(BlogPost.id))
    __table_args__ = (
        CheckConstraint(body != "", name="ck_body"),
        UniqueConstraint(body, post_id),
        {"sqlite_autoincrement": True},
    )
