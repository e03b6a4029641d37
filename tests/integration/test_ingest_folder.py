"""From files in a folder to stored documents, with real extraction and a real database."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digestbot.errors import DocumentError
from digestbot.ingest import Ingest, Reanalysis
from digestbot.model import FoundDocument, PublishedOrigin, Window
from digestbot.protocols.ingest import ReadDocument, SourceNews
from digestbot.rendering.notices import source_notice
from digestbot.rendering.texts import texts_for
from digestbot.sources import SourceTools, build_sources
from digestbot.storage.engine import Store, create_engine
from reading import InProcessReader, simple_analysis

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
TEXT = (
    "Talks in Elbonia\n\n"
    "Arland told Borduria it will not sign unless prisoners are freed. Borduria refused.\n"
)


@pytest.fixture
async def store(tmp_path) -> AsyncIterator[Store]:
    store = Store(create_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}"))
    await store.upgrade()
    yield store
    await store.close()


class Desk:
    """An ingest stage with a watched folder and a clock of its own."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.now = store, folder, NOW
        self.told: list[str] = []
        self.reader = InProcessReader()
        self.restart()

    def restart(self) -> None:
        async def notify(news: SourceNews) -> None:
            self.told.append(source_notice(news, texts_for("en")))

        sources = build_sources(SourceTools(fetcher=None, feeds=None, max_bytes=100_000))
        self.stage = Ingest(self.store, self.reader, sources, notify=notify, rng=random.Random(1))

    def write(self, name: str, text: str | bytes = TEXT, *, age: float = 60) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        when = self.now.timestamp() - age
        os.utime(path, (when, when))
        return path

    async def watch(self) -> int:
        async with self.store.begin() as tx:
            return await tx.sources.add("folder", str(self.folder), now=self.now, origin="cli")

    async def collect(self, seconds: float = 60):
        self.now += timedelta(seconds=seconds)
        async with self.store.begin() as tx:
            await tx.sources.make_due(self.now)
        return await self.stage.collect(self.now)

    async def documents(self):
        async with self.store.read() as tx:
            return sorted(await tx.documents.latest(scope=None, limit=100), key=lambda d: d.document_id)


@pytest.fixture
async def desk(store, tmp_path) -> Desk:
    folder = tmp_path / "The Courier"
    folder.mkdir()
    made = Desk(store, folder)
    await made.watch()
    return made


async def test_a_new_file_is_a_document_with_its_findings(desk):
    desk.write("a.txt")
    report = await desk.collect()
    (document,) = await desk.documents()
    assert (report.sources, report.new, report.failures) == (1, 1, ())
    assert document.title == "Talks in Elbonia"
    assert document.publisher == "The Courier"
    assert document.published == NOW - timedelta(seconds=60)
    assert document.published_origin is PublishedOrigin.FILE_TIME
    assert [actor.name for actor in document.analysis.actors] == ["Elbonia", "Arland", "Borduria"]
    assert document.story_id is not None
    async with desk.store.read() as tx:
        (story,) = await tx.stories.in_window(Window(NOW, NOW + timedelta(hours=1)), scope=None)
        assert story.documents == (document,)


async def test_what_is_known_is_not_read_again_after_a_restart(desk):
    desk.write("a.txt")
    await desk.collect()
    desk.restart()
    report = await desk.collect()
    assert (report.sources, report.new, report.changed, report.unchanged) == (1, 0, 0, 0)


async def test_a_changed_file_is_a_new_version(desk):
    desk.write("a.txt")
    await desk.collect()
    desk.write("a.txt", TEXT.replace("refused", "agreed"), age=10)
    report = await desk.collect()
    (document,) = await desk.documents()
    assert (report.new, report.changed, document.version) == (0, 1, 2)


async def test_a_file_that_is_only_touched_is_no_new_version(desk):
    path = desk.write("a.txt")
    await desk.collect()
    os.utime(path, (desk.now.timestamp() - 5,) * 2)
    report = await desk.collect()
    assert (report.new, report.changed) == (0, 0)
    assert (await desk.documents())[0].version == 1


