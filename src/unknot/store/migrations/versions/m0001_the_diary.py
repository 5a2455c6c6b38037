"""The diary: revisions, what stands, and the chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _make_the_chain()
    _make_the_revisions()
    _make_what_stands()


def _make_the_chain() -> None:
    op.create_table(
        "book",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("store", sa.String(36), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_book"),
        sa.CheckConstraint("id = 1", name="ck_book_one_row"),
    )
    op.create_table(
        "chain",
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_chain"),
    )


def _make_the_revisions() -> None:
    op.create_table(
        "revision",
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry", sa.String(36), nullable=False),
        sa.Column("person", sa.String(36), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_revision"),
        sa.UniqueConstraint("id", name="uq_revision_id"),
    )
    op.create_index("ix_revision_entry", "revision", ["entry"])
    op.create_index("ix_revision_person", "revision", ["person"])
    op.create_table(
        "replaces",
        sa.Column("parent", sa.String(36), nullable=False),
        sa.Column("child", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("parent", "child", name="pk_replaces"),
    )


def _make_what_stands() -> None:
    op.create_table(
        "head",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("entry", sa.String(36), nullable=False),
        sa.Column("person", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_head"),
    )
    op.create_index("ix_head_entry", "head", ["entry"])
    op.create_index("ix_head_timeline", "head", ["person", "gone", "at", "id"])
    op.create_index("ix_head_day", "head", ["person", "gone", "day"])
    op.create_index("ix_head_kind", "head", ["person", "kind", "gone", "at", "id"])
