"""`digest`, `analyze`, `explain` and `ingest`: what can be done with documents from a terminal."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from digestbot.cli import views
from digestbot.cli.paths import Given, given
from digestbot.cli.shared import settings_of, stderr
from digestbot.errors import DigestbotError, DocumentError
from digestbot.protocols.ingest import ReadDocument, Reader
from digestbot.settings import Settings

if TYPE_CHECKING:
    from digestbot.ingest import CollectReport

Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATH…", help="Files, folders, web addresses, or - for standard input."),
]


class Format(StrEnum):
    """How a digest is printed."""

    READABLE = "readable"
    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one given document: what was read out of it, or the error."""

    given: Given
    read: ReadDocument | None = None
    error: DigestbotError | None = None


async def _read_one(reader: Reader, one: Given) -> Outcome:
    if one.document is None:
        return Outcome(one, error=one.error)
    try:
        return Outcome(one, read=await reader.read(one.document))
    except DigestbotError as error:
        return Outcome(one, error=error)


async def outcomes(paths: Sequence[str], settings: Settings) -> AsyncGenerator[Outcome]:
    """Read all documents, several at a time; outcomes come in the order given."""
    from digestbot import app

    max_bytes = settings.sources.max_bytes
    async with app.open_fetcher(settings) as fetcher, app.open_reader(settings) as reader:
        ahead = 2 * app.worker_count(settings)
        waiting: deque[asyncio.Task[Outcome]] = deque()
        try:
            async for one in given(paths, max_bytes=max_bytes, fetcher=fetcher):
                waiting.append(asyncio.create_task(_read_one(reader, one)))
                if len(waiting) > ahead:
                    yield await waiting.popleft()
            while waiting:
                yield await waiting.popleft()
        finally:
            for task in waiting:
                task.cancel()


def analyze(
    context: typer.Context,
    paths: Paths,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and document.")] = False,
    with_text: Annotated[bool, typer.Option("--with-text", help="Print the text as well.")] = False,
) -> None:
    """Bullets, actors and conditions of documents."""
    from digestbot.ingest import publication_time

    settings = settings_of(context)
    console = Console()

    async def work() -> bool:
        failed = False
        async with aclosing(outcomes(paths, settings)) as results:
            async for outcome in results:
                path = outcome.given.path
                if outcome.read is None or outcome.given.document is None:
                    failed = True
                    error = outcome.error or DocumentError(f"{path}: cannot be read")
                    if as_json:
                        print(json.dumps(views.error_as_json(path, error), ensure_ascii=False), flush=True)
                    else:
                        stderr.print(f"digestbot: {error.message}", markup=False, soft_wrap=True)
                    continue
                extracted, analysis = outcome.read.extracted, outcome.read.analysis
                if as_json:
                    published, _ = publication_time(
                        outcome.given.document, extracted, analysis, now=datetime.now(UTC)
                    )
                    row = views.as_json(path, extracted, analysis, published.isoformat(), with_text)
                    print(json.dumps(row, ensure_ascii=False), flush=True)
                else:
                    views.show_analysis(console, path, extracted, analysis, with_text=with_text)
        return failed

    if asyncio.run(work()):
        raise typer.Exit(1)


def explain(context: typer.Context, paths: Paths) -> None:
    """Why each bullet, actor and condition is there: rule, cue, score."""
    from digestbot.analysis.explain import explain as explain_analysis

    settings = settings_of(context)
    console = Console()

    async def work() -> bool:
        failed = False
        async with aclosing(outcomes(paths, settings)) as results:
            async for outcome in results:
                if outcome.read is None:
                    failed = True
                    said = outcome.error.message if outcome.error else f"{outcome.given.path}: cannot be read"
                    stderr.print(f"digestbot: {said}", markup=False, soft_wrap=True)
                    continue
                views.show_explanations(
                    console,
                    outcome.given.path,
                    explain_analysis(outcome.read.extracted, outcome.read.analysis),
                )
        return failed

    if asyncio.run(work()):
        raise typer.Exit(1)


def digest(
    context: typer.Context,
    paths: Paths,
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.READABLE,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    zone: Annotated[str | None, typer.Option(help="Time zone of the date, such as Europe/Paris.")] = None,
) -> None:
    """The digest of documents, as the bot would send it."""
    from digestbot import app

    settings = settings_of(context)
    wanted = Format.JSON if as_json else form

    async def work() -> bool:
        failed: list[str] = []
        read: list[tuple[Given, ReadDocument]] = []
        async with aclosing(outcomes(paths, settings)) as results:
            async for outcome in results:
                if outcome.read is not None:
                    read.append((outcome.given, outcome.read))
                else:
                    said = outcome.error.message if outcome.error else outcome.given.path
                    failed.append(said)
                    stderr.print(f"digestbot: {said}", markup=False, soft_wrap=True)
        if read:
            made = app.digest_of(
                [(one.document, done) for one, done in read if one.document is not None],
                failures=failed,
                zone=zone or settings.digest.zone,
                settings=settings,
                now=datetime.now(UTC),
            )
            views.show_digest(Console(), made, wanted.value)
        return bool(failed)

    if asyncio.run(work()):
        raise typer.Exit(1)


def ingest(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files and folders.")],
) -> None:
    """Read documents into the database, all processors at work; may be interrupted and taken up again."""
    from digestbot import app

    settings = settings_of(context)

    progress = Progress(
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(),
        console=stderr,
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    task = progress.add_task("reading", total=None)
    dealt_with = 0

    def advance(done: int, total: int | None) -> None:
        nonlocal dealt_with
        dealt_with = done
        progress.update(task, completed=done, total=total)

    async def work() -> CollectReport:
        async with app.open_store(settings) as store, app.open_reader(settings) as reader:
            stage = app.build_ingest(settings, store, reader, fetcher=None)
            with progress:
                return await stage.bulk(paths, progress=advance, now=datetime.now(UTC))

    try:
        report = asyncio.run(work())
    except KeyboardInterrupt:
        stderr.print(
            f"digestbot: interrupted after {dealt_with} documents: run the same again to go on from there",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(130) from None
    for failure in report.failures:
        stderr.print(f"digestbot: {failure}", markup=False, soft_wrap=True)
    print(
        f"{report.new} new, {report.changed} changed, {report.unchanged} known already, "
        f"{len(report.failures)} failed"
    )
    if report.failures:
        raise typer.Exit(1)