async def test_a_renamed_file_stays_the_same_document(desk):
    path = desk.write("a.txt")
    await desk.collect()
    path.rename(desk.folder / "b.txt")
    report = await desk.collect()
    assert (report.new, report.changed) == (0, 0)
    desk.write("b.txt", TEXT + "More.\n", age=1000)
    await desk.collect()
    (document,) = await desk.documents()
    assert document.version == 2


async def test_a_deleted_file_leaves_its_document_and_may_come_back(desk):
    path = desk.write("a.txt")
    await desk.collect()
    path.unlink()
    await desk.collect()
    assert len(await desk.documents()) == 1
    desk.write("a.txt")
    report = await desk.collect()
    assert (report.new, report.unchanged) == (0, 1)


async def test_a_file_still_being_written_is_left_until_it_rests(desk):
    desk.write("a.txt", TEXT[:20], age=-59.5)
    assert (await desk.collect()).new == 0
    desk.write("a.txt", TEXT, age=-0.5)
    assert (await desk.collect(1)).new == 0
    assert (await desk.collect(1)).new == 1
    assert (await desk.documents())[0].text.endswith("refused.")


async def test_bad_files_cost_themselves_alone_and_are_named_once(desk):
    desk.write("good.txt")
    desk.write("empty.txt", b"")
    desk.write("binary.txt", bytes(range(256)) * 40)
    desk.write("huge.txt", b"x" * 100_001)
    desk.write("skipped.xlsx", b"PK")
    desk.write(".hidden.txt")
    outside = desk.folder.parent / "secret.txt"
    outside.write_text("secret words")
    (desk.folder / "link.txt").symlink_to(outside)
    (desk.folder / "loop").symlink_to(desk.folder)
    report = await desk.collect()
    assert report.new == 1
    said = "\n".join(report.failures)
    for name in (
        "empty.txt: is empty",
        "binary.txt: is a binary",
        "huge.txt: is larger",
        "link.txt: leads out",
    ):
        assert name in said
    assert "hidden" not in said
    assert (await desk.collect()).failures == ()
    (row,) = [row async for row in rows(desk)]
    assert row.state == "ok"
    assert row.options["skipped"] == {".xlsx": 1}


async def rows(desk):
    async with desk.store.read() as tx:
        for row in await tx.sources.all():
            yield row


async def test_a_folder_that_is_gone_fails_is_told_once_and_works_again(desk):
    away = desk.folder.rename(desk.folder.with_name("away"))
    for _ in range(5):
        report = await desk.collect()
        assert "create it" in report.failures[0]
    assert len(desk.told) == 1
    assert "fails" in desk.told[0]
    away.rename(desk.folder)
    await desk.collect()
    assert desk.told[1:] == [f"{desk.folder} works again"]


async def test_old_documents_are_archive(desk):
    desk.write("old.txt", age=49 * 3600)
    desk.write("new.txt", TEXT + "More.\n", age=47 * 3600)
    await desk.collect(0)
    assert {d.analysis.title: d.archive for d in await desk.documents()}
    assert sorted(d.archive for d in await desk.documents()) == [False, True]


async def test_copies_of_one_text_are_one_story(desk):
    desk.write("x/a.txt")
    desk.write("y/a.txt")
    desk.write("z/other.txt", "Harvest\n\nWheat did well in Zubrowka this year, and farmers sold it dear.\n")
    await desk.collect()
    stories = [document.story_id for document in await desk.documents()]
    assert len(set(stories)) == 2


async def test_an_upload_belongs_to_its_chat_and_is_news_whatever_its_age(desk):
    found = FoundDocument(
        key="file-1", content=TEXT.encode(), filename="note.txt", file_time=NOW - timedelta(days=30)
    )
    document = await desk.stage.ingest_one(found, scope=7, now=NOW)
    assert (document.scope, document.archive) == (7, False)
    assert document.story_id is not None
    assert await desk.documents() == []
    with pytest.raises(DocumentError, match="empty"):
        await desk.stage.ingest_one(FoundDocument(key="x.txt", content=b""), scope=7, now=NOW)


class Killed(Exception):
    """Stands for the end of the process in the middle of its work."""


