"""Patterns that mind no case, searched in a sentence's lower case and compiled when first needed.

source ──► parse tree ──► the same tree in lower case ──► compiled at the first search

`re` is several times slower where it minds no case: it tries every place instead of looking for the first
letters. In a text and a pattern both in lower case it finds the same. Compiling takes most of the time of
loading, and of a hundred cues a document asks for a third: `prefilter.Screen` spares the others.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from digestbot.analysis.beginnings import HEAD, first_heads, head_of
from digestbot.analysis.prefilter import Screen, requirements

#: Letters that `re` takes for another where it minds no case, and that `str.lower` leaves as they are.
_TWOFOLD = ("İ", "ı", "ſ")
_FLAGS = re.IGNORECASE | re.DOTALL


class _MindsCase(Exception):
    """A part of a pattern minds case, or may."""


class Wording:
    """A pattern that minds no case but where it says so ("(?-i:…)"). Raises re.error for one that is none."""

    def __init__(self, source: str) -> None:
        self.source = source
        #: As `re` itself reads it.
        self.tree: Any = re._parser.parse(source, _FLAGS)  # type: ignore[attr-defined]
        self._fitting: dict[tuple[object, ...], re.Pattern[str] | None] = {}

    def search(self, sentence: str, low: str, start: int = 0) -> re.Match[str] | None:
        """The first place at or behind `start`, in a sentence that `lowered` makes `low`.

        Only the places of the match and its groups say something, not their case.
        """
        if self._low is not None:
            return self._low.search(low, start)
        loose = self._loose_for(low)
        if loose is not None and loose.search(low, start) is None:
            return None
        return self.pattern.search(sentence, start)

    def finditer(self, sentence: str, low: str, start: int = 0) -> Iterator[re.Match[str]]:
        """All places at or behind `start`; see `search`."""
        if self._low is not None:
            return self._low.finditer(low, start)
        loose = self._loose_for(low)
        if loose is not None and loose.search(low, start) is None:
            return iter(())
        return self.pattern.finditer(sentence, start)

    def at(self, places: Sequence[int], sentence: str, low: str) -> list[re.Match[str]]:
        """All that `finditer` finds where no match begins but at these places, in their order."""
        found: list[re.Match[str]] = []
        pattern, text = self._low, low
        if pattern is None:
            loose = self._loose_for(low)
            if loose is not None:
                places = [place for place in places if loose.match(low, place) is not None]
                if not places:
                    return found
            pattern, text = self.pattern, sentence
        for place in places:
            match = pattern.match(text, place)
            if match is not None and (not found or place >= found[-1].end()):
                found.append(match)
        return found

    def _loose_for(self, low: str) -> re.Pattern[str] | None:
        """What can be searched for first in a text in lower case: nothing where letters have two of them."""
        return None if self._low is not None or any(map(low.__contains__, _TWOFOLD)) else self._loose

    def match(self, text: str) -> re.Match[str] | None:
        """Where the text begins so: asked of the alternatives that can begin as it does."""
        head = head_of(text[:HEAD].lower())
        if head[:1].isalnum() and not head.isascii():  # letters of which `re` knows more than one lower case
            return self.pattern.match(text)
        key = (head, *self._anyhow.possible(text.lower()))
        if key not in self._fitting:
            self._fitting[key] = self._of_alternatives(head, key[1:])
        pattern = self._fitting[key]
        return pattern.match(text) if pattern is not None else None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern as it is written, to be searched in a text as it is written."""
        return _compiled(self.tree, _FLAGS)

    @cached_property
    def _low(self) -> re.Pattern[str] | None:
        """The pattern in lower case, none where some of it minds case."""
        try:
            return _compiled_low(_lowered(self.tree))
        except _MindsCase:
            return None

    @cached_property
    def _loose(self) -> re.Pattern[str] | None:
        """Of a pattern that minds case somewhere, what stands in lower case wherever it matches; if known."""
        try:
            return _compiled_low(_lowered(self.tree, loose=True)) if self._low is None else None
        except _MindsCase:
            return None

    @cached_property
    def _alternatives(self) -> list[tuple[frozenset[str] | None, Any]]:
        """What may stand for the whole pattern, in its order, each with what alone it can begin with."""
        items = self.tree.data
        branches = items[0][1][1] if [code.name for code, _ in items] == ["BRANCH"] else [self.tree]
        return [(first_heads(branch), branch) for branch in branches]

    @cached_property
    def _anyhow(self) -> Screen:
        """Tells which of the alternatives that may begin with anything a text can hold."""
        return Screen([requirements(branch) for begins, branch in self._alternatives if begins is None])

    def _of_alternatives(self, head: str, anyhow: Container[object]) -> re.Pattern[str] | None:
        """The alternatives that can begin with `head`; of those that begin with anything the `anyhow`-th."""
        number = itertools.count()
        fitting = [
            branch
            for begins, branch in self._alternatives
            if (next(number) in anyhow if begins is None else any(map(head.startswith, begins)))
        ]
        if not fitting:
            return None
        tree = type(self.tree)(self.tree.state)
        tree.data = [(re._constants.BRANCH, (None, fitting))]  # type: ignore[attr-defined]
        return _compiled(tree, _FLAGS)


