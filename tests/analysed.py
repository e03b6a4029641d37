"""What the real analysis finds in a text of a test: its conditions, and its actors by name."""

from __future__ import annotations

from digestbot.analysis import analyse
from digestbot.model import Actor, Condition, ExtractedText


def conditions(text: str) -> tuple[Condition, ...]:
    """The conditions of a text that is said to be English, however short it is."""
    return analyse(ExtractedText(text=text, media_type="text/plain", language="en")).conditions


def last(text: str) -> Condition:
    """The last condition of a text that has one."""
    return conditions(text)[-1]


def actors(text: str) -> dict[str, Actor]:
    """The actors of a text, most salient first, by name."""
    return {actor.name: actor for actor in analyse(ExtractedText(text=text, media_type="text/plain")).actors}
