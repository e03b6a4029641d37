"""Stories of made-up news: `python -m benchmarks stories [--full]`.

    from scratch   seconds, memory and B-cubed F1 for 1,000, 10,000 (and 100,000) documents
    as they come   into a real SQLite store: documents a second, milliseconds for one more, agreement with
                   from scratch (B-cubed F1 of one against the other)

What the news is, and what it is not, stands in tests/newsroom.py.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from digestbot.ingest.shelf import BATCH, add_with_stories
from digestbot.ingest.telling import StoryTeller
from digestbot.model import ExtractedText, FoundDocument, PublishedOrigin
from digestbot.protocols.ingest import NewDocument, ReadDocument
from digestbot.storage.engine import Store, create_engine
from digestbot.stories import cluster, outline_of
from newsroom import Newsroom, Report, b_cubed, blocks_only, stored

ONE_MORE = 40
"""Documents that come one by one at the end, each timed."""


def days_of(count: int) -> float:
    """A busy desk: a thousand documents a day."""
    return max(count / 1000, 3.0)


def from_scratch(count: int) -> dict[str, float]:
    """In a process of its own, for its peak of memory; from texts, whose making is not counted."""
    reports = Newsroom(2, days=days_of(count)).reports(count)
    documents = [stored(number, report) for number, report in enumerate(reports, 1)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    outlines = [outline_of(document) for document in documents]
    outlined = time.perf_counter()
    labels = cluster(outlines)
    ended = time.perf_counter()
    precision, recall, f1 = b_cubed(labels, [report.event for report in reports])
    return {
        "documents": count,
        "outlines s": outlined - began,
        "stories s": ended - outlined,
        "MB before": before,
        "MB at most": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "precision": precision,
        "recall": recall,
        "F1": f1,
    }


def new_document(number: int, report: Report) -> NewDocument:
    text = f"{report.title}\n{report.text}"
    return NewDocument(
        FoundDocument(key=str(number), content=b"", title=report.title),
        ReadDocument(ExtractedText(text, "text/plain", title=report.title), blocks_only(report)),
        source_id=None,
        publisher=report.publisher,
        published=report.published,
        published_origin=PublishedOrigin.METADATA,
        picked_up=report.published,
    )


async def as_they_come(count: int, folder: Path) -> dict[str, float]:
    reports = Newsroom(2, days=days_of(count)).reports(count + ONE_MORE)
    store = Store(create_engine(f"sqlite:///{folder / f'{count}.sqlite3'}"))
    await store.upgrade()
    teller = StoryTeller()
    ids: list[int] = []

    async def add(some: list[tuple[int, Report]]) -> None:
        new = [new_document(number, report) for number, report in some]
        async with store.begin() as tx:
            ids.extend(row.document_id for row in await add_with_stories(tx, teller, new, new[-1].picked_up))

    numbered = list(enumerate(reports))
    began = time.perf_counter()
    for start in range(0, count, BATCH):
        await add(numbered[start : min(start + BATCH, count)])
    filled = time.perf_counter() - began
    singly: list[float] = []
    for one in numbered[count:]:
        began = time.perf_counter()
        await add([one])
        singly.append((time.perf_counter() - began) * 1000)
    async with store.read() as tx:
        rows = await tx.connection.exec_driver_sql("SELECT id, story_id FROM documents")
        story_of = dict(rows.tuples().all())
    await store.close()
    labels = [story_of[document_id] for document_id in ids]
    scratch = cluster([outline_of(stored(number, report)) for number, report in numbered])
    return {
        "documents": count,
        "a second": count / filled,
        "one more, ms": statistics.median(singly),
        "at most, ms": max(singly),
        "F1": b_cubed(labels, [report.event for report in reports])[2],
        "F1 to scratch": b_cubed(labels, list(scratch))[2],
    }


def table(rows: list[dict[str, float]]) -> None:
    names = list(rows[0])
    print("| " + " | ".join(names) + " |\n|" + "---|" * len(names))
    for row in rows:
        print(
            "| "
            + " | ".join(f"{row[name]:,.3g}" if row[name] < 100 else f"{row[name]:,.0f}" for name in names)
            + " |"
        )
    print()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks stories", description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="up to 100,000 documents (takes minutes)")
    parser.add_argument("--scratch", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.scratch:
        print(json.dumps(from_scratch(options.scratch)))
        return
    sizes = [1_000, 10_000, *([100_000] if options.full else [])]
    rows = []
    for size in sizes:
        command = [sys.executable, "-m", "benchmarks", "stories", "--scratch", str(size)]
        rows.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    table(rows)
    with tempfile.TemporaryDirectory() as folder:
        table([asyncio.run(as_they_come(size, Path(folder))) for size in sizes])
