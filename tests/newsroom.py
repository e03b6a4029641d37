"""Made-up news for measuring stories: many events, each told by several outlets, in made-up words.

What it is: sentences of fixed forms filled with the names, places and figures of an event, in one of several
phrasings and in an order of each outlet's own, among sentences of random words (Zipf): some that everybody
quotes on the event, more that stand in any report. Three in ten reports are wire copy, most of them cut.
Events come in confusable pairs: one topic, one week, partly the same actors. What it is not: journalism. Real
reports share less of their wording within an event and more of their names across events; use the figures for
speed, for memory and against decay, not as a promise.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digestbot.model import (
    Analysis,
    Block,
    BlockLabel,
    ExtractedText,
    FoundDocument,
    PublishedOrigin,
    StoredDocument,
)
from digestbot.protocols.ingest import NewDocument, ReadDocument

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
SYLLABLES = re.findall(
    r"\w+",
    "ba be bo da de di do fa fe ga go ha he hi ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe po ra "
    "re ri ro sa se si so ta te ti to va ve vi vo za ze zo bra dre kri flo gran stel tran pol mar ven tor",
)
TOPICS = {
    "earthquake": (
        ("A magnitude {n1} earthquake struck {place} on {day}", "A tremor of {n1} shook {place} on {day}"),
        ("{p1}, the governor, said {n2} people were dead", "The toll stands at {n2}, according to {p1}"),
        (
            "Rescuers searched the ruins of {place2}",
            "In {place2} houses had fallen and teams dug for survivors",
        ),
        ("{org} sent tents and blankets to {place}", "Help from {org} reached {place2} by air"),
        ("Landslides cut the road to {place2}", "No lorry gets through to {place2} since the road slid away"),
    ),
    "truce": (
        ("Envoys of {c1} and {c2} met in {place} on {day}", "{c1} and {c2} talked in {place} on {day}"),
        ("{p1} demanded that {c2} withdraw from {place2}", "{c2} must leave {place2}, said {p1} for {c1}"),
        ("{p2} refused unless {n2} prisoners are freed", "First {n2} prisoners must go free, {p2} insisted"),
        ("{org} offered to watch a ceasefire", "A ceasefire could be watched by {org}"),
        ("Shells fell near {place2} during the talks", "While they talked, guns fired at {place2}"),
    ),
    "summit": (
        ("Leaders gathered in {place} on {day} at the call of {org}", "{org} opened its summit in {place}"),
        ("{p1} of {c1} promised {n1} billion for the fund", "{c1} will pay {n1} billion, {p1} announced"),
        ("{p2} called the sum too small", "For {p2} of {c2} it is not nearly enough"),
        (
            "A statement is expected before delegates leave {place}",
            "Delegates worked on a text through the night",
        ),
        ("Protesters marched to {place2}", "Thousands protested in {place2}, police counted {n2}"),
    ),
    "election": (
        ("{p1} won the election in {c1} with {n1} percent", "Voters in {c1} chose {p1}: {n1} percent"),
        ("{p2} conceded on {day}", "Defeat was admitted by {p2} late on {day}"),
        ("Turnout in {place} was {n1} percent", "{n2} polling stations were open in {place}"),
        ("{org} called the vote orderly", "Observers of {org} saw few faults"),
        ("Supporters danced in {place2}", "In the streets of {place2} horns were heard"),
    ),
    "sanctions": (
        ("{c1} imposed sanctions on {org} on {day}", "{org} was put on the list of {c1} on {day}"),
        (
            "{p1} said that {n2} accounts were frozen",
            "Accounts, {n2} of them, are frozen, {p1} told reporters",
        ),
        ("{c2} threatened to answer in kind", "{p2} announced that {c2} would strike back"),
        ("Ships of {org} were held at {place}", "At {place} officials boarded vessels of {org}"),
        ("Prices rose by {n1} percent in {place2}", "Traders in {place2} saw {n1} percent more on the board"),
    ),
    "flood": (
        ("Floods drove {n2} people from {place} on {day}", "{place} was under water on {day}, {n2} fled"),
        ("A dam above {place2} broke", "Water came over the dam at {place2} by night"),
        ("{p1} asked {org} for boats", "Boats are missing, said {p1}, and turned to {org}"),
        ("Rain of {n1} centimetres had fallen", "Gauges showed {n1} centimetres of rain"),
        ("{c1} declared an emergency", "An emergency is in force in {c1}, {p2} said"),
    ),
}
COMMON = (
    "The government said on the day before that it would not comment",
    "Observers said that the next days would decide",
    "A spokesman did not answer questions by telephone",
    "The two neighbours have been at odds for years",
    "Analysts pointed to the budget and to the coming vote",
    "State television showed pictures of officials at a long table",
    "It was the second such report within a month",
    "Opposition parties asked for a debate in parliament",
)


@dataclass(frozen=True)
class Report:
    """One made-up document and the event it tells."""

    event: int | str
    title: str
    text: str
    publisher: str
    published: datetime


class Newsroom:
    """Makes reports; equal seeds make equal ones."""

    def __init__(self, seed: int = 1, *, days: float = 30.0, padding: int = 9) -> None:
        """`days`: over which events are spread; `padding`: sentences of random words in a report."""
        self._rng = random.Random(seed)
        self._days = days
        self._padding = padding
        self._words = [self._name(2, 4).lower() for _ in range(20_000)]
        self._weights: list[float] = []
        total = 0.0
        for rank in range(len(self._words)):
            total += 1 / (rank + 20)
            self._weights.append(total)
        self._background = [self._sentence([]) for _ in range(5_000)]
        self._countries = [self._name(2, 3) for _ in range(120)]
        self._orgs = [
            f"{self._name(2, 3)} {kind}" for kind in ("League", "Bank", "Council") for _ in range(60)
        ]
        self._outlets = [
            f"{self._name(2, 3)} {kind}" for kind in ("Times", "Post", "Radio") for _ in range(80)
        ]

    def reports(self, count: int, mean: float = 3.0) -> list[Report]:
        """`count` reports in order of time; events have one report or more, `mean` on average."""
        made: list[Report] = []
        event = 0
        while len(made) < count:
            topic = self._rng.choice(list(TOPICS))
            start = START + timedelta(days=self._rng.uniform(0, self._days))
            shared = self._facts()
            for _ in range(2):  # a confusable pair: topic, week and some of the actors are the same
                facts = self._facts() | {"c1": shared["c1"], "org": shared["org"]}
                begin = start + timedelta(hours=self._rng.uniform(0, 60))
                made += self._event(event, topic, facts, begin, mean)
                event += 1
        return sorted(made[:count], key=lambda report: report.published)

    def _event(
        self, event: int, topic: str, facts: dict[str, str], start: datetime, mean: float
    ) -> Iterator[Report]:
        number = min(1 + int(self._rng.expovariate(1 / max(mean - 0.5, 0.1))), 40)
        earlier: list[Report] = []
        for _ in range(number):
            published = start + timedelta(hours=self._rng.expovariate(1 / 20))
            if published - start > timedelta(hours=30):  # follow-ups: figures have moved, other people speak
                facts = facts | {
                    "n2": str(int(facts["n2"]) + self._rng.randint(5, 900)),
                    "p2": self._person(),
                }
            if earlier and self._rng.random() < 0.3:
                report = self._copy(self._rng.choice(earlier), published)
            else:
                report = self._report(event, topic, facts, published)
                earlier.append(report)
            yield report

    def _report(self, event: int, topic: str, facts: dict[str, str], published: datetime) -> Report:
        forms = TOPICS[topic]
        told = self._rng.sample(range(len(forms)), self._rng.randint(3, len(forms)))
        sentences = [self._rng.choice(forms[place]).format(**facts) for place in told]
        sentences += self._rng.sample(COMMON, 2)
        quoted = facts["quotes"].split("|")
        for _ in range(self._padding):
            sentences.append(self._rng.choice(quoted if self._rng.random() < 0.3 else self._background))
        for place in told[:2]:
            sentences.insert(
                self._rng.randint(2, len(sentences)), self._rng.choice(forms[place]).format(**facts)
            )
        head = [word for word in sentences[0].split() if not word.startswith("{")]
        title = " ".join(head[: self._rng.randint(5, 9)])
        text = "\n".join(". ".join(some) + "." for some in _paragraphs(sentences))
        return Report(event, title, text, self._rng.choice(self._outlets), published)

    def _copy(self, report: Report, published: datetime) -> Report:
        """Wire copy: as it is, or shortened under a new title."""
        text, title = report.text, report.title
        if self._rng.random() < 0.6:
            lines = text.split("\n")
            text = "\n".join(lines[: max(len(lines) - self._rng.randint(1, 2), 1)])
            title = " ".join(text.split()[: self._rng.randint(5, 9)])
        return Report(report.event, title, text, self._rng.choice(self._outlets), published)

    def _facts(self) -> dict[str, str]:
        own = self._rng.choices(self._words[500:], k=40)
        return {
            "place": self._name(2, 3),
            "place2": self._name(2, 4),
            "p1": self._person(),
            "p2": self._person(),
            "c1": self._rng.choice(self._countries),
            "c2": self._rng.choice(self._countries),
            "org": self._rng.choice(self._orgs),
            "n1": str(round(self._rng.uniform(2, 80), 1)),
            "n2": str(self._rng.randint(12, 9000)),
            "quotes": "|".join(self._sentence(own) for _ in range(12)),
            "day": self._rng.choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")),
        }

    def _person(self) -> str:
        return f"{self._name(2, 3)} {self._name(2, 4)}"

    def _name(self, least: int, most: int) -> str:
        return "".join(self._rng.choices(SYLLABLES, k=self._rng.randint(least, most))).capitalize()

    def _sentence(self, own: list[str]) -> str:
        """Random words; half of them the event's own, if it has any."""
        count = self._rng.randint(9, 22)
        share = count // 2 if own else 0
        words = self._rng.choices(self._words, cum_weights=self._weights, k=count - share)
        words += self._rng.choices(own, k=share) if own else []
        self._rng.shuffle(words)
        return " ".join(words).capitalize()


