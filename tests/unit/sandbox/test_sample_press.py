"""The demo's sample publishers: feeds and pages that readers of news can take in."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import httpx
import pytest
from starlette.applications import Starlette

from digestbot.sandbox import press

STARTED = datetime(2025, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=Starlette(routes=list(press.press_routes(STARTED))))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as opened:
        yield opened


async def test_the_subscription_list_names_a_feed_for_every_publisher(client: httpx.AsyncClient) -> None:
    outlines = ElementTree.fromstring(press.opml("http://127.0.0.1:8080")).findall("body/outline")
    assert [outline.get("title") for outline in outlines] == list(press.publishers().values())
    for outline in outlines:
        assert (await client.get(str(outline.get("xmlUrl")))).status_code == 200


async def test_feeds_hold_three_days_of_articles_newest_first(client: httpx.AsyncClient) -> None:
    ages = []
    for key in press.publishers():
        parsed = feedparser.parse((await client.get(f"/press/{key}/feed.xml")).content)
        assert not parsed.bozo
        published = [datetime(*entry.published_parsed[:6], tzinfo=UTC) for entry in parsed.entries]
        assert published == sorted(published, reverse=True)
        ages += [STARTED - each for each in published]
    assert timedelta(0) < min(ages)
    assert {age.days for age in ages} == {0, 1, 2}


async def test_every_entry_leads_to_a_page_with_the_whole_article(client: httpx.AsyncClient) -> None:
    for article in press.articles():
        page = (await client.get(f"/press/{article.publisher}/{article.slug}.html")).text
        for paragraph in article.paragraphs:
            assert paragraph.replace("'", "&#x27;").replace('"', "&quot;") in page


async def test_unknown_publishers_and_articles_are_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get("/press/nobody/feed.xml")).status_code == 404
    assert (await client.get("/press/wire/nothing.html")).status_code == 404
