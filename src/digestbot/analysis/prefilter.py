"""Words without which a pattern cannot match: what spares a sentence most of the patterns.

pattern ──► parse tree ──► for each part the words one of which every match holds ──► the sentence's words

Words are looked for in the text in lower case. One marked with a blank before it (" demand") is known to
begin a word of the text; others may stand anywhere in one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, product
from typing import Any

from digestbot.analysis.beginnings import ends_apart, in_words
from digestbot.analysis.words import word_set

#: More ways to spell a stretch of a pattern than this are not spelt out.
MOST = 60
#: More words of which a match needs one are not worth looking for.
MOST_SOUGHT = 500
#: So few words are looked for sooner than the pattern itself is tried.
FEW = 6
#: Stretches of texts of which is remembered what they may be part of.
KNOWN = 1 << 15
#: Words that stand in many a sentence and so tell little.
COMMON = word_set(
    """
    a about after all also an and are as at be been but by can could for from had has have he her him his if
    in into is it its more new no not of on one only or other out said she so than that the their them there
    they this to up was we were what when which who will with would you
    """
)
_WORD = re.compile(r"\w+")


def requirements(tree: Iterable[Any]) -> list[frozenset[str]]:
    """Sets of marked words, the most telling first: every match of a pattern holds a word of each set.

    Looked for in the text in lower case; none where no word is sure. `tree`: the pattern as `re` itself reads
    it.
    """
    return sorted(set(_needed(tree, False)), key=lambda words: (_telling(words), sorted(words)), reverse=True)


def _needed(parts: Iterable[Any], begins: bool) -> list[frozenset[str]]:
    """Sets of alternatives among consecutive parts; `begins`: whether the first part begins a word."""
    found: list[frozenset[str]] = []
    runs, run_begins = {""}, begins  # what may stand together in front of the next part

    def close() -> None:
        words = {_marked(run, run_begins) for run in runs}
        if all(word.strip() for word in words):
            found.append(_shortest(words))

    for code, argument in parts:
        name = code.name
        if name == "LITERAL":
            letter = chr(argument).lower()
            runs = {run + letter for run in runs}
            continue
        if name in {"AT", "ASSERT", "ASSERT_NOT"}:  # takes no room: what stands around it stays one word
            if name == "ASSERT":  # what has to stand ahead or behind stands in the sentence
                found.extend(_needed(argument[1], argument[0] > 0 and _apart(runs, run_begins)))
            if runs == {""}:
                run_begins = ends_apart(name, argument, run_begins)
            continue
        spelt = _spelt_part(name, argument)
        if spelt is not None and runs == {""} and "" in spelt and not any(map(in_words, chain(*spelt))):
            run_begins = ends_apart(name, argument, run_begins)  # marks that may stand before a word
            continue
        if spelt is not None and len(runs) * len(spelt) <= MOST:
            runs = {run + word for run, word in product(runs, spelt)}
            continue
        close()
        here = _apart(runs, run_begins)
        found.extend(_of_part(name, argument, here))
        runs, run_begins = {""}, ends_apart(name, argument, here)
    close()
    return found


def _marked(run: str, begins: bool) -> str:
    """What is looked for of a stretch; `begins`: whether it begins a word."""
    word = run.strip()
    return f" {word}" if begins or run[:1].isspace() else word


def _apart(runs: Iterable[str], begins: bool) -> bool:
    """Whether a letter behind each of these stretches begins a word; `begins`: behind an empty one."""
    return all(not in_words(run[-1]) if run else begins for run in runs)


def _spelt_part(name: str, argument: Any) -> frozenset[str] | None:
    """All texts in lower case a part can match, where they are few."""
    if name == "LITERAL":
        return frozenset({chr(argument).lower()})
    if name == "IN" and all(code.name == "LITERAL" for code, _ in argument):
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
    found = {""}
    for code, argument in parts:
        name = code.name
        if name == "LITERAL":
            letter = chr(argument).lower()
            found = {run + letter for run in found}
            continue
        if name in {"AT", "ASSERT", "ASSERT_NOT"}:
            continue
        spelt = _spelt_part(name, argument)
        if spelt is None or len(found) * len(spelt) > MOST:
            return None
        found = {a + b for a, b in product(found, spelt)}
    return frozenset(found)


def _of_part(name: str, argument: Any, begins: bool) -> list[frozenset[str]]:
    if name == "SUBPATTERN":
        return _needed(argument[-1], begins)
    if name in {"MAX_REPEAT", "MIN_REPEAT"}:
        return _needed(argument[2], begins) if argument[0] >= 1 else []
    if name == "BRANCH":
        found: set[str] = set()
        for branch in argument[1]:
            if branch.data and all(code.name == "LITERAL" for code, _ in branch.data):  # most are
                found.add(_marked("".join(chr(letter) for _, letter in branch.data).lower(), begins))
                continue
            alternatives = max(_needed(branch, begins), key=_telling, default=None)
            if alternatives is None:
                return []
            found |= alternatives
        return [_shortest(found)] if len(found) <= MOST_SOUGHT and all(map(str.strip, found)) else []
    return []


def _shortest(words: Iterable[str]) -> frozenset[str]:
    """The words without those that hold another of them."""
    kept: list[str] = []
    for word in sorted(words, key=len):
        if not any(map(word.__contains__, kept)):
            kept.append(word)
    return frozenset(kept)


def _telling(words: frozenset[str]) -> tuple[bool, int, int, int]:
    """Words that begin words are looked up at once; then how many are common, the shortest, their number."""
    bare = [word.strip() for word in words]
    common = sum(map(COMMON.__contains__, bare))
    return all(word[0] == " " for word in words), -common, min(map(len, bare)), -len(words)


class Screen:
    """Which of many patterns a sentence can match at all.

    What is looked for is kept under its longest uncommon part that is surely a word of the text, or the
    beginning of one: "not to exceed" is thought of where "exceed" stands, not wherever "not" does.
    """

    def __init__(self, needed: Sequence[Sequence[frozenset[str]]]) -> None:
        """`needed`: for each pattern what `requirements` says."""
        self._always = [index for index, sets in enumerate(needed) if not sets]
        self._by_word: dict[str, list[int]] = {}
        self._others: dict[int, list[frozenset[str]]] = {}
        begins: dict[str, bool] = {}
        for index, sets in enumerate(needed):
            for marked in chain(*sets[:1]):
                word = marked.strip()
                begins[word] = begins.get(word, True) and marked[0] == " "
                self._by_word.setdefault(word, []).append(index)
            if len(sets) > 1:
                others = [frozenset(map(str.strip, words)) for words in sets[1:] if len(words) <= FEW]
                self._others[index] = sorted(others, key=len)
        self._anywhere: list[str] = []
        self._by_whole: dict[str, list[str]] = {}
        self._by_beginning: dict[str, list[tuple[str, str]]] = {}
        for word, begin in begins.items():
            part, whole = _longest_part(word, begin)
            if not part:
                self._anywhere.append(word)
            elif whole:
                self._by_whole.setdefault(part, []).append(word)
            else:
                self._by_beginning.setdefault(part[0], []).append((part, word))
        #: Stretches between blanks met so far; the patterns of which some hold what is looked for, and what
        #: they may be part of ("asks": "ask him").
        self._seen: set[str] = set()
        self._held: dict[str, frozenset[int]] = {}
        self._thought_of: dict[str, frozenset[str]] = {}

    def possible(self, low: str) -> list[int]:
        """The indexes, in order, of the patterns that may match; every pattern that does is among them.

        `low`: a sentence in lower case.
        """
        holds = low.__contains__
        pieces = set(low.split(" "))
        unseen = pieces - self._seen
        if unseen:
            self._learn(unseen)
        held, thought_of = self._held, self._thought_of
        found = set(self._always).union(*[held[piece] for piece in pieces & held.keys()])
        sought = set(self._anywhere).union(*[thought_of[piece] for piece in pieces & thought_of.keys()])
        for word in filter(holds, sought):
            found.update(self._by_word[word])
        others = self._others
        return [index for index in sorted(found) if index not in others or _holds_each(others[index], holds)]

    def _learn(self, pieces: set[str]) -> None:
        """Notes what stretches between blanks hold of what is looked for, and what they may be part of."""
        if len(self._seen) > KNOWN:
            self._seen.clear()
            self._held.clear()
            self._thought_of.clear()
        self._seen |= pieces
        for piece in pieces:
            sought = set(chain.from_iterable(map(self._words_thought_of, _WORD.findall(piece))))
            held = {word for word in sought if word in piece}
            if held:
                self._held[piece] = frozenset(chain.from_iterable(map(self._by_word.__getitem__, held)))
            if sought > held:
                self._thought_of[piece] = frozenset(sought - held)

    def _words_thought_of(self, word: str) -> tuple[str, ...]:
        begun = (sought for part, sought in self._by_beginning.get(word[0], ()) if word.startswith(part))
        return (*self._by_whole.get(word, ()), *begun)


def _holds_each(sets: Iterable[frozenset[str]], holds: Callable[[str], bool]) -> bool:
    """Whether a sentence holds a word of each set."""
    for words in sets:
        for word in words:
            if holds(word):
                break
        else:
            return False
    return True


def _longest_part(sought: str, begins: bool) -> tuple[str, bool]:
    """The most telling part of what is looked for that begins a word, and whether it ends one too.

    `begins`: whether the first of it does; the last of it may go on in the text.
    """
    parts = [
        (match[0], match.end() < len(sought))
        for match in _WORD.finditer(sought)
        if match.start() > 0 or begins
    ]
    return max(
        parts,
        key=lambda part: (len(part[0]) > 1, part[0] not in COMMON, len(part[0]), part[1]),
        default=("", False),
    )
