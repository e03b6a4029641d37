"""What a button does, as callback data: at most 64 bytes, and meaningful after any restart.

    action:argument:argument…        for example  cn:s1a.s1b   st:s3   pg:2:t2kd4g:t2m5xs

Arguments name rows of the store (`s1a`: story 46 in base 36; `d…`: document; `v…`: document version),
instants (seconds since the epoch in base 36), or words. The same data, with `-` for `:` and `_` for
`.`, is what a `t.me/bot?start=` link carries, where only letters, digits, `-` and `_` are allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

LIMIT = 64
"""Telegram's limit for callback data, in bytes, and for a start parameter, in characters."""
LARGEST_ID = 2**63 - 1
"""What a row's id can be at most, in either database."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Action:
    """A button's meaning."""

    name: str
    arguments: tuple[str, ...] = ()


def encode(name: str, *arguments: str) -> str:
    """Callback data; raises ValueError where it would exceed Telegram's limit."""
    encoded = ":".join((name, *arguments))
    if len(encoded.encode()) > LIMIT:
        raise ValueError(f"callback data of {len(encoded.encode())} bytes: {encoded!r}")
    return encoded


def fits(name: str, *arguments: str) -> bool:
    """Whether `encode` would take it."""
    return len(":".join((name, *arguments)).encode()) <= LIMIT


def encode_word(name: str, word: str, *before: str) -> str:
    """Callback data that ends in a word or name of any length and script.

    A word too long for it stands as `~` and 18 hexadecimal digits of its BLAKE2 digest: `word_of` finds it
    again among the words there are.
    """
    if not word.startswith("~") and fits(name, *before, word):
        return encode(name, *before, word)
    return encode(name, *before, _short(word))


def word_of(arguments: Sequence[str], words: Iterable[str]) -> str:
    """The word that `encode_word` was given; raises ValueError where it is not among `words` any more."""
    word = ":".join(arguments)
    if not word.startswith("~"):
        return word
    for candidate in words:
        if _short(candidate) == word:
            return candidate
    raise ValueError(f"{word!r} stands for nothing that is there")


def _short(word: str) -> str:
    return f"~{blake2b(word.encode(), digest_size=9).hexdigest()}"


def decode(encoded: str) -> Action:
    """The meaning of callback data. Anything is decoded: an unknown name is for the caller to refuse."""
    name, *arguments = encoded.split(":")
    return Action(name, tuple(arguments))


def to_start(encoded: str) -> str | None:
    """Callback data as a start parameter, or None where it holds what such a parameter may not."""
    parameter = encoded.replace(":", "-").replace(".", "_")
    return parameter if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", parameter) else None


def from_start(parameter: str) -> str:
    """The callback data that became this start parameter."""
    return parameter.replace("-", ":").replace("_", ".")


def base36(number: int) -> str:
    """A number at or above 0 in base 36."""
    if number < 0:
        raise ValueError(f"{number} is below 0")
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if not number:
            return digits


def number(encoded: str) -> int:
    """What `base36` gave, small enough for any row's id; raises ValueError for anything else."""
    if not re.fullmatch(r"[0-9a-z]{1,13}", encoded) or int(encoded, 36) > LARGEST_ID:
        raise ValueError(f"{encoded!r} is no number")
    return int(encoded, 36)


def instant(moment: datetime) -> str:
    """A time, to the second."""
    return base36(int(moment.timestamp()))


def moment(encoded: str) -> datetime:
    """The time an `instant` stands for; raises ValueError for what is none."""
    try:
        return datetime.fromtimestamp(int(encoded, 36), UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{encoded!r} is no instant") from error


@dataclass(frozen=True, slots=True)
class Ref:
    """A row of the store: kind `s` story, `d` document, `v` document version."""

    kind: str
    row: int

    def __str__(self) -> str:
        return self.kind + base36(self.row)


def refs(encoded: str) -> list[Ref]:
    """The rows named by an argument; raises ValueError for what names none."""
    found = []
    for token in encoded.split("."):
        if token[:1] not in ("s", "d", "v"):
            raise ValueError(f"{token!r} names no row")
        found.append(Ref(token[0], number(token[1:])))
    return found


def encode_refs(name: str, rows: Iterable[Ref]) -> str:
    """Callback data naming as many of the rows as there is room for, the first ones first."""
    tokens: list[str] = []
    for row in rows:
        if not fits(name, ".".join([*tokens, str(row)])):
            break
        tokens.append(str(row))
    return encode(name, ".".join(tokens))
