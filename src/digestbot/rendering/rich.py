"""Marked-up text as runs, and its packing into messages.

Markup is kept apart from the text until the very end, so a text may be measured, cut and written as HTML
without ever breaking a tag or an entity.

runs ──► pieces (what must stay together) ──► blocks (what had better) ──► pack ──► messages within the limits
"""

from __future__ import annotations

import html as html_library
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

VISIBLE_LIMIT = 4096
"""Telegram: characters of a message after its entities are parsed. Counted here in UTF-16 units, as its
entities are: never fewer than code points, so both ways of counting are satisfied."""
RAW_LIMIT = 32_000
"""Telegram refuses over 32 KiB before it parses: bytes of HTML in UTF-8, with some room."""
ENTITY_LIMIT = 95
"""Telegram drops entities above 100 in a message without a word."""
URL_LIMIT = 2048
"""A longer address is shown without a link."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A tag: b, i, u, s, code, a (with `href`), blockquote or expandable (an expandable blockquote)."""

    tag: str
    href: str = ""


BOLD = Mark("b")
ITALIC = Mark("i")
CODE = Mark("code")
QUOTE = Mark("blockquote")
EXPANDABLE = Mark("expandable")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text under the same marks, outermost first."""

    text: str
    marks: tuple[Mark, ...] = ()


Rich = tuple[Run, ...]


def plain(text: str, *marks: Mark) -> Rich:
    """A text under these marks; none at all for an empty one."""
    return (Run(text, marks),) if text else ()


def bold(text: str) -> Rich:
    """Bold."""
    return plain(text, BOLD)


def italic(text: str) -> Rich:
    """Italic."""
    return plain(text, ITALIC)


def link(text: str, url: str | None, *marks: Mark) -> Rich:
    """A link, where the address is one that Telegram links."""
    return plain(text, *marks, Mark("a", url)) if url and linkable(url) else plain(text, *marks)


def linkable(url: str) -> bool:
    """Whether an address is a web address of sensible length without blanks."""
    return (
        url.startswith(("https://", "http://"))
        and len(url) <= URL_LIMIT
        and url.isprintable()
        and " " not in url
    )


def under(mark: Mark, rich: Rich) -> Rich:
    """All of it under one more mark, outermost."""
    return tuple(Run(run.text, (mark, *run.marks)) for run in rich)


def join(separator: str, parts: Iterable[Rich]) -> Rich:
    """Parts with a separator between; empty ones are left out."""
    runs: list[Run] = []
    for part in parts:
        if part and runs:
            runs.append(Run(separator))
        runs += part
    return tuple(runs)


def text_of(rich: Rich) -> str:
    """What a reader sees."""
    return "".join(run.text for run in rich)


def html_of(rich: Rich) -> str:
    """Telegram HTML: every tag closed, in order, and `&`, `<`, `>` escaped."""
    written: list[str] = []
    stack: list[Mark] = []
    for run in rich:
        if not run.text:
            continue
        same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(stack, run.marks, strict=False))))
        while len(stack) > same:
            written.append(_closing(stack.pop()))
        for mark in run.marks[same:]:
            written.append(_opening(mark))
            stack.append(mark)
        written.append(html_library.escape(run.text, quote=False))
    written += [_closing(mark) for mark in reversed(stack)]
    return "".join(written)


def _opening(mark: Mark) -> str:
    if mark.tag == "a":
        return f'<a href="{html_library.escape(mark.href)}">'
    return "<blockquote expandable>" if mark == EXPANDABLE else f"<{mark.tag}>"


def _closing(mark: Mark) -> str:
    return "</blockquote>" if mark == EXPANDABLE else f"</{mark.tag}>"


# --- measuring --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a message a text takes: UTF-16 units seen, bytes of HTML, entities."""

    visible: int = 0
    raw: int = 0
    entities: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.visible + other.visible, self.raw + other.raw, self.entities + other.entities)

    @property
    def fits(self) -> bool:
        """Whether it may be sent as one message."""
        return self.visible <= VISIBLE_LIMIT and self.raw <= RAW_LIMIT and self.entities <= ENTITY_LIMIT


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def size_of(rich: Rich) -> Size:
    """Size of a text; sizes of texts that are put together add up to no less than that of the whole."""
    html = html_of(rich)
    return Size(
        units(text_of(rich)), len(html.encode("utf-8", "replace")), sum(len(run.marks) for run in rich)
    )


