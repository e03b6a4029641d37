"""`digestbot db`: upgrade, check, backup, restore, copy-to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from digestbot.cli.shared import settings_of, stderr

if TYPE_CHECKING:
    from digestbot.storage.engine import Store

cli = typer.Typer(help="The database: upgrade, check, backup, restore, copy-to.", no_args_is_help=True)


def _tell(table: str, rows: int) -> None:
    if stderr.is_terminal:
        stderr.print(f"{table}: {rows:,} rows", end="\r")


def _with_store(context: typer.Context, work: Callable[[Store], Awaitable[None]]) -> None:
    from digestbot import app

    settings = settings_of(context)

    async def opened() -> None:
        async with app.open_store(settings, upgrade=False) as store:
            await work(store)

    asyncio.run(opened())


def _summary(copied: dict[str, int]) -> str:
    return f"{sum(copied.values()):,} rows in {sum(1 for rows in copied.values() if rows)} tables"


@cli.command()
def upgrade(context: typer.Context) -> None:
    """Bring the schema up to date; `digestbot run` does this by itself."""

    async def work(store: Store) -> None:
        await store.upgrade()
        print("the database is up to date")

    _with_store(context, work)


@cli.command()
def check(context: typer.Context) -> None:
    """Say whether the database can be used by this version; exit code 1 where it cannot."""
    problems: list[str] = []

    async def work(store: Store) -> None:
        problem = await store.schema_problem()
        if problem:
            problems.append(problem)

    _with_store(context, work)
    print(problems[0] if problems else "the database is up to date")
    if problems:
        raise typer.Exit(1)


@cli.command()
def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="A new file: the backup.")]
) -> None:
    """Write everything to an SQLite file; the bot may go on running."""
    from digestbot.storage import maintenance

    async def work(store: Store) -> None:
        print(f"{file}: {_summary(await maintenance.backup(store, file, _tell))}")

    _with_store(context, work)


@cli.command()
def restore(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="A backup made by digestbot.")]
) -> None:
    """Fill an empty database from a backup."""
    from digestbot.storage import maintenance

    async def work(store: Store) -> None:
        print(f"restored {_summary(await maintenance.restore(file, store, _tell))}")

    _with_store(context, work)


@cli.command(name="copy-to")
def copy_to(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The empty database to fill, such as postgresql+psycopg://….")],
) -> None:
    """Copy everything to another database, for example from SQLite to PostgreSQL."""
    from digestbot.storage import maintenance
    from digestbot.storage.engine import Store, create_engine

    async def work(store: Store) -> None:
        target = Store(create_engine(url))
        try:
            print(f"copied {_summary(await maintenance.copy(store, target, _tell))}")
        finally:
            await target.close()

    _with_store(context, work)
