"""Actors in the making: one draft an actor, with the places that stand for it."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field

from digestbot.analysis.coreference import Person
from digestbot.analysis.lexicon import Entry
from digestbot.analysis.mentions import MentionForm
from digestbot.analysis.reading import Line


@dataclass(slots=True)
class Place:
    """One place that stands for a draft. `weight`: how strongly it says that the actor acts there."""

    line: int
    first: int
    last: int
    start: int
    end: int
    form: MentionForm
    weight: float
    rule: str
    printed: bool = True
    subject: bool = False
    possessive: bool = False
    compound: bool = False

    def __lt__(self, other: Place) -> bool:
        return (self.start, self.end) < (other.start, other.end)


@dataclass(slots=True)
class Draft:
    """One actor in the making."""

    key: str
    name: str
    kind: str
    country: str | None
    sector: str | None
    entry: Entry | None = None
    person: Person | None = None
    institution: str | None = None
    role: str | None = None
    weak: bool = False  # needs more than one place or a strong one
    stateless: bool = False
    places: list[Place] = field(default_factory=list)
    gender: str | None = None
    salience: float = 0.0
    country_rule: str | None = None  # what told the country of a person
    country_weighed: bool = False  # nothing in the text tells it

    def add(
        self,
        line: Line,
        first: int,
        last: int,
        form: MentionForm,
        weight: float,
        rule: str,
        *,
        start: int | None = None,
        end: int | None = None,
        printed: bool = True,
        subject: bool = False,
        possessive: bool = False,
        compound: bool = False,
    ) -> None:
        """Notes that tokens [first, last) of a line stand for this actor."""
        place = Place(
            line.index, first, last,
            line.tokens[first].start if start is None else start,
            line.tokens[last - 1].end if end is None else end,
            form, weight, rule, printed, subject, possessive, compound,
        )  # fmt: skip
        if self.places and place < self.places[-1]:
            insort(self.places, place)
        else:
            self.places.append(place)
