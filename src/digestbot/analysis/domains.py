"""The domain of a condition: words that tell a domain, in the condition itself and around it.

    domains.toml ──► tree of entries ──► longest entry at each word ──► weights of a text ──► choose_domain

What is asked decides: the condition's own words count twice, by themselves and in their sentence; then what
stands before, and what the document speaks of. The weights of the places and the leans are those of a
conditional logit over a thousand conditions of the annotated documents; fitted on four folders and tested
on the fifth, all five ways, it is right in .76. Nothing more that was fitted so did clearly better: leans by
type or where the sentence is silent, a document's main domain counting more than its share, the first words
of what is asked, the other conditions of the document or of the same holder, a weight for each word or each
entry.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from itertools import chain
from typing import NamedTuple

from digestbot.errors import ConfigurationError
from digestbot.model import Domain

#: How much a word of each strength in domains.toml speaks for its domain.
_STRENGTHS = {"strong": 1.0, "usual": 0.5, "weak": 0.2}
#: Section of domains.toml for phrases that only look like words of a domain.
_NONE = "none"
#: Words and signs as entries have them: hyphens part words, the possessive ending is left out.
_TOKEN = re.compile(r"us\$|[$€£%]|[a-z]++[^\W\d_]*+|[^\W\d_]+|\d+")
_POSSESSIVE = re.compile(r"[’']s\b")
#: How much the condition's own words, its sentence's, those before and the document's count.
OWN, AROUND, BEFORE, DOCUMENT = 0.8, 1.4, 0.3, 2.0
#: What speaks for a domain where words say little: conditions of such stories are more often about arms and
#: law than words tell; words of money, and of aid, stand in many that are about something else.
_LEAN = {Domain.MILITARY: 0.5, Domain.LEGAL: 0.2, Domain.ECONOMIC: -0.3, Domain.HUMANITARIAN: -0.3}
_LEANS = {domain: _LEAN.get(domain, 0.0) for domain in Domain}
_NOTHING = dict.fromkeys(Domain, 0.0)
#: Words of one domain beyond this say no more.
_MOST = 3.0
#: The most that what stands before can count, and a little more.
_MOST_BEFORE = BEFORE * _MOST + 1e-6
#: Characters of a document that tell its domains.
SAMPLE = 20_000


class _Node:
    """One word of entries that begin alike: what may follow, and the weights where an entry ends here."""

    __slots__ = ("following", "weights")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.weights: dict[Domain, float] | None = None


@lru_cache(maxsize=1)
def _file() -> bytes:
    return (resources.files("digestbot") / "lexicon" / "domains.toml").read_bytes()


def domains_version() -> str:
    """A hash of domains.toml: with another one other domains may be found."""
    return hashlib.sha256(_file()).hexdigest()[:8]


@lru_cache(maxsize=1)
def _tree() -> _Node:
    """The entries of domains.toml by their words. Raises ConfigurationError naming a section nobody knows."""
    root = _Node()
    for section, lists in tomllib.loads(_file().decode("utf-8")).items():
        if section != _NONE and section not in {domain.value for domain in Domain}:
            raise ConfigurationError(f"domains.toml: {section!r} is no domain")
        for strength, entries in lists.items():
            if section != _NONE and strength not in _STRENGTHS:
                raise ConfigurationError(f"domains.toml: {section}: {strength!r} is no strength")
            for entry in entries.split(";"):
                _add(root, entry.split(), section, _STRENGTHS.get(strength, 0.0))
    return root


def _add(root: _Node, words: list[str], section: str, weight: float) -> None:
    if not words:
        return
    node = root
    for word in words:
        node = node.following.setdefault(word, _Node())
    node.weights = node.weights or {}
    if section != _NONE:
        node.weights[Domain(section)] = weight


@lru_cache(maxsize=16_384)
def _forms(token: str) -> tuple[str, ...]:
    """How an entry may write a word: as it is, or a beginning of it with a star."""
    return (token, *(f"{token[:end]}*" for end in range(len(token), 1, -1)))


@lru_cache(maxsize=16_384)
def _openings(token: str) -> tuple[_Node, ...]:
    """The nodes of entries that a word can begin."""
    following = _tree().following
    return tuple(following[form] for form in _forms(token) if form in following)


@lru_cache(maxsize=16_384)
def _tokens(piece: str) -> tuple[str, ...]:
    """The words and signs of a stretch between two blanks: none goes over a blank."""
    return tuple(_TOKEN.findall(_POSSESSIVE.sub("", piece.lower())))


class _Opening(NamedTuple):
    """What entries that begin with a word say: the weights of that of one word, and how others go on."""

    alone: Mapping[Domain, float]
    seconds: frozenset[str]


@lru_cache(maxsize=16_384)
def _opening(token: str) -> _Opening | None:
    nodes = _openings(token)
    if not nodes:
        return None
    alone: Mapping[Domain, float] = next((n.weights for n in nodes if n.weights is not None), {})
    return _Opening(alone, frozenset(form for node in nodes for form in node.following))


@lru_cache(maxsize=1)
def _all_seconds() -> frozenset[str]:
    """How entries write their second words."""
    return frozenset(form for node in _tree().following.values() for form in node.following)


@lru_cache(maxsize=16_384)
def _seconds(token: str) -> tuple[str, ...]:
    """How entries write a word as their second: of most words none does."""
    return tuple(filter(_all_seconds().__contains__, _forms(token)))


def _longest(tokens: list[str], index: int) -> tuple[int, Mapping[Domain, float]] | None:
    """Where the longest entry that begins at a word ends, with its weights; of two the one most like it.

    Entries are followed from the least like the words (the shortest beginning with a star) to the most.
    """
    best: tuple[int, Mapping[Domain, float]] | None = None
    open_nodes = [(node, index + 1) for node in _openings(tokens[index])]
    while open_nodes:
        node, end = open_nodes.pop()
        if node.weights is not None and (best is None or end >= best[0]):
            best = (end, node.weights)
        if end < len(tokens) and node.following:
            open_nodes += [
                (node.following[form], end + 1) for form in _forms(tokens[end]) if form in node.following
            ]
    return best


@lru_cache(maxsize=4096)
def weights(text: str) -> Mapping[Domain, float]:
    """How strongly the words of a text speak for each domain."""
    tokens = [*chain.from_iterable(map(_tokens, text.split()))]
    found = _NOTHING.copy()
    reached = 0
    for index, opening in enumerate(map(_opening, tokens)):
        if opening is None or index < reached:
            continue
        told, seconds = opening
        if seconds and not seconds.isdisjoint(_seconds(tokens[index + 1]) if index + 1 < len(tokens) else ()):
            entry = _longest(tokens, index)
            if entry is None:
                continue
            reached, told = entry
        for domain, weight in told.items():
            found[domain] += weight
    return found


def choose_domain(own: str, around: str, before: str, document: Mapping[Domain, float]) -> Domain:
    """The main domain of a condition.

    `own`: its words; `around`: its sentence; `before`: what stands before that; `document`: share of each
    domain among all words of the document that
    speak for one, which decides where the sentence is silent.
    """
    near, wide = weights(own), weights(around)
    scores = {domain: OWN * min(near[domain], _MOST) + AROUND * min(wide[domain], _MOST) for domain in _LEANS}
    rest = {domain: DOCUMENT * document.get(domain, 0.0) for domain in _LEANS}
    *_, second, first = sorted(scores[domain] + rest[domain] + lean for domain, lean in _LEANS.items())
    # What stands before counts little: mostly it decides nothing.
    ahead = weights(before) if first - second <= _MOST_BEFORE else weights("")
    return max(
        _LEANS,
        key=lambda domain: (
            scores[domain] + BEFORE * min(ahead[domain], _MOST) + rest[domain] + _LEANS[domain]
        ),
    )


def shares(text: str) -> dict[Domain, float]:
    """The share of each domain in a whole document."""
    found = weights(text[:SAMPLE])
    total = sum(found.values()) or 1.0
    return {domain: weight / total for domain, weight in found.items()}
