"""Why each bullet, actor and condition of an analysis is there: rule, cue, score."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from digestbot.analysis.cues import load_cues
from digestbot.model import Actor, Analysis, Bullet, Condition, ExtractedText


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one finding is there.

    `subject`: the finding, quoted from the text (an actor's name for an actor). `start`/`end`: its first
    place
    in the text. `reasons`: one phrase each, the most telling first.
    """

    kind: Literal["bullet", "actor", "condition"]
    subject: str
    start: int
    end: int
    score: float | None
    reasons: tuple[str, ...]


def explain(extracted: ExtractedText, analysis: Analysis) -> list[Explanation]:
    """One explanation for each bullet (by rank), actor (by salience) and condition (in order of the text)."""
    return [
        *(_bullet(extracted.text, bullet) for bullet in analysis.bullets),
        *(_actor(actor) for actor in analysis.actors),
        *(_condition(condition) for condition in analysis.conditions),
    ]


def _bullet(text: str, bullet: Bullet) -> Explanation:
    reasons = list(bullet.reasons)
    if bullet.context_start is not None and bullet.context_end is not None:
        reasons.append(f"refers back to: {text[bullet.context_start : bullet.context_end]}")
    return Explanation("bullet", bullet.text, bullet.start, bullet.end, bullet.score, tuple(reasons))


def _actor(actor: Actor) -> Explanation:
    rules = Counter(mention.rule for mention in actor.mentions if mention.rule)
    reasons = [f"{rule}: {count} of {len(actor.mentions)} mentions" for rule, count in rules.most_common()]
    if actor.lexicon_id:
        reasons.append(f"in the lexicon as {actor.lexicon_id}")
    if actor.country:
        reasons.append(f"country {actor.country}: {actor.country_rule or 'not noted'}")
    first = actor.mentions[0] if actor.mentions else None
    return Explanation(
        "actor",
        actor.name,
        first.start if first else 0,
        first.end if first else 0,
        actor.salience,
        tuple(reasons),
    )


def _condition(condition: Condition) -> Explanation:
    cue = load_cues().by_id.get(condition.cue)
    reasons = [f"cue: {condition.cue}" + (f" ({cue.family})" if cue else "")]
    if condition.rule:
        reasons.append(f"rule: {condition.rule}")
    if condition.holder:
        reasons.append(f"set by {condition.holder}")
    if condition.addressee:
        reasons.append(f"put to {condition.addressee}")
    if condition.speaker:
        reasons.append(f"said by {condition.speaker}")
    return Explanation(
        "condition",
        condition.text,
        condition.start,
        condition.end,
        cue.confidence if cue else None,
        tuple(reasons),
    )
