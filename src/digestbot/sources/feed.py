"""Feeds: RSS, Atom and JSON Feed.

    fetch (ETag, Last-Modified) ──► 304: nothing new
                                └─► entries ──► seen? by guid, address, content ──► first look: back-fill N
                                                  └─► new or changed ──► a stub: its page, own text at hand

Options of a source: `backfill` (entries taken at the first look, default 0: from now on), `full_text`
(auto, always, never).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape

from digestbot.errors import FetchError, SourceError
from digestbot.extraction.encodings import charset
from digestbot.model import FoundDocument
from digestbot.protocols.ingest import (
    FeedEntry,
    FeedReader,
    Fetched,
    Fetcher,
    FoundItem,
    SourceChange,
    SourceEvent,
    SourceRow,
)
from digestbot.sources.discovery import feeds_of_page

STUB = 600
"""Characters below which a feed's text is a teaser and the article's page is fetched."""
PAGES_IN_VAIN = 2
"""Pages in a row that cannot be reached now, after which a look asks for no more."""
LONG_ENOUGH = 200
"""Characters of an undated entry that no other entry repeats by chance."""
LONGEST_TTL = 24 * 3600
"""Seconds; a feed that asks to be left alone for longer is looked at daily all the same."""
NEVER_REPLAYED = timedelta(days=7)
"""Entries with unknown keys that are older than this, in a feed known before, are recorded and not taken."""


class FeedSource:
    """Implements Source."""

    kind = "feed"

    def __init__(self, fetcher: Fetcher, feeds: FeedReader) -> None:
        self._fetcher = fetcher
        self._feeds = feeds

    async def look(
        self, row: SourceRow, seen: Mapping[str, str], now: datetime
    ) -> AsyncIterator[SourceEvent]:
        """What is new in the feed, oldest first; the change of the source comes first."""
        headers = {"Accept": "application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.5"}
        if row.etag:
            headers["If-None-Match"] = row.etag
        if row.last_modified:
            headers["If-Modified-Since"] = row.last_modified
        answer = await self._fetcher.fetch(row.address, headers=headers)
        if answer.status == 304:
            yield SourceChange(address=answer.moved_to)
            return
        declared = answer.headers.get("content-type", "")
        try:
            feed = await self._feeds.read_feed(answer.content, answer.url, declared)
        except SourceError as error:
            named = feeds_of_page(answer.content, answer.url)
            if not named:
                raise
            message = f"{row.address}: is a page, no feed: add the feed it names, {named[0]}"
            raise SourceError(message, code="no-feed") from error
        first_look = row.last_success is None and not seen
        yield SourceChange(
            address=answer.moved_to,
            title=feed.title,
            etag=answer.headers.get("etag", ""),
            last_modified=answer.headers.get("last-modified", ""),
            retry_after=min(feed.ttl_seconds, LONGEST_TTL) if feed.ttl_seconds else None,
            options={"problem": feed.problem} if feed.problem != row.options.get("problem") else {},
        )
        entries = _in_order(feed.entries)
        backlog = len(entries) - _number(row.options.get("backfill")) if first_look else 0
        links = Counter(entry.link for entry in entries)
        pages = _Pages(self._fetcher)
        for place, entry in enumerate(entries):
            fingerprint = _fingerprint(entry)
            keys = _keys(entry, own_link=links[entry.link] == 1)
            known = next((seen[key] for key in keys if key in seen), None)
            if known == fingerprint and all(key in seen for key in keys):
                continue
            if (
                known == fingerprint
                or place < backlog
                or (known is None and self._replayed(entry, seen, now))
            ):
                yield FoundItem(keys[0], fingerprint, None, aliases=keys[1:])
                continue
            own = _own_text(entry, keys, feed.language)
            page = await self._article(row, entry, own, pages)
            yield FoundItem(
                keys[0],
                fingerprint,
                page or own,
                aliases=keys[1:],
                instead=None if page is None else own,
            )

    def _replayed(self, entry: FeedEntry, seen: Mapping[str, str], now: datetime) -> bool:
        """An entry under a new key that is old: a feed that changed its guids, not news."""
        return bool(seen) and entry.published is not None and now - entry.published > NEVER_REPLAYED

    async def _article(
        self, row: SourceRow, entry: FeedEntry, own: FoundDocument, pages: _Pages
    ) -> FoundDocument | None:
        """The entry's page where the feed gives a teaser of it, or is to be read in full always."""
        wanted = row.options.get("full_text", "auto")
        if not entry.link or wanted == "never" or (wanted != "always" and entry.length >= STUB):
            return None
        page = await pages.get(entry.link)
        if page is None or not page.content.strip():
            return None
        declared = page.headers.get("content-type", "")
        return replace(
            own,
            content=page.content,
            media_type=declared.partition(";")[0].strip() or "text/html",
            url=page.url,
            encoding=charset(declared),
        )


class _Pages:
    """The articles' pages in one look; a site whose pages do not come is asked for no more of them."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._in_vain = 0

    async def get(self, url: str) -> Fetched | None:
        """The page, or None where it cannot be had: the feed's own text is what remains."""
        if self._in_vain >= PAGES_IN_VAIN:
            return None
        try:
            page = await self._fetcher.fetch(url, robots=True)
        except FetchError as error:
            self._in_vain += not error.permanent
            return None
        self._in_vain = 0
        return page


def _own_text(entry: FeedEntry, keys: tuple[str, ...], language: str | None) -> FoundDocument:
    """What the feed itself tells as a page, its title above it, in the feed's language."""
    title = escape(entry.title or "")
    head = f"<head><title>{title}</title></head>"
    start = f'<html lang="{language}">' if language else "<html>"
    page = f"{start}{head}<body><h1>{title}</h1>{entry.html or ''}</body></html>"
    return FoundDocument(
        key=entry.link if entry.link in keys else entry.key,
        content=page.encode("utf-8", "replace"),
        media_type="text/html",
        url=entry.link,
        title=entry.title,
        author=entry.author,
        publisher=entry.publisher,
        published=entry.published,
        encoding="utf-8",
    )


def _keys(entry: FeedEntry, *, own_link: bool) -> tuple[str, ...]:
    """What an entry may be known by: its guid, its address (where no other entry has it), and its words on
    its day, since a feed that changes its guids and addresses at once still tells the same.
    """
    words = None
    if entry.published is not None or len(entry.html) >= LONG_ENOUGH:
        day = f"{entry.published:%Y-%m-%d}" if entry.published else ""
        told = f"{entry.title}\x1f{entry.html}\x1f{day}"
        words = f"content:{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:32]}"
    known = (entry.key, entry.link if own_link else None, words)
    return tuple(dict.fromkeys(key for key in known if key))


def _fingerprint(entry: FeedEntry) -> str:
    whole = f"{entry.title}\x1f{entry.html}".encode("utf-8", "replace")
    return hashlib.sha256(whole).hexdigest()[:32]


def _in_order(entries: tuple[FeedEntry, ...]) -> list[FeedEntry]:
    """Oldest first; those without a date keep their place in the feed, which lists the newest first."""
    newest_first = list({entry.key: entry for entry in reversed(entries)}.values())
    return sorted(newest_first, key=lambda entry: entry.published or datetime.max.replace(tzinfo=UTC))


def _number(value: object) -> int:
    try:
        return max(0, int(str(value))) if value is not None else 0
    except ValueError:
        return 0
