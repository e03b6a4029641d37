"""What documents are compared by, to find their stories: terms, keys, frequencies.

Revision: 0003
Follows: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "story_outlines",
        _document(),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_story_outlines"),
        _of_document("story_outlines"),
    )
    op.create_index("ix_story_outlines_text_hash", "story_outlines", ["text_hash"])
    op.create_table(
        "story_keys",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        _document(),
        sa.PrimaryKeyConstraint("term", "day", "document_id", name="pk_story_keys"),
        _of_document("story_keys"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_keys_document_id", "story_keys", ["document_id"])
    op.create_table(
        "story_frequencies",
        sa.Column("up_to", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("up_to", name="pk_story_frequencies"),
    )


def _document() -> sa.Column[int]:
    return sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _of_document(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_document_id"
    return sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    """Take them away again."""
    for table in ("story_frequencies", "story_keys", "story_outlines"):
        op.drop_table(table)
