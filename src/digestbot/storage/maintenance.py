"""Backups, restoring, and moving from one database to another.

A backup is an SQLite file in digestbot's own schema, whatever database it came from: it can be opened, looked
into, restored, or copied to PostgreSQL. All three are one operation, `copy`: every table, parents before
children, from one snapshot of the source into an empty target, in one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table, bindparam, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.errors import StorageError
from digestbot.storage.engine import Store, create_engine, open_backup
from digestbot.storage.tables import metadata

BATCH = 500
"""Rows inserted at a time; bounds memory, since documents and raw bytes can be large."""

Progress = Callable[[str, int], None]
"""Told the table and how many of its rows have been copied."""


async def copy(source: Store, target: Store, progress: Progress | None = None) -> dict[str, int]:
    """Copy all rows of `source` into the empty `target`; rows copied by table.

    The source may be in use meanwhile: it is read on one snapshot. Raises StorageError when the source has
    another schema version, the target holds rows already, or the counts differ at the end.
    """
    problem = await source.schema_problem()
    if problem:
        raise StorageError(f"{source.where}: {problem.removeprefix(f'{source.where}: ')}", code="schema")
    await target.upgrade()
    copied: dict[str, int] = {}
    async with source.read() as reading, target.begin() as writing:
        if reading.connection.dialect.name == "postgresql":
            await reading.connection.execute(
                text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            )
        await _refuse_rows(writing.connection)
        for table in metadata.sorted_tables:
            copied[table.name] = await _copy_table(table, reading.connection, writing.connection, progress)
        if writing.connection.dialect.name == "postgresql":
            await _advance_sequences(writing.connection)
        for table in metadata.sorted_tables:
            there = await _count(table, writing.connection)
            if there != copied[table.name]:
                raise StorageError(f"{table.name}: {copied[table.name]} rows read, {there} written")
    return copied


async def backup(source: Store, file: Path, progress: Progress | None = None) -> dict[str, int]:
    """Write a backup of `source`, which may be in use, to a new `file`; it appears only once complete."""
    if file.exists():
        raise StorageError(f"{file}: is there already: name a new file", code="exists")
    unfinished = file.with_name(f".{file.name}.unfinished")
    target = Store(create_engine(f"sqlite:///{unfinished.absolute()}"))
    try:
        _remove(unfinished)
        try:
            copied = await copy(source, target, progress)
        finally:
            await target.close()
        with closing(sqlite3.connect(unfinished)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        unfinished.rename(file)
    except OSError as error:
        raise StorageError(f"{file}: cannot be written: {error.strerror}: name another place") from error
    finally:
        with suppress(OSError):  # the folder that could not be made, or written to
            _remove(unfinished)
    return copied


def _remove(file: Path) -> None:
    """An SQLite file that was not finished, and what stands beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


async def restore(file: Path, target: Store, progress: Progress | None = None) -> dict[str, int]:
    """Fill the empty `target` from a backup, which is only read.

    Raises StorageError for what is no backup, and as `copy`.
    """
    if not file.is_file():
        raise StorageError(f"{file}: no such file: name one made by digestbot db backup", code="missing")
    source = Store(open_backup(file))
    try:
        problem = await source.schema_problem()
        if problem and "newer" not in problem:
            problem = f"{problem.partition(':')[0]}: restore it with the version that made it, then upgrade"
        if problem:
            raise StorageError(f"{file}: {problem}", code="schema")
        return await copy(source, target, progress)
    finally:
        await source.close()


async def _refuse_rows(connection: AsyncConnection) -> None:
    for table in metadata.sorted_tables:
        if (await connection.execute(select(text("1")).select_from(table).limit(1))).first():
            raise StorageError(
                f"the target holds rows already (in {table.name}): name an empty database",
                code="not-empty",
            )


def _own_parents(table: Table) -> list[Column[Any]]:
    """Columns that refer to the table itself: their rows may come before the rows they name."""
    return [
        column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)
    ]


async def _copy_table(
    table: Table, reading: AsyncConnection, writing: AsyncConnection, progress: Progress | None
) -> int:
    later = _own_parents(table)
    links: list[dict[str, Any]] = []
    count = 0
    result = await reading.stream(
        select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    )
    async for rows in result.mappings().partitions():
        batch = [dict(row) for row in rows]
        for row in batch:
            if any(row[column.name] is not None for column in later):
                links.append({"row_id": row["id"], **{f"to_{c.name}": row[c.name] for c in later}})
                row.update({column.name: None for column in later})
        await writing.execute(insert(table), batch)
        count += len(batch)
        if progress:
            progress(table.name, count)
    if links:
        await writing.execute(
            update(table)
            .where(table.c.id == bindparam("row_id"))
            .values({column.name: bindparam(f"to_{column.name}") for column in later}),
            links,
        )
    return count


async def _count(table: Table, connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def _advance_sequences(connection: AsyncConnection) -> None:
    """Let PostgreSQL go on numbering after the highest id copied."""
    for table in metadata.sorted_tables:
        key = table.primary_key.columns.values()
        if len(key) == 1 and key[0].autoincrement is True:
            await connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key[0].name}'), "  # noqa: S608
                    f"(SELECT COALESCE(MAX({key[0].name}), 0) + 1 FROM {table.name}), false)"
                )  # both names are our own tables'
            )
