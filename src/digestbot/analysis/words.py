"""Words with their places: the tokeniser all rules of the analysis stand on.

A token is a word, a number or one punctuation mark. Possessive endings are tokens of their own
("Islamabad’s" gives "Islamabad" and "’s"), abbreviations and initials keep their full stop ("Gen.", "A."),
dotted acronyms are one token ("U.S."), hyphenated words are one token ("al-Burhan", "Port-au-Prince").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate, count
from typing import NamedTuple

#: Abbreviations before names and in dates that keep their full stop (any case of letters).
ABBREVIATIONS = (  # noqa: SIM905 - a list of words reads best as words
    "mr mrs ms mx dr prof sen rep gov gen lt ltc col maj capt cmdr cdr adm brig sgt cpl pvt hon rev fr sr jr "
    "st ste "
    "messrs mme mlle govt dept pres amb atty insp supt det cmsr comdr vadm radm esq ret retd "
    "usec asec md mohd "
    "jan feb mar apr jun jul aug sept sep oct nov dec no nos vs inc ltd corp co bros vol art"
).split()


class Token(NamedTuple):
    """One token; `text` is `document[start:end]`."""

    text: str
    start: int
    end: int


_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"""
    (?=\S)(?:                                                         # no blank need be tried further
      [A-Za-z]++(?=[ ,])                                              # most words, at once
    | (?:{_LETTER}\.){{2,}}(?:{_LETTER}(?!\w))?                      # U.S., U.N., e.g., S.C, a.m.
    | (?={_LETTER}{{2,6}}\.)                                          # Gen., Mr., No.
      (?i:{"|".join(sorted(ABBREVIATIONS, key=len, reverse=True))})\.(?=[\s,)A-Z]|$)
    | (?<![\w'’-])[A-Z]\.(?!\w)                                      # initials
    | ['’]s\b                                                        # possessive of singulars
    | {_LETTER}[\w]*(?:(?:['’](?!s\b)|[-‐‑](?=\w)|(?<=[A-Z])&(?=[A-Z]))[\w]+)*(?<![_])  # words
    | \d+(?:[.,:]\d+)*(?:(?:st|nd|rd|th|bn|m|k)\b|(?=-))?            # numbers
    | \d\w*
    | [^\w\s]                                                        # one mark
    | _+
    )
    """,
    re.VERBOSE,
)


def tokenise(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of `text[start:end]` with offsets into `text`."""
    stop = len(text) if end is None else end
    if 0 < start < stop and not text[start - 1].isspace():  # what stands before tells of the first word
        return [Token(match[0], *match.span()) for match in _TOKEN.finditer(text, start, stop)]
    pieces = text[start:stop].split(" ")
    before = accumulate(map(len, pieces), initial=start)  # letters before each piece; then come the blanks
    make = tuple.__new__  # as Token._make does, without a call for each token
    return [
        make(Token, (word, letters + blanks + first, letters + blanks + last))
        for blanks, letters, cut in zip(count(), before, map(_cut, pieces), strict=False)
        for word, first, last in cut
    ]


def words_of(text: str) -> list[str]:
    """The texts of the tokens, where nobody asks for their places."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=65536)
def _cut(piece: str) -> tuple[tuple[str, int, int], ...]:
    """The tokens of a stretch between two blanks: they tell nothing of each other over a blank."""
    return tuple((match[0], *match.span()) for match in _TOKEN.finditer(piece))


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The form words are compared in: no accents, no case, straight apostrophes, no dots of acronyms."""
    if word.isascii():
        plain = word
    else:
        plain = word.replace("’", "'").replace("‐", "-").replace("‑", "-").replace("ı", "i").replace("ł", "l")
        plain = (
            plain.replace("Ł", "L").replace("ø", "o").replace("Ø", "O").replace("đ", "d").replace("Đ", "D")
        )
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    if "." in plain and len(plain) > 1:
        plain = plain.replace(".", "")
    return plain.casefold()


def lowered(text: str) -> str:
    """A text in lower case with every letter in its place, to be searched by patterns in lower case.

    A search that minds case is several times faster than one that does not.
    """
    low = text.lower()
    if len(low) != len(text):  # "İ" takes two letters in lower case
        return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low


def is_capitalised(word: str) -> bool:
    """Whether a word begins with a capital letter ("al-Burhan", "d'Estaing" and "m-Plus" count as such)."""
    if word[0].isupper():
        return True
    if word.isalpha() or not word[0].isalpha():
        return False
    return any(part[:1].isupper() for part in re.split(r"[-'’]", word)[1:])


@lru_cache(maxsize=65536)
def holds_capital(word: str) -> bool:
    """Whether a word begins with a letter and is not in lower case throughout ("Iran", "al-Burhan", "UN")."""
    return word[0].isalpha() and not word.islower()


def is_shouted(word: str) -> bool:
    """Whether a word of two letters or more is in capitals throughout."""
    return len(word) > 1 and word.isupper()


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for membership tests."""
    return frozenset(text.split())