def _paragraphs(sentences: list[str]) -> Iterator[list[str]]:
    for place in range(0, len(sentences), 3):
        yield sentences[place : place + 3]


def stored(number: int, report: Report, *, scope: int | None = None) -> StoredDocument:
    """A report as it would come out of the store, without findings."""
    text = f"{report.title}\n{report.text}"
    return StoredDocument(
        document_id=number,
        version_id=number,
        version=1,
        text=text,
        title=report.title,
        url=None,
        publisher=report.publisher,
        source_id=None,
        published=report.published,
        published_origin=PublishedOrigin.METADATA,
        picked_up=report.published,
        scope=scope,
        archive=False,
        analysis=blocks_only(report),
    )


WRITTEN = ("story_reports", "story_reports_world", "story_reports_late")
"""Sets of reports written by hand; what each is for stands at the top of its file in tests/quality."""


def written_reports(name: str = WRITTEN[0]) -> list[Report]:
    """Reports written by hand, in order of time."""
    path = Path(__file__).parent / "quality" / f"{name}.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["report"]
    return [
        Report(row["event"], row["title"], row["text"], "Courier", START + timedelta(hours=row["hours"]))
        for row in sorted(rows, key=lambda row: row["hours"])
    ]


def blocks_only(report: Report) -> Analysis:
    """An analysis that knows headline and body and nothing else."""
    head = len(report.title)
    end = head + 1 + len(report.text)
    blocks = (Block(0, head, BlockLabel.HEADLINE), Block(head + 1, end, BlockLabel.BODY))
    return Analysis("newsroom-1", "en", report.title, blocks, (), (), (), ())


