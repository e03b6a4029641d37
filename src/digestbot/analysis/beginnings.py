"""Where alone a match of a pattern can begin: what spares a search most places of a sentence.

pattern ──► parse tree ──► the characters its matches begin with ──► the places of a sentence that begin so

A match may begin with a word, of which the first HEAD characters are told, or with a mark (a quotation mark,
a colon). Both are looked for in the text in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate, count
from typing import Any, NamedTuple

#: How many characters of a word tell where a match may begin, blanks behind a shorter one; of marks one does.
HEAD = 3
#: More ways to begin than this are not told apart.
MOST = 400
#: Stretches of texts between blanks of which is remembered what they hold.
KNOWN = 1 << 15
_PLACE = re.compile(r"\w+|[^\w\s]")


class _Beginning(NamedTuple):
    """Characters a match begins with. `apart`: no letter stands before them; `whole`: no more is known."""

    text: str = ""
    apart: bool = False
    whole: bool = False


def beginnings(tree: Iterable[Any]) -> frozenset[str] | None:
    """Heads of words and marks with one of which every match of a pattern begins; None if that is not sure.

    `tree`: the pattern as `re` itself reads it.
    """
    found = _followed(tree, {_Beginning()})
    if found is None or not all(map(_is_sure, found)):
        return None
    return frozenset(beginning.text for beginning in found)


def _is_sure(beginning: _Beginning) -> bool:
    """Whether it is a mark, or the whole head of a word."""
    text = beginning.text
    if text and in_words(text[0]):
        return len(text) == HEAD and beginning.apart
    return bool(text.strip())


def first_heads(tree: Iterable[Any]) -> frozenset[str] | None:
    """What `head_of` of a text says or begins with where a pattern matches there; None if unsure."""
    found = _followed(tree, {_Beginning()})
    if found is None or not all(beginning.text for beginning in found):
        return None
    return frozenset(beginning.text for beginning in found)


def head_of(low: str) -> str:
    """The head of the word or mark that a text in lower case begins with."""
    held = _heads(low[:HEAD])
    return held[0][0] if held and held[0][1] == 0 else low[:1]


def places(low: str) -> list[tuple[str, int]]:
    """Where in a sentence in lower case words and marks begin, with their heads; see `beginnings`."""
    pieces = low.split(" ")
    before = accumulate(map(len, pieces), initial=0)  # letters before each piece; then come the blanks
    return [
        (head, letters + blanks + offset)
        for blanks, letters, held in zip(count(), before, map(_heads, pieces), strict=False)
        for head, offset in held
    ]


@lru_cache(maxsize=KNOWN)
def _heads(piece: str) -> tuple[tuple[str, int], ...]:
    """The heads of the words and marks in a stretch between two blanks, each with its place in it."""
    return tuple(
        (match[0][:HEAD].ljust(HEAD) if in_words(match[0][0]) else match[0], match.start())
        for match in _PLACE.finditer(piece)
    )


def _followed(parts: Iterable[Any], found: set[_Beginning]) -> set[_Beginning] | None:
    """These beginnings with what the parts add to them; None where a match may begin with anything."""
    for code, argument in parts:
        open_ended = {b for b in found if not b.whole}
        if not open_ended:
            break
        further = _followed_by(code.name, argument, open_ended)
        if further is None:
            return None
        found = (found - open_ended) | further
        if len(found) > MOST:
            return None
    return found


def _followed_by(name: str, argument: Any, found: set[_Beginning]) -> set[_Beginning] | None:
    if name == "LITERAL":
        return _with_letters(found, (argument,))
    if name == "IN" and all(code.name == "LITERAL" for code, _ in argument):
        return _with_letters(found, [letter for _, letter in argument])
    if name in {"AT", "ASSERT", "ASSERT_NOT"}:
        return set().union(*(_asserted(name, argument, b) for b in found))
    if name == "SUBPATTERN":
        return _followed(argument[-1], found)
    if name == "BRANCH":
        branches = [_followed(branch, found) for branch in argument[1]]
        told = [branch for branch in branches if branch is not None]
        return set().union(*told) if len(told) == len(branches) else None
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        return _repeated(argument, found)
    if all(b.text for b in found):
        return {b._replace(whole=True) for b in found}
    return None


def _with_letters(found: Iterable[_Beginning], letters: Iterable[int]) -> set[_Beginning]:
    low = [chr(letter).lower() for letter in letters]
    return {_with_letter(b, letter) for b in found for letter in low}


def _with_letter(beginning: _Beginning, letter: str) -> _Beginning:
    text = beginning.text
    if not in_words(letter):
        return beginning._replace(text=text.ljust(HEAD) if text else letter, whole=True)
    return beginning._replace(text=text + letter, whole=len(text) + 1 == HEAD)


def _asserted(name: str, argument: Any, beginning: _Beginning) -> set[_Beginning]:
    text = beginning.text
    if not text:
        return {beginning._replace(apart=ends_apart(name, argument, beginning.apart))}
    if str(argument) == "AT_BOUNDARY":  # the word ends here
        return {beginning._replace(text=text.ljust(HEAD), whole=True)}
    if name == "ASSERT" and argument[0] > 0:
        ahead = _followed(argument[1], {beginning})
        if ahead and all(b.whole for b in ahead):
            return ahead
    return {beginning}


def _repeated(argument: Any, found: set[_Beginning]) -> set[_Beginning] | None:
    least, most, part = argument
    told = set(found) if least == 0 else set()
    for _ in range(min(int(most), HEAD)):
        further = _followed(part, found)
        if further is None:
            return None
        told |= further
        found = {b for b in further if not b.whole}
        if not found:
            break
    return told


def ends_apart(name: str, argument: Any, begins: bool) -> bool:
    """Whether a letter behind a part always begins a word; `begins`: whether one in front of it does."""
    if name == "AT":
        return begins or str(argument) in {"AT_BOUNDARY", "AT_BEGINNING"}
    if name == "ASSERT":
        return begins or (argument[0] < 0 and _end_apart(argument[1], False))
    if name == "ASSERT_NOT":
        return begins
    if name == "LITERAL":
        return not in_words(chr(argument))
    if name == "IN":
        return all(
            (code.name == "LITERAL" and not in_words(chr(what))) or str(what) == "CATEGORY_SPACE"
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
        begins = ends_apart(code.name, argument, begins)
    return begins


def in_words(character: str) -> bool:
    """Whether a character can be part of a word, as `re` has it."""
    return character.isalnum() or character == "_"
