import enum
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import List, Optional, Union

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import JSON, Column, Field, Relationship, SQLModel, String


class Color(str, enum.Enum):
    RED = "red"
    BLUEISH = "blueish"


class HeroBase(SQLModel):
    name: str = Field(index=True, max_length=40)
    age: Optional[int] = Field(default=None, index=True)


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    headquarters: str
    heroes: List["Hero"] = Relationship(back_populates="team")


class Hero(HeroBase, table=True):
    __table_args__ = (UniqueConstraint("name", "secret"), Index("ix_secret", "secret"))
    id: Optional[int] = Field(default=None, primary_key=True)
    secret: str = Field(unique=True)
    team_id: Optional[int] = Field(default=None, foreign_key="team.id", ondelete="SET NULL")
    team: Optional[Team] = Relationship(back_populates="heroes")
    color: Color = Color.RED
    token: uuid.UUID = Field(default_factory=uuid.uuid4)
    born: date
    seen: Union[datetime, None] = None
    took: timedelta = timedelta(0)
    price: Decimal = Field(default=0, max_digits=5, decimal_places=2)
    ratio: float = 1.0
    active: bool = True
    raw: bytes
    data: dict = Field(default_factory=dict, sa_type=JSON)
    own: str = Field(sa_column=Column("own_name", String(7), nullable=True))
    more: str = Field(sa_column_kwargs={"server_default": text("'x'"), "comment": "c"}, nullable=True)


class HeroPublic(HeroBase):
    id: int


class HeroTeamLink(SQLModel, table=True):
    __tablename__ = "links"
    hero_id: int = Field(foreign_key="hero.id", primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True)