def b_cubed(labels: list[int], truth: list[object]) -> tuple[float, float, float]:
    """Precision, recall and F1 of a grouping, averaged over documents (Bagga and Baldwin 1998)."""
    both: dict[tuple[int, object], int] = {}
    found: dict[int, int] = {}
    real: dict[object, int] = {}
    for label, event in zip(labels, truth, strict=True):
        both[label, event] = both.get((label, event), 0) + 1
        found[label] = found.get(label, 0) + 1
        real[event] = real.get(event, 0) + 1
    count = len(labels)
    precision = sum(n * n / found[label] for (label, _), n in both.items()) / count
    recall = sum(n * n / real[event] for (_, event), n in both.items()) / count
    return precision, recall, 2 * precision * recall / (precision + recall)


def new_document(number: int, report: Report, scope: int | None = None) -> NewDocument:
    """A report as it is stored, picked up when it was published."""
    text = f"{report.title}\n{report.text}"
    return NewDocument(
        FoundDocument(key=str(number), content=b"x", title=report.title),
        ReadDocument(ExtractedText(text, "text/plain", title=report.title), blocks_only(report)),
        source_id=None,
        publisher=report.publisher,
        published=report.published,
        published_origin=PublishedOrigin.METADATA,
        picked_up=report.published,
        scope=scope,
    )
