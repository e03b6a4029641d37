"""Feeds (RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed) to their entries."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urldefrag, urljoin

from digestbot.errors import SourceError
from digestbot.extraction.dates import parse_time
from digestbot.extraction.html import page_text, parse_html
from digestbot.extraction.normalise import normalise
from digestbot.protocols.ingest import FeedEntry, ParsedFeed

MOST_ENTRIES = 2000
"""Entries taken of one answer."""
_TRACKING = re.compile(
    r"(?:utm_\w+|at_(?:medium|campaign|link_\w+)|fbclid|gclid|mc_[ce]id|ocid|cmpid)=", re.I
)
_PROLOG = re.compile(rb"\A\s*<\?xml[^>]*>")
_DOCTYPE = re.compile(rb"<!ENTITY", re.IGNORECASE)


def read_feed(content: bytes, url: str, content_type: str = "") -> ParsedFeed:
    """The entries of a feed, in its order. Relative links are resolved against `url`.

    Broken XML is read as far as it goes. Raises SourceError where nothing in it is a feed.
    """
    if _DOCTYPE.search(content[:65536]):
        raise SourceError(f"{url}: declares XML entities, as no feed needs to: refused", code="hostile-feed")
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return _json_feed(content, url) if start == b"{" else _xml_feed(content, url, content_type)


def _xml_feed(content: bytes, url: str, content_type: str) -> ParsedFeed:
    headers = {"content-location": url, **({"content-type": content_type} if content_type else {})}
    try:
        parsed = _parsed(content, headers)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - feedparser raises what a broken declaration makes it stumble on
        try:
            parsed = _parsed(_PROLOG.sub(b"", content, count=1), headers)
        except Exception as error:
            raise SourceError(f"{url}: cannot be read ({type(error).__name__})", code="no-feed") from error
    if not parsed.get("version") and not parsed.entries:
        problem = parsed.get("bozo_exception")
        raise SourceError(
            f"{url}: is no feed"
            + (f" ({type(problem).__name__})" if problem else "")
            + ": give the address of its RSS, Atom or JSON feed, or add it as a web page",
            code="no-feed",
        )
    entries = [_xml_entry(entry, url) for entry in parsed.entries[:MOST_ENTRIES]]
    problem = parsed.get("bozo_exception") if parsed.get("bozo") else None
    return ParsedFeed(
        title=_line(parsed.feed.get("title")),
        ttl_seconds=_ttl(parsed.feed),
        entries=tuple(entry for entry in entries if entry is not None),
        problem=type(problem).__name__ if problem else None,
        language=_language(parsed.feed.get("language")),
    )


def _parsed(content: bytes, headers: dict[str, str]) -> Any:
    import feedparser

    return feedparser.parse(BytesIO(content), response_headers=headers, sanitize_html=False)


def _xml_entry(entry: Any, feed_url: str) -> FeedEntry | None:
    link = _address(entry.get("link"), feed_url)
    contents = [item.get("value") or "" for item in entry.get("content") or []]
    html = max([*contents, entry.get("summary") or ""], key=len)
    title = _line(entry.get("title"))
    key = entry.get("id") or link or title
    if not key:
        return None
    own = dict(entry)  # feedparser's own `get` answers for names that are not there, with a warning
    # Our reading first: feedparser takes zones it does not know for UTC, and seconds since 1970 for a year.
    moment = parse_time(str(own.get("published") or own.get("updated") or ""))
    moment = moment or _moment(own.get("published_parsed") or own.get("updated_parsed"))
    source = entry.get("source") or {}
    return FeedEntry(
        key=str(key),
        link=link,
        title=title,
        author=_line(entry.get("author")),
        published=moment or parse_time(own.get("published") or own.get("updated")),
        html=html,
        publisher=_line(source.get("title")),
        length=len(html_text(html)),
    )


def _json_feed(content: bytes, url: str) -> ParsedFeed:
    try:
        feed = json.loads(content)
        items = feed["items"]
        if not isinstance(items, list):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SourceError(f"{url}: is no JSON feed", code="no-feed") from error
    entries = []
    for item in items[:MOST_ENTRIES]:
        if not isinstance(item, dict):
            continue
        link = _address(item.get("url") or item.get("external_url"), url)
        key = item.get("id") or link
        if not key:
            continue
        authors = item.get("authors") or [item.get("author") or {}]
        html = str(item.get("content_html") or "") or _as_html(
            str(item.get("content_text") or item.get("summary") or "")
        )
        entries.append(
            FeedEntry(
                key=str(key),
                link=link,
                title=_line(item.get("title")),
                author=_line(authors[0].get("name")) if authors and isinstance(authors[0], dict) else None,
                published=parse_time(str(item.get("date_published") or item.get("date_modified") or "")),
                html=html,
                publisher=None,
                length=len(html_text(html)),
            )
        )
    return ParsedFeed(
        title=_line(feed.get("title")),
        ttl_seconds=None,
        entries=tuple(entries),
        problem=None,
        language=_language(feed.get("language")),
    )


def html_text(html: str) -> str:
    """The text of a piece of HTML as feeds carry it; empty where there is none."""
    if not html.strip():
        return ""
    try:
        return page_text(parse_html(f"<div>{html}</div>"))
    except ValueError:
        return ""


def _as_html(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"<p>{line}</p>" for line in escaped.splitlines() if line.strip())


def _address(link: Any, base: str) -> str | None:
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        absolute, _ = urldefrag(urljoin(base, link.strip()))
    except ValueError:
        return None
    return _without_tracking(absolute) if absolute.startswith(("http://", "https://")) else None


def _without_tracking(address: str) -> str:
    """The address without what only tells a publisher which feed its reader came from."""
    start, mark, query = address.partition("?")
    if not mark:
        return address
    kept = [pair for pair in query.split("&") if not _TRACKING.match(pair)]
    return f"{start}?{'&'.join(kept)}" if kept else start


def _line(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    text = html_text(value) if re.search(r"<\w|&\w+;|&#", value) else normalise(value)
    return text.replace("\n", " ").strip() or None


def _language(value: Any) -> str | None:
    return (
        value.strip()
        if isinstance(value, str) and re.fullmatch(r"\s*[A-Za-z]{2}([-_]\w+)*\s*", value)
        else None
    )


def _moment(moment: Any) -> datetime | None:
    try:
        year, month, day, hour, minute, second = moment[:6] if moment else (0,) * 6
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (ValueError, TypeError):
        return None


def _ttl(feed: Any) -> int | None:
    """How long the feed asks to be left alone: `ttl` (minutes), or `sy:updatePeriod` and its frequency."""
    try:
        if feed.get("ttl"):
            return int(float(feed["ttl"]) * 60)
    except (ValueError, OverflowError):
        return None
    periods = {"hourly": 3600, "daily": 86400, "weekly": 604800}
    period = periods.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    if period is None:
        return None
    try:
        return int(period / max(1, int(feed.get("sy_updatefrequency") or 1)))
    except ValueError:
        return period
