"""What of a document is compared: its terms, how often documents hold them, and their weights.

A term is a word or a pair of neighbouring words, kept as a 32-bit number: two terms of one number in two
given documents are one case in millions. Words that say nothing (the language's stop words) are left out.
"""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from digestbot.analysis.ranking import stemmer, stop_words
from digestbot.model import CONTENT_LABELS, Analysis, StoredDocument
from digestbot.protocols.ingest import Outline

SAME_EVENT = 0.18
"""Mean cosine from which documents tell one event. On the short reports of tests/quality .16 does a little
better (F1 .98 for .95), but two long documents on one region come together below .18; on made-up news any cut
from .15 to .19 does as well (.99)."""
NEAR_COPY = 0.5
"""Cosine from which two documents are copies of one text with changes."""
APART = timedelta(days=5)
"""Documents published further apart are not compared: a follow-up is found through those in between."""
COMPARED = 2_000
"""Characters of a text that are compared: news tells its event at the top, and background further down."""
LEAD = 300
"""Characters at the top whose terms count twice."""
KEYS = 30
"""A document's most telling terms, by which candidates are found."""
SHARED_KEYS = 3
"""So many of them two documents share that are compared at all …"""
FEW_KEYS = 12
"""… or one less, where the later one has no more keys than this: a title and a line."""
SAMPLE = 4_096
"""Documents over which frequencies are counted."""
USUAL = 0.01
"""A term in more than this share of the documents, and in more than USUAL_LEAST of them, is no key: it would
bring up half the store."""
USUAL_LEAST = 40

Ids = NDArray[np.uint32]
Counts = NDArray[np.uint8]
Weights = NDArray[np.float32]

NAME = 1.5
"""Weight of a name beside that of another word: reports of one event share names before they share words."""
PAIR = 0.5
"""Weight of a pair of words: pairs tell confusable events apart, but outlets rarely share them."""
PRESUMED = 200
"""Reports in which usual words are presumed to have been counted before the first document."""
USUAL_SHARES = {"fifth": 0.3, "tenth": 0.12, "twentieth": 0.05}
TITLE_CASE = 0.7
"""Share of a text's words with a capital from which they tell no names: Headlines In This Style."""

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+(?:['’][^\W_]+)*")
_CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿα-ωа-я](?<=[\w,;)’'] .)[^\W_]*(?:['’][^\W_]+)*")
"""A word that may have a capital, and not because a sentence begins with it."""
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f\uf900-\ufaff]+")
_POSSESSIVE = ("'s", "’s")
_PAIR = np.uint32(2_654_435_761)  # odd: multiplying by it mixes the bits of a pair's first word


_IS_PAIR = np.uint32(1)
"""The bit that tells a pair of words from a word."""
_IS_NAME = np.uint8(128)
"""The bit of a count that tells a name."""
_MOST = 127
_STOP = -1


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Terms of one document, ascending and each once, with how often it holds them (at most 127; 128 is added
    for names)."""

    ids: Ids
    counts: Counts

    def to_bytes(self) -> bytes:
        """Five bytes a term."""
        return self.ids.astype("<u4").tobytes() + self.counts.tobytes()

    @classmethod
    def from_bytes(cls, content: bytes) -> Terms:
        """The inverse of `to_bytes`."""
        size = len(content) // 5
        return cls(
            np.frombuffer(content, "<u4", size).astype(np.uint32),
            np.frombuffer(content, np.uint8, size, 4 * size),
        )


def outline_of(document: StoredDocument) -> Outline:
    """A document's outline."""
    return Outline(
        document_id=document.document_id,
        terms=terms_of(document.title, document.text, document.analysis).to_bytes(),
        published=document.published,
        text_hash=text_hash(document.text),
        scope=document.scope,
        story_id=document.story_id,
    )


def text_hash(text: str) -> str:
    """Equal for equal texts: 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def terms_of(title: str, text: str, analysis: Analysis) -> Terms:
    """The terms of a title, twice, and of the top of what a text says itself (no captions, no menus), its
    first sentences twice."""
    body: list[str] = []
    left = COMPARED
    for block in analysis.blocks:
        if left > 0 and block.label in CONTENT_LABELS:
            body.append(text[block.start : min(block.end, block.start + left)])
            left -= len(body[-1])
    number = _numberer(analysis.language)
    head, head_names = _numbers(title, number)
    told = "\n".join(body) or text[:COMPARED]
    lead, _ = _numbers(told[:LEAD], number)
    whole, names = _numbers(told, number)
    ids, counts = np.unique(np.concatenate((head, head, lead, whole)), return_counts=True)
    named = np.isin(ids, np.array(sorted(head_names | names), np.uint32))
    counts = np.minimum(counts, _MOST).astype(np.uint8)
    return Terms(ids, np.where(named, counts | _IS_NAME, counts).astype(np.uint8))


def _numbers(text: str, number: Callable[[str], int]) -> tuple[Ids, set[int]]:
    """The terms of a stretch of text, in order, with repetitions; and those of them that are names."""
    if _UNSPACED.search(text):  # scripts without spaces: two characters at a time
        text = _UNSPACED.sub(lambda run: f" {' '.join(_pieces(run[0]))} ", text)
    words = _WORD.findall(text)
    single = np.array([own for word in words if (own := number(word)) != _STOP], np.uint32)
    pairs = single[:-1] * _PAIR ^ single[1:]
    capitals = [word for word in _CAPITAL.findall(text) if word[0].isupper()]
    if len(capitals) >= TITLE_CASE * len(words):
        capitals = []
    names = {own for word in set(capitals) if (own := number(word)) != _STOP}
    return np.concatenate((single, pairs | _IS_PAIR)), names


def _pieces(run: str) -> Iterable[str]:
    return (run[place : place + 2] for place in range(max(len(run) - 1, 1)))


@lru_cache(maxsize=64)
def _numberer(language: str) -> Callable[[str], int]:
    """The number of a word's stem, even; _STOP for words that say nothing."""
    stops = frozenset(word.casefold() for word in stop_words(language))
    stem = stemmer(language)

    @lru_cache(maxsize=200_000)
    def number(word: str) -> int:
        folded = word.casefold()
        if folded.endswith(_POSSESSIVE):
            folded = folded[:-2]
        if folded in stops:
            return _STOP
        return zlib.crc32(stem(folded).encode("utf-8", "surrogatepass")) & ~1

    return number


