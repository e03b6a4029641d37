"""Words, stems and centrality: what the summarisers stand on, behind sumy's interface.

sumy (Apache 2.0) brings the summarisers, Snowball stemmers and stop words of many languages; its own
tokenizer needs nltk data from the internet, so it is given ours. Its LexRank compares every pair of sentences
in Python; `lex_rank` gives the same ratings from one sparse matrix product.

sumy, numpy and scipy are imported when first needed: importing this module costs next to nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any

from digestbot.analysis.sentences import split_text
from digestbot.analysis.stemming import stem_english

#: ISO 639-1 to the names sumy and nltk know; other languages work without stems and stop words.
SUMY_LANGUAGES = {
    "ar": "arabic",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "he": "hebrew",
    "hu": "hungarian",
    "it": "italian",
    "ja": "japanese",
    "ko": "korean",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sk": "slovak",
    "sv": "swedish",
    "uk": "ukrainian",
    "zh": "chinese",
}

#: Below this many sentences a dense matrix is faster than a sparse one.
DENSE_BELOW = 64

_LETTERS = r"(?:[A-Za-z]+[^\W\d_]*|[^\W\d_]+)"  # plain letters first: they are matched fastest
_WORD = re.compile(rf"{_LETTERS}(?:['’.-]{_LETTERS})*")
#: Scripts written without spaces: their characters are taken two by two.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f\uf900-\ufaff]+")


class Tokenizer:
    """sumy's tokenizer interface over our sentences and words; needs no data from anywhere."""

    def __init__(self, language: str = "en") -> None:
        self.language = language

    def to_sentences(self, text: str) -> tuple[str, ...]:
        return tuple(text[start:end] for start, end in split_text(text))

    def to_words(self, text: str) -> tuple[str, ...]:
        words = _WORD.findall(text)
        if not _UNSPACED.search(text):
            return tuple(words)
        return tuple(piece for word in words for piece in _pieces(word))


def _pieces(word: str) -> Iterable[str]:
    if not _UNSPACED.match(word) or len(word) < 3:
        return (word,)
    return (word[i : i + 2] for i in range(len(word) - 1))


@lru_cache(maxsize=32)
def stop_words(language: str) -> frozenset[str]:
    """sumy's stop words of a language (ISO 639-1), in lower case; none for languages it has none for."""
    name = SUMY_LANGUAGES.get(language)
    source = files("sumy") / "data" / "stopwords" / f"{name}.txt"
    if name is None or not source.is_file():
        return frozenset()
    return frozenset(
        word.strip().lower() for word in source.read_text(encoding="utf-8").split("\n") if word.strip()
    )


@lru_cache(maxsize=32)
def stemmer(language: str) -> Callable[[str], str]:
    """nltk's Snowball stemmer of a language (ISO 639-1) as sumy gives it, cached; lower case if none.

    For English it is ours, which gives the same: nltk takes longer to import than a document to analyse.
    """
    if language == "en":
        return lru_cache(maxsize=200_000)(stem_english)
    name = SUMY_LANGUAGES.get(language)
    if name is None:
        return str.lower
    from sumy.nlp.stemmers import Stemmer

    try:
        stem = Stemmer(name)
    except LookupError:
        return str.lower
    return lru_cache(maxsize=200_000)(lambda word: str(stem(word)))


def document_model(sentences: Sequence[str], language: str) -> Any:
    """sumy's document of these sentences, built by us: its own parser glues headings to what follows."""
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence

    tokenizer = Tokenizer(language)
    return ObjectDocumentModel([Paragraph([Sentence(text, tokenizer) for text in sentences])])


def lex_rank(words: Sequence[Sequence[str]], *, threshold: float = 0.1, epsilon: float = 0.1) -> list[float]:
    """LexRank (Erkan and Radev 2004) of sentences given as stems, with sumy's weights and iteration.

    Term frequency over the most frequent term's, idf = ln(n / (1 + df)), an edge where the cosine exceeds
    `threshold`, power iteration from the uniform vector until it moves by no more than `epsilon`.
    """
    import numpy

    count = len(words)
    if not count:
        return []
    rows, columns, values, vocabulary = _tf_idf(words)
    if count < DENSE_BELOW:
        weights = numpy.zeros((count, max(1, len(vocabulary))))
        weights[rows, columns] = values
        norms = numpy.sqrt((weights * weights).sum(axis=1))
        norms[norms == 0] = 1.0
        weights /= norms[:, None]
        edges: Any = (weights @ weights.T > threshold).astype(float)
        degrees = edges.sum(axis=1)
        degrees[degrees == 0] = 1.0
        transition: Any = (edges / degrees[:, None]).T
    else:
        from scipy.sparse import csr_matrix, diags_array

        matrix = csr_matrix((values, (rows, columns)), shape=(count, max(1, len(vocabulary))))
        norms = numpy.sqrt(matrix.multiply(matrix).sum(axis=1)).A1
        norms[norms == 0] = 1.0
        matrix = diags_array(1.0 / norms) @ matrix
        similar = (matrix @ matrix.T).tocsr()
        similar.data = (similar.data > threshold).astype(float)
        degrees = numpy.asarray(similar.sum(axis=1)).ravel()
        degrees[degrees == 0] = 1.0
        transition = (diags_array(1.0 / degrees) @ similar).T.tocsr()
    scores = numpy.full(count, 1.0 / count)
    moved = 1.0
    while moved > epsilon:
        following = transition @ scores
        norm = numpy.linalg.norm(following)
        if not norm:
            return [0.0] * count
        following /= norm
        moved = float(numpy.linalg.norm(following - scores))
        scores = following
    return [float(score) for score in scores]


