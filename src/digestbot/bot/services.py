"""What the bot is given: built once by the composition root."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from digestbot.analysis.lexicon import Lexicon
from digestbot.bot.admission import Access, Pace
from digestbot.model import FoundDocument, StoredDocument
from digestbot.protocols.ingest import Fetcher, SourceDesk
from digestbot.protocols.store import Clock, Store

PATIENCE = 0.4
"""Seconds of work of which nothing is shown: half of the second within which people expect a sign."""


class Ingesting(Protocol):
    """Reads one document that somebody sent; raises DocumentError, whose message is for them."""

    async def ingest_one(
        self, found: FoundDocument, *, scope: int | None, now: datetime
    ) -> StoredDocument: ...
    async def publish_one(self, document_id: int, *, now: datetime) -> StoredDocument | None:
        """Make a document of one chat one for everyone; None where it is gone or was published before."""
        ...


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds until a person has chosen: time of day "07:30" and IANA zone."""

    time: str = "07:30"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a command may use. Without `ingest`, `fetcher` or `sources`, what needs it is refused.

    `pace`: how many commands are taken from one person and one chat; None: as many as come.
    `patience`: seconds of work of which nothing is shown; after them "typing …" is.
    `admins`: user ids of those who run the bot. `names`: the lexicon, which knows what "Ankara" stands for.
    """

    store: Store
    clock: Clock
    admins: frozenset[int] = frozenset()
    defaults: Defaults = field(default_factory=Defaults)
    access: Access = field(default_factory=Access)
    pace: Pace | None = None
    ingest: Ingesting | None = None
    fetcher: Fetcher | None = None
    names: Lexicon | None = None
    sources: SourceDesk | None = None
    patience: float = PATIENCE
