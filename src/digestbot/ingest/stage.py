"""Looks at sources, reads what they hold, and hands it to the shelf.

One item that fails costs that item alone, one source that fails that source alone.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from digestbot.errors import DigestbotError, DocumentError
from digestbot.ingest.fortunes import after_failure, after_success, news_of
from digestbot.ingest.shelf import ARCHIVE_AFTER, ReadItem, Shelf, add_with_stories, new_document
from digestbot.ingest.telling import StoryTeller
from digestbot.ingest.walls import is_wall
from digestbot.model import FoundDocument, StoredDocument
from digestbot.protocols.ingest import (
    ExpectedItems,
    FoundItem,
    GoneItem,
    MovedItem,
    Reader,
    SeenItem,
    Source,
    SourceChange,
    SourceEvent,
    SourceNews,
    SourceRow,
)
from digestbot.protocols.store import Clock, Store
from digestbot.stories import outline_of

log = logging.getLogger(__name__)

LEASE_SECONDS = 300.0
"""How long a source is held; renewed while its items are read."""
UNDER_WAY = 32
"""Sources looked at side by side by a running bot: so many may be slow before the others wait for them."""
ITEMS_AT_ONCE = 4
"""Items of one source read side by side."""

Notify = Callable[[SourceNews], Awaitable[None]]
"""Tells the admins one line."""
Progress = Callable[[int, int | None], None]
"""Is told how many documents are dealt with, and of how many (None: not known yet)."""


@dataclass(frozen=True, slots=True)
class CollectReport:
    """What one round of looking, or one bulk ingest, did."""

    sources: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failures: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    """Counts of a look under way."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failures: list[str] = field(default_factory=list)
    newest: datetime | None = None

    @property
    def done(self) -> int:
        return self.new + self.changed + self.unchanged + len(self.failures)

    def add(self, other: _Tally | Shelf) -> None:
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.failures += other.failures
        if other.newest is not None:
            self.newest = max(other.newest, self.newest or other.newest)


