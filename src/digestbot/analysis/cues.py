"""Cues of conditions as data: read from lexicon/cues/ once."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from itertools import chain

from digestbot.analysis.beginnings import beginnings, places
from digestbot.analysis.prefilter import Screen, requirements
from digestbot.analysis.wordings import Wording
from digestbot.errors import ConfigurationError

#: Rule families of cues that can be switched off by name.
FAMILIES = frozenset(
    {"conditional", "refusal", "demand", "obligation", "threat", "offer", "consequence", "evidence"}
)
_TYPES = frozenset({"precondition", "demand", "offer", "threat", "consequence", "by-main"})
_ARGUMENTS = frozenset({"clause", "object", "sentence", "words"})
#: In this order: of two cues that are as likely at one place the earlier is taken.
FILES = (
    "words.toml", "conditional.toml", "demands.toml", "threats_and_offers.toml", "other_words.toml",
    "evidence.toml",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue; lexicon/cues/words.toml says what the fields mean."""

    id: str
    family: str
    type: str
    pattern: Wording
    argument: str
    holder: str
    addressee: str
    confidence: float
    needs_before: Wording | None = None
    needs_after: Wording | None = None
    needs_any: tuple[Wording, ...] = ()

    def matches(self, sentence: str, low: str, places: Sequence[int] | None = None) -> list[re.Match[str]]:
        """The places in a sentence where the cue stands in the company it needs.

        `low`: the sentence in lower case; `places`: where alone it can stand, if that is known.
        """
        if places is None:
            found = [*self.pattern.finditer(sentence, low)]
        else:
            found = self.pattern.at(places, sentence, low)
        if not found or not all(need.search(sentence, low) for need in self.needs_any):
            return []
        return [match for match in found if self._in_company(match, sentence, low)]

    def _in_company(self, match: re.Match[str], sentence: str, low: str) -> bool:
        """Whether what the cue needs stands before and behind it."""
        start, end = match.span()
        if self.needs_before and not self.needs_before.search(sentence[:start], low[:start]):
            return False
        return not self.needs_after or self.needs_after.search(sentence[end:], low[end:]) is not None

    def requirements(self) -> list[frozenset[str]]:
        """Sets of words: a sentence where the cue stands in its company holds a word of each."""
        needs = [*self.needs_any, *filter(None, (self.needs_before, self.needs_after))]
        found = requirements(self.pattern.tree)
        if found:  # else what it needs might be more telling, but stands elsewhere
            found += chain.from_iterable(requirements(need.tree) for need in needs)
        return found


@dataclass(slots=True)
class CueHit:
    """A cue at a place of a sentence. `segment`: the stretch between semicolons that it stands in."""

    cue: Cue
    start: int
    end: int
    segment: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cues:
    """All cues with the hash of the file they stand in."""

    all: tuple[Cue, ...]
    by_id: Mapping[str, Cue]
    version: str
    screen: Screen = field(repr=False)
    beginnings: tuple[frozenset[str] | None, ...] = field(repr=False)

    def possible(self, low: str) -> Iterator[tuple[Cue, Sequence[int] | None]]:
        """The cues that may stand in a sentence in lower case, in their order; none that does is left out.

        With each the places where alone it can stand, if they are known.
        """
        begun: list[tuple[str, int]] | None = None
        for index in self.screen.possible(low):
            begins = self.beginnings[index]
            if begins is None:
                yield self.all[index], None
                continue
            if begun is None:
                begun = places(low)
            if alone := [place for head, place in begun if head in begins]:
                yield self.all[index], alone


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """The packaged cues. Raises ConfigurationError naming the cue that cannot be used."""
    digest = hashlib.sha256()
    words: dict[str, str] = {}
    cues: list[Cue] = []
    for name in FILES:
        content = (resources.files("digestbot") / "lexicon" / "cues" / name).read_bytes()
        digest.update(content)
        table = tomllib.loads(content.decode("utf-8"))
        words |= table.get("words", {})
        cues += [_cue(row, words, name) for row in table.get("cue", ())]
    by_id = {cue.id: cue for cue in cues}
    if len(by_id) != len(cues):
        raise ConfigurationError("lexicon/cues: two cues have the same id")
    return Cues(
        tuple(cues),
        by_id,
        digest.hexdigest()[:8],
        Screen([cue.requirements() for cue in cues]),
        tuple(beginnings(cue.pattern.tree) for cue in cues),
    )


def _cue(row: Mapping[str, str], words: Mapping[str, str], file: str) -> Cue:
    def worded(key: str) -> Wording | None:
        if key not in row:
            return None
        source = row[key]
        for name, alternatives in words.items():
            source = source.replace("{" + name + "}", alternatives)
        try:
            return Wording(source)
        except re.error as error:
            raise ConfigurationError(f"{file}: cue {row['id']}: {key} is no pattern: {error}") from error

    pattern = worded("pattern")
    if pattern is None or row["family"] not in FAMILIES or row["type"] not in _TYPES:
        raise ConfigurationError(f"{file}: cue {row['id']}: pattern, family or type is missing or unknown")
    if row["argument"] not in _ARGUMENTS:
        raise ConfigurationError(f"{file}: cue {row['id']}: argument {row['argument']!r} is unknown")
    needs = (worded("needs_any"), worded("needs_any2"))
    return Cue(
        row["id"],
        row["family"],
        row["type"],
        pattern,
        row["argument"],
        row["holder"],
        row["addressee"],
        float(row["confidence"]),
        worded("needs_before"),
        worded("needs_after"),
        tuple(need for need in needs if need is not None),
    )
