"""Opening the database, units of work, and bringing the schema up to date.

url ──► create_engine ──► upgrade (Alembic, once, under a lock) ──► Store ──► read() / begin() ──► Transaction
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from digestbot.errors import ConfigurationError, StorageError
from digestbot.storage.chats import Chats
from digestbot.storage.documents import Documents
from digestbot.storage.follows import Follows
from digestbot.storage.inbox import Inbox
from digestbot.storage.leases import Leases
from digestbot.storage.messages import Messages
from digestbot.storage.outbox import Outbox
from digestbot.storage.schedules import Schedules
from digestbot.storage.sources import Sources
from digestbot.storage.stories import Stories

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 7_042_026  # any constant: replicas that start together upgrade one after another


def create_engine(url: str) -> AsyncEngine:
    """Open `url` (`sqlite:///file`, `sqlite+aiosqlite:///file`, `postgresql+psycopg://…`).

    Raises ConfigurationError for an address SQLAlchemy does not understand.
    """
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigurationError(
            "DIGESTBOT_DATABASE_URL is no database address: write sqlite:////path/to/file or "
            "postgresql+psycopg://user@host/name"
        ) from error
    if backend == "sqlite":
        return _sqlite_engine(parsed.set(drivername="sqlite+aiosqlite"))
    if backend == "postgresql":
        try:
            return create_async_engine(
                parsed.set(drivername="postgresql+psycopg"), pool_size=10, max_overflow=10, pool_pre_ping=True
            )
        except ModuleNotFoundError as error:
            raise ConfigurationError("PostgreSQL needs: pip install 'digestbot[postgres]'") from error
    raise ConfigurationError(f"DIGESTBOT_DATABASE_URL names {backend}: use sqlite or postgresql+psycopg")


def _sqlite_engine(url: Any) -> AsyncEngine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: see below
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock at once: a read that turns into a write would fail with "database is
        # locked" without waiting for busy_timeout.
        writes = connection.get_execution_options().get("digestbot_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


class Transaction:
    """One unit of work: every aggregate on one connection; all of it is committed or none."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    @cached_property
    def sources(self) -> Sources:
        """Where documents come from."""
        return Sources(self.connection)

    @cached_property
    def documents(self) -> Documents:
        """Documents, versions, analyses and what was found in them."""
        return Documents(self.connection)

    @cached_property
    def stories(self) -> Stories:
        """Documents of one event."""
        return Stories(self.connection)

    @cached_property
    def chats(self) -> Chats:
        """Chats and their settings."""
        return Chats(self.connection)

    @cached_property
    def messages(self) -> Messages:
        """What shown messages and numbers refer to."""
        return Messages(self.connection)

    @cached_property
    def follows(self) -> Follows:
        """What a chat follows and mutes, and its feedback."""
        return Follows(self.connection)

    @cached_property
    def schedules(self) -> Schedules:
        """Schedules and their slots."""
        return Schedules(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        """Editions and deliveries."""
        return Outbox(self.connection)

    @cached_property
    def inbox(self) -> Inbox:
        """Telegram's updates, stored before they are acknowledged."""
        return Inbox(self.connection)

    @cached_property
    def leases(self) -> Leases:
        """Leases, shared limits, heartbeats, and notices told once."""
        return Leases(self.connection)


class Store:
    """The database as the stages and adapters see it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(digestbot_writes=True)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """A unit of work that writes; committed at the end of the block, rolled back on an error."""
        try:
            async with self._writing.begin() as connection:
                yield Transaction(connection)
        except DBAPIError as error:
            raise _translated(error) from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A unit of work that only reads, on one snapshot."""
        try:
            async with self.engine.connect() as connection:
                yield Transaction(connection)
        except DBAPIError as error:
            raise _translated(error) from error

    async def upgrade(self) -> None:
        """Bring the schema up to date; several processes may start at once."""
        try:
            async with self._writing.begin() as connection:
                if connection.dialect.name == "postgresql":
                    await connection.execute(
                        text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK}
                    )
                await connection.run_sync(_upgrade)
        except DBAPIError as error:
            raise _translated(error) from error

    async def schema_problem(self) -> str | None:
        """None when the schema is the one this code needs, else what to do about it."""
        async with self.engine.connect() as connection:
            current = await connection.run_sync(
                lambda c: MigrationContext.configure(c).get_current_revision()
            )
        wanted = ScriptDirectory(str(MIGRATIONS)).get_current_head()
        if current == wanted:
            return None
        return f"the schema is {current or 'none'}, this version needs {wanted}: run digestbot db upgrade"

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _translated(error: DBAPIError) -> StorageError:
    original = error.orig
    said = str(original).strip().splitlines()[0] if original else str(error)
    if isinstance(original, sqlite3.OperationalError) and "locked" in said:
        return StorageError("the database is locked by another process: stop it, or wait", code="locked")
    if "disk is full" in said or "No space left" in said:
        return StorageError("the disk is full: free some space", code="disk-full")
    if error.connection_invalidated or "connection" in said.lower():
        return StorageError(f"the database cannot be reached: {said}", code="unreachable")
    return StorageError(f"the database refused: {said}")
