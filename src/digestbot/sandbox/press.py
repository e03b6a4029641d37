"""Three sample publishers with feeds and article pages, so that the demo has news without the internet.

    press.toml ──► /press/<publisher>/feed.xml            RSS 2.0, newest first
                   /press/<publisher>/<article>.html      a page with the usual noise around the article
                   opml(base)                             the three feeds as a subscription list

They tell some of the same stories, each in its own words. Dates count back from the moment given to
`press_routes`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a sample publisher; `age` is how long before the demo's start it appeared."""

    publisher: str
    slug: str
    title: str
    author: str
    age: timedelta
    paragraphs: tuple[str, ...]
    about: str


@cache
def publishers() -> Mapping[str, str]:
    """Name of each publisher by its place in addresses."""
    names: dict[str, str] = _data()["publishers"]
    return names


@cache
def articles() -> tuple[Article, ...]:
    """All articles, newest first."""
    found = [
        Article(
            publisher=row["publisher"],
            slug=row["slug"],
            title=row["title"],
            author=row["author"],
            age=timedelta(hours=row["hours_ago"]),
            paragraphs=tuple(row["body"].strip().splitlines()),
            about=row["about"],
        )
        for row in _data()["articles"]
    ]
    return tuple(sorted(found, key=lambda article: article.age))


def opml(base: str) -> str:
    """The feeds under `base` (http://host:port) as a subscription list."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Sample publishers"
    body = ElementTree.SubElement(root, "body")
    for key, name in publishers().items():
        address = f"{base}/press/{key}/feed.xml"
        ElementTree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=address)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def press_routes(started: datetime) -> list[Route]:
    """The publishers' pages; `started` (with zone) is the moment the articles' ages count back from."""

    def base(request: Request) -> str:
        return f"{request.url.scheme}://{request.url.netloc}"

    async def feed(request: Request) -> Response:
        key = request.path_params["publisher"]
        if key not in publishers():
            return PlainTextResponse("No such publisher.", 404)
        return Response(_rss(key, base(request), started), media_type="application/rss+xml")

    async def article(request: Request) -> Response:
        place = (request.path_params["publisher"], request.path_params["slug"])
        found = next((each for each in articles() if (each.publisher, each.slug) == place), None)
        if found is None:
            return PlainTextResponse("No such article.", 404)
        return HTMLResponse(_page(found, base(request), started))

    return [
        Route("/press/{publisher}/feed.xml", feed),
        Route("/press/{publisher}/{slug}.html", article),
    ]


def _data() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "press.toml").read_text(encoding="utf-8"))


def _address(article: Article, base: str) -> str:
    return f"{base}/press/{article.publisher}/{article.slug}.html"


def _rss(publisher: str, base: str, started: datetime) -> str:
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    ElementTree.SubElement(channel, "title").text = publishers()[publisher]
    ElementTree.SubElement(channel, "link").text = f"{base}/press/{publisher}/feed.xml"
    ElementTree.SubElement(channel, "description").text = "Sample texts of the demo: made-up outlets."
    ElementTree.SubElement(channel, "language").text = "en"
    for article in articles():
        if article.publisher != publisher:
            continue
        item = ElementTree.SubElement(channel, "item")
        ElementTree.SubElement(item, "title").text = article.title
        ElementTree.SubElement(item, "link").text = _address(article, base)
        ElementTree.SubElement(item, "guid", isPermaLink="false").text = f"{publisher}/{article.slug}"
        ElementTree.SubElement(item, "pubDate").text = format_datetime(started - article.age)
        whole = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)
        ElementTree.SubElement(item, "description").text = whole
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _page(article: Article, base: str, started: datetime) -> str:
    name = escape(publishers()[article.publisher])
    published = (started - article.age).isoformat(timespec="seconds")
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)
    about = f'<aside class="author-bio"><p>{escape(article.about)}</p></aside>' if article.about else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(article.title)} | {name}</title>
<link rel="canonical" href="{escape(_address(article, base))}">
<meta property="og:title" content="{escape(article.title)}"><meta property="og:site_name" content="{name}">
<meta property="article:published_time" content="{published}"></head>
<body><nav>Home | World | Business | Sport | Subscribe</nav>
<p class="cookies">We use cookies. Accept all | Settings</p>
<main><article><h1>{escape(article.title)}</h1>
<p class="byline">{escape(article.author)} | <time datetime="{published}">{published[:10]}</time></p>
<div class="share">Facebook X WhatsApp E-mail</div>
{body}
{about}</article></main>
<footer>Read more: The lost art of the railway timetable | Ten soups. {name}. All rights reserved.</footer>
</body></html>"""