# --- packing ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """What is never torn apart while it fits a message of its own.

    `before`: what stands between it and the piece before, in the same message. `keeps_next`: a heading, which
    must not be the last thing in a message. `numbers`: what the reader may type after a command for it.
    """

    rich: Rich
    before: str = "\n"
    keeps_next: bool = False
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """One message: its text, and the numbers in it."""

    rich: Rich
    numbers: tuple[str, ...]


class _Message:
    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.size = Size()

    def size_with(self, pieces: Sequence[Piece]) -> Size:
        size = self.size
        for place, piece in enumerate(pieces):
            if self.pieces or place:
                size += Size(len(piece.before), len(piece.before))
            size += size_of(piece.rich)
        return size

    def add(self, pieces: Sequence[Piece]) -> None:
        self.size = self.size_with(pieces)
        self.pieces += pieces

    def packed(self) -> Packed:
        runs: list[Run] = []
        for piece in self.pieces:
            if runs:
                runs.append(Run(piece.before))
            runs += piece.rich
        return Packed(tuple(runs), tuple(number for piece in self.pieces for number in piece.numbers))


def pack(blocks: Sequence[Sequence[Piece]]) -> list[Packed]:
    """Lay blocks out over as few messages as is good to read.

    A block that does not fit behind the others begins a new message when the present one is half full and the
    block fits one alone; else it is laid out piece by piece. A piece too long for a message of its own is
    split between words, the last resort. Nothing is dropped, nothing is repeated.
    """
    messages = [_Message()]
    for block in blocks:
        pieces = [part for piece in block if piece.rich for part in _parts(piece)]
        if not pieces:
            continue
        half_full = messages[-1].size.visible > VISIBLE_LIMIT // 2
        if messages[-1].size_with(pieces).fits:
            messages[-1].add(pieces)
        elif half_full and _Message().size_with(pieces).fits:
            messages.append(_Message())
            messages[-1].add(pieces)
        else:
            _add_clusters(messages, pieces)
    laid_out = [message.packed() for message in messages]
    return [packed for packed in laid_out if text_of(packed.rich).strip()]  # Telegram refuses blanks alone


def _add_clusters(messages: list[_Message], pieces: Sequence[Piece]) -> None:
    """Lay out pieces one by one, each heading with what follows it."""
    for cluster in _clusters(pieces):
        if not messages[-1].size_with(cluster).fits:
            messages.append(_Message())
        if messages[-1].size_with(cluster).fits:
            messages[-1].add(cluster)
            continue
        for piece in cluster:  # a heading and a piece that together fill more than one message
            if not messages[-1].size_with([piece]).fits:
                messages.append(_Message())
            messages[-1].add([piece])


def _clusters(pieces: Sequence[Piece]) -> list[list[Piece]]:
    clusters: list[list[Piece]] = []
    joined = False
    for piece in pieces:
        if joined:
            clusters[-1].append(piece)
        else:
            clusters.append([piece])
        joined = piece.keeps_next
    return clusters


def _parts(piece: Piece) -> list[Piece]:
    """The piece itself, or its parts where it is too long for any message."""
    if size_of(piece.rich).fits:
        return [piece]
    parts: list[Piece] = []
    rest = piece.rich
    while not size_of(rest).fits:
        head, rest = _cut(rest)
        parts.append(Piece(head, piece.before if not parts else "\n", numbers=piece.numbers))
    if rest:
        parts.append(Piece(rest, "\n", piece.keeps_next, piece.numbers))
    return parts


def _cut(rich: Rich) -> tuple[Rich, Rich]:
    """The longest head that fits, cut behind a blank where there is one; head and rest give the whole."""
    text = text_of(rich)
    low, high = 1, len(text) - 1
    while low < high:  # the largest number of characters that fits: sizes grow with the length
        middle = (low + high + 1) // 2
        if size_of(_slice(rich, 0, middle)).fits:
            low = middle
        else:
            high = middle - 1
    cut = next((place for place in range(low, low // 2, -1) if text[place - 1].isspace()), low)
    while cut > 1 and not text[cut - 1].isspace() and _joins(text[cut]):
        cut -= 1
    return _slice(rich, 0, cut), _slice(rich, cut, len(text))


def _joins(character: str) -> bool:
    """Whether a character belongs to the one before it (accents, joiners, variation selectors)."""
    return unicodedata.combining(character) > 0 or character in "\u200d\ufe0f\ufe0e"


def _slice(rich: Rich, start: int, end: int) -> Rich:
    runs: list[Run] = []
    place = 0
    for run in rich:
        piece = run.text[max(start - place, 0) : max(end - place, 0)]
        if piece:
            runs.append(Run(piece, run.marks))
        place += len(run.text)
    return tuple(runs)
