"""Stores what was read, several documents in one unit of work.

    put ──► waiting ──► a batch (full, or some time passed) ──► documents, stories, items: one transaction
                                          └─ refused: each alone, so that one bad document costs itself

An item's fingerprint is recorded in the transaction that stores its document (or its error), so a kill loses
nothing and repeats nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digestbot.errors import DigestbotError, StorageError
from digestbot.ingest.provenance import publication_time, publisher_of
from digestbot.ingest.telling import StoryTeller
from digestbot.model import FoundDocument
from digestbot.protocols.ingest import (
    AddedDocument,
    FoundItem,
    NewDocument,
    Outline,
    ReadDocument,
    SeenItem,
    SourceRow,
)
from digestbot.protocols.store import Store, Transaction
from digestbot.stories import terms_of, text_hash

log = logging.getLogger(__name__)

ARCHIVE_AFTER = timedelta(hours=48)
"""A document older than this when it is picked up is archive: searchable, never news."""
BATCH = 32
"""Documents stored in one unit of work."""
BATCH_BYTES = 16_000_000
"""Bytes of files that wait to be stored: at most so many and one file's more."""
LINGER = 0.3
"""Seconds that what was read waits for company."""
FATAL = frozenset({"locked", "disk-full", "unreachable"})
"""Codes of a StorageError that no document is to blame for."""


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item that was read, or why it could not be."""

    item: FoundItem
    read: ReadDocument | None
    error: str | None = None

    @property
    def seen(self) -> list[SeenItem]:
        """What is remembered of it where it is refused."""
        return [
            SeenItem(key, self.item.fingerprint, error=self.error)
            for key in (self.item.key, *self.item.aliases)
        ]


async def add_with_stories(
    tx: Transaction, teller: StoryTeller, new: Sequence[NewDocument], now: datetime
) -> list[AddedDocument]:
    """Store documents and give those that are new their stories.

    Reading takes its time, and a digest may have been made since they were picked up. They are then counted
    as picked up right after what it covers, so that the next one has them: nothing falls between two.
    """
    open_from = await tx.stories.open_from(min((one.picked_up for one in new), default=now))
    added = await tx.documents.add([replace(one, picked_up=max(one.picked_up, open_from)) for one in new])
    fresh: list[Outline] = []
    edited: list[Outline] = []
    for one, row in zip(new, added, strict=True):
        if row.changed:
            outline = Outline(
                document_id=row.document_id,
                terms=terms_of(row.title, one.read.extracted.text, one.read.analysis).to_bytes(),
                published=row.published,
                text_hash=text_hash(one.read.extracted.text),
                scope=one.scope,
                story_id=row.story_id,
            )
            (fresh if row.story_id is None else edited).append(outline)
    await teller.write_down(tx, edited)
    await teller.tell(tx, fresh, now)
    return added


def new_document(
    found: FoundDocument,
    read: ReadDocument,
    row: SourceRow | None,
    *,
    source_id: int | None,
    scope: int | None,
    now: datetime,
    archive: bool | None = None,
) -> NewDocument:
    """A document with when it was published and by whom; archive by its age, unless that is given."""
    published, origin = publication_time(found, read.extracted, read.analysis, now=now)
    return NewDocument(
        found,
        read,
        source_id=source_id,
        publisher=publisher_of(found, read.extracted, row),
        published=published,
        published_origin=origin,
        picked_up=now,
        scope=scope,
        archive=now - published > ARCHIVE_AFTER if archive is None else archive,
    )


class Shelf:
    """What was read in one source and waits to be stored. `row` may be set anew while the look goes on."""

    def __init__(self, store: Store, teller: StoryTeller, row: SourceRow, now: datetime) -> None:
        self.row = row
        self.new = self.changed = self.unchanged = 0
        self.failures: list[str] = []
        self.newest: datetime | None = None
        self._store = store
        self._teller = teller
        self._now = now
        self._waiting: list[ReadItem] = []
        self._bytes = 0
        self._since = 0.0
        self._storing = asyncio.Lock()

    @property
    def done(self) -> int:
        """Items stored or given up."""
        return self.new + self.changed + self.unchanged + len(self.failures)

    async def put(self, one: ReadItem) -> None:
        """Take one; every BATCH-th waits until the batch is stored. Raises StorageError."""
        if not self._waiting:
            self._since = asyncio.get_running_loop().time()
        self._waiting.append(one)
        if one.item.document is not None:
            self._bytes += len(one.item.document.content)
        waited = asyncio.get_running_loop().time() - self._since
        if len(self._waiting) >= BATCH or self._bytes >= BATCH_BYTES or waited >= LINGER:
            await self.flush()

    async def flush(self) -> None:
        """Store all that waits."""
        async with self._storing:
            some, self._waiting, self._bytes = self._waiting, [], 0
            if some:
                await self._store_them(some)

    async def _store_them(self, some: Sequence[ReadItem]) -> None:
        try:
            added = await self._write(some)
        except Exception as error:
            if isinstance(error, StorageError) and error.code in FATAL:
                raise
            if len(some) > 1:
                for one in some:
                    await self._store_them([one])
                return
            log.warning("a document cannot be stored", exc_info=True)
            await self._give_up(some[0], error)
            return
        for row in added:
            self._count(row)
            if row.changed and (self.newest is None or row.published > self.newest):
                self.newest = row.published
        self.failures += [one.error for one in some if one.error is not None]

    def _count(self, row: AddedDocument) -> None:
        if not row.changed:
            self.unchanged += 1
        elif row.version == 1:
            self.new += 1
        else:
            self.changed += 1

    async def _give_up(self, one: ReadItem, error: Exception) -> None:
        said = error.message if isinstance(error, DigestbotError) else type(error).__name__
        message = f"{one.item.key}: cannot be stored: {said}"
        failed = ReadItem(one.item, None, message)
        async with self._store.begin() as tx:
            await tx.sources.record(self.row.source_id, failed.seen, await tx.stories.open_from(self._now))
        self.failures.append(message)

    async def _write(self, some: Sequence[ReadItem]) -> list[AddedDocument]:
        """One unit of work; what became of those that were read, in order."""
        async with self._store.begin() as tx:
            new: list[NewDocument] = []
            read: list[FoundItem] = []
            seen: list[SeenItem] = []
            for one in some:
                if one.read is None or one.item.document is None:
                    seen += one.seen
                    continue
                read.append(one.item)
                new.append(
                    new_document(
                        one.item.document,
                        one.read,
                        self.row,
                        source_id=self.row.source_id,
                        scope=None,
                        now=self._now,
                    )
                )
            added = await add_with_stories(tx, self._teller, new, self._now)
            for item, row in zip(read, added, strict=True):
                seen += [
                    SeenItem(key, item.fingerprint, row.document_id) for key in (item.key, *item.aliases)
                ]
            await tx.sources.record(self.row.source_id, seen, await tx.stories.open_from(self._now))
        return added
