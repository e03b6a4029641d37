"""What the rules of actors hand on: actors, and every place in the text that stands for one."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal

from digestbot.model import Actor

#: How a place in the text stands for an actor. "pronoun" and "office" ("the president", "the group") are
# resolved
#: references; "group" is a party named by what its members are ("the rebels", "Lagos police").
MentionForm = Literal[
    "name", "adjective", "people", "capital", "metonym", "office", "pronoun", "acronym", "group", "delegate"
]


@dataclass(slots=True)
class ActorMention:
    """One place that stands for an actor; never changed once it is made.

    `actor`: index into `ActorFindings.actors`, None for a capital that is only a place. `name`: that
    actor's name.
    `printed`: whether it is among the actor's mentions (references resolved by context are not).
    `subject`: a verb follows it; `possessive`: followed by "'s".
    """

    actor: int | None
    name: str
    start: int
    end: int
    form: MentionForm
    printed: bool = True
    subject: bool = False
    possessive: bool = False
    compound: bool = False  # inside a hyphenated word ("Saudi-led")
    rule: str = ""

    def of(self, name: str) -> ActorMention:
        """The same place as standing for the actor of another name."""
        return ActorMention(
            self.actor, name, self.start, self.end, self.form, self.printed, self.subject, self.possessive,
            self.compound, self.rule,
        )  # fmt: skip

    @property
    def place(self) -> bool:
        """Whether it is only a place here ("in Tehran")."""
        return self.actor is None


@dataclass(frozen=True, slots=True)
class ActorFindings:
    """The actors of one document, most salient first, and their mentions in order of the text.

    `weights`: how much the text is about each actor, on no scale of its own (salience.py); as many as actors.
    """

    actors: tuple[Actor, ...]
    mentions: tuple[ActorMention, ...] = ()
    weights: tuple[float, ...] = field(default=(), repr=False)
    _starts: tuple[int, ...] = field(default=(), repr=False, compare=False)

    def mentions_in(self, start: int, end: int, *, places: bool = False) -> list[ActorMention]:
        """The mentions inside [start, end) in order of the text; with `places`, capitals as places too."""
        starts = self._starts or tuple(mention.start for mention in self.mentions)
        index = bisect_left(starts, start)
        found: list[ActorMention] = []
        while index < len(starts) and starts[index] < end:
            mention = self.mentions[index]
            if mention.end <= end and (places or mention.actor is not None):
                found.append(mention)
            index += 1
        return found

    def actor_named(self, name: str | None) -> Actor | None:
        """The actor with this name."""
        return next((actor for actor in self.actors if actor.name == name), None)