def _tf_idf(words: Sequence[Sequence[str]]) -> tuple[list[int], list[int], list[float], dict[str, int]]:
    counts = [Counter(sentence) for sentence in words]
    frequency: Counter[str] = Counter()
    for terms in counts:
        frequency.update(terms.keys())
    vocabulary = {term: index for index, term in enumerate(frequency)}
    total = len(words)
    idf = {term: math.log(total / (1 + n)) for term, n in frequency.items()}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, terms in enumerate(counts):
        most = max(terms.values(), default=1)
        for term, n in terms.items():
            rows.append(row)
            columns.append(vocabulary[term])
            values.append(n / most * idf[term])
    return rows, columns, values, vocabulary


def directed_centrality(vectors: Sequence[dict[str, float]]) -> list[float]:
    """How much more a sentence shares with what follows than with what went before (Zheng and Lapata 2019).

    Of TF-IDF vectors (`unit_vectors`): sum of the cosines with the later sentences minus that with the
    earlier ones, divided by the number of sentences. The cosines are summed through running sums of the
    vectors, so the cost is linear.
    """
    later: dict[str, float] = defaultdict(float)
    for vector in vectors:
        for term, weight in vector.items():
            later[term] += weight
    earlier: dict[str, float] = defaultdict(float)
    scores: list[float] = []
    for vector in vectors:
        for term, weight in vector.items():
            later[term] -= weight
        ahead = sum([weight * later[term] for term, weight in vector.items()])
        behind = sum([weight * earlier[term] for term, weight in vector.items()])
        scores.append((ahead - behind) / len(vectors))
        for term, weight in vector.items():
            earlier[term] += weight
    return scores


def unit_vectors(words: Sequence[Sequence[str]]) -> list[dict[str, float]]:
    """TF-IDF vectors of length one: (1 + ln tf) · ln((1 + n) / (1 + df)) + 1, as scikit-learn smooths it."""
    frequency = Counter(chain.from_iterable(map(set, words)))
    total = len(words)
    rarity = {term: math.log((1 + total) / (1 + held)) + 1 for term, held in frequency.items()}
    vectors: list[dict[str, float]] = []
    for sentence in words:
        vector = {term: rarity[term] for term in sentence}
        if len(vector) < len(sentence):
            for term, n in Counter(sentence).items():
                if n > 1:
                    vector[term] = (1 + math.log(n)) * rarity[term]
        norm = math.sqrt(sum([w * w for w in vector.values()])) or 1.0
        vectors.append({term: w / norm for term, w in vector.items()})
    return vectors


class Stemmed(tuple[Sequence[str], ...]):
    """The stems of the sentences of a text, with their vectors once somebody asks for them."""

    @cached_property
    def vectors(self) -> list[dict[str, float]]:
        return unit_vectors(self)


def vectors_of(words: Sequence[Sequence[str]]) -> list[dict[str, float]]:
    """`unit_vectors`, computed once for one Stemmed."""
    return words.vectors if isinstance(words, Stemmed) else unit_vectors(words)


def cosine(a: dict[str, float], b: dict[str, float]) -> float:
    """Cosine of two vectors of length one."""
    if len(b) < len(a):
        a, b = b, a
    return sum(weight * b[term] for term, weight in a.items() if term in b)


def stems(text: str, language: str) -> list[str]:
    """The stems of a text's words without stop words."""
    return [*chain.from_iterable(map(_piece_stems(language), text.split(" ")))]


@lru_cache(maxsize=32)
def _piece_stems(language: str) -> Callable[[str], tuple[str, ...]]:
    """What gives the stems of a stretch between two blanks, cached: no word goes over a blank."""
    stem, stopped, to_words = stemmer(language), stop_words(language), Tokenizer(language).to_words

    def stems_of(piece: str) -> tuple[str, ...]:
        return tuple(stem(word) for word in map(str.lower, to_words(piece)) if word not in stopped)

    return lru_cache(maxsize=200_000)(stems_of)


def forget_stems() -> None:
    """Drops the words whose stems are remembered, for measuring from a fresh start."""
    stemmer.cache_clear()
    _piece_stems.cache_clear()
