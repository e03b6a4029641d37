"""Conditions without a cue: weighs the words of a sentence, in a text that bargains.

Whoever writes about a bargain does not always use the words of bargaining. What the cues have left over still
holds a condition where enough speaks for it. Weights and word lists are data: lexicon/cues/evidence.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

#: The cue such findings carry, and the family they can be switched off by.
EVIDENCE = "evidence"
#: Words from which on a sentence is as long as counts.
LONGEST = 40
#: Sentences at the beginning of a text that tell the news.
FIRST = 2
#: Texts of no more sentences are too short to tell whether they bargain, and have no beginning.
FEW = 1
#: Fewer words than this seldom spell a condition out.
SHORT = 8

#: So many stretches between blanks are remembered.
KNOWN = 1 << 15

#: Marks around words, but not the apostrophe inside them.
_MARKS = str.maketrans(dict.fromkeys('.,;:!?()[]“”‘"–—-/…', " "))
_COLON = re.compile(r": [a-z“\"]")
_CONTRAST = re.compile(
    r"(?:[,;]| and| or| but| than) (?:not|no|never|nothing)\b|rather than|instead of|n't\b[^.]*[,;] "
)
_ORDER = re.compile(
    r"[“\"]?(?:let|give|take|stop|leave|do|don|open|lift|send|keep|get|put|bring|cut|sign|drop|hand|pull|free|"
    r"release|withdraw|join|touch|go|come|show|pay|make|buy|sell)\b"
)
_QUOTED = ("“", '"')


@dataclass(frozen=True, slots=True)
class Weights:
    """What speaks for a condition, by name, and the words that do."""

    named: Mapping[str, float]
    words: Mapping[str, tuple[int, ...]]
    weights: tuple[float, ...]
    will: int
    saying: int
    #: Stretches between blanks met so far: how many words each holds, and the groups they belong to.
    known: dict[str, tuple[int, tuple[int, ...]]] = field(default_factory=dict, repr=False, compare=False)

    def weigh(self, sentence: str, position: int) -> float:
        """How much speaks for a condition in the sentence at `position` of its text."""
        low = sentence.lower().replace("’", "'")
        groups: set[int] = set()
        count = 0
        for piece in low.split(" "):
            if piece not in self.known:
                self._learn(piece)
            held, told = self.known[piece]
            count += held
            groups.update(told)
        named = self.named
        total = sum(self.weights[group] for group in groups)
        total += named["length"] * min(count, LONGEST) / LONGEST
        if position < FIRST:
            total += named["early"]
        if count < SHORT:
            total += named["short"]
        if "?" in low:
            total += named["question"]
        if any(mark in low for mark in _QUOTED):
            total += named["quotation"]
        if ": " in low and _COLON.search(low):
            total += named["colon"]
        if (" no" in low or "n't" in low or "rather" in low or "instead" in low) and _CONTRAST.search(low):
            total += named["contrast"]
        if _ORDER.match(low):
            total += named["imperative"]
        if self.will in groups and self.saying in groups:
            total += named["saying_will"]
        return total

    def _learn(self, piece: str) -> None:
        if len(self.known) > KNOWN:
            self.known.clear()
        listed = piece.translate(_MARKS).split()
        told: list[int] = []
        for word in listed:
            if word in self.words:
                told.extend(self.words[word])
            elif "'" in word:
                told.extend(self.words.get(word[word.rindex("'") :], ()))  # "they'll", "she'd"
        self.known[piece] = len(listed), tuple(told)

    def bargains(self, found: int, sentences: int) -> bool:
        """Whether a text with so many sentences found by cues is about a bargain, or too short to tell."""
        return sentences <= FEW or (
            found >= self.named["least_found"] and found >= self.named["least_share"] * sentences
        )

    def enough(self, weight: float, found: int, sentences: int) -> bool:
        """Whether a weight suffices in a text in so many of whose sentences cues have found something."""
        if sentences <= FEW:
            return weight >= self.named["alone"]
        return weight + self.named["share"] * found / max(1, sentences) >= self.named["needed"]

    def hopeless(self, weight: float) -> bool:
        """Whether a weight suffices in no text."""
        return weight < min(self.named["needed"], self.named["alone"])


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The packaged weights."""
    content = (resources.files("digestbot") / "lexicon" / "cues" / "evidence.toml").read_text("utf-8")
    table = tomllib.loads(content)["evidence"]
    rows = table["words"]
    names = [row["name"] for row in rows]
    by_word: dict[str, tuple[int, ...]] = {}
    for number, row in enumerate(rows):
        for word in row["words"].split():
            by_word[word] = (*by_word.get(word, ()), number)
    return Weights(
        {name: float(value) for name, value in table.items() if name != "words"},
        by_word,
        tuple(float(row["weight"]) for row in rows),
        names.index("will"),
        names.index("saying"),
    )
