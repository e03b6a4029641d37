"""What a page says of its article in JSON-LD (schema.org): exact times, names, sometimes the whole text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from digestbot.extraction.dates import parse_time
from digestbot.extraction.normalise import normalise

MOST_SCRIPTS = 20
LARGEST_SCRIPT = 500_000
"""Characters of one script; articles with their text inside have some 50,000."""
MOST_NODES = 2_000
"""Objects looked at: a page describes some dozens."""

_TYPES = re.compile(
    r"(?:News|Scholarly|(?:Reportage|Analysis|Opinion|Background|Review|Satirical)News)?Article$"
)
_OTHER_TYPES = frozenset(("BlogPosting", "LiveBlogPosting", "Report", "SocialMediaPosting", "PressRelease"))
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$")


@dataclass(frozen=True, slots=True)
class DescribedArticle:
    """The article a page describes; None for what it does not say. `free`: False behind a paywall."""

    headline: str | None = None
    author: str | None = None
    published: datetime | None = None
    publisher: str | None = None
    language: str | None = None
    body: str | None = None
    free: bool | None = None


def described_article(tree: HtmlElement) -> DescribedArticle | None:
    """The first article that a page's JSON-LD describes with a headline or a time; None without one."""
    for script in list(tree.iter("script"))[: MOST_SCRIPTS * 5]:
        if (script.get("type") or "").partition(";")[0].strip().lower() != "application/ld+json":
            continue
        source = _WRAPPING.sub("", (script.text or "")[:LARGEST_SCRIPT])
        try:
            described = json.loads(source, strict=False)
        except (ValueError, RecursionError):
            continue  # a broken script is none
        for node in _nodes(described):
            if _is_article(node) and (node.get("headline") or node.get("datePublished")):
                return _article(node)
    return None


def _nodes(described: Any) -> Iterator[dict[str, Any]]:
    waiting, seen = [described], 0
    while waiting and seen < MOST_NODES:
        node = waiting.pop(0)
        seen += 1
        if isinstance(node, list):
            waiting += node[:MOST_NODES]
        elif isinstance(node, dict):
            yield node
            waiting += [node[name] for name in ("@graph", "mainEntity", "mainEntityOfPage") if name in node]


def _is_article(node: dict[str, Any]) -> bool:
    types = node.get("@type")
    return any(
        isinstance(one, str) and (_TYPES.match(one) is not None or one in _OTHER_TYPES)
        for one in (types if isinstance(types, list) else [types])
    )


def _article(node: dict[str, Any]) -> DescribedArticle:
    language = _word(node.get("inLanguage"))
    body = node.get("articleBody")
    free = node.get("isAccessibleForFree")
    return DescribedArticle(
        headline=_word(node.get("headline")),
        author=_names(node.get("author")),
        published=parse_time(_word(node.get("datePublished"))),
        publisher=_names(node.get("publisher")),
        language=language[:2].lower() if language and re.match(r"[A-Za-z]{2}(?:[-_]|$)", language) else None,
        body=body if isinstance(body, str) else None,
        free=None if free is None else str(free).strip().lower() not in ("false", "no", "0"),
    )


def _names(given: Any) -> str | None:
    """One name or several, of objects or plain; addresses are no names."""
    found = [
        _word(one.get("name") if isinstance(one, dict) else one)
        for one in (given if isinstance(given, list) else [given])[:20]
    ]
    names = [name for name in found if name and not name.startswith(("http://", "https://"))]
    return "; ".join(dict.fromkeys(names)) or None


def _word(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    return normalise(value).replace("\n", " ") or None if isinstance(value, str) else None
