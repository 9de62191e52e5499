# file: shop/__init__.py
from .base import Base
from . import models
# file: shop/constants.py
import enum
SHORT = 12
__all__ = ["SHORT", "Status"]
class Status(enum.Enum):
    new = 1
    finished = 2
# file: shop/base.py
from sqlalchemy import Column, DateTime, Integer, MetaData, func
from sqlalchemy.orm import DeclarativeBase
from .constants import *
class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s"})
class Stamps:
    created = Column(DateTime, server_default=func.now())
def key():
    return Column(Integer, primary_key=True)
# file: shop/models/__init__.py
from .user import User
from .order import Order
# file: shop/models/user.py
from sqlalchemy import Column, String
from ..base import Base, Stamps, key
import shop.constants as constants
class User(Stamps, Base):
    __tablename__ = "users"
    id = key()
    name = Column(String(constants.SHORT))
# file: shop/models/order.py
import shop.base
from sqlalchemy import Column, Enum, ForeignKey
from shop import constants
from shop.models.user import User as Customer
from . import user
class Order(shop.base.Base):
    __tablename__ = "orders"
    id = shop.base.key()
    status = Column(Enum(constants.Status))
    customer_id = Column(ForeignKey(Customer.id))
    again_id = Column(ForeignKey(user.User.id))
