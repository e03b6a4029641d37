"""One condition over time: where it was first set, repeated, changed, and whether it was met or withdrawn.

    sightings (of any number of documents) ──► in order of time ──► joined to threads ──► a status each

A condition is the same one wherever holder, addressee, type and the words of its span are the same; it is
the same one *changed* where the parties and the type are the same and most of its words, but not its terms.
Conditions that stand side by side in one text are different ones. Outcomes come from reports of the parties'
acts. Pure: nothing here reads a clock or a store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from digestbot.model import Actor, Condition, ConditionType, Sighting, StoredDocument

#: Words of a span alike (Jaccard) from which two conditions of the same parties are one that has changed.
SAME_MATTER = 0.4
#: Share of a condition's words that a report must hold to be about it.
REPORTED = 0.5


class Status(StrEnum):
    """What a sighting says of its condition."""

    NEW = "new"
    REPEATED = "repeated"
    CHANGED = "changed"
    MET = "met"
    WITHDRAWN = "withdrawn"


ENDS = frozenset({Status.MET, Status.WITHDRAWN})
"""After these a condition stands no longer."""


@dataclass(frozen=True, slots=True)
class Report:
    """A sentence that may tell how a condition ended, with the actors it names."""

    document_id: int
    seen: datetime
    sentence: str
    actors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Event:
    """One step in a condition's life. `sighting` or `report` tells it; `before`: what it changed from."""

    status: Status
    seen: datetime
    sighting: Sighting | None = None
    report: Report | None = None
    before: str | None = None


Identity = tuple[str, str, str, frozenset[str]]
"""Holder, addressee, type, and the words of a condition, folded."""


@dataclass(slots=True)
class Thread:
    """One condition over time, its events in order of time."""

    identity: Identity
    events: list[Event] = field(default_factory=list)

    @property
    def status(self) -> Status:
        """How it stands: its last step, where "repeated" counts for nothing after an end."""
        told = next(event.status for event in reversed(self.events) if event.status is not Status.REPEATED)
        return told if told in ENDS else self.events[-1].status

    def status_since(self, since: datetime) -> Status:
        """What it is to a reader who knows all up to then: new, changed or ended since, else repeated."""
        later = [event for event in self.events if event.seen > since]
        if self.status in ENDS and any(event.status in ENDS for event in later):
            return self.status
        if len(later) == len(self.events):
            return Status.NEW
        changed = any(event.status is Status.CHANGED for event in later)
        return Status.CHANGED if changed else Status.REPEATED

    @property
    def latest(self) -> Sighting:
        """The sighting that gives its present wording."""
        return next(e.sighting for e in reversed(self.events) if e.sighting is not None)

    @property
    def publishers(self) -> tuple[str, ...]:
        """Who printed it, each once, in order of time."""
        return tuple(dict.fromkeys(e.sighting.publisher for e in self.events if e.sighting is not None))