async def test_bulk_is_taken_up_where_it_was_interrupted(desk, tmp_path):
    folder = tmp_path / "bulk"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:02}.txt").write_text(f"Number {number}\n\nArland counted {number} ships.\n")
    (folder / "99-bad.txt").write_bytes(b"")

    class Interrupted(InProcessReader):
        left = 11

        async def read(self, found):
            self.left -= 1
            if self.left < 0:
                raise Killed
            return await super().read(found)

    now = datetime.now(UTC) + timedelta(minutes=1)
    desk.reader = Interrupted()
    desk.restart()
    with pytest.raises(Killed):
        await desk.stage.bulk([folder], now=now)
    stored = len(await desk.documents())
    assert 1 <= stored < 30
    desk.reader = InProcessReader()
    desk.restart()
    seen: list[int] = []
    report = await desk.stage.bulk([folder], lambda done, total: seen.append(done), now=now)
    assert (report.new, report.unchanged) == (30 - stored, stored)
    assert len(report.failures) == 1
    assert "99-bad.txt" in report.failures[0]
    assert seen == sorted(seen)
    again = await desk.stage.bulk([folder, tmp_path / "none"], now=now)
    assert (again.new, again.changed) == (0, 0)
    assert again.failures == (f"{tmp_path / 'none'}: no such file or folder",)


async def test_a_document_the_database_refuses_costs_itself_alone(desk, tmp_path):
    folder = tmp_path / "bulk"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"Number {number}\n\nArland counted {number} ships.\n")

    class Strange(InProcessReader):
        async def read(self, found):
            read = await super().read(found)
            if found.key == "3.txt":  # half a character: no database takes it
                return replace(read, extracted=replace(read.extracted, author="\ud800"))
            return read

    desk.reader = Strange()
    desk.restart()
    report = await desk.stage.bulk([folder], now=datetime.now(UTC) + timedelta(minutes=1))
    assert report.new == 5 - len(report.failures)
    assert [failure.split(":")[0] for failure in report.failures] == ["3.txt"]
    assert (await desk.stage.bulk([folder], now=datetime.now(UTC))).new == 0


async def test_bulk_reads_what_was_written_this_moment_and_knows_how_much_there_is(desk, tmp_path):
    folder = tmp_path / "bulk"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"Number {number}\n\nArland counted {number} ships.\n")
    told: list[tuple[int, int | None]] = []
    report = await desk.stage.bulk([folder], lambda *said: told.append(said), now=datetime.now(UTC))
    assert report.new == 3
    assert told[0] == (0, 3)
    assert told[-1] == (3, 3)


async def test_an_analysis_by_older_code_is_made_anew_once_and_told_to_nobody(desk):
    desk.write("a.txt")
    desk.write("b.txt", TEXT + "More.\n")
    await desk.collect()
    before = await desk.documents()

    class Newer(InProcessReader):
        calls = 0

        async def analyse(self, extracted):
            self.calls += 1
            if extracted.text.endswith("More."):
                raise DocumentError("takes too long", code="too-slow")
            return ReadDocument(extracted, simple_analysis(extracted, analyser="test-2"))

    reader = Newer()
    job = Reanalysis(desk.store, reader, "test-2", limit=1)
    later = NOW + timedelta(days=1)
    counts = [await job.tick(later) for _ in range(4)]
    assert sum(counts) == 1
    assert reader.calls == 2
    after = await desk.documents()
    assert sorted(one.analysis.analyser for one in after) == ["test-1", "test-2"]
    assert [(one.version_id, one.story_id, one.picked_up) for one in after] == [
        (one.version_id, one.story_id, one.picked_up) for one in before
    ]
    async with desk.store.read() as tx:
        window = Window(later - timedelta(hours=1), later + timedelta(hours=1))
        assert await tx.stories.in_window(window, scope=None) == []


async def test_one_process_at_a_time_analyses_again(desk):
    desk.write("a.txt")
    await desk.collect()
    async with desk.store.begin() as tx:
        await tx.leases.acquire("reanalyse", "another", NOW, 300)
    job = Reanalysis(desk.store, InProcessReader(), "test-2")
    assert await job.tick(NOW) == 0
    assert {one.analysis.analyser for one in await desk.documents()} == {"test-1"}