@lru_cache(maxsize=1)
def _usual() -> tuple[Ids, NDArray[np.float32]]:
    """Words of all news (lexicon/usual_words.toml): their numbers, ascending, and the share with each."""
    source = files("digestbot") / "lexicon" / "usual_words.toml"
    shares: dict[int, float] = {}
    for language, bands in tomllib.loads(source.read_text(encoding="utf-8")).items():
        number = _numberer(language)
        for band, share in USUAL_SHARES.items():
            for word in bands[band].split():
                if (own := number(word)) != _STOP:
                    shares.setdefault(own, share)
    ids = np.array(sorted(shares), np.uint32)
    return ids, np.array([shares[own] for own in ids.tolist()], np.float32)


class Frequencies:
    """In how many documents of a sample each term stands; terms of one document alone are left out."""

    def __init__(self, documents: int, ids: Ids, counts: NDArray[np.uint16]) -> None:
        """`ids` ascending; `counts` beside them."""
        self.documents = documents
        self._ids = ids
        self._counts = counts

    @classmethod
    def of(cls, sample: Sequence[bytes]) -> Frequencies:
        """Counted over at most SAMPLE documents' terms, taken evenly where there are more."""
        step = max(len(sample) / SAMPLE, 1.0)
        taken = [sample[int(place * step)] for place in range(min(len(sample), SAMPLE))]
        if not taken:
            return cls(0, np.empty(0, np.uint32), np.empty(0, np.uint16))
        ids, counts = np.unique(
            np.concatenate([Terms.from_bytes(terms).ids for terms in taken]), return_counts=True
        )
        several = counts > 1
        return cls(len(taken), ids[several], counts[several].astype(np.uint16))

    def to_bytes(self) -> bytes:
        """Six bytes a term."""
        return self._ids.astype("<u4").tobytes() + self._counts.astype("<u2").tobytes()

    @classmethod
    def from_bytes(cls, documents: int, content: bytes) -> Frequencies:
        """The inverse of `to_bytes`."""
        size = len(content) // 6
        return cls(
            documents,
            np.frombuffer(content, "<u4", size).astype(np.uint32),
            np.frombuffer(content, "<u2", size, 4 * size).astype(np.uint16),
        )

    def counts(self, ids: Ids) -> NDArray[np.float32]:
        """In how many documents of the sample each term stands; 1 for those the sample does not know."""
        found = np.ones(len(ids), np.float32)
        if len(self._ids):
            places = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
            known = self._ids[places] == ids
            found[known] = self._counts[places[known]]
        return found

    def weights(self, terms: Terms) -> Weights:
        """TF-IDF with logarithms of both, of length 1: the cosine of two documents is the sum of products."""
        if not len(terms.ids):
            return np.empty(0, np.float32)
        held = 1 + self.counts(terms.ids)
        words = np.flatnonzero(terms.ids & _IS_PAIR == 0)
        usual, shares = _usual()
        places = np.minimum(np.searchsorted(usual, terms.ids[words]), len(usual) - 1)
        known = usual[places] == terms.ids[words]
        held[words[known]] += shares[places[known]] * PRESUMED
        idf = np.log((1 + PRESUMED + self.documents) / held) + 1
        weights = (1 + np.log((terms.counts & _MOST).astype(np.float32))) * np.maximum(idf, 0.1)
        weights[terms.ids & _IS_PAIR != 0] *= PAIR
        weights[terms.counts & _IS_NAME != 0] *= NAME
        length = math.sqrt(float(weights @ weights))
        scaled: Weights = (weights / length).astype(np.float32)
        return scaled

    def keys(self, terms: Terms, weights: Weights) -> Ids:
        """The KEYS words of most weight, without those that stand in a great many documents.

        Pairs of words are no keys: most stand in one document alone, and would take the places of names.
        """
        words = terms.ids & _IS_PAIR == 0
        ids: Ids = terms.ids[words]
        own = weights[words]
        rare = self.counts(ids) <= max(USUAL * self.documents, USUAL_LEAST)
        ids, own = ids[rare], own[rare]
        if len(ids) <= KEYS:
            return ids
        kept: Ids = ids[np.lexsort((ids, -own))[:KEYS]]
        kept.sort()
        return kept


def needed_keys(keys: int) -> int:
    """How many keys a document with so many must share with an earlier one to be compared with it."""
    return SHARED_KEYS if keys > FEW_KEYS else SHARED_KEYS - 1


def cosine(one: Terms, one_weights: Weights, other: Terms, other_weights: Weights) -> float:
    """How alike two documents are, 0 to 1."""
    if len(one.ids) > len(other.ids):
        one, one_weights, other, other_weights = other, other_weights, one, one_weights
    if not len(one.ids):
        return 0.0
    places = np.minimum(np.searchsorted(other.ids, one.ids), len(other.ids) - 1)
    shared = other.ids[places] == one.ids
    return float(one_weights[shared] @ other_weights[places[shared]])