_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_NUMBER = re.compile(
    r"\d[\d.,]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|thirty|sixty|hundred)\b"
)
_STOP = frozenset(
    [
        "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "from", "with", "and", "or",
        "but", "not", "no", "its", "his", "her", "their", "they", "it", "he", "she", "that", "this",
        "these", "those", "is", "are", "was", "were", "be", "been", "being", "has", "have", "had",
        "will", "would", "shall", "should", "can", "could", "may", "might", "must", "do", "does",
        "did", "if", "unless", "until", "only", "once", "when", "before", "after", "as", "long", "so",
        "provided", "condition", "demand", "demands", "demanded", "call", "calls", "called", "urge",
        "urges", "urged", "want", "wants", "wanted", "ask", "asks", "asked", "insist", "insists",
        "insisted", "threaten", "threatens", "threatened", "warn", "warns", "warned", "all", "any",
    ]
)  # fmt: skip
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "als", "al", "ed", "es", "s", "e")
_MET = re.compile(
    r"\b(?:met|fulfilled|complied|bowed to|gave in to|granted|satisfied|agreed to|accepted|released|freed|"
    r"withdrew|withdrawn|"
    r"pulled (?:out|back)|lifted|handed over|signed|ratified|stepped down|resigned|apologi[sz]ed|reopened|"
    r"halted|dropped)\b",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"\b(?:dropped|withdrew|withdrawn|abandoned|gave up|backed (?:down|away) (?:from|on)|"
    r"no longer (?:demands?|insists?|wants?|asks?)|"
    r"retracted|took back|shelved|waived)\b",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\b(?:demand|condition|threat|offer|ultimatum|insistence|request|call|proposal)s?\b", re.IGNORECASE
)
_UNREAL = re.compile(
    r"\b(?:if|unless|would|could|will|may|might|should|must|not|never|refus\w+|until|only)\b|n[’']t\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=20_000)
def _words(text: str) -> frozenset[str]:
    """The words that count, without endings. Kept: one wording stands in the history of many stories."""
    return frozenset(_stem(w) for w in (m[0].casefold() for m in _WORD.finditer(text)) if w not in _STOP)


def _terms(condition: Condition) -> tuple[frozenset[str], str]:
    """What makes a changed condition differ: its figures and its deadline."""
    return frozenset(
        m[0].casefold() for m in _NUMBER.finditer(condition.text.casefold())
    ), condition.deadline or ""


def identity(condition: Condition) -> Identity:
    """What makes two conditions the same one: holder, addressee, type, normalised words of the span."""
    return (
        (condition.holder or "").casefold(),
        (condition.addressee or "").casefold(),
        condition.type.value,
        _words(condition.text),
    )


def _alike(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 1.0


def track(sightings: Iterable[Sighting], reports: Iterable[Report] = ()) -> list[Thread]:
    """The threads of conditions, in order of their first sighting.

    Sightings may come in any order; those of equal time are taken by document, then place in the text, and
    before reports. Sightings of several versions of one document count once for each wording.
    """
    threads: list[Thread] = []
    rivals: dict[tuple[str, str], list[Thread]] = {}  # by holder and type: no others can be one thread
    parties: dict[str, dict[int, Thread]] = {}  # by name: a report tells of nobody it does not name
    steps: list[tuple[tuple[Any, ...], Sighting | Report]] = [
        ((s.seen, 0, s.document_id, s.version_id, s.condition.start, s.condition.end), s) for s in sightings
    ]
    steps += [((r.seen, 1, r.document_id, place), r) for place, r in enumerate(reports)]
    for _, step in sorted(steps, key=lambda placed: placed[0]):
        if isinstance(step, Sighting):
            own = identity(step.condition)
            known = rivals.setdefault((own[0], own[2]), [])
            thread = _add(known, own, step)
            if thread is not None:
                known.append(thread)
                threads.append(thread)
            for thread in known:
                for name in (thread.latest.condition.holder, thread.latest.condition.addressee):
                    parties.setdefault(name or "", {})[id(thread)] = thread
            continue
        concerned = {key: one for name in step.actors for key, one in parties.get(name, {}).items()}
        for one in concerned.values():
            _end(one, step)
    return threads


def _add(known: Sequence[Thread], own: Identity, sighting: Sighting) -> Thread | None:
    """Put a sighting into the thread it belongs to, of those of its holder and type; else a new thread."""
    condition = sighting.condition
    rivals = [
        thread
        for thread in known
        if _parties(thread.identity, own)
        and (thread.latest.version_id != sighting.version_id or thread.identity[3] == own[3])
    ]
    best = max(rivals, key=lambda t: _alike(t.identity[3], own[3]), default=None)
    likeness = _alike(best.identity[3], own[3]) if best is not None else 0.0
    if best is None or likeness < SAME_MATTER:
        return Thread(own, [Event(Status.NEW, sighting.seen, sighting)])
    before = best.latest
    if condition.negated and not before.condition.negated:
        status = Status.WITHDRAWN
    elif _terms(condition) != _terms(before.condition) or (
        likeness < 1.0 and not _covers(own[3], best.identity[3])
    ):
        status = Status.CHANGED
    else:
        status = Status.REPEATED
    if status is Status.REPEATED and _same_version(before, sighting):
        return None
    best.events.append(
        Event(
            status,
            sighting.seen,
            sighting,
            before=before.condition.text if status is Status.CHANGED else None,
        )
    )
    if status is Status.CHANGED:
        best.identity = own
    return None


def _same_version(one: Sighting, other: Sighting) -> bool:
    return one.document_id == other.document_id and one.condition.sentence == other.condition.sentence


def _covers(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether one wording only says less than the other."""
    return a <= b or b <= a


def _parties(a: Identity, b: Identity) -> bool:
    """Same holder; same addressee where both name one."""
    return bool(a[0]) and a[0] == b[0] and (a[1] == b[1] or not a[1] or not b[1])


def _end(thread: Thread, report: Report) -> None:
    sighting = thread.latest
    if report.seen <= thread.events[0].seen or thread.status in ENDS:
        return
    status = outcome(sighting.condition, report.sentence, report.actors)
    if status is not None:
        thread.events.append(Event(status, report.seen, report=report))


def outcome(condition: Condition, sentence: str, actors: Iterable[str]) -> Status | None:
    """What a later sentence tells of a condition: met, withdrawn, or nothing.

    Met: the addressee did what the condition's words say. Withdrawn: the holder gave its demand, threat or
    offer up.
    A sentence that is itself conditional, denied or about the future tells nothing.
    """
    if _UNREAL.search(sentence):
        return None
    named = set(actors)
    wanted, said = _words(condition.text), _words(sentence)
    share = len(wanted & said) / len(wanted) if wanted else 0.0
    if condition.holder in named and _WITHDRAWN.search(sentence) and _CLAIM.search(sentence) and share > 0:
        return Status.WITHDRAWN
    if (
        condition.type in {ConditionType.CONSEQUENCE, ConditionType.THREAT}
        or condition.addressee not in named
    ):
        return None
    return Status.MET if share >= REPORTED and _MET.search(sentence) else None


def sightings_of(document: StoredDocument, seen: datetime | None = None) -> list[Sighting]:
    """A document's conditions; `seen`: where another time counts than that of its publication."""
    return [
        Sighting(
            document.document_id,
            document.version_id,
            seen or document.published,
            condition,
            document.publisher,
        )
        for condition in document.analysis.conditions
    ]


def reports_of(document: StoredDocument, seen: datetime | None = None) -> list[Report]:
    """A document's sentences that may tell how a condition ended."""
    found = []
    for sentence in document.analysis.sentences:
        words = document.text[sentence.start : sentence.end]
        if _UNREAL.search(words) or not (_MET.search(words) or _WITHDRAWN.search(words)):
            continue
        named = frozenset(
            actor.name for actor in document.analysis.actors if _named(actor, sentence.start, sentence.end)
        )
        if named:
            found.append(Report(document.document_id, seen or document.published, words, named))
    return found


def _named(actor: Actor, start: int, end: int) -> bool:
    return any(start <= mention.start and mention.end <= end for mention in actor.mentions)


def statuses(threads: Sequence[Thread]) -> dict[tuple[int, int], Status]:
    """The status of each sighting by (version_id, start of the condition), to be shown beside it."""
    return {
        (event.sighting.version_id, event.sighting.condition.start): event.status
        for thread in threads
        for event in thread.events
        if event.sighting is not None
    }
