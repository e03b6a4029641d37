"""From files to stored analyses: `python -m benchmarks ingest [--documents N] [--full] [--short]`.

    the command line on one core and on two: documents a second, and the memory of its own process and of its
        readers at a tenth, a half and the end of the way
    in this process: the share of extraction, analysis and storage (stories included) of one document

The files are paragraphs of the annotated documents of tests/quality, in random order and number: about 2,400
characters each; with --short one or two paragraphs, as of a wire's flash.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from digestbot.analysis import analyse
from digestbot.extraction import extract
from digestbot.ingest.provenance import publication_time
from digestbot.ingest.shelf import BATCH, add_with_stories
from digestbot.ingest.telling import StoryTeller
from digestbot.model import FoundDocument
from digestbot.protocols.ingest import NewDocument, ReadDocument
from digestbot.storage.engine import Store, create_engine

DOCUMENTS = Path(__file__).parent.parent / "tests" / "quality" / "documents"
FULL = 100_000
POINTS = (0.1, 0.5, 0.95)
"""Where on the way memory is looked at."""
ARTICLE, FLASH = (6, 14), (1, 2)
"""Paragraphs of a document, from and to."""


def texts(count: int, paragraphs: tuple[int, int]) -> list[str]:
    rng = random.Random(5)
    sources = [json.loads(path.read_text())["text"].split("\n") for path in sorted(DOCUMENTS.glob("*.json"))]
    made = []
    for number in range(count):
        lines = rng.choice(sources)
        body = [line for line in rng.sample(lines, len(lines)) if len(line) > 60]
        made.append("\n\n".join([f"{lines[0]} ({number})", *body[: rng.randint(*paragraphs)]]) + "\n")
    return made


def write_files(folder: Path, documents: list[str]) -> None:
    for number, text in enumerate(documents):
        place = folder / f"{number // 1000:03}"
        place.mkdir(exist_ok=True)
        (place / f"{number}.txt").write_text(text, encoding="utf-8")


def megabytes(process: psutil.Process) -> tuple[float, float]:
    """Of the process itself and of its children."""
    readers = [child.memory_info().rss for child in process.children(recursive=True)]
    return process.memory_info().rss / 1e6, sum(readers) / 1e6


def command_line(folder: Path, data: Path, cores: int, count: int) -> dict[str, float]:
    """One run of `digestbot ingest`, bound to so many cores."""
    database = data / "digestbot.sqlite3"
    environment = {**os.environ, "DIGESTBOT_DATABASE_URL": f"sqlite:///{database}"}
    usable = sorted(os.sched_getaffinity(0))[:cores]
    began = time.perf_counter()
    run = subprocess.Popen(
        [sys.executable, "-m", "digestbot", "ingest", str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, usable),
    )
    watched = psutil.Process(run.pid)
    memory: dict[float, tuple[float, float]] = {}
    while run.poll() is None:
        time.sleep(0.25)
        try:
            share = stored(database) / count
            for point in POINTS:
                if share >= point and point not in memory:
                    memory[point] = megabytes(watched)
        except psutil.NoSuchProcess:
            break
    run.wait()
    seconds = time.perf_counter() - began
    found = {"cores": float(cores), "documents": float(count), "a second": count / seconds}
    for point, (own, readers) in memory.items():
        found[f"MB at {point:.0%}"], found[f"readers at {point:.0%}"] = own, readers
    return found


def stored(database: Path) -> int:
    import sqlite3

    if not database.exists():
        return 0
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        try:
            return int(connection.execute("SELECT coalesce(max(id), 0) FROM documents").fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # the tables are being made


async def shares(documents: list[str], folder: Path) -> dict[str, float]:
    """Milliseconds a document takes in each step, in one process."""
    store = Store(create_engine(f"sqlite:///{folder / 'shares.sqlite3'}"))
    await store.upgrade()
    found = [
        FoundDocument(key=f"{number}.txt", content=text.encode(), filename=f"{number}.txt")
        for number, text in enumerate(documents)
    ]
    count = len(documents)
    analyse(extract(found[0]))  # loads the lexicon
    began = time.perf_counter()
    extracted = [extract(one) for one in found]
    extraction = time.perf_counter()
    analyses = [analyse(one) for one in extracted]
    analysis = time.perf_counter()
    now, teller = datetime.now(UTC), StoryTeller()
    for start in range(0, count, BATCH):
        new = []
        for place in range(start, min(start + BATCH, count)):
            published, origin = publication_time(found[place], extracted[place], analyses[place], now=now)
            read = ReadDocument(extracted[place], analyses[place])
            new.append(
                NewDocument(
                    found[place],
                    read,
                    source_id=None,
                    publisher="The Courier",
                    published=published,
                    published_origin=origin,
                    picked_up=now,
                )
            )
        async with store.begin() as tx:
            await add_with_stories(tx, teller, new, now)
    storage = time.perf_counter()
    await store.close()
    steps = {
        "extraction": extraction - began,
        "analysis": analysis - extraction,
        "storage": storage - analysis,
    }
    return {f"{name} ms": seconds / count * 1000 for name, seconds in steps.items()}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks ingest", description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--full", action="store_true", help=f"{FULL:,} documents on all cores (an hour)")
    parser.add_argument("--short", action="store_true", help="documents of one or two paragraphs")
    options = parser.parse_args(arguments)
    count = FULL if options.full else options.documents
    cores = len(os.sched_getaffinity(0))
    documents = texts(count, FLASH if options.short else ARTICLE)
    with tempfile.TemporaryDirectory() as place:
        steps = asyncio.run(shares(documents[:300], Path(place)))
        whole = sum(steps.values())
        for name, value in steps.items():
            print(f"{name}: {value:.2f} ({value / whole:.0%})")
        folder = Path(place) / "files"
        folder.mkdir()
        write_files(folder, documents)
        for used in [cores] if options.full else range(1, min(cores, 2) + 1):
            data = Path(place) / f"data-{used}"
            data.mkdir()
            found = command_line(folder, data, used, count)
            print(", ".join(f"{name}: {value:,.4g}" for name, value in found.items()), flush=True)
