"""Bullets: the sentences that tell a document, chosen by one of several summarisers behind one interface.

    sentences ──► rate (our "digest", or one of sumy's) ──► choose: best first, less what is already said
             ──► what a bullet refers back to ──► bullets by rank

How "digest" rates stands in rating.py; every part of a rating is shown as a reason of the bullet.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from digestbot.analysis.ranking import (
    SUMY_LANGUAGES,
    Stemmed,
    cosine,
    document_model,
    lex_rank,
    stemmer,
    stems,
    stop_words,
    vectors_of,
)
from digestbot.analysis.rating import Rating, SummaryInput, rate_digest
from digestbot.model import Actor, Bullet, Condition, Sentence


class Summariser(Protocol):
    """Rates each sentence; `stems_of` are the stems of each, without stop words."""

    def __call__(self, given: SummaryInput, stems_of: Sequence[Sequence[str]]) -> list[Rating]: ...


#: What a bullet's likeness (cosine) to one chosen before takes off its rating.
REDUNDANCY = 1.0

_BACKWARD_NOUNS = (
    "move|step|decision|proposal|plan|plans|deal|agreement|accord|text|measure|measures|policy|"
    "policies|law|bill|draft|offer|demand|demands|condition|conditions|announcement|statement|"
    "remarks|comments|comment|incident|attack|attacks|meeting|talks|visit|summit|document|report|"
    "letter|order|ruling|verdict|resolution|vote|ban|sanctions|operation|strike|strikes|clause|"
    "clauses|group|bloc|minister|president|general|official|spokesman|spokeswoman|spokesperson|envoy|"
    "leader|premier|army|force|mission|country|government|ministry|party|body|idea|reason|result|"
    "change|changes|second|first|third|other|others|rest"
)
_REFERENCE = re.compile(
    r"[\"“‘'«(]*"
    r"(?:(?:But|And|So|Yet|Nor|Still|Then|Now|Meanwhile|However|Instead|Also|In return|In response),? )?"
    r"(?:(?:he|she|it|they|him|them|this|that|these|those|such|his|her|hers|its|their|theirs|both|neither|"
    r"the (?:former|latter|pair|two|three|trio|duo|same))\b(?! who\b)"
    rf"|the (?:{_BACKWARD_NOUNS})\b"
    r"(?! (?:of|by|on|between|with|to|in|for|from|at|that|which|who)\b))",
    re.IGNORECASE,
)


def choose_bullets(
    text: str,
    sentences: Sequence[Sentence],
    *,
    title: str | None,
    language: str,
    actors: Sequence[Actor] = (),
    conditions: Sequence[Condition] = (),
    wanted: int = 5,
    summariser: str = "digest",
) -> tuple[Bullet, ...]:
    """At most `wanted` bullets, the most important first; fewer where the text has fewer different sentences.

    `title` is the headline as the text or its metadata give it. `summariser` is a key of SUMMARISERS.
    """
    given = SummaryInput(text, sentences, language, title, actors, conditions)
    if not sentences or wanted < 1:
        return ()
    stems_of = Stemmed(stems(given.quotation(i), language) for i in range(len(sentences)))
    ratings = SUMMARISERS[summariser](given, stems_of)
    chosen = _choose(given, stems_of, ratings, wanted)
    bullets = []
    for rank, index in enumerate(chosen):
        sentence = sentences[index]
        context = _context(given, index)
        bullets.append(
            Bullet(
                text=given.quotation(index),
                start=sentence.start,
                end=sentence.end,
                rank=rank,
                score=round(ratings[index].score, 4),
                context_start=context.start if context else None,
                context_end=context.end if context else None,
                reasons=ratings[index].reasons(),
            )
        )
    return tuple(bullets)


def refers_back(sentence: str) -> bool:
    """Whether a sentence opens with what only the one before it explains ("The move", "He")."""
    return bool(_REFERENCE.match(sentence))


def _choose(
    given: SummaryInput, stems_of: Sequence[Sequence[str]], ratings: Sequence[Rating], wanted: int
) -> list[int]:
    """Indices of the chosen sentences by rank: maximal marginal relevance (Carbonell and Goldstein 1998)."""
    # Redundancy only ever lowers a score, by no more than its weight: sentences further below cannot come in.
    order = sorted(range(len(ratings)), key=lambda i: (-ratings[i].score, i))
    vectors = vectors_of(stems_of)
    penalty = dict.fromkeys(order, 0.0)
    seen: set[str] = set()
    chosen: list[int] = []
    while len(chosen) < wanted:
        best: int | None = None
        best_value = -math.inf
        for index in order:
            if ratings[index].score <= best_value:
                break
            if index in chosen or _plain(given.quotation(index)) in seen:
                continue
            value = ratings[index].score - REDUNDANCY * penalty[index]
            if value > best_value:
                best, best_value = index, value
        if best is None:
            break
        chosen.append(best)
        seen.add(_plain(given.quotation(best)))
        for index in order[: 20 * wanted]:
            penalty[index] = max(penalty[index], cosine(vectors[index], vectors[best]))
    return chosen


def _plain(text: str) -> str:
    """What two sentences have in common when only marks, case and blanks tell them apart."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _context(given: SummaryInput, index: int) -> Sentence | None:
    """The sentence a bullet refers back to: the one before it, in its block or the block above."""
    if index == 0 or not refers_back(given.quotation(index)):
        return None
    previous, sentence = given.sentences[index - 1], given.sentences[index]
    return previous if sentence.block - previous.block <= 1 else None