class Ingest:
    """The stage. `notify` tells the admins; `bulk_source` opens a folder for bulk reading."""

    def __init__(
        self,
        store: Store,
        reader: Reader,
        sources: Mapping[str, Source],
        *,
        notify: Notify | None = None,
        rng: random.Random | None = None,
        clock: Clock | None = None,
        parallel: int = ITEMS_AT_ONCE,
    ) -> None:
        """`parallel`: documents read side by side in bulk; `clock`: for leases of long looks."""
        self._store = store
        self._reader = reader
        self._sources = sources
        self._notify = notify
        self._random = rng or random.Random()
        self._clock = clock
        self._parallel = parallel
        self._teller = StoryTeller()
        self._under_way: dict[asyncio.Task[_Tally], tuple[SourceRow, str]] = {}
        self._caught_up = False

    @property
    def caught_up(self) -> bool:
        """Whether every source that was due when `collect_some` began its rounds has been looked at."""
        return self._caught_up

    async def collect(self, now: datetime) -> CollectReport:
        """Look at all sources that are due; a cancelled round frees what it had under way."""
        try:
            return await self.collect_some(now, math.inf)
        finally:
            await self.stop()

    async def collect_some(self, now: datetime, patience: float) -> CollectReport:
        """Look at sources that are due for `patience` seconds at most; what takes longer goes on meanwhile.

        A publisher whose server takes its time holds up nobody else. The report is of looks that ended.
        """
        total, looked = _Tally(), 0
        clock = asyncio.get_running_loop().time
        deadline = clock() + patience
        while True:
            room = UNDER_WAY - len(self._under_way)
            if room:
                async with self._store.begin() as tx:
                    claimed = await tx.sources.claim(now, room, LEASE_SECONDS)
                looked += len(claimed)
                for row, token in claimed:
                    self._under_way[asyncio.create_task(self._look(row, token, now))] = row, token
            if not self._under_way:
                self._caught_up = True
                break
            if (left := deadline - clock()) <= 0:
                break
            done, _ = await asyncio.wait(
                self._under_way,
                timeout=None if math.isinf(left) else left,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in done:
                del self._under_way[task]
                total.add(task.result())
        return CollectReport(looked, total.new, total.changed, total.unchanged, tuple(total.failures))

    async def stop(self) -> None:
        """End the looks under way; what they had read is stored, and the sources are free for the next."""
        ended = dict(self._under_way)
        self._under_way.clear()
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)
        if ended:
            # Here and not in the look itself: one that was cancelled before its first step ran no line.
            async with self._store.begin() as tx:
                for row, token in ended.values():
                    await tx.sources.finish(row.source_id, token, {"next_due": row.next_due})

    async def ingest_one(
        self, found: FoundDocument, *, source_id: int | None = None, scope: int | None = None, now: datetime
    ) -> StoredDocument:
        """Read and store one document, for example an upload; raises DocumentError.

        What a person hands over is never archive by its age alone: they want it read now. A document with a
        scope is seen by that chat alone.
        """
        read = await self._reader.read(found)
        new = new_document(found, read, None, source_id=source_id, scope=scope, now=now, archive=False)
        async with self._store.begin() as tx:
            (added,) = await add_with_stories(tx, self._teller, [new], now)
            document = await tx.documents.get(added.document_id)
        assert document is not None
        return document

    async def publish_one(self, document_id: int, *, now: datetime) -> StoredDocument | None:
        """Make a document that one chat sent one for everyone, in a story of what everyone sees; its newest
        state, or None where it is gone or was published before. By then it may be old, and is archive."""
        async with self._store.begin() as tx:
            document = await tx.documents.get(document_id)
            if document is None:
                return None
            picked_up = max(now, await tx.stories.open_from(now))
            old = now - document.published > ARCHIVE_AFTER
            if not await tx.documents.publish(document_id, picked_up, archive=old):
                return None
            document = await tx.documents.get(document_id)
            assert document is not None
            await self._teller.tell(tx, [outline_of(document)], now)
            return await tx.documents.get(document_id)

    async def bulk(
        self, paths: Sequence[Path], progress: Progress | None = None, *, now: datetime
    ) -> CollectReport:
        """Read files and folders into the store; `progress` is told (done, total).

        Each path is a source of kind folder (looked at by this alone), so an interrupted run goes on
        where it was: what is stored is known by its fingerprint.
        """
        total = _Tally()
        for path in paths:
            if not path.exists():
                total.failures.append(f"{path}: no such file or folder")
                continue
            row = await self._bulk_source(path, now)
            before = total.done

            def advance(done: int, expected: int | None, before: int = before) -> None:
                if progress:
                    progress(before + done, None if expected is None else before + expected)

            tally = _Tally()
            try:
                await self._take(row, tally, now, parallel=self._parallel, advance=advance)
            except DigestbotError as error:
                tally.failures.append(error.message)
            total.add(tally)
        if progress:
            progress(total.done, total.done)
        return CollectReport(len(paths), total.new, total.changed, total.unchanged, tuple(total.failures))

    async def _bulk_source(self, path: Path, now: datetime) -> SourceRow:
        address = str(path.absolute())
        async with self._store.begin() as tx:
            known = await tx.sources.find("folder", address)
            if known is not None:
                return replace(known, options={**known.options, "once": True})
            source_id = await tx.sources.add(
                "folder", address, now=now, origin="bulk", title=path.name, options={"once": True}
            )
            await tx.sources.set_enabled(source_id, enabled=False)
            row = await tx.sources.get(source_id)
        assert row is not None
        return row

    async def _look(self, row: SourceRow, token: str, now: datetime) -> _Tally:
        """Look at one source and write down how it fared; never raises for what the source does."""
        tally = _Tally()
        renewing = asyncio.create_task(self._renew(row, token))
        try:
            change = await self._take(row, tally, now, parallel=ITEMS_AT_ONCE)
            changes = after_success(row, change, tally.newest, now, self._random)
        except DigestbotError as error:
            tally.failures.append(error.message)
            changes = after_failure(row, error, now, self._random)
        except Exception:
            log.exception("looking at source %s failed", row.source_id)
            message = f"{row.title or row.address}: could not be looked at: see the log"
            tally.failures.append(message)
            changes = after_failure(row, DigestbotError(message), now, self._random)
        finally:
            renewing.cancel()
        told = news_of(row, changes)
        if told and self._notify is not None:
            changes["state_told"] = changes["state"]
        async with self._store.begin() as tx:
            held = await tx.sources.finish(row.source_id, token, changes)
        if held and told and self._notify is not None:
            await self._notify(told)
        return tally

    async def _renew(self, row: SourceRow, token: str) -> None:
        """Hold the lease while a long look goes on."""
        while self._clock is not None:
            await asyncio.sleep(LEASE_SECONDS / 3)
            async with self._store.begin() as tx:
                until = self._clock() + timedelta(seconds=LEASE_SECONDS)
                if not await tx.sources.renew(row.source_id, token, until):
                    return

    async def _take(
        self,
        row: SourceRow,
        tally: _Tally,
        now: datetime,
        *,
        parallel: int,
        advance: Progress | None = None,
    ) -> SourceChange:
        """Take all that is new in a source; what the look says of the source itself is returned."""
        source = self._sources.get(row.kind)
        if source is None:
            raise DigestbotError(f"{row.address}: no source of kind {row.kind} is known", code="bad-source")
        async with self._store.read() as tx:
            seen = await tx.sources.seen(row.source_id)
        change = SourceChange()
        shelf = Shelf(self._store, self._teller, row, now)
        expected: int | None = None
        waiting: set[asyncio.Task[None]] = set()
        known: list[SeenItem] = []

        def told() -> None:
            if advance:
                advance(shelf.done + tally.unchanged + len(tally.failures), expected)

        try:
            async with aclosing(_events(source, row, seen, now)) as events:
                async for event in events:
                    if isinstance(event, SourceChange):
                        change = event
                        shelf.row = replace(
                            row,
                            title=change.title or row.title,
                            publisher=change.publisher or row.publisher,
                        )
                    elif isinstance(event, ExpectedItems):
                        expected = event.count + event.known
                        tally.unchanged += event.known
                        told()
                    elif isinstance(event, FoundItem) and event.document is None:
                        known += [
                            SeenItem(key, event.fingerprint, error=event.error)
                            for key in (event.key, *event.aliases)
                        ]
                        if event.error:
                            tally.failures.append(event.error)
                        if len(known) >= 500:
                            await self._record(row, known, now)
                    elif isinstance(event, FoundItem):
                        waiting.add(asyncio.create_task(self._take_item(event, shelf)))
                        if len(waiting) >= parallel:
                            waiting = await _some_done(waiting)
                            told()
                    else:
                        await self._moved_or_gone(row, event, now)
            while waiting:
                waiting = await _some_done(waiting)
                told()
        finally:
            # Whatever ends the look, what was read is stored.
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            try:
                await shelf.flush()
                await self._record(row, known, now)
            finally:
                tally.add(shelf)
        return change

    async def _record(self, row: SourceRow, known: list[SeenItem], now: datetime) -> None:
        if known:
            async with self._store.begin() as tx:
                await tx.sources.record(row.source_id, known, now)
            known.clear()

    async def _moved_or_gone(self, row: SourceRow, event: MovedItem | GoneItem, now: datetime) -> None:
        async with self._store.begin() as tx:
            if isinstance(event, GoneItem):
                await tx.sources.forget(row.source_id, [event.key])
                return
            await tx.documents.rekey(row.source_id, event.old_key, event.key)
            await tx.sources.forget(row.source_id, [event.old_key])
            await tx.sources.record(row.source_id, [SeenItem(event.key, event.fingerprint)], now)

    async def _take_item(self, item: FoundItem, shelf: Shelf) -> None:
        """Read one item in isolation."""
        assert item.document is not None
        try:
            one = ReadItem(item, await self._reader.read(item.document))
        except DocumentError as error:
            one = ReadItem(item, None, error.message)
        if item.instead is not None:
            one = await self._or_instead(one, item.instead)
        await shelf.put(one)

    async def _or_instead(self, page: ReadItem, instead: FoundDocument) -> ReadItem:
        """The page, or the feed's own text where the page is no article or cannot be read."""
        try:
            own = await self._reader.read(instead)
        except DocumentError:
            return page
        if page.read is not None and not is_wall(page.read, own):
            return page
        return ReadItem(replace(page.item, document=instead), own)


async def _events(
    source: Source, row: SourceRow, seen: Mapping[str, str], now: datetime
) -> AsyncGenerator[SourceEvent, None]:
    async for event in source.look(row, seen, now):
        yield event


async def _some_done(waiting: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
    done, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()  # what is no DocumentError (a full disk, a lost database) ends the look
    return rest
