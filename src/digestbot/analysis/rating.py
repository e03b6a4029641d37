"""How much a sentence deserves to be a bullet: what "digest" adds up, and how it weighs it.

    sentences, words of bargaining, actors, conditions ──► features of each sentence ──► weighed as a bargain,
    as a report, or between the two ──► rating with its reasons

A text that ties its parties to something is read for that; a text that ties nobody to anything is a report,
and there the order of the text is the best guide. Between the two the weights are mixed. Every part is shown
as a reason of the bullet; docs/analysis.md tells what each was measured to contribute.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from digestbot.analysis.bargaining import bargaining
from digestbot.analysis.cues import load_cues
from digestbot.analysis.ranking import centrality, directed_centrality, stems, vectors_of
from digestbot.analysis.words import lowered
from digestbot.model import Actor, Condition, ConditionType, Sentence


@dataclass(frozen=True, slots=True)
class SummaryInput:
    """What a summariser is given: sentences in order of the text, and what is known of them."""

    text: str
    sentences: Sequence[Sentence]
    language: str = "en"
    title: str | None = None
    actors: Sequence[Actor] = ()
    conditions: Sequence[Condition] = ()

    def quotation(self, index: int) -> str:
        sentence = self.sentences[index]
        return self.text[sentence.start : sentence.end]


@dataclass(frozen=True, slots=True)
class Rating:
    """How much a sentence deserves to be a bullet, and the parts that sum makes it up of."""

    score: float
    parts: Mapping[str, float] = field(default_factory=dict)

    def reasons(self) -> tuple[str, ...]:
        """The parts that count, the largest first, as "name +1.20"."""
        weighty = sorted(self.parts.items(), key=lambda part: -abs(part[1]))
        return tuple(f"{name} {value:+.2f}" for name, value in weighty if abs(value) >= 0.05)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature of a sentence counts."""

    directed: float  # a standard deviation of directed centrality over the document
    central: float  # a standard deviation of the share in the text's words
    opening: float  # times exp(-index / 2) or exp(-index / 4), see _features
    lead: float
    late: float  # times how far behind the first sentences it stands, see LATE
    length: float  # times ln(words / 20), words held between SHORTEST and LONGEST
    headline: float  # times the share of the headline's stems, six at most
    condition: float  # times the strength of the strongest condition carried, or what its words promise
    actor: float  # for each central actor named, three at most
    figure: float  # for holding a figure
    quotation: float  # for opening with a quotation mark
    question: float
    addressed: float  # for speaking of I, we or you

    def mixed(self, other: Weights, share: float) -> Weights:
        """These weights by `share`, between 0 and 1, the other's by the rest."""
        return Weights(
            **{
                f.name: share * getattr(self, f.name) + (1 - share) * getattr(other, f.name)
                for f in fields(self)
            }
        )


#: A logistic regression of key sentences on 85 annotated documents, rounded, with two conditions in five left
#: out at random so that what the cues miss does not decide; see docs/analysis.md for the cross-validation.
BARGAIN = Weights(
    directed=0.0,
    central=0.4,
    opening=1.0,
    lead=0.5,
    late=-1.4,
    length=2.4,
    headline=1.5,
    condition=2.6,
    actor=0.05,
    figure=0.3,
    quotation=0.0,
    question=-1.0,
    addressed=-0.4,
)
#: What is known of ordinary news: directed centrality and the order of the text (Zheng and Lapata 2019);
#: tried on articles of our own.
REPORT = Weights(
    directed=0.6,
    central=0.0,
    opening=0.0,
    lead=0.6,
    late=0.0,
    length=0.2,
    headline=0.5,
    condition=0.4,
    actor=0.1,
    figure=0.4,
    quotation=-0.4,
    question=-1.0,
    addressed=-0.3,
)
#: Sentences of at least this strength set a condition; the second says how many a report has in passing.
SETTING, PASSING = 0.4, 2
#: Share of sentences that set one, beyond those, from which on a text is all bargain.
BARGAIN_SHARE = 0.1
#: What the words of a sentence count where they all speak of a bargain and no cue has found a condition.
BY_WORDS = 0.6

#: Actors of at least this share of the highest salience are central, the first six at most.
CENTRAL_SALIENCE = 0.35
#: Words between which length counts.
SHORTEST, LONGEST = 3, 40
#: Sentences behind this index count as ever later, over as many further ones as the second figure says.
LATE = (6, 20)
#: What a demand counts of a precondition, an offer or a threat; a consequence counts nothing.
DEMAND = 0.9
#: The cue's confidence at which a condition counts in full; surer ones count for more.
SURE = 0.8
#: How much of a condition's strength lies in who sets it, and how much in how fully it is spelt out.
BY_HOLDER, BY_LENGTH = 0.3, 0.3
#: Words from which on a condition is fully spelt out.
SPELT_OUT = 12

_ADDRESSED = re.compile(r"\b(?:I|[Ww]e|[Mm]e|[Uu]s|[Yy]ou|[Mm]y|[Oo]ur|[Yy]our)\b(?!\.)")
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]?|«[^»]*»?")
_FIGURE = re.compile(r"\d")
# In lower case, as sentences are before they are searched.
# "subject to a set of economic conditions", "has three demands": that there are some, not which.
_ANNOUNCES = re.compile(
    r"\b(?:set|list|number|series|string|range|raft) of (?:[\w-]+,? ){0,6}?"
    r"(?:conditions|preconditions|demands|terms|requirements)\b"
    r"|\b(?:several|some|certain|various|many|two|three|four|five|six) (?:[\w-]+ ){0,2}?"
    r"(?:conditions|preconditions|demands)\b",
)
#: What that needs besides "condition".
_ANNOUNCED = ("demands", "terms", "requirements")
_STATES = re.compile(r"[:;]|\b(?:including|namely|such as|among them|that|to)\b")


