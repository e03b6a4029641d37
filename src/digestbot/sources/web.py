"""Web pages by address: once, or watched for change (option `watch`).

A change of the page is a new version of the same document; the earlier one stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from digestbot.extraction.encodings import charset
from digestbot.model import FoundDocument
from digestbot.protocols.ingest import Fetcher, FoundItem, SourceChange, SourceEvent, SourceRow

ONCE_SECONDS = 86_400 * 365
"""A page that is not watched is looked at again in a year: that is, never for news."""


class WebSource:
    """Implements Source."""

    kind = "web"

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def look(
        self, row: SourceRow, seen: Mapping[str, str], now: datetime
    ) -> AsyncIterator[SourceEvent]:
        """The page, where it has changed since the last look."""
        watched = bool(row.options.get("watch"))
        headers = {}
        if row.etag and seen:
            headers["If-None-Match"] = row.etag
        if row.last_modified and seen:
            headers["If-Modified-Since"] = row.last_modified
        answer = await self._fetcher.fetch(row.address, headers=headers, robots=True)
        interval = None if watched else ONCE_SECONDS
        yield SourceChange(
            address=answer.moved_to,
            etag=answer.headers.get("etag", "") if answer.status != 304 else None,
            last_modified=answer.headers.get("last-modified", "") if answer.status != 304 else None,
            interval_seconds=interval,
        )
        if answer.status == 304:
            return
        fingerprint = hashlib.sha256(answer.content).hexdigest()[:32]
        if fingerprint in seen.values():
            return
        yield FoundItem(
            "page", fingerprint, page_document(answer.url, answer.content, answer.headers, key="page")
        )


def page_document(
    url: str, content: bytes, headers: Mapping[str, str], *, key: str | None = None
) -> FoundDocument:
    """A fetched page as a found document; also for an address somebody sent."""
    declared = headers.get("content-type", "")
    return FoundDocument(
        key=key or url,
        content=content,
        media_type=declared.partition(";")[0].strip() or None,
        url=url,
        encoding=charset(declared),
    )
