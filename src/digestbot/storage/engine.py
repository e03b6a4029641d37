"""Opening the database, units of work, and bringing the schema up to date.

url ──► create_engine ──► upgrade (Alembic, once, under a lock) ──► Store ──► read() / begin() ──► Transaction
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
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

PATIENCE = {
    "connect_timeout": 10,
    "tcp_user_timeout": 30_000,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""How long a PostgreSQL that says nothing is waited for (libpq's; seconds, tcp_user_timeout milliseconds): a
machine that is gone without a word would keep everything waiting for a quarter of an hour. The address may
say otherwise."""
MIGRATION_LOCK = 7_042_026  # any constant: replicas that start together upgrade one after another


def create_engine(url: str) -> AsyncEngine:
    """Open `url` (`sqlite:///file`, `sqlite+aiosqlite:///file`, `postgresql+psycopg://…`).

    Raises ConfigurationError for an address SQLAlchemy does not understand. Nothing is made or connected to.
    """
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise ConfigurationError(
            "the database's address (DIGESTBOT_DATABASE_URL, or the one given) cannot be read: write "
            "sqlite:////path/to/file or postgresql+psycopg://user@host/name"
        ) from error
    if backend == "sqlite":
        return _sqlite_engine(parsed.set(drivername="sqlite+aiosqlite"))
    if backend == "postgresql":
        try:
            return create_async_engine(
                parsed.set(drivername="postgresql+psycopg"),
                connect_args={name: value for name, value in PATIENCE.items() if name not in parsed.query},
                pool_size=10,
                max_overflow=10,
                pool_pre_ping=True,
            )
        except ModuleNotFoundError as error:
            raise ConfigurationError("PostgreSQL needs: pip install 'digestbot[postgres]'") from error
    raise ConfigurationError(f"{backend} is no database digestbot can use: name sqlite or postgresql+psycopg")


def passwords_of(url: str) -> list[str]:
    """What of a database's address must never be logged: its password, as it is and as it is written."""
    try:
        password = make_url(url).password
    except (ArgumentError, ValueError):
        return []  # create_engine says so
    return [str(password), quote(str(password), safe="")] if password else []


def open_backup(file: Path) -> AsyncEngine:
    """Open an SQLite file to read it, and leave it and its folder as they are.

    Raises StorageError for what is no SQLite file.
    """
    try:
        with file.open("rb") as opened:
            head = opened.read(len(SQLITE))
    except OSError as error:
        raise StorageError(f"{file}: {error.strerror}: name a file made by digestbot db backup") from error
    if head != SQLITE:
        raise StorageError(f"{file}: is no backup: name a file made by digestbot db backup", code="no-backup")
    log = file.with_name(f"{file.name}-wal")
    still = "" if log.exists() and log.stat().st_size else "&immutable=1"  # a live file's log is read too
    address = f"sqlite+aiosqlite:///file:{quote(str(file.absolute()))}?mode=ro{still}&uri=true"
    return create_async_engine(address, connect_args={"timeout": 30})


def _sqlite_engine(url: Any) -> AsyncEngine:
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


