"""Cues of conditions as data: read from lexicon/cues.toml, compiled once."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

from digestbot.analysis.prefilter import Screen
from digestbot.errors import ConfigurationError

#: Rule families of cues that can be switched off by name.
FAMILIES = frozenset(
    {"conditional", "refusal", "demand", "obligation", "threat", "offer", "consequence", "evidence"}
)
_TYPES = frozenset({"precondition", "demand", "offer", "threat", "consequence", "by-main"})
_ARGUMENTS = frozenset({"clause", "object", "sentence", "words"})


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue; cues.toml says what the fields mean."""

    id: str
    family: str
    type: str
    pattern: re.Pattern[str]
    argument: str
    holder: str
    addressee: str
    confidence: float
    needs_before: re.Pattern[str] | None = None
    needs_after: re.Pattern[str] | None = None
    needs_any: tuple[re.Pattern[str], ...] = ()

    def matches(self, sentence: str) -> Iterable[re.Match[str]]:
        """The places in a sentence where the cue stands in the company it needs."""
        first = self.pattern.search(sentence)
        if first is None or not all(need.search(sentence) for need in self.needs_any):
            return
        for match in self.pattern.finditer(sentence, first.start()):
            if self.needs_before and not self.needs_before.search(sentence[: match.start()]):
                continue
            if self.needs_after and not self.needs_after.search(sentence[match.end() :]):
                continue
            yield match


@dataclass(frozen=True, slots=True)
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

    def possible(self, sentence: str) -> Iterable[Cue]:
        """The cues that may stand in a sentence, in their order; none that does is left out."""
        return (self.all[index] for index in self.screen.possible(sentence))


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """The packaged cues. Raises ConfigurationError naming the cue that cannot be used."""
    content = (resources.files("digestbot") / "lexicon" / "cues.toml").read_bytes()
    table = tomllib.loads(content.decode("utf-8"))
    words: dict[str, str] = table["words"]
    cues = tuple(_cue(row, words) for row in table["cue"])
    by_id = {cue.id: cue for cue in cues}
    if len(by_id) != len(cues):
        raise ConfigurationError("cues.toml: two cues have the same id")
    screen = Screen([cue.pattern for cue in cues])
    return Cues(cues, by_id, hashlib.sha256(content).hexdigest()[:8], screen)


def _cue(row: Mapping[str, str], words: Mapping[str, str]) -> Cue:
    def compiled(key: str) -> re.Pattern[str] | None:
        if key not in row:
            return None
        source = row[key]
        for name, alternatives in words.items():
            source = source.replace("{" + name + "}", alternatives)
        try:
            return re.compile(source, re.IGNORECASE | re.DOTALL)
        except re.error as error:
            raise ConfigurationError(f"cues.toml: cue {row['id']}: {key} is no pattern: {error}") from error

    pattern = compiled("pattern")
    if pattern is None or row["family"] not in FAMILIES or row["type"] not in _TYPES:
        raise ConfigurationError(f"cues.toml: cue {row['id']}: pattern, family or type is missing or unknown")
    if row["argument"] not in _ARGUMENTS:
        raise ConfigurationError(f"cues.toml: cue {row['id']}: argument {row['argument']!r} is unknown")
    needs = (compiled("needs_any"), compiled("needs_any2"))
    return Cue(
        row["id"],
        row["family"],
        row["type"],
        pattern,
        row["argument"],
        row["holder"],
        row["addressee"],
        float(row["confidence"]),
        compiled("needs_before"),
        compiled("needs_after"),
        tuple(need for need in needs if need is not None),
    )
