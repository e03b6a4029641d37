"""The feeds that a web page names."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin

HEAD_BYTES = 200_000
"""Bytes at a page's start among which its feeds are named."""

_LINK = re.compile(r"<link\b[^>]{1,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z]{2,10})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
)


def feeds_of_page(content: bytes, url: str) -> list[str]:
    """Addresses of the feeds a page names (`link rel=alternate`), its own comments' feeds last."""
    source = content[:HEAD_BYTES].decode("utf-8", "replace")
    found: list[tuple[bool, str]] = []
    for tag in _LINK.findall(source):
        attributes = {
            match[1].lower(): unescape(match[2] or match[3] or match[4] or "")
            for match in _ATTRIBUTE.finditer(tag)
        }
        if "alternate" not in attributes.get("rel", "").lower().split():
            continue
        if attributes.get("type", "").partition(";")[0].strip().lower() not in _FEED_TYPES:
            continue
        try:
            address = urljoin(url, attributes.get("href", "").strip())
        except ValueError:
            continue
        if address.startswith(("http://", "https://")) and address != url:
            found.append(("comment" in f"{address} {attributes.get('title', '')}".lower(), address))
    return list(dict.fromkeys(address for _, address in sorted(found, key=lambda one: one[0])))
