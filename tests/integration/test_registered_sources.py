"""What the configuration names becomes sources, and stays them over restarts."""

from __future__ import annotations

from datetime import UTC, datetime

from digestbot.app import register_sources
from digestbot.settings import Settings, SourcesSettings
from digestbot.storage.engine import Store, create_engine

LIST = "<opml version='2.0'><body><outline text='A' xmlUrl='https://a.example/feed'/></body></opml>"


async def test_a_feed_that_moved_is_neither_added_anew_nor_switched_off_at_the_next_start(tmp_path):
    opml = tmp_path / "feeds.opml"
    opml.write_text(LIST)
    settings = Settings(data_dir=tmp_path, sources=SourcesSettings(opml=opml))
    store = Store(create_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}"))
    await store.upgrade()
    await register_sources(settings, store)
    async with store.begin() as tx:
        ((row, token),) = await tx.sources.claim(datetime.now(UTC), 5, 60.0)
        moved = {"address": "https://a.example/new", "options": {**row.options, "moved_from": row.address}}
        await tx.sources.finish(row.source_id, token, moved)
    await register_sources(settings, store)
    async with store.read() as tx:
        (row,) = await tx.sources.all()
    assert (row.address, row.enabled) == ("https://a.example/new", True)
    opml.write_text(LIST.replace("a.example", "b.example"))
    await register_sources(settings, store)
    async with store.read() as tx:
        found = {row.address: row.enabled for row in await tx.sources.all()}
    assert found == {"https://a.example/new": False, "https://b.example/feed": True}
    await store.close()
