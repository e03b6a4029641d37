"""Documents, versions, findings and search: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from digestbot.model import PublishedOrigin, Window
from digestbot.protocols.ingest import NewDocument, ReadDocument, SeenItem
from digestbot.storage.engine import Store
from digestbot.storage.tables import appearances, conditions, document_versions
from reading import read_text, simple_analysis

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
TEXT = (
    "Talks in Elbonia\nArland told Borduria it will not sign unless prisoners are freed.\nBorduria refused."
)


async def add(store: Store, text: str = TEXT, key: str = "a.txt", **changes) -> tuple[int, bool]:
    found, read = read_text(text, key=key)
    given = {
        "source_id": None,
        "publisher": "The Courier",
        "published": NOW - timedelta(hours=1),
        "published_origin": PublishedOrigin.METADATA,
        "picked_up": NOW,
        **changes,
    }
    async with store.begin() as tx:
        (added,) = await tx.documents.add([NewDocument(found, read, **given)])
        return added.document_id, added.changed


async def count(store: Store, table) -> int:
    async with store.read() as tx:
        return await tx.connection.scalar(select(func.count()).select_from(table))


async def test_a_document_comes_back_with_all_that_was_found(store):
    document_id, is_new = await add(store)
    _, read = read_text(TEXT)
    async with store.read() as tx:
        document = await tx.documents.get(document_id)
        assert await tx.documents.get_version(document.version_id) == document
        assert await tx.documents.get(document_id + 1) is None
    assert is_new
    assert document.analysis == read.analysis
    assert (document.text, document.version, document.publisher) == (TEXT, 1, "The Courier")
    assert (document.published, document.published_origin) == (NOW - timedelta(hours=1), "metadata")
    assert await count(store, conditions) == 1
    assert await count(store, appearances) == 3


async def test_the_same_text_again_is_nothing_new(store):
    document_id, _ = await add(store)
    assert await add(store) == (document_id, False)
    assert await count(store, document_versions) == 1


async def test_a_changed_text_is_a_new_version_and_the_old_one_stays(store):
    document_id, _ = await add(store)
    _, is_new = await add(store, TEXT.replace("refused", "agreed"), picked_up=NOW + timedelta(hours=2))
    async with store.read() as tx:
        first, second = await tx.documents.versions(document_id)
        current = await tx.documents.get(document_id)
    assert is_new
    assert current == second
    assert (first.version, second.version) == (1, 2)
    assert first.text.endswith("refused.")
    assert second.text.endswith("agreed.")
    assert second.published == first.published
    assert await count(store, conditions) == 1


async def test_uploads_of_one_chat_are_seen_by_that_chat_alone(store):
    public, _ = await add(store)
    own, _ = await add(store, TEXT + "\nMore.", scope=7)
    other, _ = await add(store, TEXT, scope=8)
    assert len({public, own, other}) == 3
    async with store.read() as tx:
        for scope, visible in ((None, {public}), (7, {public, own}), (8, {public, other})):
            latest = await tx.documents.latest(scope=scope, limit=10)
            assert {document.document_id for document in latest} == visible
            found = await tx.documents.search("prisoners", scope=scope, limit=10)
            assert {match.document_id for match in found} == visible
        assert [d.document_id for d in await tx.documents.latest(scope=8, limit=1, offset=1)] == [public]


async def test_search_finds_words_of_the_current_version_best_first(store):
    first, _ = await add(store)
    second, _ = await add(store, "Prisoners freed\nPrisoners came home. The prisoners are well.", key="b.txt")
    await add(store, "Weather\nIt rains in Zubrowka.", key="c.txt")
    async with store.read() as tx:
        found = await tx.documents.search("prisoner", scope=None, limit=10)
        assert [match.document_id for match in found] == [second, first]
        assert "prisoners" in found[1].snippet
        assert found[0].published == NOW - timedelta(hours=1)
        assert await tx.documents.search("prisoners rains", scope=None, limit=10) == []
        assert await tx.documents.search("...", scope=None, limit=10) == []
        for hostile in ('" OR', "a' ; --", "NEAR(", "rain*", "title:x", "(", "\\", "%", "AND"):
            await tx.documents.search(hostile, scope=None, limit=10)
    await add(store, "Weather\nIt snows in Zubrowka.", key="c.txt")
    async with store.read() as tx:
        assert await tx.documents.search("rains", scope=None, limit=10) == []
        assert len(await tx.documents.search("snows", scope=None, limit=10)) == 1


async def test_a_newer_analysis_takes_the_place_of_the_older_one(store):
    document_id, _ = await add(store)
    async with store.begin() as tx:
        ((version_id, extracted),) = await tx.documents.to_analyse("test-2", 10)
        newer = replace(simple_analysis(extracted, analyser="test-2"), conditions=())
        assert await tx.documents.add_analysis(version_id, newer, NOW)
        assert not await tx.documents.add_analysis(version_id, newer, NOW)
        assert await tx.documents.to_analyse("test-2", 10) == []
        assert (await tx.documents.get(document_id)).analysis == newer
    assert await count(store, conditions) == 0


async def test_a_renamed_file_stays_the_same_document(store):
    async with store.begin() as tx:
        source = await tx.sources.add("folder", "/a", now=NOW, origin="cli")
    document_id, _ = await add(store, source_id=source)
    await add(store, TEXT + "!", key="c.txt", source_id=source)
    async with store.begin() as tx:
        assert not await tx.documents.rekey(source, "a.txt", "c.txt")
        assert await tx.documents.rekey(source, "a.txt", "b.txt")
        assert not await tx.documents.rekey(source, "a.txt", "b.txt")
    assert await add(store, key="b.txt", source_id=source) == (document_id, False)


async def test_coverage_tells_what_was_read_and_what_was_not(store):
    async with store.begin() as tx:
        source = await tx.sources.add("feed", "https://x.example/feed", title="X", now=NOW, origin="cli")
        ((_, token),) = await tx.sources.claim(NOW, 1, 60)
        await tx.sources.finish(source, token, {"state": "silent", "next_due": NOW})
        await tx.sources.record(source, [SeenItem("1", "f", error="b.pdf: this PDF is encrypted")], NOW)
        await tx.sources.record(source, [SeenItem("2", "f", error="old")], NOW - timedelta(days=2))
    await add(store)
    await add(store, TEXT + "!", key="b", publisher="The Mirror")
    await add(store, TEXT + "?", key="c", archive=True)
    await add(store, TEXT + "…", key="d", scope=7, publisher="Upload")
    window = Window(NOW - timedelta(days=1), NOW)
    async with store.read() as tx:
        coverage = await tx.documents.coverage(window, scope=None)
        own = await tx.documents.coverage(window, scope=7)
        empty = await tx.documents.coverage(Window(NOW, NOW + timedelta(days=1)), scope=None)
    assert (coverage.documents, coverage.publishers) == (2, 2)
    assert coverage.failures == ("b.pdf: this PDF is encrypted",)
    assert coverage.silent_sources == ("X",)
    assert coverage.left_out == ("archive:1",)
    assert (own.documents, own.publishers) == (3, 3)
    assert (empty.documents, empty.failures) == (0, ())


async def test_old_bytes_go_first_and_old_documents_later(store):
    document_id, _ = await add(store)
    async with store.begin() as tx:
        later = {"raw_before": NOW + timedelta(days=1), "limit": 100}
        assert await tx.documents.prune(text_before=NOW - timedelta(days=1), **later) == 1
        assert (await tx.documents.get(document_id)).text == TEXT
        assert await tx.documents.prune(text_before=NOW + timedelta(days=1), **later) == 1
        assert await tx.documents.get(document_id) is None
        assert await tx.documents.search("prisoners", scope=None, limit=10) == []
    assert await count(store, appearances) == 0


async def test_an_actor_without_mention_of_the_holder_is_stored_all_the_same(store):
    found, read = read_text(TEXT)
    strange = replace(read.analysis, conditions=(replace(read.analysis.conditions[0], holder="Nobody"),))
    async with store.begin() as tx:
        (added,) = await tx.documents.add(
            [
                NewDocument(
                    found,
                    ReadDocument(read.extracted, strange),
                    source_id=None,
                    publisher="P",
                    published=NOW,
                    published_origin=PublishedOrigin.FETCH,
                    picked_up=NOW,
                )
            ]
        )
        document_id = added.document_id
        assert (await tx.documents.get(document_id)).analysis.conditions[0].holder == "Nobody"


async def test_findings_are_those_of_the_window_and_of_those_who_may_see_them(store):
    await add(store)
    await add(store, key="own.txt", scope=5)
    day = Window(NOW - timedelta(days=1), NOW)
    async with store.read() as tx:
        (everyones,) = await tx.documents.findings(day, scope=None)
        stored = (await tx.documents.latest(scope=None, limit=1))[0].analysis
        assert len(await tx.documents.findings(day, scope=5)) == 2
        assert await tx.documents.findings(day, scope=6) == [everyones]
        assert await tx.documents.findings(Window(NOW, NOW + timedelta(days=1)), scope=5) == []
    assert everyones.actors
    assert everyones.actors == {actor.key: actor.name for actor in stored.actors}
    keys = {actor.name: actor.key for actor in stored.actors}
    assert everyones.ties
    assert {(tie.holder, tie.addressee, tie.type, tie.domain) for tie in everyones.ties} == {
        (keys.get(one.holder), keys.get(one.addressee), one.type, one.domain) for one in stored.conditions
    }


async def test_what_a_chat_sent_is_published_once_and_is_everyones_from_then_on(store):
    document, _ = await add(store, scope=5)
    later = NOW + timedelta(hours=1)
    async with store.begin() as tx:
        assert await tx.documents.publish(document, later, archive=False)
        assert not await tx.documents.publish(document, later, archive=False)
        found = await tx.documents.get(document)
    assert (found.scope, found.story_id, found.picked_up) == (None, None, later)


async def test_a_snippet_is_a_stretch_of_the_text_around_the_words(store):
    before = " ".join(f"Sentence number {n} is about the weather." for n in range(60))
    after = " ".join(f"Remark number {n} is about the crops." for n in range(60))
    text = f"Round-up\n{before} The smugglers crossed the Zubrowka river at night. {after}"
    await add(store, text, key="long.txt")
    async with store.read() as tx:
        (found,) = await tx.documents.search("smuggler river", scope=None, limit=10)
    stretch = found.snippet.strip("… ")
    assert "smugglers crossed the Zubrowka river" in stretch
    assert stretch in " ".join(text.split())
    assert len(stretch.split()) <= 40


async def test_a_word_that_all_documents_hold_gives_the_best_with_their_snippets(store):
    for number in range(25):
        await add(store, f"Report {number}\nGrain was sold in town {number}.", key=f"{number}.txt")
    best, _ = await add(store, "Grain\nGrain for grain: grain was sold.", key="best.txt")
    async with store.read() as tx:
        found = await tx.documents.search("grain", scope=None, limit=10)
    assert found[0].document_id == best
    assert len(found) == 10
    assert all("grain" in match.snippet.lower() for match in found)


async def test_conditions_are_looked_for_within_a_window(store):
    inside, _ = await add(store)
    await add(store, TEXT + "\nLater.", key="b.txt", picked_up=NOW + timedelta(days=2))
    await add(store, TEXT + "\nOld.", key="c.txt", archive=True)
    window = Window(NOW - timedelta(hours=1), NOW)
    async with store.read() as tx:
        found = await tx.documents.with_conditions(window=window, scope=None, limit=10)
        assert [document.document_id for document in found] == [inside]
        assert len(await tx.documents.with_conditions(scope=None, limit=10)) == 3
