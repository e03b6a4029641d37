"""Words without which a pattern cannot match: what spares a sentence most of the patterns.

pattern ──► parse tree ──► for each part the words one of which every match holds ──► the sentence's words

Words are looked for in the text in lower case. One marked with a blank before it (" demand") is known to
begin a word of the text; others may stand anywhere in one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain, product
from typing import Any

#: More ways to spell a stretch of a pattern than this are not spelt out.
MOST = 60
#: More words of which a match needs one are not worth looking for.
MOST_SOUGHT = 500
#: Words of texts of which is remembered what they may begin.
KNOWN = 1 << 15
_WORD = re.compile(r"\w+")


def requirements(pattern: re.Pattern[str]) -> list[frozenset[str]]:
    """Sets of marked words, the most telling first: every match of a pattern holds a word of each set.

    Looked for in the text in lower case; none where no word is sure. Patterns are read as `re` itself reads
    them.
    """
    tree: Any = re._parser.parse(pattern.pattern, pattern.flags)  # type: ignore[attr-defined]
    return sorted(set(_needed(tree, False)), key=lambda words: (_telling(words), sorted(words)), reverse=True)


def _needed(parts: Iterable[Any], begins: bool) -> list[frozenset[str]]:
    """Sets of alternatives among consecutive parts; `begins`: whether the first part begins a word."""
    found: list[frozenset[str]] = []
    runs, run_begins = {""}, begins  # what may stand together in front of the next part

    def close() -> None:
        words = {f" {run.strip()}" if run_begins or run[:1].isspace() else run.strip() for run in runs}
        if all(word.strip() for word in words):
            found.append(_shortest(words))

    for code, argument in parts:
        name = str(code)
        if name in {"AT", "ASSERT", "ASSERT_NOT"}:  # takes no room: what stands around it stays one word
            if runs == {""} and str(argument) in {"AT_BOUNDARY", "AT_BEGINNING"}:
                run_begins = True
            if name == "ASSERT":  # what has to stand ahead or behind stands in the sentence
                found.extend(_needed(argument[1], False))
            continue
        spelt = _spelt_part(name, argument)
        if spelt is not None and len(runs) * len(spelt) <= MOST:
            runs = {run + word for run, word in product(runs, spelt)}
            continue
        close()
        here = run_begins if runs == {""} else all(run and not _in_words(run[-1]) for run in runs)
        found.extend(_of_part(name, argument, here))
        runs, run_begins = {""}, _ends_apart(name, argument, here)
    close()
    return found


def _spelt_part(name: str, argument: Any) -> frozenset[str] | None:
    """All texts in lower case a part can match, where they are few."""
    if name == "LITERAL":
        return frozenset({chr(argument).lower()})
    if name == "IN" and all(str(code) == "LITERAL" for code, _ in argument):
        return frozenset(chr(letter).lower() for _, letter in argument)
    if name == "SUBPATTERN":
        return _spelt(argument[-1])
    if name == "MAX_REPEAT" and argument[:2] == (0, 1):
        spelt = _spelt(argument[2])
        return None if spelt is None else spelt | {""}
    if name == "BRANCH":
        found: set[str] = set()
        for branch in argument[1]:
            spelt = _spelt(branch)
            if spelt is None:
                return None
            found |= spelt
        return frozenset(found) if len(found) <= MOST else None
    return None


def _spelt(parts: Iterable[Any]) -> frozenset[str] | None:
    found = frozenset({""})
    for code, argument in parts:
        if str(code) in {"AT", "ASSERT", "ASSERT_NOT"}:
            continue
        spelt = _spelt_part(str(code), argument)
        if spelt is None or len(found) * len(spelt) > MOST:
            return None
        found = frozenset(a + b for a, b in product(found, spelt))
    return found


def _of_part(name: str, argument: Any, begins: bool) -> list[frozenset[str]]:
    if name == "SUBPATTERN":
        return _needed(argument[-1], begins)
    if name in {"MAX_REPEAT", "MIN_REPEAT"}:
        return _needed(argument[2], begins) if argument[0] >= 1 else []
    if name == "BRANCH":
        found: set[str] = set()
        for branch in argument[1]:
            alternatives = max(_needed(branch, begins), key=_telling, default=None)
            if alternatives is None:
                return []
            found |= alternatives
        return [_shortest(found)] if len(found) <= MOST_SOUGHT else []
    return []


def _ends_apart(name: str, argument: Any, begins: bool) -> bool:
    """Whether a letter behind a part always begins a word; `begins`: whether one in front of it does."""
    if name == "LITERAL":
        return not _in_words(chr(argument))
    if name == "IN":
        return all(
            (str(code) == "LITERAL" and not _in_words(chr(what))) or str(what) == "CATEGORY_SPACE"
            for code, what in argument
        )
    if name == "BRANCH":
        return all(_end_apart(branch, begins) for branch in argument[1])
    if name == "SUBPATTERN":
        return _end_apart(argument[-1], begins)
    if name in {"MAX_REPEAT", "MIN_REPEAT"}:
        return (begins or argument[0] > 0) and _end_apart(argument[2], begins)
    return False


def _end_apart(parts: Iterable[Any], begins: bool) -> bool:
    for code, argument in parts:
        if str(code) == "AT":
            begins = begins or str(argument) == "AT_BEGINNING"
        elif str(code) not in {"ASSERT", "ASSERT_NOT"}:
            begins = _ends_apart(str(code), argument, begins)
    return begins


def _in_words(character: str) -> bool:
    return character.isalnum() or character == "_"


def _shortest(words: Iterable[str]) -> frozenset[str]:
    """The words without those that hold another of them."""
    words = set(words)
    return frozenset(w for w in words if not any(other != w and other in w for other in words))


def _telling(words: frozenset[str]) -> tuple[bool, int, int]:
    """Words that begin words are looked up at once; then the shortest decides, then how few there are."""
    return all(word[0] == " " for word in words), min(len(word.strip()) for word in words), -len(words)


class Screen:
    """Which of many patterns a sentence can match at all."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._always: list[int] = []
        self._by_word: dict[str, list[int]] = {}
        self._by_beginning: dict[str, list[str]] = {}
        self._anywhere: list[str] = []
        self._others: dict[int, list[frozenset[str]]] = {}
        begins: dict[str, bool] = {}
        for index, pattern in enumerate(patterns):
            first, *others = requirements(pattern) or [frozenset()]
            if not first:
                self._always.append(index)
            for marked in first:
                word = marked.strip()
                begins[word] = begins.get(word, True) and marked[0] == " " and word[0].isalnum()
                self._by_word.setdefault(word, []).append(index)
            if others:
                self._others[index] = [frozenset(map(str.strip, words)) for words in others]
        for word, begin in begins.items():
            if begin:
                self._by_beginning.setdefault(word[0], []).append(word)
            else:
                self._anywhere.append(word)
        self._begun_by = lru_cache(maxsize=KNOWN)(self._words_begun_by)

    def possible(self, sentence: str) -> list[int]:
        """The indexes, in order, of the patterns that may match; every pattern that does is among them."""
        low = sentence.lower()
        holds = low.__contains__
        begun = chain.from_iterable(map(self._begun_by, set(_WORD.findall(low))))
        found = self._always.copy()
        for word in filter(holds, chain(begun, self._anywhere)):
            found += self._by_word[word]
        if not found:
            return found
        return [index for index in sorted(set(found)) if self._has_others(index, holds)]

    def _has_others(self, index: int, holds: Callable[[str], bool]) -> bool:
        """Whether a sentence holds a word of each further set a pattern needs."""
        return all(any(map(holds, needed)) for needed in self._others.get(index, ()))

    def _words_begun_by(self, word: str) -> tuple[str, ...]:
        """What is looked for that may begin with a word of a sentence ("asks": "ask", but not "ask him")."""
        return tuple(
            sought
            for sought in self._by_beginning.get(word[0], ())
            if word.startswith(sought) or (sought.startswith(word) and not _in_words(sought[len(word)]))
        )
