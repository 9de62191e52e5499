"""first accounts

Revision ID: 3cf0a1b2d4e5
Revises: 27c6a30d7c24
Create Date: 2026-11-22 08:27:31.462407

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '3cf0a1b2d4e5'
down_revision: Union[str, Sequence[str], None] = '27c6a30d7c24'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("INSERT INTO account (id, name, email) VALUES (1, 'it''s; Ann', NULL)")
    op.execute("INSERT INTO account (id, name, email) VALUES (2, 'Bob', 'bob@example.org')")


def downgrade() -> None:
    """Downgrade schema."""
    op.execute("DELETE FROM account WHERE id IN (1, 2)")
