"""Words without which a pattern cannot match: what spares a sentence most of the patterns.

pattern ──► parse tree ──► for each part the words one of which every match holds ──► the most telling part
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

#: More alternatives than this are not worth looking for.
MOST = 60
#: Letters by which a word is looked up among all stretches of a sentence before it is searched.
BEGINNING = 3


def needed_words(pattern: re.Pattern[str]) -> frozenset[str]:
    """Texts in lower case of which every match of a pattern holds at least one; empty where none is sure.

    Looked for in the text in lower case, as parts of words. Patterns are read as `re` itself reads them.
    """
    tree: Any = re._parser.parse(pattern.pattern, pattern.flags)  # type: ignore[attr-defined]
    return _needed(tree) or frozenset()


def _needed(parts: Iterable[Any]) -> frozenset[str] | None:
    """The most telling set of alternatives among consecutive parts; None where no part is certain."""
    options: list[frozenset[str]] = []
    run: list[str] = []

    def close() -> None:
        word = "".join(run)
        if word.strip():
            options.append(frozenset({word}))
        run.clear()

    for code, argument in parts:
        name = str(code)
        if name == "LITERAL":
            run.append(chr(argument).lower())
            continue
        if name in {"AT", "ASSERT", "ASSERT_NOT"}:  # takes no room: what stands around it stays one word
            ahead = _needed(argument[1]) if name == "ASSERT" else None
            if ahead is not None and len(ahead) <= MOST:
                options.append(ahead)
            continue
        close()
        inner = _of_part(name, argument)
        if inner is not None and len(inner) <= MOST:
            options.append(inner)
    close()
    return max(options, key=_telling, default=None)


def _of_part(name: str, argument: Any) -> frozenset[str] | None:
    if name == "SUBPATTERN":
        return _needed(argument[-1])
    if name in {"MAX_REPEAT", "MIN_REPEAT"}:
        return _needed(argument[2]) if argument[0] >= 1 else None
    if name == "BRANCH":
        found: set[str] = set()
        for branch in argument[1]:
            alternatives = _needed(branch)
            if alternatives is None:
                return None
            found |= alternatives
        return frozenset(found)
    return None


def _telling(words: frozenset[str]) -> tuple[int, int]:
    """The shortest word decides, then how few there are."""
    return min(len(word.strip()) for word in words), -len(words)


class Screen:
    """Which of many patterns a sentence can match at all."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._always: list[int] = []
        self._by_word: dict[str, list[int]] = {}
        self._by_beginning: dict[str, list[str]] = {}
        for index, pattern in enumerate(patterns):
            words = needed_words(pattern)
            if not words:
                self._always.append(index)
            for word in words:
                self._by_word.setdefault(word, []).append(index)
        for word in self._by_word:
            self._by_beginning.setdefault(word[:BEGINNING], []).append(word)
        self._short = [word for word in self._by_word if len(word) < BEGINNING]

    def possible(self, sentence: str) -> list[int]:
        """The indexes, in order, of the patterns that may match; every pattern that does is among them."""
        low = sentence.lower()
        found = set(self._always)
        stretches = {low[at : at + BEGINNING] for at in range(len(low) - BEGINNING + 1)}
        begun = self._by_beginning.keys() & stretches
        words = [word for start in begun for word in self._by_beginning[start]]
        for word in (*words, *self._short):
            if word in low:
                found.update(self._by_word[word])
        return sorted(found)
