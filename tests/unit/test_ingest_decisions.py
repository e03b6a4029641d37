"""What the way in decides without looking anywhere: times, publishers, intervals, stories."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.errors import FetchError
from digestbot.ingest import after_failure, after_success, date_in, publication_time, publisher_of
from digestbot.model import (
    Block,
    BlockLabel,
    ExtractedText,
    FoundDocument,
    PublishedOrigin,
    StoredDocument,
)
from digestbot.protocols.ingest import SourceChange, SourceRow
from digestbot.stories import group
from reading import simple_analysis

NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
ROW = SourceRow(
    source_id=1,
    kind="feed",
    address="https://a.example/f",
    title="The Courier",
    publisher=None,
    origin="cli",
    options={},
    enabled=True,
    state="ok",
    state_since=None,
    last_error=None,
    failures=0,
    etag=None,
    last_modified=None,
    interval_seconds=1800,
    next_due=NOW,
    last_checked=None,
    last_success=None,
    last_item=NOW,
    created=NOW,
)
FOUND = FoundDocument(key="a.txt", content=b"x")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ELBONIA, Jan. 5 (Courier) —", (2026, 1, 5)),
        ("March 3, 2026", (2026, 3, 3)),
        ("Published 12 December 2025 at noon", (2025, 12, 12)),
        ("Dec. 30", (2025, 12, 30)),
        ("2026-02-28", (2026, 2, 28)),
        ("3rd March", (2026, 3, 3)),
        ("30 February 2026", None),
        ("5 June 2027", None),
        ("By Ann Writer", None),
    ],
)
def test_dates_of_datelines(line, expected):
    assert date_in(line, NOW) == (datetime(*expected, tzinfo=UTC) if expected else None)


def test_the_time_of_publication_comes_from_the_best_place():
    text = "Talks\nELBONIA, March 2 — Arland said no."
    extracted = ExtractedText(text=text, media_type="text/plain", published=NOW - timedelta(hours=5))
    analysis = replace(
        simple_analysis(extracted),
        blocks=(Block(0, 5, BlockLabel.HEADLINE), Block(6, 24, BlockLabel.DATELINE)),
    )
    with_time = replace(FOUND, file_time=NOW - timedelta(hours=2), published=NOW - timedelta(hours=1))
    assert publication_time(with_time, extracted, analysis, now=NOW) == (
        NOW - timedelta(hours=1),
        PublishedOrigin.METADATA,
    )
    without = replace(with_time, published=NOW + timedelta(days=300))
    assert publication_time(without, extracted, analysis, now=NOW)[0] == NOW - timedelta(hours=5)
    undated = replace(extracted, published=None)
    assert publication_time(without, undated, analysis, now=NOW) == (
        datetime(2026, 3, 2, tzinfo=UTC),
        PublishedOrigin.DATELINE,
    )
    assert publication_time(without, undated, None, now=NOW)[1] is PublishedOrigin.FILE_TIME
    assert publication_time(FOUND, undated, None, now=NOW) == (NOW, PublishedOrigin.FETCH)


def test_the_publisher_is_the_sources_then_the_documents_own_word():
    extracted = ExtractedText(text="x", media_type="text/html", publisher="Site")
    assert publisher_of(FOUND, extracted, replace(ROW, publisher="Set")) == "Set"
    assert publisher_of(FOUND, extracted, ROW) == "The Courier"
    assert publisher_of(FOUND, extracted, None) == "Site"
    bare = replace(extracted, publisher=None, canonical_url="https://www.mirror.example/a")
    assert publisher_of(FOUND, bare, None) == "mirror.example"


@pytest.mark.parametrize(
    ("title", "host", "publisher"),
    [
        ("BBC News - World", "feeds.bbci.co.uk", "BBC News"),
        ("BBC News – Europe", "feeds.bbci.co.uk", "BBC News"),
        ("World news | The Guardian", "www.theguardian.com", "The Guardian"),
        ("NYT > World News", "rss.nytimes.com", "NYT"),
        ("The Courier", "a.example", "The Courier"),
        (" - ", "a.example", " - "),
    ],
)
def test_feeds_of_one_publisher_count_once(title, host, publisher):
    row = replace(ROW, title=title, address=f"https://{host}/f")
    extracted = ExtractedText(text="x", media_type="text/html")
    assert publisher_of(replace(FOUND, publisher=None), extracted, row) == publisher


def test_intervals_shorten_with_news_and_lengthen_without_within_their_limits():
    rng = random.Random(1)
    row = ROW
    for _ in range(20):
        row = replace(
            row, interval_seconds=after_success(row, SourceChange(), NOW, NOW, rng)["interval_seconds"]
        )
    assert row.interval_seconds == 300
    for _ in range(40):
        row = replace(
            row, interval_seconds=after_success(row, SourceChange(), None, NOW, rng)["interval_seconds"]
        )
    assert row.interval_seconds == 21_600


def test_waiting_after_failures_grows_to_a_limit_and_is_spread():
    waits = [
        (after_failure(replace(ROW, failures=n), FetchError("x"), NOW, random.Random(n))["next_due"] - NOW)
        for n in range(30)
    ]
    assert waits[0] < timedelta(seconds=40)
    assert all(wait <= timedelta(hours=7.5) for wait in waits)
    assert waits[-1] > timedelta(hours=4)
    assert len(set(waits[15:])) == 15
    gone = after_failure(ROW, FetchError("x", status=410), NOW, random.Random(1))
    assert (gone["state"], gone["enabled"]) == ("gone", False)


# --- stories ------------------------------------------------------------------------------------------

RIVER = (
    "Arland and Borduria signed the river treaty in Elbonia on Monday after two years of talks about dams "
    "on the upper Vosk, and agreed that no dam is filled before the harvest."
)
RIVER_TOLD_AGAIN = (
    "The river treaty was signed on Monday in Elbonia. Borduria and Arland agreed that dams on the upper "
    "Vosk are not filled before the harvest, an envoy said after the talks."
)
MINES = (
    "Syldavia closed three copper mines in the north after miners struck for higher wages; its minister "
    "said that exports would fall by a tenth this quarter."
)


def stored(
    number: int, title: str, body: str, *, days: float = 0, story: int | None = None
) -> StoredDocument:
    text = f"{title}\n{body}"
    extracted = ExtractedText(text=text, media_type="text/plain")
    published = NOW + timedelta(days=days)
    return StoredDocument(
        document_id=number,
        version_id=number,
        version=1,
        text=text,
        title=title,
        url=None,
        publisher=f"Paper {number}",
        source_id=None,
        published=published,
        published_origin=PublishedOrigin.METADATA,
        picked_up=published,
        scope=None,
        archive=False,
        analysis=simple_analysis(extracted),
        story_id=story,
    )


def test_copies_and_reports_of_one_event_are_one_story_and_others_are_not():
    documents = [
        stored(1, "River treaty signed", RIVER),
        stored(2, "Copper mines closed in Syldavia", MINES),
        stored(3, "River treaty signed in Elbonia", RIVER_TOLD_AGAIN, days=0.5),
        stored(4, "River treaty signed", RIVER, days=1),
        stored(5, "River treaty signed", RIVER_TOLD_AGAIN, days=30),
    ]
    stories = group(documents)
    assert sorted(sorted(d.document_id for d in story.documents) for story in stories) == [
        [1, 3, 4],
        [2],
        [5],
    ]
    assert stories == group(documents)
    river = next(story for story in stories if len(story.documents) == 3)
    assert [document.document_id for document in river.documents] == [4, 3, 1]
    assert group([]) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Москва, 2 марта 2026, 09:15", datetime(2026, 3, 2, 9, 15, tzinfo=UTC)),
        ("Madrid, 2 de marzo de 2026", datetime(2026, 3, 2, tzinfo=UTC)),
        ("Berlin, 2. März 2026", datetime(2026, 3, 2, tzinfo=UTC)),
        ("2 марта 2031", None),
        ("Москва, ТАСС", None),
    ],
)
def test_a_line_in_another_language_dates_a_text_too(line, expected):
    assert date_in(line, NOW) == expected
