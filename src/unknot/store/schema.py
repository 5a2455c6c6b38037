"""The tables: revisions that are only added, which of them stand, and the chain over all of them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
)

NEWEST: Final = "0001"
"""The newest migration; a store that is at another is brought up to it, or refused."""

_UUID: Final = 36

tables = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

book = Table(
    "book",
    tables,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("store", String(_UUID), nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""One row: the name of this store, the key of its chain, and the chain's head."""

chain = Table(
    "chain",
    tables,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("what", String(40), nullable=False),
    Column("mark", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
"""The audit chain: each link is keyed over the one before it; no health content, only marks of it."""

revision = Table(
    "revision",
    tables,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(_UUID), nullable=False, unique=True),
    Column("entry", String(_UUID), nullable=False, index=True),
    Column("person", String(_UUID), nullable=False, index=True),
    Column("record", LargeBinary, nullable=False),
)
"""Every revision, whole, as canonical JSON; ``n`` is its link of the chain. Never changed."""

replaces = Table(
    "replaces",
    tables,
    Column("parent", String(_UUID), primary_key=True),
    Column("child", String(_UUID), primary_key=True),
)
"""Which revision was made from which."""

head = Table(
    "head",
    tables,
    Column("id", String(_UUID), primary_key=True),
    Column("entry", String(_UUID), nullable=False, index=True),
    Column("person", String(_UUID), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("day", String(10), nullable=False),
    Column("gone", Boolean, nullable=False),
    Index("ix_head_timeline", "person", "gone", "at", "id"),
    Index("ix_head_day", "person", "gone", "day"),
    Index("ix_head_kind", "person", "kind", "gone", "at", "id"),
)
"""The revisions nothing has replaced: worked out from the others, and checked against them."""
