"""Up to when the news is closed: what is stored after that counts as picked up later.

Revision: 0004
Follows: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import digestbot.storage.tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "fronts",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("at", digestbot.storage.tables.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_fronts"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("fronts")