# --- sumy -------------------------------------------------------------------------------------------


def rate_lex_rank(given: SummaryInput, stems_of: Sequence[Sequence[str]]) -> list[Rating]:
    """sumy's LexRank, the same order, from one matrix product (ranking.lex_rank)."""
    return [Rating(score, {"LexRank": score}) for score in lex_rank(stems_of)]


def rate_lead(given: SummaryInput, stems_of: Sequence[Sequence[str]]) -> list[Rating]:
    """The order of the text: the first sentences of a news text are hard to beat."""
    count = len(given.sentences)
    return [Rating(1 - index / count, {"position": 1 - index / count}) for index in range(count)]


def _sumy(name: str, load: Callable[[], type[Any]]) -> Summariser:
    """One of sumy's summarisers; its own ratings are kept instead of its choice."""

    def rate(given: SummaryInput, stems_of: Sequence[Sequence[str]]) -> list[Rating]:
        quotations = [given.quotation(i) for i in range(len(given.sentences))]
        model = document_model(quotations, given.language)
        summariser = load()(stemmer(given.language))
        if hasattr(type(summariser), "stop_words"):
            summariser.stop_words = stop_words(given.language)
        if name == "Edmundson":
            summariser.bonus_words = tuple(stems(given.title or "", given.language)) or ("-",)
            summariser.stigma_words = ("-",)
            summariser.null_words = tuple(stop_words(given.language)) or ("-",)
        kept: dict[int, float] = {}

        def keep(
            sentences: Sequence[Any], count: Any, rating: Any, *args: Any, **kwargs: Any
        ) -> tuple[Any, ...]:
            for index, sentence in enumerate(sentences):
                value = rating[sentence] if isinstance(rating, dict) else rating(sentence, *args, **kwargs)
                kept[index] = float(value)
            return tuple(sentences)

        summariser._get_best_sentences = keep
        summariser(model, len(quotations))
        return [Rating(kept.get(i, 0.0), {name: kept.get(i, 0.0)}) for i in range(len(quotations))]

    return rate


def _load_text_rank() -> type[Any]:
    from sumy.summarizers.text_rank import TextRankSummarizer

    return TextRankSummarizer  # type: ignore[no-any-return]  # sumy has no types


def _load_lsa() -> type[Any]:
    from sumy.summarizers.lsa import LsaSummarizer

    return LsaSummarizer  # type: ignore[no-any-return]  # sumy has no types


def _load_luhn() -> type[Any]:
    from sumy.summarizers.luhn import LuhnSummarizer

    return LuhnSummarizer  # type: ignore[no-any-return]  # sumy has no types


def _load_edmundson() -> type[Any]:
    from sumy.summarizers.edmundson import EdmundsonSummarizer

    return EdmundsonSummarizer  # type: ignore[no-any-return]  # sumy has no types


def _load_sum_basic() -> type[Any]:
    from sumy.summarizers.sum_basic import SumBasicSummarizer

    return SumBasicSummarizer  # type: ignore[no-any-return]  # sumy has no types


def _load_kl() -> type[Any]:
    from sumy.summarizers.kl import KLSummarizer

    return KLSummarizer  # type: ignore[no-any-return]  # sumy has no types


#: Every summariser by name. A new one is a function that rates sentences and a row here.
SUMMARISERS: dict[str, Summariser] = {
    "digest": rate_digest,
    "lead": rate_lead,
    "lex-rank": rate_lex_rank,
    "text-rank": _sumy("TextRank", _load_text_rank),
    "lsa": _sumy("LSA", _load_lsa),
    "luhn": _sumy("Luhn", _load_luhn),
    "edmundson": _sumy("Edmundson", _load_edmundson),
    "sum-basic": _sumy("SumBasic", _load_sum_basic),
    "kl": _sumy("KL", _load_kl),
}

__all__ = [
    "SUMMARISERS",
    "SUMY_LANGUAGES",
    "Rating",
    "SummaryInput",
    "choose_bullets",
    "refers_back",
]
