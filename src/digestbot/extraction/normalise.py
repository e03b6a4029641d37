"""Text as all offsets count in it: NFC, `\\n`, no control characters, hard-wrapped lines joined."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_REMOVED = re.compile(
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\u200b\u2060\u00ad\ud800-\udfff]"
)
_BLANKS = re.compile(r"[^\S\n]+")
_MANY_BREAKS = re.compile(r"\n{3,}")
_STARTS_ITEM = re.compile(r"(?:[•·▪‣◦●*–—-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s|>|#{1,6}\s|\|")
_ENDS_SENTENCE = re.compile(r"[.!?:;…。！？؟।۔](?:[\"'”’»)\]])*$")

_HYPHENATED = re.compile(r"[^\W\d_]-$")
_UNFINISHED = re.compile(
    r"(?:,|\b(?:an?|the|of|to|in|on|at|by|for|from|with|and|or|but|that|which|who|if|as|than|is|are|was|were|has"
    r"|have|had|will|would|could|should|may|its|their|his|her|said))$"
)
"""A line that ends so stops in the middle of a sentence: no heading does."""

NARROWEST, WIDEST = 40, 100
"""Lines that somebody wrapped are this wide: from a narrow column to a wide terminal."""


def normalise(text: str) -> str:
    """Clean characters and line ends; doing it twice changes nothing. Does not join lines."""
    text = _LINE_ENDS.sub("\n", text)
    text = _REMOVED.sub("", text)
    text = unicodedata.normalize("NFC", text)
    text = _BLANKS.sub(" ", text)
    lines = (line.strip() for line in text.split("\n"))
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()


def unwrap(text: str, *, slack: float = 1.0, widest: int = WIDEST) -> str:
    """Join the lines of a text that is evidently hard-wrapped; of any other, those that evidently go on.

    Evident means of a text: of the lines that another follows directly, most are so full that the next line's
    first word had no room, and most end inside a sentence. Of a line: it stops in the middle of a sentence,
    and the next one goes on with it. `text` has been normalised. `slack`: share of the width from which a
    line counts as full, below 1 for proportional type; `widest`: longest line somebody wraps.
    """
    lines = text.split("\n")
    width = _wrap_width(lines, slack, widest)
    joined: list[str] = []
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else ""
        if _goes_on(before, line) if width is None else _continues(before, line, width, slack):
            glue = "" if _HYPHENATED.search(joined[-1]) and line[:1].islower() else " "
            joined[-1] += glue + line
        else:
            joined.append(line)
    return "\n".join(joined)


def _wrap_width(lines: list[str], slack: float, widest: int) -> int | None:
    lengths = sorted(len(line) for line in lines if line)
    followed = [(one, two) for one, two in pairwise(lines) if one and two]
    if len(followed) < 3 or len(followed) < 0.4 * len(lengths):
        return None
    width = lengths[int(0.95 * (len(lengths) - 1))]
    if not NARROWEST <= width <= widest:
        return None
    full = sum(_full(one, two, width, slack) for one, two in followed)
    inside = sum(not _ENDS_SENTENCE.search(one) for one, _ in followed)
    # Proportional type is that of pages, whose lines are wrapped for certain: headings and ends apart.
    needed = 0.7 if slack == 1 else 0.15
    return width if full >= needed * len(followed) and inside >= 0.5 * len(followed) else None


def _full(line: str, following: str, width: int, slack: float) -> bool:
    word = following.split(" ", 1)[0]
    return len(line) + 1 + len(word) > width * slack


def _goes_on(line: str, following: str) -> bool:
    """Whether a line of a text that is not wrapped throughout ends, for certain, inside a sentence."""
    if not (following and NARROWEST <= len(line) <= WIDEST) or _STARTS_ITEM.match(following):
        return False
    if _ENDS_SENTENCE.search(line):
        return False
    return following[0].islower() or _UNFINISHED.search(line) is not None


def _continues(line: str, following: str, width: int, slack: float) -> bool:
    if not line or not following or _STARTS_ITEM.match(following):
        return False
    if slack < 1:  # lines of a page, wrapped for certain, beside a picture narrower than elsewhere
        if _ENDS_SENTENCE.search(line):
            slack = max(slack, 0.92)  # the end of a sentence near the edge may be that of the paragraph
        elif following[0].islower() and len(line) >= NARROWEST:
            return True
        elif following[0].isupper():
            slack = max(slack, 0.82)  # a short line above a capital is rather a heading or a signature
    return _full(line, following, width, slack)
