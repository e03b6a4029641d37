"""How soon the bot answers over a store of 10,000 documents: `python -m benchmarks commands [--documents N]`.

For every command with each of its kinds of arguments: seconds to the first call to Telegram, and to the last.
The bot, its rendering and the store (SQLite or PostgreSQL) are the real ones; only the network's end is a
stand-in that answers at once. A thousand made-up documents a day, with four actors and two conditions each.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from bot_scene import ANN, OPERATOR, Telegram, scene
from composing import a_condition, an_actor
from digestbot.bot.commands import COMMANDS
from digestbot.bot.services import PATIENCE
from digestbot.ingest.shelf import BATCH, add_with_stories
from digestbot.ingest.telling import StoryTeller
from digestbot.model import Analysis, Bullet, ConditionType, Domain, Sentence
from digestbot.protocols.ingest import NewDocument
from digestbot.storage.engine import Store
from newsroom import Newsroom, Report, new_document

A_DAY = 1_000
STATES = (
    "PK", "IN", "US", "CN", "RU", "UA", "IL", "IR", "TR", "SA", "EG", "FR", "DE",
    "GB", "JP", "KR", "BR", "ZA", "NG", "KE", "ET", "SD", "LY", "SY", "IQ",
)  # fmt: skip
MORE = (
    "/digest 7d", "/digest 30d", "/conditions PK", "/conditions military 7d", "/conditions 30d",
    "/actors PK", "/story 1", "/summary 2", "/source 1.1", "/network 30d", "/map 30d", "/trend PK, IN",
    "/search the", "/why 1",
)  # fmt: skip
"""Beside each command alone and with its example."""


def with_findings(made: NewDocument, report: Report, chance: Random) -> NewDocument:
    """The document with sentences, bullets, actors and conditions."""
    text = made.read.extracted.text
    spans = [found.span() for found in re.finditer(r"[^.\n]+\.", text)]
    names = chance.sample(STATES, 4)
    conditions = []
    for place, (start, end) in enumerate(spans[:2]):
        quoted = text[start:end]
        conditions.append(
            a_condition(
                quoted,
                quoted.strip(),
                at=start,
                type=chance.choice(list(ConditionType)),
                domain=chance.choice(list(Domain)),
                holder=names[place],
                addressee=names[place + 1],
            )
        )
    analysis: Analysis = replace(
        made.read.analysis,
        sentences=tuple(Sentence(start, end, 1) for start, end in spans),
        bullets=tuple(
            Bullet(text[start:end], start, end, rank, 1 / (rank + 1))
            for rank, (start, end) in enumerate(spans[:5])
        ),
        actors=tuple(
            an_actor(name, country=name, salience=0.9 - place / 10) for place, name in enumerate(names)
        ),
        conditions=tuple(conditions),
    )
    return replace(made, read=replace(made.read, analysis=analysis))


async def fill(store: Store, count: int, now: Any) -> None:
    """Documents of the last days, the newest just now."""
    reports = Newsroom(3, days=max(count / A_DAY, 1.0)).reports(count)
    later = now - max(report.published for report in reports) - timedelta(minutes=1)
    chance, teller = Random(4), StoryTeller()
    for first in range(0, count, BATCH):
        some = []
        for number, report in enumerate(reports[first : first + BATCH], first):
            moved = replace(report, published=report.published + later)
            some.append(with_findings(new_document(number, moved), moved, chance))
        async with store.begin() as tx:
            await add_with_stories(tx, teller, some, some[-1].picked_up)


class Watched(Telegram):
    """Notes when something was first asked of Telegram."""

    first: float | None = None

    async def do_request(
        self, url: str, method: str, request_data: Any = None, **more: Any
    ) -> tuple[int, bytes]:
        if self.first is None and not url.endswith("getChatMember"):
            self.first = time.perf_counter()
        return await super().do_request(url, method, request_data, **more)


async def measure(count: int, url: str | None = None) -> list[tuple[float, float, str]]:
    with tempfile.TemporaryDirectory() as folder:
        async with scene(Path(folder), url, patience=PATIENCE) as made:
            began = time.perf_counter()
            async with made.store.read() as tx:
                there = await tx.documents.count()
            if not there:
                await fill(made.store, count, made.now)
            print(f"{count:,} documents in {time.perf_counter() - began:.0f} s", file=sys.stderr)
            made.telegram.__class__ = Watched
            lines = [f"/{command.name}" for command in COMMANDS if command.name != "forget"]
            lines += [command.example for command in COMMANDS if command.example]
            measured = []
            for line in [*lines, *MORE]:
                await made.say("/digest")  # numbers mean something
                made.telegram.first = None
                began = time.perf_counter()
                await made.say(line, user=OPERATOR if "source" in line else ANN)
                ended = time.perf_counter()
                measured.append(((made.telegram.first or ended) - began, ended - began, line))
                print(f"{ended - began:.3f} s {line}", file=sys.stderr)
    return sorted(measured, reverse=True)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks commands", description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument(
        "--database-url", help="a database of its own, filled where it is empty; else an SQLite file"
    )
    options = parser.parse_args(arguments)
    print("| first, s | whole, s | command |\n|---|---|---|")
    for first, whole, line in asyncio.run(measure(options.documents, options.database_url)):
        print(f"| {first:.3f} | {whole:.3f} | `{line}` |")
