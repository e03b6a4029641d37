"""robots.txt by RFC 9309: the group that names us, else the group for everybody; the longest rule wins.

Own code, since the standard library's parser knows neither `*` and `$` nor the longest match, by which large
sites open single folders of what they close.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, urlsplit

MOST_RULES = 20_000
"""Rules kept of one file."""
LONGEST_RULE = 2_000
"""Characters of a rule's path; longer ones are no rules but attacks."""

_TOKEN = re.compile(r"[A-Za-z_-]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """One Allow or Disallow. `path` may hold `*` (any characters) and end with `$` (here it must end)."""

    allow: bool
    path: str

    def matches(self, target: str) -> bool:
        """Whether the rule speaks of this path; in linear time for each `*`."""
        anchored = self.path.endswith("$")
        first, *rest = self.path.removesuffix("$").split("*")
        if not target.startswith(first):
            return False
        place = len(first)
        if not rest:
            return not anchored or place == len(target)
        *middle, last = rest
        for piece in middle:
            found = target.find(piece, place)
            if found < 0:
                return False
            place = found + len(piece)
        if anchored:
            return target.endswith(last) and len(target) - len(last) >= place
        return target.find(last, place) >= 0


@dataclass(frozen=True, slots=True)
class Robots:
    """What one host asks of one crawler; no rules allow everything."""

    rules: tuple[Rule, ...] = ()

    @classmethod
    def read(cls, text: str, product: str) -> Self:
        """The rules of a robots.txt for a crawler of this product name ("digestbot")."""
        own: list[Rule] = []
        everybody: list[Rule] = []
        named: set[str] = set()
        known_us = in_rules = False
        for name, value in _fields(text):
            if name == "user-agent":
                if in_rules:
                    named, in_rules = set(), False
                token = _TOKEN.match(value)
                named.add("*" if value.startswith("*") else token[0].lower() if token else "")
                known_us = known_us or product.lower() in named
            elif name in ("allow", "disallow"):
                in_rules = True
                if not value or len(value) > LONGEST_RULE:
                    continue  # an empty Disallow closes nothing
                rule = Rule(name == "allow", _comparable(value))
                if product.lower() in named and len(own) < MOST_RULES:
                    own.append(rule)
                if "*" in named and len(everybody) < MOST_RULES:
                    everybody.append(rule)
        return cls(tuple(own if known_us else everybody))

    def allows(self, url: str) -> bool:
        """Whether the address may be fetched: the longest rule that matches decides, Allow on a tie."""
        parts = urlsplit(url)
        target = _comparable((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        if target == "/robots.txt":
            return True
        matching = (rule for rule in self.rules if rule.matches(target))
        decisive = max(matching, key=lambda rule: (len(rule.path), rule.allow), default=None)
        return decisive is None or decisive.allow


def _fields(text: str) -> list[tuple[str, str]]:
    """Names in lower case with their values, without comments."""
    pairs = (line.partition("#")[0].partition(":") for line in text.removeprefix("\ufeff").splitlines())
    return [(name.strip().lower(), value.strip()) for name, colon, value in pairs if colon]


def _comparable(path: str) -> str:
    """A path with all but ASCII percent-encoded, and escapes in one case: as rules and addresses compare."""
    encoded = quote(path, safe="/%?&=*$!'()+,;:@~#[]-._")
    return re.sub(r"%[0-9A-Fa-f]{2}", _one_case, encoded)


def _one_case(escape: re.Match[str]) -> str:
    character = chr(int(escape[0][1:], 16))
    return character if re.fullmatch(r"[A-Za-z0-9._~-]", character) else escape[0].upper()