def _compiled(tree: Any, flags: int) -> re.Pattern[str]:
    compiled: re.Pattern[str] = re._compiler.compile(tree, flags)  # type: ignore[attr-defined]
    return compiled


def _compiled_low(tree: Any) -> re.Pattern[str]:
    tree.state.flags &= ~re.IGNORECASE
    return _compiled(tree, re.DOTALL)


def by_letter(source: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern that minds case, its alternatives that begin with the same letter made one.

    `re` asks for each alternative in turn: of a list of two hundred words it then asks for twenty letters.
    Alternatives that begin with different letters never match at one place, so their order tells nothing.
    """
    tree: Any = re._parser.parse(source, flags)  # type: ignore[attr-defined]
    compiled: re.Pattern[str] = re._compiler.compile(_joined(tree), flags)  # type: ignore[attr-defined]
    return compiled


def _joined(tree: Any) -> Any:
    joined = type(tree)(tree.state)
    for code, argument in tree.data:
        if code.name == "BRANCH":
            argument = (argument[0], _join_alike([_joined(branch) for branch in argument[1]], code))
        elif code.name in {"SUBPATTERN", "MAX_REPEAT", "MIN_REPEAT", "ASSERT", "ASSERT_NOT"}:
            argument = (*argument[:-1], _joined(argument[-1]))
        joined.data.append((code, argument))
    return joined


def _join_alike(branches: Sequence[Any], branch_code: Any) -> list[Any]:
    found: list[Any] = []
    alike: dict[int, list[Any]] = {}

    def close() -> None:
        for same in alike.values():
            first = same[0]
            if len(same) > 1:
                letter = first.data[0]
                for branch in same:
                    branch.data = branch.data[1:]
                first = type(first)(first.state)
                first.data = [letter, (branch_code, (None, _join_alike(same, branch_code)))]
            found.append(first)
        alike.clear()

    for branch in branches:
        if branch.data and branch.data[0][0].name == "LITERAL":
            alike.setdefault(branch.data[0][1], []).append(branch)
        else:
            close()
            found.append(branch)
    close()
    return found


def _lowered(tree: Any, *, loose: bool = False) -> Any:
    """The same part in lower case; `loose`: without what minds case. Raises _MindsCase."""
    low = type(tree)(tree.state)
    low.data = [
        _lowered_item(str(code), code, argument, loose)
        for code, argument in tree.data
        if not (loose and code.name == "ASSERT_NOT" and _minds_case(argument[1]))
    ]
    return low


def _minds_case(tree: Any) -> bool:
    try:
        _lowered(tree)
    except _MindsCase:
        return True
    return False


def _lowered_item(name: str, code: Any, argument: Any, loose: bool) -> tuple[Any, Any]:
    if name in {"LITERAL", "NOT_LITERAL"}:
        return code, _lower(argument)
    if name == "IN":
        return code, list(_lowered_set(argument))
    if name == "BRANCH":
        return code, (argument[0], [_lowered(branch, loose=loose) for branch in argument[1]])
    if name == "SUBPATTERN":
        group, added, dropped, part = argument
        if (added or dropped) and (not loose or added or _excludes(part)):
            raise _MindsCase
        return code, (group, 0, 0, _lowered(part, loose=loose))
    if name in {"MAX_REPEAT", "MIN_REPEAT", "ASSERT", "ASSERT_NOT"} or (
        name == "POSSESSIVE_REPEAT" and not loose
    ):
        return code, (*argument[:-1], _lowered(argument[-1], loose=loose))
    if name in {"AT", "ANY", "GROUPREF"}:
        return code, argument
    raise _MindsCase


def _excludes(tree: Any) -> bool:
    """Whether a part matches what does not stand in a list: of that lower case would make something else."""
    return any(name in str(tree.data) for name in ("NEGATE", "NOT_"))


def _lowered_set(items: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    for code, argument in items:
        name = str(code)
        if name == "LITERAL":
            yield code, _lower(argument)
        elif name == "RANGE":
            yield code, _lowered_range(*argument)
        else:  # NEGATE, CATEGORY
            yield code, argument


def _lowered_range(first: int, last: int) -> tuple[int, int]:
    low = [_lower(letter) for letter in range(first, last + 1)]
    if low != [*range(low[0], low[-1] + 1)]:
        raise _MindsCase
    return low[0], low[-1]


def _lower(letter: int) -> int:
    low = chr(letter).lower()
    if len(low) > 1:
        raise _MindsCase
    return ord(low)