def rate_digest(given: SummaryInput, stems_of: Sequence[Sequence[str]]) -> list[Rating]:
    """Our summariser; see the module's docstring and Weights."""
    strengths = _strengths(given)
    carried = [
        _carried(given.quotation(index), strengths.get(index)) for index in range(len(given.sentences))
    ]
    setting = sum(strength >= SETTING for strength, _ in carried)
    share = min(1.0, max(0, setting - PASSING) / (BARGAIN_SHARE * len(given.sentences)))
    weights = BARGAIN.mixed(REPORT, share)
    vectors = vectors_of(stems_of)
    directed = _standardise(directed_centrality(vectors))
    central = _standardise(centrality(vectors))
    headline = set(stems(given.title or "", given.language))
    named = _central_actors_by_sentence(given)
    ratings = []
    for index in range(len(given.sentences)):
        quotation = given.quotation(index)
        words = min(LONGEST, max(SHORTEST, len(quotation.split())))
        shared = len(headline & set(stems_of[index])) / min(6, len(headline)) if headline else 0.0
        after, over = LATE
        parts = {
            "what follows goes back to it": weights.directed * directed[index],
            "shares the text's words": weights.central * central[index],
            "position": weights.opening * math.exp(-index / 2)
            + weights.lead * math.exp(-index / 4)
            + weights.late * min(1.0, max(0.0, (index - after) / over)),
            "length": weights.length * math.log(words / 20),
            "headline": weights.headline * min(1.0, shared),
            carried[index][1]: weights.condition * carried[index][0],
            "names central actors": weights.actor * min(named.get(index, 0), 3),
            "holds a figure": weights.figure * bool(_FIGURE.search(quotation)),
            "opens with a quotation": weights.quotation * (quotation[:1] in '"“‘«'),
            "is a question": weights.question * quotation.rstrip('"”’»)').endswith("?"),
            "speaks of I, we or you": weights.addressed * _addresses(quotation),
        }
        ratings.append(Rating(sum(parts.values()), parts))
    return ratings


def _addresses(quotation: str) -> bool:
    """Whether a sentence speaks of I, we or you outside its quotations."""
    if any(mark in quotation for mark in '"“«'):
        quotation = _QUOTED.sub("", quotation)
    return _ADDRESSED.search(quotation) is not None


def _standardise(values: Sequence[float]) -> list[float]:
    """Values as standard deviations from their mean."""
    mean = math.fsum(values) / len(values)
    deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / len(values))
    return [(v - mean) / deviation if deviation > 1e-12 else 0.0 for v in values]


def announces(sentence: str) -> bool:
    """Whether a sentence says that there are conditions and not which ("a set of political conditions")."""
    low = lowered(sentence)
    if "condition" not in low and not any(word in low for word in _ANNOUNCED):
        return False
    match = _ANNOUNCES.search(low)
    return match is not None and not _STATES.search(sentence, match.end())


def _carried(quotation: str, strengths: Sequence[float] | None) -> tuple[float, str]:
    """How strong a condition a sentence carries, by its cues or else by its words, and which of the two."""
    found = max(strengths or (0.0,))
    foretells = bool(strengths) and not found  # nothing but a consequence: the cues have told so
    if found >= BY_WORDS or foretells or announces(quotation):
        return found, "carries a condition"
    by_words = BY_WORDS * bargaining(quotation)
    return (found, "carries a condition") if found >= by_words else (by_words, "words of bargaining")


def _strengths(given: SummaryInput) -> dict[int, list[float]]:
    """How strong each condition of a sentence is, by the sentence's index; about 1 for a plain one."""
    starts = {sentence.start: index for index, sentence in enumerate(given.sentences)}
    cues = load_cues().by_id
    most = max((actor.salience for actor in given.actors), default=0.0) or 1.0
    salience = {actor.name: actor.salience / most for actor in given.actors}
    strengths: dict[int, list[float]] = {}
    for condition in given.conditions:
        index = starts.get(condition.sentence_start)
        if index is None:
            continue
        cue = cues.get(condition.cue)
        spelt_out = min(1.0, len(condition.text.split()) / SPELT_OUT)
        strength = _type_counts(condition.type) * (cue.confidence / SURE if cue else 1.0)
        strength *= 1 - BY_HOLDER * (1 - salience.get(condition.holder or "", 0.0))
        strength *= 1 - BY_LENGTH * (1 - spelt_out)
        if announces(given.quotation(index)):
            strength = 0.0
        strengths.setdefault(index, []).append(strength)
    return strengths


def _type_counts(kind: ConditionType) -> float:
    if kind is ConditionType.CONSEQUENCE:
        return 0.0
    return DEMAND if kind is ConditionType.DEMAND else 1.0


def _central_actors_by_sentence(given: SummaryInput) -> dict[int, int]:
    """How many of the central actors each sentence names."""
    most = max((actor.salience for actor in given.actors), default=0.0)
    central = [a for a in given.actors if a.salience >= CENTRAL_SALIENCE * most][:6]
    counts: dict[int, int] = {}
    for actor in central:
        starts = sorted(mention.start for mention in actor.mentions)
        position = 0
        for index, sentence in enumerate(given.sentences):
            while position < len(starts) and starts[position] < sentence.start:
                position += 1
            if position < len(starts) and starts[position] < sentence.end:
                counts[index] = counts.get(index, 0) + 1
    return counts
