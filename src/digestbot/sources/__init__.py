"""Where documents come from; SOURCES is the table of kinds.

A new kind is one file in this package and one row in SOURCES.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from digestbot.protocols.ingest import FeedReader, Fetcher, Source, SourceEvent, SourceRow
from digestbot.sources.feed import FeedSource
from digestbot.sources.folder import FolderSource
from digestbot.sources.web import WebSource

__all__ = ["SOURCES", "SourceKind", "SourceTools", "build_sources", "look_once"]


@dataclass(frozen=True, slots=True)
class SourceTools:
    """What sources are built with. Without a fetcher only folders can be looked at."""

    fetcher: Fetcher | None
    feeds: FeedReader | None
    max_bytes: int


@dataclass(frozen=True, slots=True)
class SourceKind:
    """One kind of source. `address`: what its address is, for people; `options`: what can be set for it."""

    name: str
    address: str
    build: Callable[[SourceTools], Source | None]
    options: tuple[str, ...] = ()


def _feed(tools: SourceTools) -> Source | None:
    if tools.fetcher is None or tools.feeds is None:
        return None
    return FeedSource(tools.fetcher, tools.feeds)


def _web(tools: SourceTools) -> Source | None:
    return None if tools.fetcher is None else WebSource(tools.fetcher)


SOURCES = (
    SourceKind("folder", "path of a folder", lambda tools: FolderSource(tools.max_bytes)),
    SourceKind("feed", "address of an RSS, Atom or JSON feed", _feed, ("backfill", "full_text")),
    SourceKind("web", "address of a page", _web, ("watch",)),
)
"""Every kind of source."""


def build_sources(tools: SourceTools) -> dict[str, Source]:
    """The kinds that can be looked at with these tools, by name."""
    built = {kind.name: kind.build(tools) for kind in SOURCES}
    return {name: source for name, source in built.items() if source is not None}


async def look_once(source: Source, address: str, now: datetime) -> None:
    """Look at what stands at an address as far as is needed to know that it can be read; nothing is taken.

    Raises SourceError and FetchError as the source does.
    """
    row = SourceRow(
        source_id=0,
        kind=source.kind,
        address=address,
        title=None,
        publisher=None,
        origin="check",
        options={},
        enabled=True,
        state="new",
        state_since=None,
        last_error=None,
        failures=0,
        etag=None,
        last_modified=None,
        interval_seconds=0,
        next_due=now,
        last_checked=None,
        last_success=None,
        last_item=None,
        created=now,
    )
    async with aclosing(cast(AsyncGenerator[SourceEvent, None], source.look(row, {}, now))) as events:
        async for _ in events:
            return
