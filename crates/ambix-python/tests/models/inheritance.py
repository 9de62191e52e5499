from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declarative_base, declared_attr, mapped_column

Base = declarative_base()


class Named:
    name = Column(String(50), nullable=False)


class Employee(Named, Base):
    __tablename__ = "employee"
    __table_args__ = (UniqueConstraint("name"),)
    id = Column(Integer, primary_key=True)
    type = Column(String(20))
    __mapper_args__ = {"polymorphic_on": type}


class Engineer(Employee):
    __mapper_args__ = {"polymorphic_identity": "engineer"}
    info: Mapped[str] = mapped_column(String(9), use_existing_column=True, nullable=True)


class Analyst(Employee):
    info: Mapped[str] = mapped_column(String(9), use_existing_column=True, nullable=True)


class Manager(Employee):
    __tablename__ = "manager"
    id = Column(ForeignKey(Employee.id), primary_key=True)
    level = Column(Integer)
    __table_args__ = (CheckConstraint(level > 0, name="ck_level"),)


class Director(Manager):
    budget = Column(Integer, index=True)


class Audited:
    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower()

    @declared_attr
    def id(cls):
        return Column(Integer, primary_key=True)


class Trip(Audited, Base):
    place = Column(String)


class Flight(Audited, Base):
    __tablename__ = "flights"
    trip_id = Column(ForeignKey(Trip.id))
