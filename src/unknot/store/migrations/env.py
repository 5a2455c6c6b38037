"""Runs the steps on the connection it is given, in the transaction that is open there."""

from __future__ import annotations

from alembic import context

from unknot.store.schema import tables

context.configure(
    connection=context.config.attributes["connection"], target_metadata=tables, transactional_ddl=True
)
context.run_migrations()
