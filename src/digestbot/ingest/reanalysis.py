"""Analyse stored documents again where code or lexicon changed since: in the background, a few at a time.

    lease ──► versions without an analysis by this analyser ──► analyse (in a worker) ──► a newer analysis

Newest first. What was sent keeps pointing at version and span, and nothing is told again: an analysis changes
neither when a document was picked up nor its story.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from datetime import datetime

from digestbot.errors import DocumentError
from digestbot.model import ExtractedText
from digestbot.protocols.ingest import ReadDocument, TextReader
from digestbot.protocols.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Documents analysed side by side: new ones wait for these at most."""
LEASE_SECONDS = 300.0
"""How long a process that died holds up the others."""


class Reanalysis:
    """The job. Once nothing is left it rests: what comes in is analysed by this analyser anyway."""

    def __init__(self, store: Store, reader: TextReader, analyser: str, *, limit: int = 100) -> None:
        """`analyser`: the version that `reader` works with; `limit`: documents in one go."""
        self._store = store
        self._reader = reader
        self._analyser = analyser
        self._limit = limit
        self._holder = str(uuid.uuid4())
        self._given_up: set[int] = set()
        self._done = False

    async def tick(self, now: datetime) -> int:
        """Analyse at most `limit` documents anew; how many."""
        if self._done:
            return 0
        async with self._store.begin() as tx:
            if not await tx.leases.acquire("reanalyse", self._holder, now, LEASE_SECONDS):
                return 0
        count = tried = 0
        while tried < self._limit:
            wanted = min(AT_ONCE, self._limit - tried)
            async with self._store.read() as tx:
                found = await tx.documents.to_analyse(self._analyser, wanted + len(self._given_up))
            found = [one for one in found if one[0] not in self._given_up][:wanted]
            if not found:
                self._done = True
                break
            tried += len(found)
            count += await self._analyse(found, now)
        async with self._store.begin() as tx:
            await tx.leases.release("reanalyse", self._holder)
        if count:
            log.info("%d documents were analysed again", count)
        return count

    async def _analyse(self, found: list[tuple[int, ExtractedText]], now: datetime) -> int:
        read = await asyncio.gather(*(self._read(text) for _, text in found))
        count = 0
        async with self._store.begin() as tx:
            for (version_id, text), outcome in zip(found, read, strict=True):
                if outcome is None or outcome.analysis.analyser != self._analyser:
                    # It keeps the analysis it has: it cannot be read, or workers run newer code.
                    self._given_up.add(version_id)
                    log.warning("%s was not analysed again", text.title or version_id)
                else:
                    count += await tx.documents.add_analysis(version_id, outcome.analysis, now)
        return count

    async def _read(self, text: ExtractedText) -> ReadDocument | None:
        try:
            return await self._reader.analyse(text)
        except DocumentError as error:
            log.debug("%s", error.message)
            return None
