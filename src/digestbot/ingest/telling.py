"""Gives stored documents their stories, within the unit of work that stores them.

outlines ──► frequencies in force ──► keys ──► written down ──► candidates ──► linked stories' members
    ──► place (pure) ──► settled
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from digestbot.protocols.ingest import CountedTerms, Outline
from digestbot.protocols.store import Transaction
from digestbot.stories import (
    APART,
    CANDIDATES,
    MEMBERS,
    SAMPLE,
    Frequencies,
    Terms,
    linked_stories,
    needed_keys,
    place,
)

FIRST_COUNT = 4
"""Documents after which terms are counted first; then whenever there are so many more (GROWTH)."""
GROWTH = 1.25
"""While few documents are known, what is counted of them changes fast."""


class StoryTeller:
    """Keeps the frequencies in force in memory; what they are is decided by the order of arrival alone."""

    def __init__(self) -> None:
        self._version: int | None = None
        self._frequencies = Frequencies.of(())

    async def tell(self, tx: Transaction, new: Sequence[Outline], now: datetime) -> dict[int, int]:
        """The stories of new documents, by id, written down."""
        if not new:
            return {}
        await tx.stories.lock()
        told: dict[int, int] = {}
        waiting = sorted(new, key=lambda one: one.document_id)
        while waiting:
            due = await self._in_force(tx, waiting[0].document_id)
            some = [one for one in waiting if one.document_id < due]
            waiting = waiting[len(some) :]
            told |= await self._tell(tx, some, now)
        return told

    async def write_down(self, tx: Transaction, changed: Sequence[Outline]) -> None:
        """Outlines of documents whose text changed: they stay in their stories."""
        if not changed:
            return
        await tx.stories.lock()
        await self._in_force(tx, max(one.document_id for one in changed))
        await tx.stories.outline(changed, self._keys(changed))

    async def _tell(self, tx: Transaction, new: Sequence[Outline], now: datetime) -> dict[int, int]:
        keys = self._keys(new)
        await tx.stories.outline(new, keys)
        shared = [needed_keys(len(own)) for own in keys]
        known = await tx.stories.candidates(new, shared, apart=APART, limit=CANDIDATES)
        linked = linked_stories(new, known, self._frequencies)
        members = await tx.stories.members(linked, MEMBERS) if linked else []
        return await tx.stories.settle(place(new, known, members, self._frequencies), now)

    def _keys(self, outlines: Sequence[Outline]) -> list[list[int]]:
        keys = []
        for one in outlines:
            terms = Terms.from_bytes(one.terms)
            keys.append(self._frequencies.keys(terms, self._frequencies.weights(terms)).tolist())
        return keys

    async def _in_force(self, tx: Transaction, document_id: int) -> int:
        """Take up the frequencies for a document; the id from which on they must be counted anew."""
        counted = await tx.stories.frequencies(document_id, self._version)
        if counted is not None:
            self._take_up(counted)
        due = self._next_count()
        if document_id >= due:
            up_to = document_id - 1
            sample = await tx.stories.latest_terms(up_to, SAMPLE)
            frequencies = await asyncio.to_thread(Frequencies.of, sample)
            counted = CountedTerms(up_to, frequencies.documents, frequencies.to_bytes())
            await tx.stories.add_frequencies(counted)
            self._take_up(counted)
            due = self._next_count()
        return due

    def _next_count(self) -> int:
        if self._version is None:
            return FIRST_COUNT
        return self._version + 1 + min(max(int(self._version * (GROWTH - 1)), 2), SAMPLE)

    def _take_up(self, counted: CountedTerms) -> None:
        self._version = counted.up_to
        self._frequencies = Frequencies.from_bytes(counted.documents, counted.terms)
