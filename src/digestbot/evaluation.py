"""`digestbot evaluate`: how far analyses agree with annotated documents.

Figures are micro-averages over all documents. An actor is right if it shares its name or a mention with an
annotated actor nobody else was matched with (a second one for the same is wrong; `optional` names count
neither way). Conditions are matched by sentence; within matched sentences annotated and found ones are paired
one to one, and a field counts as right in its share of the pairs, one too many or too few being wrong.
Bullets (five at most) are right if they are key sentences; ROUGE compares their words with those of the key
sentences.
A leak is a bullet, actor or condition taken from what is annotated as no part of the article.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digestbot.errors import DocumentError
from digestbot.model import Actor, Analysis, Condition

#: Bullets and key sentences compared at most.
BULLETS = 5
#: Ranks among which a central actor must be found.
CENTRAL_RANKS = 6
FIELDS = ("type", "domain", "holder", "addressee")


@dataclass(frozen=True, slots=True)
class GoldActor:
    """An annotated actor; `forms` are its name and mentions as compared."""

    name: str
    kind: str
    country: str | None
    central: bool
    forms: frozenset[str]


@dataclass(frozen=True, slots=True)
class GoldCondition:
    """An annotated condition."""

    sentence: str
    type: str
    domain: str
    holder: str | None
    addressee: str | None


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """An annotated document; the format is described in tests/quality/documents/README.md."""

    id: str
    text: str
    boilerplate: tuple[str, ...]
    headings: tuple[str, ...]
    key_sentences: tuple[str, ...]
    actors: tuple[GoldActor, ...]
    optional: frozenset[str]
    conditions: tuple[GoldCondition, ...]


@dataclass(slots=True)
class Figures:
    """Counts, the figures that follow from them, and one line for each miss and false find."""

    counts: Counter[str] = field(default_factory=Counter)
    rouge_1: list[float] = field(default_factory=list)
    rouge_2: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def share(self, part: str, whole: str) -> float:
        return self.counts[part] / self.counts[whole] if self.counts[whole] else 0.0

    def score(self, what: str) -> tuple[float, float, float]:
        """Precision, recall and F1 of `actor` or `condition`."""
        right, wrong, missed = (self.counts[f"{what}_{kind}"] for kind in ("right", "wrong", "missed"))
        precision = right / (right + wrong) if right + wrong else 0.0
        recall = right / (right + missed) if right + missed else 0.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0

    def as_dict(self) -> dict[str, float]:
        """All figures by name, shares between 0 and 1, counts as they are."""
        figures: dict[str, float] = {
            "documents": self.counts["documents"],
            "without_analysis": self.counts["without_analysis"],
        }
        for what in ("actor", "condition"):
            names = (f"{what}_precision", f"{what}_recall", f"{what}_f1")
            figures.update(zip(names, self.score(what), strict=True))
        figures["actor_split"] = self.counts["actor_split"]
        figures["actor_kind"] = self.share("kind_right", "actor_right")
        figures["actor_country"] = self.share("country_right", "actor_right")
        figures["central_at_6"] = self.share("central_found", "central")
        figures.update({f"condition_{name}": self.share(f"{name}_right", "pairs") for name in FIELDS})
        figures["bullet_precision"] = self.share("bullet_right", "bullets")
        figures["bullet_recall"] = self.share("key_found", "keys")
        figures["rouge_1"] = sum(self.rouge_1) / max(1, len(self.rouge_1))
        figures["rouge_2"] = sum(self.rouge_2) / max(1, len(self.rouge_2))
        figures.update({f"leaks_{what}": self.counts[f"leaks_{what}"] for what in LEAKING})
        return figures

    def as_json(self) -> str:
        return json.dumps({name: round(value, 4) for name, value in self.as_dict().items()}, indent=2)

    def as_text(self) -> str:
        f = self.as_dict()
        return "\n".join(
            (
                f"documents   {f['documents']:.0f} (without an analysis {f['without_analysis']:.0f})",
                f"actors      P {f['actor_precision']:.3f}  R {f['actor_recall']:.3f}  F1 {f['actor_f1']:.3f}"
                f"  split {f['actor_split']:.0f}  kind {f['actor_kind']:.3f}"
                f"  country {f['actor_country']:.3f}"
                f"  central among the first {CENTRAL_RANKS} {f['central_at_6']:.3f}",
                f"conditions  P {f['condition_precision']:.3f}  R {f['condition_recall']:.3f}"
                f"  F1 {f['condition_f1']:.3f}  "
                + "  ".join(f"{name} {f[f'condition_{name}']:.3f}" for name in FIELDS),
                f"bullets     P {f['bullet_precision']:.3f}  R {f['bullet_recall']:.3f}"
                f"  rouge-1 {f['rouge_1']:.3f}  rouge-2 {f['rouge_2']:.3f}",
                "leaks       " + "  ".join(f"{what} {f[f'leaks_{what}']:.0f}" for what in LEAKING),
            )
        )


LEAKING = ("bullets", "actors", "conditions")


def load_gold(folder: Path) -> list[GoldDocument]:
    """The annotated documents of a folder, by file name; DocumentError where one is not in the format."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise DocumentError(f"No annotated documents (*.json) in {folder}.", code="missing")
    return [_load(path) for path in paths]


