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
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from digestbot.analysis.bargaining import bargaining
from digestbot.analysis.cues import load_cues
from digestbot.analysis.ranking import directed_centrality, stems, vectors_of
from digestbot.analysis.words import lowered, word_set
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


#: What each feature of a sentence counts: in a text that is all bargain, in one that only reports.
#:
#: The first are those of a conditional choice (softmax over a document's sentences) of key sentences fitted
#: on 103 annotated documents, rounded; docs/analysis.md tells how it does on documents left out, and what is
#: lost without each. The second is what is known of ordinary news: directed centrality and the order of the
#: text (Zheng and Lapata 2019), tried on articles of our own.
WEIGHTS: Mapping[str, tuple[float, float]] = {
    "length": (2.0, 0.2),  # ln(words / 20), words held between SHORTEST and LONGEST
    "carries a condition": (2.2, 0.4),  # the strength of the strongest, about 1 for a plain one
    "words of bargaining": (1.2, 0.2),  # how likely its words make it a condition, 0 to 1
    "was announced": (1.6, 0.5),  # is one of the conditions that the text has said there are
    "follows conditions": (-1.0, 0.0),  # share of the RUN sentences before that carry one
    "first to name actors": (1.3, 0.0),  # exp(-n / 3), n sentences before having named an actor
    "position": (0.0, 0.6),  # exp(-n / 4), n sentences before
    "far behind": (-1.0, 0.0),  # how far behind the first sentences it stands, see LATE
    "headline": (1.5, 0.5),  # share of the headline's stems, six at most
    "what follows goes back to it": (0.2, 0.6),  # standard deviations of directed centrality
    "something is decided": (0.7, 0.0),
    "tells the day": (0.5, 0.0),
    "holds a figure": (0.3, 0.4),
    "names central actors": (0.0, 0.1),  # how many, three at most
    "opens with a quotation": (-0.5, -0.4),
    "is a question": (-1.0, -1.0),
    "speaks of I, we or you": (-0.2, -0.3),
}
#: Conditions of at least this strength and words of at least this likelihood make a text a bargain; the last
#: says how many sentences a report has of them in passing.
SETTING, SOUNDING, PASSING = 0.35, 0.65, 2
#: Share of sentences that set one, beyond those, from which on a text is all bargain.
BARGAIN_SHARE = 0.1

#: Actors of at least this share of the highest salience are central, the first six at most.
CENTRAL_SALIENCE = 0.35
#: Words between which length counts.
SHORTEST, LONGEST = 3, 40
#: Sentences behind this index count as ever later, over as many further ones as the second figure says.
LATE = (6, 20)
#: How many sentences before one are asked whether they carry conditions.
RUN = 3
#: Words from which on a sentence that names an actor tells news rather than sets a scene.
TELLING = 10
#: What a demand and a consequence count of a precondition, an offer or a threat.
DEMAND, CONSEQUENCE = 0.7, 0.3
#: The cue's confidence at which a condition counts in full; surer ones count for more.
SURE = 0.8
#: How much of a condition's strength lies in who sets it, and how much in how fully it is spelt out.
BY_HOLDER, BY_LENGTH = 0.3, 0.3
#: Words from which on a condition is fully spelt out.
SPELT_OUT = 12

#: Types that may be spoken of as somebody's conditions.
_SET = frozenset({ConditionType.DEMAND, ConditionType.PRECONDITION})
_WE_AND_YOU = word_set("i we me us you my our your")
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
_DECIDES = word_set(
    "agreed agrees agreement agreements accord accords deal deals signed accepted approved ratified endorsed "
    "treaty pact truce ceasefire decided decision ruled ruling voted ordered announced declared launched "
    "suspended closed shut reopened imposed withdrew arrested sentenced elected sworn"
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan\.|feb\.|aug\.|sept\.|oct\.|nov\.|dec\.)"
)
_DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday today yesterday tonight")
_DAY = re.compile(
    r"\bthis (?:week|morning|afternoon|evening)\b"
    rf"|\b{_MONTH} \d{{1,2}}\b|\b\d{{1,2}} {_MONTH}(?!\w)"
)
#: One of these stands in what that finds.
_OF_DAYS = word_set(
    "this january february march april may june july august september october november december jan feb aug "
    "sept oct nov dec"
)
_WORD = re.compile(r"\w+")
_STATES = re.compile(r"[:;]|\b(?:including|namely|such as|among them|that|to)\b")


def rate_digest(given: SummaryInput, stems_of: Sequence[Sequence[str]]) -> list[Rating]:
    """Our summariser; see the module's docstring and WEIGHTS."""
    features = _features(given, stems_of)
    share = _bargain_share(features)
    weights = {name: share * bargain + (1 - share) * report for name, (bargain, report) in WEIGHTS.items()}
    ratings = []
    for values in features:
        parts = {name: weights[name] * value for name, value in values.items()}
        ratings.append(Rating(sum(parts.values()), parts))
    return ratings


def _bargain_share(features: Sequence[Mapping[str, float]]) -> float:
    """How much of a bargain a text is, 0 to 1, by the share of its sentences that set a condition."""
    setting = sum(
        values["carries a condition"] >= SETTING or values["words of bargaining"] >= SOUNDING
        for values in features
    )
    return min(1.0, max(0, setting - PASSING) / (BARGAIN_SHARE * len(features)))


