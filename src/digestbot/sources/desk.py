"""What adding a source needs: what stands at an address, and subscription lists in and out.

address ──► fetch ──► a feed? ──► yes: that feed
                        └─► a page that names one? ──► that feed, where it can be read
                                                  └─► the page itself
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from digestbot.errors import DocumentError, FetchError, SourceError
from digestbot.extraction.encodings import charset, decode
from digestbot.extraction.normalise import normalise
from digestbot.protocols.ingest import FeedReader, Fetcher, ProbedSource, Subscription
from digestbot.sources.discovery import HEAD_BYTES, feeds_of_page
from digestbot.sources.opml import read_opml, write_opml

ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.8, */*;q=0.5"
MOST_TRIED = 3
"""Feeds of a page that are looked at."""

_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{1,500})", re.IGNORECASE)


class Desk:
    """Implements SourceDesk."""

    def __init__(self, fetcher: Fetcher, feeds: FeedReader) -> None:
        self._fetcher = fetcher
        self._feeds = feeds

    async def probe(self, address: str) -> ProbedSource:
        """The feed at an address, or the one its page names, else the page; FetchError, SourceError."""
        answer = await self._fetcher.fetch(address, headers={"Accept": ACCEPT})
        here = answer.moved_to or address
        content_type = answer.headers.get("content-type", "")
        try:
            return await self._feed(here, answer.content, content_type)
        except SourceError:
            named = feeds_of_page(answer.content, answer.url)
        for link in named[:MOST_TRIED]:
            try:
                found = await self._fetcher.fetch(link, headers={"Accept": ACCEPT})
                return await self._feed(link, found.content, found.headers.get("content-type", ""))
            except (FetchError, SourceError):
                continue  # a page may name feeds that are no longer there
        return ProbedSource("web", here, _page_title(answer.content, here, charset(content_type)))

    def read_list(self, content: bytes, place: str) -> list[Subscription]:
        """The feeds of a list; raises SourceError for what is none."""
        return read_opml(content, place)

    def write_list(self, subscriptions: Iterable[Subscription]) -> bytes:
        """A list that other feed readers take up."""
        return write_opml(subscriptions)

    async def _feed(self, address: str, content: bytes, content_type: str) -> ProbedSource:
        feed = await self._feeds.read_feed(content, address, content_type)
        return ProbedSource("feed", address, feed.title, len(feed.entries))


def _page_title(content: bytes, url: str, declared: str | None) -> str | None:
    try:
        source = decode(content[:HEAD_BYTES], url, declared)
    except DocumentError:
        return None
    found = _TITLE.search(source)
    return normalise(unescape(found[1])).replace("\n", " ") or None if found else None