def _load(path: Path) -> GoldDocument:
    try:
        return parse_gold(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        message = f"{path} is no annotated document: {type(error).__name__}: {error}"
        raise DocumentError(message, code="broken") from error


def parse_gold(raw: Mapping[str, Any]) -> GoldDocument:
    """An annotated document from its JSON object; KeyError or TypeError where a field is missing."""
    return GoldDocument(
        id=raw["id"],
        text=raw["text"],
        boilerplate=tuple(raw["boilerplate"]),
        headings=tuple(raw["headings"]),
        key_sentences=tuple(raw["key_sentences"]),
        actors=tuple(
            GoldActor(
                a["name"],
                a["kind"],
                a.get("country"),
                bool(a["central"]),
                frozenset(comparable_name(form) for form in (a["name"], *a["mentions"])),
            )
            for a in raw["actors"]
        ),
        optional=frozenset(comparable_name(name) for name in raw["optional"]),
        conditions=tuple(
            GoldCondition(c["sentence"], c["type"], c["domain"], c.get("holder"), c.get("addressee"))
            for c in raw["conditions"]
        ),
    )


def evaluate(documents: Iterable[GoldDocument], analyses: Mapping[str, Analysis]) -> Figures:
    """Compare each document with its analysis (by the document's id); a missing analysis found nothing."""
    figures = Figures()
    for document in documents:
        figures.counts["documents"] += 1
        analysis = analyses.get(document.id)
        if analysis is None:
            figures.counts["without_analysis"] += 1
        furniture = [comparable(quote) for quote in document.boilerplate]
        _compare_actors(document, analysis.actors if analysis else (), furniture, figures)
        _compare_conditions(document, analysis.conditions if analysis else (), furniture, figures)
        _compare_bullets(document, [b.text for b in analysis.bullets] if analysis else [], furniture, figures)
    return figures


def _compare_actors(
    document: GoldDocument, actors: Sequence[Actor], furniture: Sequence[str], figures: Figures
) -> None:
    counts = figures.counts
    rank_of: dict[int, int] = {}
    for rank, actor in enumerate(actors):
        forms = {comparable_name(text) for text in (actor.name, *(m.text for m in actor.mentions))}
        matching = [i for i, gold in enumerate(document.actors) if gold.forms & forms]
        free = [i for i in matching if i not in rank_of]
        if free:
            gold = document.actors[free[0]]
            rank_of[free[0]] = rank
            counts["actor_right"] += 1
            counts["kind_right"] += actor.kind == gold.kind
            counts["country_right"] += actor.country == gold.country
            if actor.kind != gold.kind or actor.country != gold.country:
                figures.errors.append(
                    f"{document.id}: actor {actor.name}: {actor.kind} {actor.country},"
                    f" should be {gold.kind} {gold.country}"
                )
        elif not forms & document.optional:
            counts["actor_wrong"] += 1
            counts["actor_split"] += bool(matching)
            counts["leaks_actors"] += any(comparable_name(actor.name) in quote for quote in furniture)
            figures.errors.append(f"{document.id}: actor {'split' if matching else 'wrong'}: {actor.name}")
    for index, gold in enumerate(document.actors):
        if index not in rank_of:
            counts["actor_missed"] += 1
            figures.errors.append(f"{document.id}: actor missed: {gold.name}")
        counts["central"] += gold.central
        counts["central_found"] += gold.central and rank_of.get(index, CENTRAL_RANKS) < CENTRAL_RANKS


def _compare_conditions(
    document: GoldDocument, conditions: Sequence[Condition], furniture: Sequence[str], figures: Figures
) -> None:
    counts = figures.counts
    wanted: dict[str, list[GoldCondition]] = {}
    for gold in document.conditions:
        wanted.setdefault(gold.sentence, []).append(gold)
    matched: set[str] = set()
    wrong: list[str] = []
    for found in conditions:
        sentence = next((s for s in wanted if same_sentence(found.sentence, s)), None)
        if sentence is not None:
            matched.add(sentence)
            continue
        if not any(same_sentence(found.sentence, other) for other in wrong):
            wrong.append(found.sentence)
            counts["condition_wrong"] += 1
            figures.errors.append(f"{document.id}: condition wrong ({found.cue}): {found.sentence[:150]}")
        said = comparable(found.sentence)
        counts["leaks_conditions"] += any(len(q) > 20 and (said in q or q in said) for q in furniture)
    for sentence, golds in wanted.items():
        if sentence not in matched:
            counts["condition_missed"] += 1
            figures.errors.append(f"{document.id}: condition missed ({golds[0].type}): {sentence[:150]}")
            continue
        counts["condition_right"] += 1
        _pair(document, golds, [c for c in conditions if same_sentence(c.sentence, sentence)], figures)


def _pair(
    document: GoldDocument, golds: Sequence[GoldCondition], found: list[Condition], figures: Figures
) -> None:
    """Pair annotated conditions of a sentence with found ones, each with the most like it still free."""
    figures.counts["pairs"] += max(len(golds), len(found))
    for gold in golds:
        if not found:
            return
        agreements = [_agreement(document, gold, condition) for condition in found]
        best = max(range(len(found)), key=lambda i: sum(agreements[i].values()))
        figures.counts.update({f"{name}_right": int(right) for name, right in agreements[best].items()})
        amiss = [name for name, right in agreements[best].items() if not right]
        if amiss:
            condition = found[best]
            said = "; ".join(f"{n} {getattr(condition, n)}, should be {getattr(gold, n)}" for n in amiss)
            figures.errors.append(f"{document.id}: condition field: {said}: {gold.sentence[:100]}")
        del found[best]


def _agreement(document: GoldDocument, gold: GoldCondition, found: Condition) -> dict[str, bool]:
    def party(name: str | None, wanted: str | None) -> bool:
        if not name:
            return wanted is None
        return any(a.name == wanted and comparable_name(name) in a.forms for a in document.actors)

    return {
        "type": found.type == gold.type,
        "domain": found.domain == gold.domain,
        "holder": party(found.holder, gold.holder),
        "addressee": party(found.addressee, gold.addressee),
    }


def _compare_bullets(
    document: GoldDocument, bullets: Sequence[str], furniture: Sequence[str], figures: Figures
) -> None:
    counts = figures.counts
    shown, keys = bullets[:BULLETS], document.key_sentences
    counts["bullets"] += len(shown)
    counts["keys"] += len(keys)
    counts["key_found"] += sum(any(same_sentence(b, key) for b in shown) for key in keys)
    for bullet in shown:
        right = any(same_sentence(bullet, key) for key in keys)
        counts["bullet_right"] += right
        if not right:
            figures.errors.append(f"{document.id}: bullet is no key sentence: {bullet[:150]}")
        said = comparable(bullet)
        heading = any(same_sentence(bullet, h) for h in document.headings)
        if heading or any(said in quote or (len(quote) > 15 and quote in said) for quote in furniture):
            counts["leaks_bullets"] += 1
            figures.errors.append(
                f"{document.id}: bullet {'is a heading' if heading else 'from boilerplate'}: {bullet[:100]}"
            )
    for key in keys:
        if not any(same_sentence(b, key) for b in shown):
            figures.errors.append(f"{document.id}: key sentence missed: {key[:150]}")
    figures.rouge_1.append(rouge(shown, keys[:BULLETS], 1))
    figures.rouge_2.append(rouge(shown, keys[:BULLETS], 2))


def comparable(text: str) -> str:
    """Words in lower case without possessive endings: what two quotations are compared by."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    return " ".join(re.findall(r"[\w'-]+", re.sub(r"'s\b", "", plain)))


def comparable_name(text: str) -> str:
    """A name as compared: without an article before it."""
    return re.sub(r"^(?:the|a|an) ", "", comparable(text))


def same_sentence(a: str, b: str) -> bool:
    """Whether two quotations are one sentence: one holds the other, or they share 70% of words."""
    first, second = comparable(a), comparable(b)
    if not first or not second:
        return False
    shorter, longer = sorted((first, second), key=len)
    if shorter in longer and len(shorter) > 0.5 * len(longer):
        return True
    words, others = set(first.split()), set(second.split())
    return len(words & others) >= 0.7 * len(words | others)


def rouge(found: Iterable[str], reference: Iterable[str], n: int) -> float:
    """ROUGE-n F1 (Lin 2004) between two lists of sentences, each taken as one text."""

    def grams(sentences: Iterable[str]) -> Counter[tuple[str, ...]]:
        words = " ".join(comparable(sentence) for sentence in sentences).split()
        return Counter(zip(*(words[i:] for i in range(n)), strict=False))

    ours, theirs = grams(found), grams(reference)
    if not ours or not theirs:
        return 0.0
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())
