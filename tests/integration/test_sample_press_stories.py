"""The demo's sample publishers through the whole way in: what two of them tell is one story in the digest."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import httpx
from starlette.applications import Starlette

from digestbot.fetching import FetchLimits, WebFetcher
from digestbot.ingest import Ingest
from digestbot.model import DigestSettings, Window
from digestbot.publish import compose_now
from digestbot.rendering.text import render_text
from digestbot.sandbox.press import press_routes, publishers
from digestbot.sources import SourceTools, build_sources
from digestbot.storage.engine import Store, create_engine
from feed_server import feed_server
from reading import InProcessReader

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


async def test_a_story_of_the_demo_is_shown_once_with_both_its_publishers(tmp_path):
    store = Store(create_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}"))
    await store.upgrade()
    pages = httpx.ASGITransport(app=Starlette(routes=press_routes(NOW)))
    options = {"backfill": 20, "full_text": "never"}
    async with (
        feed_server() as server,
        WebFetcher(FetchLimits(), allow_networks=["127.0.0.1/32"]) as fetcher,
        httpx.AsyncClient(transport=pages, base_url="http://press.example") as press,
    ):
        async with store.begin() as tx:
            for key in publishers():
                path = f"/press/{key}/feed.xml"
                server.set(path, (await press.get(path)).content)
                await tx.sources.add("feed", server.url + path, now=NOW, origin="cli", options=options)
        reader = InProcessReader()
        stage = Ingest(
            store, reader, build_sources(SourceTools(fetcher, reader, 1_000_000)), rng=random.Random(1)
        )
        report = await stage.collect(NOW)
    assert report.failures == ()
    digest = await compose_now(store, DigestSettings(stories=20), Window(NOW - timedelta(days=1), NOW), NOW)
    shared = [story for story in digest.stories if len(story.publishers) == 2]
    assert shared
    assert all(set(story.publishers) <= set(publishers().values()) for story in digest.stories)
    told = render_text(digest)
    assert "2 publishers: " in told
    assert len({story.story_id for story in digest.stories}) == len(digest.stories)
    await store.close()