SQLITE = b"SQLite format 3\0"
"""What every SQLite file begins with."""
SQLITE_MENDS = (
    ("file is not a database", "name another file; if it was one, restore a backup (digestbot db restore)"),
    ("malformed", "move it away and restore a backup (digestbot db restore)"),
    ("unable to open", "name a file in a folder this user may write to"),
    ("readonly", "let this user write the file and its folder"),
    ("disk I/O error", "look after the disk, then run digestbot db check"),
)
"""What SQLite says, and how it is mended."""


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
            raise self._translated(error) from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A unit of work that only reads, on one snapshot."""
        try:
            async with self.engine.connect() as connection:
                yield Transaction(connection)
        except DBAPIError as error:
            raise self._translated(error) from error

    async def upgrade(self) -> None:
        """Bring the schema up to date; several processes may start at once.

        Raises StorageError where that cannot be done, and where a newer version made the schema.
        """
        from digestbot.storage import schema  # Alembic takes a quarter of a second to import

        file = self._file()
        if file is not None:
            _writable(file)
        try:
            async with self._writing.begin() as connection:
                if connection.dialect.name == "postgresql":
                    await connection.execute(
                        text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK}
                    )
                newer = schema.made_by_newer(await connection.run_sync(schema.revision))
                if newer:
                    raise StorageError(f"{self.where}: {newer}", code="schema")
                await connection.run_sync(schema.upgrade)
        except DBAPIError as error:
            raise self._translated(error) from error

    async def schema_problem(self) -> str | None:
        """None when the schema is the one this code needs, else what to do about it.

        Raises StorageError where the database cannot be read. Makes nothing.
        """
        from digestbot.storage import schema

        file = self._file()
        if file is not None and not file.exists():
            return f"{file}: there is no database yet: digestbot run makes it, or digestbot db upgrade"
        if file is not None and file.is_dir():
            raise StorageError(f"{file}: is a folder: name a file in it")
        try:
            async with self.engine.connect() as connection:
                current = await connection.run_sync(schema.revision)
        except DBAPIError as error:
            raise self._translated(error) from error
        wanted = schema.newest()
        if current == wanted:
            return None
        return schema.made_by_newer(current) or (
            f"the schema is {current or 'none'}, this version needs {wanted}: run digestbot db upgrade"
        )

    def check_writable(self) -> None:
        """Raises StorageError where SQLite's file or its folder cannot be written. Leaves nothing behind."""
        file = self._file()
        if file is None or file.is_dir():  # schema_problem says so
            return
        folder = file.parent
        while not folder.exists():
            folder = folder.parent
        try:
            with TemporaryDirectory(dir=folder):  # what is said of rights is not asked: root has them all
                pass
            if file.exists():
                with file.open("ab"):
                    pass
        except OSError as error:
            raise _not_writable(file, error) from error

    @property
    def where(self) -> str:
        """The database's file, or its address without the password."""
        return str(self._file() or self.engine.url.render_as_string(hide_password=True))

    def _file(self) -> Path | None:
        url = self.engine.url
        if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
            return None
        return Path(unquote(url.database.removeprefix("file:")) if "uri" in url.query else url.database)

    def _translated(self, error: DBAPIError) -> StorageError:
        return _translated(error, self.where)

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


def _writable(file: Path) -> None:
    """Make the folder, and the file where there is none; raises StorageError where they cannot be written.

    Asked for before SQLite is: what it says of all such troubles is "unable to open database file".
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab"):
            pass
    except OSError as error:
        raise _not_writable(file, error) from error


def _not_writable(file: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{file}: cannot be written: {error.strerror}: name a file in a folder this user may write to"
    )


def _translated(error: DBAPIError, where: str) -> StorageError:
    """What happened, where (`where`), and how to mend it; its code says whether it passes by itself."""
    original = error.orig
    said = str(original).strip().splitlines()[0] if original else str(error)
    if isinstance(original, sqlite3.OperationalError) and "locked" in said:
        return StorageError(f"{where}: locked by another process: stop it, or wait", code="locked")
    if "disk is full" in said or "No space left" in said:
        return StorageError(f"{where}: the disk is full: free some space", code="disk-full")
    if isinstance(original, sqlite3.Error):
        for words, mend in SQLITE_MENDS:
            if words in said:
                return StorageError(f"{where}: {said}: {mend}")
    if _unreachable(error, said):
        return StorageError(
            f"the database {where} cannot be reached: {said}: see that it runs, and that the address, the "
            "user and the password are right",
            code="unreachable",
        )
    if "permission denied" in said:
        return StorageError(
            f"the database {where} refused: {said}: let its user make and change tables there "
            "(GRANT ALL ON SCHEMA public)"
        )
    return StorageError(f"the database {where} refused: {said}")


def _unreachable(error: DBAPIError, said: str) -> bool:
    """Whether no connection could be made, or it broke: a refusal of the server's own has an SQLSTATE."""
    if isinstance(error.orig, sqlite3.Error):
        return False
    lost = isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) is None
    return error.connection_invalidated or lost or "connection" in said.lower()
