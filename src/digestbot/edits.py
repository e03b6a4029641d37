"""What a publisher changed in a text: its sentences before and after, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from digestbot.model import Edit

MOST_SENTENCES = 400
"""Sentences compared; comparing takes quadratic time at worst."""
FEWEST_WORDS = 4
"""A change of shorter pieces is one of furniture: a time, a number of comments."""

_END = re.compile(r"(?<=[.!?…。！？؟।۔])[\"”’»)]*\s+|\n+")


def edits(before: str, after: str, limit: int) -> tuple[Edit, ...]:
    """The first `limit` changes, in the order of the text; one side is empty where nothing stood there."""
    found = (
        edit
        for edit in _changes(_sentences(before), _sentences(after))
        if max(len(edit.before.split()), len(edit.after.split())) >= FEWEST_WORDS
    )
    return tuple(edit for edit, _ in zip(found, range(limit), strict=False))


def _changes(before: list[str], after: list[str]) -> Iterator[Edit]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for operation, start, end, new_start, new_end in matcher.get_opcodes():
        if operation == "equal":
            continue
        old, new = before[start:end], after[new_start:new_end]
        for place in range(max(len(old), len(new))):
            yield Edit(
                old[place] if place < len(old) else "",
                new[place] if place < len(new) else "",
            )


def _sentences(text: str) -> list[str]:
    found, start = [], 0
    for match in _END.finditer(text):
        found.append(text[start : match.end()].strip())
        start = match.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence][:MOST_SENTENCES]
