"""`digestbot sources`: add, list, remove, check, import, export."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from digestbot.cli.shared import settings_of
from digestbot.errors import SourceError
from digestbot.protocols.ingest import SourceRow, Subscription
from digestbot.settings import Settings
from digestbot.sources import SOURCES
from digestbot.sources.opml import read_opml, write_opml

if TYPE_CHECKING:
    from digestbot.storage.engine import Store

cli = typer.Typer(help="Where documents come from.", no_args_is_help=True)
Work = Callable[["Store", Settings], Awaitable[None]]


def _with_store(context: typer.Context, work: Work) -> None:
    from digestbot import app

    settings = settings_of(context)

    async def opened() -> None:
        async with app.open_store(settings) as store:
            await work(store, settings)

    asyncio.run(opened())


def _kind_of(address: str) -> str:
    if address.startswith(("http://", "https://")):
        return "feed"
    if Path(address).is_dir():
        return "folder"
    raise SourceError(f"{address}: is neither a folder nor a web address (http:// or https://)")


@cli.command()
def add(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="A folder, or the address of a feed or page.")],
    kind: Annotated[
        str | None, typer.Option(help=f"One of: {', '.join(known.name for known in SOURCES)}.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its name; default: what the feed says.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it; counted once a story.")] = None,
    backfill: Annotated[
        int | None,
        typer.Option(min=0, help="Entries of a feed to take from before now; asked for at a terminal."),
    ] = None,
    watch: Annotated[bool, typer.Option(help="Look at a page again and again for changes.")] = False,
) -> None:
    """Add a source; the running bot looks at it within seconds."""
    wanted = kind or _kind_of(address)
    if wanted not in {known.name for known in SOURCES}:
        raise SourceError(f"--kind {wanted}: is none of {', '.join(known.name for known in SOURCES)}")
    place = str(Path(address).absolute()) if wanted == "folder" else address
    if backfill is None and wanted == "feed" and sys.stdin.isatty():
        question = "Entries from before now to take (0: from now on)"
        backfill = typer.prompt(question, default=0, type=int, err=True)
    options: dict[str, Any] = {}
    if wanted == "feed":
        options = {"backfill": max(0, backfill or 0)}
    elif wanted == "web":
        options = {"watch": watch}

    async def work(store: Store, _settings: Settings) -> None:
        async with store.begin() as tx:
            number = await tx.sources.add(
                wanted,
                place,
                now=datetime.now(UTC),
                origin="cli",
                title=title,
                publisher=publisher,
                options=options,
            )
        print(f"{number}: {wanted} {place}")

    _with_store(context, work)


def _state(row: SourceRow) -> str:
    if not row.enabled:
        return "off"
    since = f" since {row.state_since:%Y-%m-%d %H:%M}" if row.state_since and row.state != "ok" else ""
    return f"{row.state}{since}" + (f": {row.last_error}" if row.last_error and row.state != "ok" else "")


@cli.command(name="list")
def list_sources(context: typer.Context) -> None:
    """All sources and how they are."""

    async def work(store: Store, _settings: Settings) -> None:
        async with store.read() as tx:
            rows = await tx.sources.all()
        if not rows:
            print("no sources yet: digestbot sources add FOLDER-OR-ADDRESS")
            return
        table = Table("number", "kind", "address", "title", "state", "last new")
        for row in rows:
            last = f"{row.last_item:%Y-%m-%d %H:%M}" if row.last_item else "never"
            cells = (str(row.source_id), row.kind, row.address, row.title or "", _state(row), last)
            table.add_row(*map(Text, cells))
        # Whoever reads it in a pipe needs the addresses whole.
        Console(width=None if sys.stdout.isatty() else 400).print(table)

    _with_store(context, work)


@cli.command()
def remove(
    context: typer.Context, number: Annotated[int, typer.Argument(help="Its number in the list.")]
) -> None:
    """Remove a source; its documents stay."""

    async def work(store: Store, _settings: Settings) -> None:
        async with store.begin() as tx:
            removed = await tx.sources.remove(number)
        if not removed:
            raise SourceError(f"there is no source {number}: see digestbot sources list")
        print(f"source {number} is removed")

    _with_store(context, work)


@cli.command()
def check(context: typer.Context) -> None:
    """Look at every source now, take what is new, and say how it went."""
    from digestbot import app

    async def work(store: Store, settings: Settings) -> None:
        async with app.open_reader(settings) as reader, app.open_fetcher(settings) as fetcher:
            stage = app.build_ingest(settings, store, reader, fetcher)
            async with store.begin() as tx:
                await tx.sources.make_due(datetime.now(UTC))
            report = await stage.collect(datetime.now(UTC))
        async with store.read() as tx:
            rows = await tx.sources.all()
        for row in rows:
            print(f"{row.source_id}: {row.kind} {row.address}: {_state(row)}")
        print(f"{report.new} new, {report.changed} changed, {len(report.failures)} failed")
        for failure in report.failures:
            print(failure)
        if report.failures or any(row.enabled and row.state in ("failing", "gone") for row in rows):
            raise typer.Exit(1)

    _with_store(context, work)


@cli.command(name="import")
def import_opml(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="An OPML file of another feed reader.")],
    backfill: Annotated[int, typer.Option(min=0, help="Entries of each feed to take from before now.")] = 0,
) -> None:
    """Add the feeds of an OPML file."""
    try:
        subscriptions = read_opml(file.read_bytes(), str(file))
    except OSError as error:
        raise SourceError(f"{file}: {error.strerror}") from error

    async def work(store: Store, _settings: Settings) -> None:
        async with store.begin() as tx:
            for feed in subscriptions:
                await tx.sources.add(
                    "feed",
                    feed.address,
                    now=datetime.now(UTC),
                    origin="cli",
                    title=feed.title,
                    options={"backfill": backfill},
                )
        print(f"{len(subscriptions)} feeds")

    _with_store(context, work)


@cli.command()
def export(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to; default: standard output.")] = None,
) -> None:
    """Write the feeds as OPML."""

    async def work(store: Store, _settings: Settings) -> None:
        async with store.read() as tx:
            rows = [row for row in await tx.sources.all() if row.kind == "feed"]
        content = write_opml(Subscription(row.address, row.title) for row in rows)
        if file is None:
            typer.echo(content.decode())
        else:
            file.write_bytes(content)
            print(f"{file}: {len(rows)} feeds")

    _with_store(context, work)