def _features(given: SummaryInput, stems_of: Sequence[Sequence[str]]) -> list[dict[str, float]]:
    """What WEIGHTS weighs, by name, for each sentence."""
    strengths = _strengths(given)
    announced = _announced(given)
    directed = _standardise(directed_centrality(vectors_of(stems_of)))
    headline = set(stems(given.title or "", given.language))
    named, central = _actors_by_sentence(given)
    after, over = LATE
    telling = 0
    features = []
    for index in range(len(given.sentences)):
        quotation = given.quotation(index)
        low = lowered(quotation)
        words = len(quotation.split())
        different = set(_WORD.findall(low))
        before = range(max(0, index - RUN), index)
        shared = len(headline & set(stems_of[index])) / min(6, len(headline)) if headline else 0.0
        features.append(
            {
                "length": math.log(min(LONGEST, max(SHORTEST, words)) / 20),
                "carries a condition": strengths.get(index, 0.0),
                "words of bargaining": bargaining(quotation),
                "was announced": index in announced,
                "follows conditions": sum(i in strengths for i in before) / RUN,
                "first to name actors": math.exp(-telling / 3),
                "position": math.exp(-index / 4),
                "far behind": min(1.0, max(0.0, (index - after) / over)),
                "headline": min(1.0, shared),
                "what follows goes back to it": directed[index],
                "something is decided": not _DECIDES.isdisjoint(different),
                "tells the day": _tells_day(low, different),
                "holds a figure": _FIGURE.search(quotation) is not None,
                "names central actors": min(central.get(index, 0), 3),
                "opens with a quotation": quotation[:1] in '"“‘«',
                "is a question": quotation.rstrip('"”’»)').endswith("?"),
                "speaks of I, we or you": not _WE_AND_YOU.isdisjoint(different) and _addresses(quotation),
            }
        )
        telling += words >= TELLING and (index in named or not given.actors)
    return features


def _tells_day(low: str, words: Set[str]) -> bool:
    """Whether a sentence in lower case tells a day; `words`: those it holds."""
    if not _DAYS.isdisjoint(words):
        return True
    return not _OF_DAYS.isdisjoint(words) and _DAY.search(low) is not None


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


def _told(given: SummaryInput) -> Iterator[tuple[int, Condition]]:
    """The conditions, each with the index of the sentence it stands in."""
    starts = {sentence.start: index for index, sentence in enumerate(given.sentences)}
    for condition in given.conditions:
        index = starts.get(condition.sentence_start)
        if index is not None:
            yield index, condition


def _strengths(given: SummaryInput) -> dict[int, float]:
    """How strong a sentence's strongest condition is, by the sentence's index; about 1 for a plain one."""
    cues = load_cues().by_id
    most = max((actor.salience for actor in given.actors), default=0.0) or 1.0
    salience = {actor.name: actor.salience / most for actor in given.actors}
    strengths: dict[int, float] = {}
    for index, condition in _told(given):
        cue = cues.get(condition.cue)
        spelt_out = min(1.0, len(condition.text.split()) / SPELT_OUT)
        strength = _type_counts(condition.type) * (cue.confidence / SURE if cue else 1.0)
        strength *= 1 - BY_HOLDER * (1 - salience.get(condition.holder or "", 0.0))
        strength *= 1 - BY_LENGTH * (1 - spelt_out)
        if announces(given.quotation(index)):
            strength = 0.0
        strengths[index] = max(strengths.get(index, 0.0), strength)
    return strengths


def _announced(given: SummaryInput) -> set[int]:
    """The sentences that tell conditions of whose holder the text has said before that there are some."""
    whose: set[str] = set()
    found: set[int] = set()
    for index, condition in sorted(_told(given), key=lambda told: told[1].start):
        if condition.holder is None or condition.type not in _SET:
            continue
        if announces(given.quotation(index)):
            whose.add(condition.holder)
        elif condition.holder in whose:
            found.add(index)
    return found


def _type_counts(kind: ConditionType) -> float:
    if kind is ConditionType.CONSEQUENCE:
        return CONSEQUENCE
    return DEMAND if kind is ConditionType.DEMAND else 1.0


def _actors_by_sentence(given: SummaryInput) -> tuple[set[int], dict[int, int]]:
    """The sentences that name an actor, and how many of the central actors each names."""
    most = max((actor.salience for actor in given.actors), default=0.0)
    central = {a.key for a in [a for a in given.actors if a.salience >= CENTRAL_SALIENCE * most][:6]}
    sentences = given.sentences
    named: set[int] = set()
    counts: dict[int, int] = {}
    starts = [sentence.start for sentence in sentences]
    for actor in given.actors:
        held = set()
        for mention in actor.mentions:
            index = bisect_right(starts, mention.start) - 1
            if index >= 0 and mention.start < sentences[index].end:
                held.add(index)
        named |= held
        if actor.key in central:
            for index in held:
                counts[index] = counts.get(index, 0) + 1
    return named, counts
