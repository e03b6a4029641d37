"""Processes that read untrusted files: whatever a file does costs that file alone."""

from __future__ import annotations

import asyncio
import io
import random
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digestbot.errors import DocumentError, SourceError
from digestbot.model import FoundDocument
from digestbot.workers import NoWorker, WorkerLimits, Workers
from feed_server import item, rss
from fuzzing import corpus, damaged
from reading import read_text

TESTS = str(Path(__file__).resolve().parents[1])
LIMITS = WorkerLimits(seconds=3.0, memory_mb=300, max_bytes=1_000_000, analyser="hostile:analyse")


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    async with Workers(1, LIMITS, environment={"PYTHONPATH": TESTS}) as workers:
        yield workers


def found(text: str, key: str = "a.txt") -> FoundDocument:
    return FoundDocument(key=key, content=text.encode(), filename=key)


async def test_a_document_is_read_as_it_would_be_here(workers):
    document, here = read_text("Talks\nArland will not sign unless Borduria does.", key="a.txt")
    assert await workers.read(document) == here


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("LOOP", "too-slow"),
        ("DIE", "broken"),
        ("KILL", "broken"),
        ("EAT", "too-much-memory"),
        ("RAISE", "broken"),
        ("NEST", "broken"),
        ("WRITE", "broken"),
    ],
)
async def test_a_hostile_file_costs_itself_alone(workers, word, code):
    with pytest.raises(DocumentError) as caught:
        await workers.read(found(f"{word} now", "bad.txt"))
    assert caught.value.code == code
    assert caught.value.message.startswith("bad.txt: ")
    assert (await workers.read(found("Fine words"))).extracted.text == "Fine words"


async def test_what_a_library_prints_does_not_disturb_the_answers(workers):
    for _ in range(3):
        assert (await workers.read(found("PRINT now"))).extracted.text == "PRINT now"


async def test_errors_of_extraction_keep_their_codes(workers):
    for content, code in (
        (b"", "empty"),
        (bytes(range(256)) * 10, "binary"),
        (b"x" * 1_000_001, "too-large"),
    ):
        with pytest.raises(DocumentError) as caught:
            await workers.read(FoundDocument(key="a.txt", content=content))
        assert caught.value.code == code


async def test_a_reading_given_up_halfway_spoils_no_later_one(workers):
    await workers.read(found("Warm"))
    task = asyncio.create_task(workers.read(found("LOOP now")))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await workers.read(found("Next"))).extracted.text == "Next"


async def test_many_are_read_in_order_and_bad_ones_are_given_as_errors():
    async def documents() -> AsyncIterator[FoundDocument]:
        for number in range(12):
            yield found("DIE" if number == 5 else f"Number {number}", f"{number}.txt")

    async with Workers(2, LIMITS, environment={"PYTHONPATH": TESTS}) as workers:
        results = [one async for one in workers.read_many(documents())]
    assert [document.key for document, _ in results] == [f"{number}.txt" for number in range(12)]
    assert [number for number, (_, read) in enumerate(results) if isinstance(read, DocumentError)] == [5]


async def test_feeds_are_read_there_too(workers):
    feed = await workers.read_feed(rss(item(1), item(2)).encode(), "https://x.example/f", "text/xml")
    assert (feed.title, [entry.key for entry in feed.entries]) == ("The Courier", ["1", "2"])
    assert feed.entries[0].published is not None
    with pytest.raises(SourceError, match="is no feed"):
        await workers.read_feed(b"nothing", "https://x.example/f", "text/html")


async def test_no_child_is_left_behind():
    async with Workers(2, LIMITS, environment={"PYTHONPATH": TESTS}) as workers:
        await asyncio.gather(*(workers.read(found("Words")) for _ in range(4)))
        pids = [child.pid for child in workers.children]
        assert len(pids) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


async def test_a_process_that_cannot_start_is_no_documents_fault():
    limits = WorkerLimits(analyser="hostile:no_such_function")
    async with Workers(1, limits, environment={"PYTHONPATH": TESTS}) as workers:
        with pytest.raises(NoWorker, match="does not start"):
            await workers.read(found("Words"))


@pytest.mark.slow
async def test_two_hundred_damaged_and_hostile_files_cost_themselves_alone():
    """Every kind of file, damaged; among them bombs, nests and files that lie about what they are."""
    rng = random.Random("guarded")
    limits = WorkerLimits(seconds=20.0, memory_mb=400, max_bytes=5_000_000)
    nested = b"--x\nContent-Type: multipart/mixed\n\n" * 5_000
    pages = b"1 0 obj << /Kids [1 0 R] /Type /Pages /Count 1 >> endobj\n" * 500
    hostile = {
        "bomb.docx": zip_bomb(),
        "deep.html": b"<div>" * 60_000 + b"x",
        "deep.eml": b"Content-Type: multipart/mixed; boundary=x\n\n" + nested,
        "nulls.txt": bytes(100_000),
        "page.pdf": b"<html><body><p>No PDF, but a page of some length.</p></body></html>",
        "pages.txt": b"%PDF-1.4\n" + pages,
        "quoted.eml": b"Subject: x\n\n" + b"> " * 200_000,
        "wide.html": b"<table><tr>" + b"<td>x" * 100_000,
    }
    names = sorted(corpus())
    files = [*hostile.items(), *((names[n % len(names)], None) for n in range(200 - len(hostile)))]

    async def documents() -> AsyncIterator[FoundDocument]:
        for name, content in files:
            yield FoundDocument(key=name, content=content or damaged(name, rng), filename=name)

    async with Workers(2, limits) as workers:
        results = [one async for one in workers.read_many(documents())]
        sound = await workers.read(FoundDocument(key="sound.txt", content=corpus()["a.txt"]))
    assert len(results) == 200
    assert "Arland will not sign" in sound.extracted.text.replace("\n", " ")
    assert 10 < sum(isinstance(read, DocumentError) for _, read in results) < 190
    for found, read in results:
        if isinstance(read, DocumentError):
            assert found.key in read.message
        else:
            text = read.extracted.text
            assert all(text[bullet.start : bullet.end] == bullet.text for bullet in read.analysis.bullets)


def zip_bomb() -> bytes:
    """A Word file whose text would unpack to 200 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", bytes(200_000_000))
    return packed.getvalue()
