"""Stories of documents as they arrive, in a real store: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from digestbot.ingest.shelf import add_with_stories
from digestbot.ingest.telling import StoryTeller
from digestbot.model import Window
from digestbot.storage.tables import story_frequencies, story_keys, story_outlines
from digestbot.stories import cluster, outline_of
from newsroom import WRITTEN, Newsroom, Report, b_cubed, new_document, stored, written_reports


async def tell(store, reports: list[Report], size: int, teller: StoryTeller | None = None) -> None:
    numbered = list(enumerate(reports))
    for start in range(0, len(numbered), size):
        some = [new_document(number, report) for number, report in numbered[start : start + size]]
        async with store.begin() as tx:
            # A teller of its own for each batch is a process of its own: nothing depends on its memory.
            await add_with_stories(tx, teller or StoryTeller(), some, some[-1].picked_up)


async def labels(store) -> list[int]:
    async with store.read() as tx:
        rows = await tx.connection.exec_driver_sql("SELECT story_id FROM documents ORDER BY id")
        return [row[0] for row in rows]


async def rows(store, table) -> int:
    async with store.read() as tx:
        return await tx.connection.scalar(select(func.count()).select_from(table))


def same_groups(one: list[int], other: list[int]) -> bool:
    return len(set(one)) == len(set(other)) == len(set(zip(one, other, strict=True)))


async def test_batches_and_single_documents_give_the_same_stories(store, other_store):
    reports = Newsroom(3, days=2).reports(150)
    await tell(store, reports, 1, StoryTeller())
    await tell(other_store, reports, 37)
    singly = await labels(store)
    assert same_groups(singly, await labels(other_store))
    assert b_cubed(singly, [report.event for report in reports])[2] >= 0.92
    assert await rows(store, story_frequencies) == 3


def from_scratch(reports: list[Report]) -> list[int]:
    return cluster([outline_of(stored(number, report)) for number, report in enumerate(reports, 1)])


@pytest.mark.parametrize(("names", "alike", "least"), [(WRITTEN[:1], 0.95, 0.99), (WRITTEN, 0.95, 0.92)])
async def test_written_reports_get_as_they_come_nearly_the_stories_they_get_from_scratch(
    store, names, alike, least
):
    reports = sorted(
        (report for name in names for report in written_reports(name)), key=lambda report: report.published
    )
    await tell(store, reports, 5)
    found = await labels(store)
    assert b_cubed(found, list(from_scratch(reports)))[2] >= alike
    assert b_cubed(found, [report.event for report in reports])[2] >= least


async def test_two_events_that_came_together_before_words_were_known_are_divided_and_ids_stay(store):
    reports = sorted(written_reports("story_reports_world"), key=lambda report: report.published)
    at_first: list[int] = []
    for number, report in enumerate(reports):
        async with store.begin() as tx:
            await add_with_stories(tx, StoryTeller(), [new_document(number, report)], report.published)
        at_first.append((await labels(store))[-1])
    at_last = await labels(store)
    moved = [place for place, story in enumerate(at_first) if at_last[place] != story]
    assert moved
    for place in moved:  # whoever began a story still is in it: its number leads to what it led to
        assert at_first.index(at_first[place]) < place
    events = [report.event for report in reports]
    assert b_cubed(at_last, events)[2] > b_cubed(at_first, events)[2]


async def test_made_up_news_gets_as_it_comes_nearly_the_stories_it_gets_from_scratch(other_store):
    reports = Newsroom(2, days=3).reports(1000)
    await tell(other_store, reports, 32, StoryTeller())
    assert b_cubed(await labels(other_store), list(from_scratch(reports)))[2] >= 0.93


async def test_an_upload_joins_no_story_of_others_and_a_copy_joins_its_text_years_later(store):
    report = Newsroom(3).reports(1)[0]
    later = Report(report.event, report.title, report.text, "Other", report.published + timedelta(days=900))
    some = [
        new_document(1, report),
        new_document(2, report, scope=7),
        new_document(3, report, scope=8),
        new_document(4, later),
        new_document(5, later, scope=7),
    ]
    async with store.begin() as tx:
        await add_with_stories(tx, StoryTeller(), some, report.published)
    first, second, third, fourth, fifth = await labels(store)
    assert len({first, second, third}) == 3
    assert (fourth, fifth) == (first, second)


async def test_an_edited_document_stays_in_its_story_and_is_compared_by_its_new_text(store):
    first, second = Newsroom(3).reports(2)
    edited = Report(first.event, second.title, second.text, first.publisher, first.published)
    async with store.begin() as tx:
        (before,) = await add_with_stories(tx, StoryTeller(), [new_document(1, first)], first.published)
        (after,) = await add_with_stories(tx, StoryTeller(), [new_document(1, edited)], first.published)
        assert (after.document_id, after.version) == (before.document_id, 2)
        again = new_document(2, second)
        await add_with_stories(tx, StoryTeller(), [again], second.published)
    story, other = await labels(store)
    assert story == other
    assert await rows(store, story_outlines) == 2


async def test_outlines_go_with_their_documents(store):
    await tell(store, Newsroom(3).reports(5), 5)
    assert await rows(store, story_keys) > 50
    async with store.begin() as tx:
        await tx.connection.exec_driver_sql("DELETE FROM documents")
    assert await rows(store, story_keys) == await rows(store, story_outlines) == 0


async def test_two_versions_in_one_batch_are_stored_one_after_the_other(store):
    first, second = Newsroom(3).reports(2)
    async with store.begin() as tx:
        some = [new_document(1, first), new_document(1, second), new_document(1, second)]
        added = await tx.documents.add(some)
    assert [(one.version, one.changed) for one in added] == [(1, True), (2, True), (2, False)]
    assert len({one.document_id for one in added}) == 1


@pytest.fixture
async def other_store(tmp_path):
    from digestbot.storage.engine import Store, create_engine

    made = Store(create_engine(f"sqlite:///{tmp_path / 'other.sqlite3'}"))
    await made.upgrade()
    yield made
    await made.close()


@pytest.mark.parametrize("ahead", [timedelta(minutes=-20), timedelta(minutes=20)])
async def test_a_document_stored_after_its_window_was_closed_is_in_the_next(store, ahead):
    """It was picked up before the digest was made (or by a clock that is behind), and read since."""
    report = written_reports()[0]
    closed = report.published - ahead
    async with store.begin() as tx:
        await tx.stories.close_news(closed - timedelta(hours=1))
        await tx.stories.close_news(closed)
        await tx.stories.close_news(closed - timedelta(minutes=30))  # a clock went back: closed is closed
    async with store.begin() as tx:
        await add_with_stories(tx, StoryTeller(), [new_document(1, report)], report.published)
    day = timedelta(days=1)
    async with store.read() as tx:
        told = await tx.stories.in_window(Window(closed - day, closed), scope=None)
        next_time = await tx.stories.in_window(Window(closed, closed + day), scope=None)
    assert (len(told), len(next_time)) == (0, 1)
