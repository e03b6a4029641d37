"""Sources, their items, and stories: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digestbot.model import PublishedOrigin, Window
from digestbot.protocols.ingest import NewDocument, SeenItem
from reading import read_text

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


async def test_a_source_is_added_once_and_keeps_its_state(store):
    async with store.begin() as tx:
        first = await tx.sources.add("feed", "https://a.example/f", now=NOW, origin="cli", title="A")
        await tx.sources.set_enabled(first, enabled=False)
        again = await tx.sources.add("feed", "https://a.example/f", now=NOW, origin="chat")
        other = await tx.sources.add("web", "https://a.example/f", now=NOW, origin="chat")
        row = await tx.sources.get(first)
        assert (again, row.title, row.enabled, row.origin) == (first, "A", True, "cli")
        assert [one.source_id for one in await tx.sources.all()] == [first, other]
        assert (await tx.sources.find("web", "https://a.example/f")).source_id == other
        assert await tx.sources.remove(other)
        assert not await tx.sources.remove(other)
        assert not await tx.sources.set_enabled(other, enabled=True)


async def test_a_source_is_claimed_by_one_process_until_its_lease_runs_out(store):
    async with store.begin() as tx:
        source = await tx.sources.add("feed", "https://a.example/f", now=NOW, origin="cli")
        ((row, token),) = await tx.sources.claim(NOW, 10, 60)
        assert row.source_id == source
        assert await tx.sources.claim(NOW + timedelta(seconds=59), 10, 60) == []
        assert await tx.sources.renew(source, token, NOW + timedelta(seconds=120))
        assert await tx.sources.claim(NOW + timedelta(seconds=61), 10, 60) == []
        ((_, later),) = await tx.sources.claim(NOW + timedelta(seconds=121), 10, 60)
        assert not await tx.sources.renew(source, token, NOW)
        assert not await tx.sources.finish(source, token, {"state": "failing"})
        due = NOW + timedelta(hours=1)
        assert await tx.sources.finish(source, later, {"state": "ok", "next_due": due})
        assert (await tx.sources.get(source)).state == "ok"
        assert await tx.sources.claim(NOW + timedelta(minutes=59), 10, 60) == []
        await tx.sources.make_due(NOW + timedelta(minutes=5), "feed")
        assert len(await tx.sources.claim(NOW + timedelta(minutes=5), 10, 60)) == 1


async def test_an_unknown_column_cannot_be_written(store):
    async with store.begin() as tx:
        with pytest.raises(ValueError, match="lease_token"):
            await tx.sources.finish(1, "t", {"lease_token": "mine"})


async def test_an_address_that_another_source_has_is_not_taken_over(store):
    async with store.begin() as tx:
        first = await tx.sources.add("feed", "https://a.example/f", now=NOW, origin="cli")
        await tx.sources.add("feed", "https://b.example/f", now=NOW, origin="cli")
        ((_, token), _) = await tx.sources.claim(NOW, 2, 60)
        assert await tx.sources.finish(first, token, {"address": "https://b.example/f", "state": "ok"})
        row = await tx.sources.get(first)
        assert (row.address, row.state) == ("https://a.example/f", "ok")


async def test_items_are_remembered_and_forgotten(store):
    async with store.begin() as tx:
        source = await tx.sources.add("folder", "/a", now=NOW, origin="cli")
        items = [SeenItem(str(number), "f") for number in range(2500)]
        await tx.sources.record(source, items, NOW)
        await tx.sources.record(source, [SeenItem("1", "g", error="broken")], NOW)
        seen = await tx.sources.seen(source)
        assert (len(seen), seen["1"], seen["2"]) == (2500, "g", "f")
        await tx.sources.forget(source, [str(number) for number in range(2000)])
        assert len(await tx.sources.seen(source)) == 500
        await tx.sources.remove(source)
        assert await tx.sources.seen(source) == {}


async def add(tx, key: str, *, hours: float = 0, scope: int | None = None, archive: bool = False) -> int:
    found, read = read_text(f"Headline {key}\nArland said {key}.", key=key)
    (added,) = await tx.documents.add(
        [
            NewDocument(
                found,
                read,
                source_id=None,
                publisher=f"Paper {key}",
                published=NOW + timedelta(hours=hours),
                published_origin=PublishedOrigin.METADATA,
                picked_up=NOW + timedelta(hours=hours),
                scope=scope,
                archive=archive,
            )
        ]
    )
    return added.document_id


async def test_stories_of_a_window_hold_its_documents_newest_first(store):
    async with store.begin() as tx:
        a, b = await add(tx, "a"), await add(tx, "b", hours=1)
        late, old = await add(tx, "c", hours=30), await add(tx, "d", archive=True)
        own = await add(tx, "e", scope=7)
        story = await tx.stories.assign([a, b, late, old], None, now=NOW)
        upload = await tx.stories.assign([own], None, now=NOW)
        window = Window(NOW - timedelta(hours=1), NOW + timedelta(hours=2))
        (found,) = await tx.stories.in_window(window, scope=None)
        assert found.story_id == story
        assert [document.document_id for document in found.documents] == [b, a]
        assert found.publishers == ("Paper b", "Paper a")
        assert {one.story_id for one in await tx.stories.in_window(window, scope=7)} == {story, upload}
        assert len((await tx.stories.get(story)).documents) == 4
        assert await tx.stories.get(upload + 99) is None


async def test_a_story_of_a_window_knows_what_was_told_before_it(store):
    async with store.begin() as tx:
        old = [await add(tx, f"o{number}", hours=number / 10) for number in range(8)]
        other = await add(tx, "own", hours=0.95, scope=7)
        new = await add(tx, "n", hours=2)
        await tx.stories.assign([*old, other, new], None, now=NOW)
        alone = await tx.stories.assign([await add(tx, "x", hours=2)], None, now=NOW + timedelta(hours=2))
        window = Window(NOW + timedelta(hours=1), NOW + timedelta(hours=3))
        told = {one.story_id: one for one in await tx.stories.in_window(window, scope=None)}
        assert told.pop(alone).earlier == ()
        (story,) = told.values()
        assert [one.document_id for one in story.documents] == [new]
        assert [one.document_id for one in story.earlier] == old[:1:-1]


async def test_a_merged_story_leads_to_the_one_it_became(store):
    async with store.begin() as tx:
        documents = [await add(tx, key) for key in "abc"]
        first, second, third = [
            await tx.stories.assign([one], None, now=NOW + timedelta(hours=hours))
            for hours, one in enumerate(documents)
        ]
        assert await tx.stories.merge(first, second, now=NOW) == second
        assert await tx.stories.merge(second, third, now=NOW) == third
        assert await tx.stories.merge(first, third, now=NOW) == third
        story = await tx.stories.get(first)
        assert (story.story_id, len(story.documents), story.first_seen) == (third, 3, NOW)
        more = await add(tx, "d")
        assert await tx.stories.assign([more], first, now=NOW) == third
