"""What was found in a document, as JSON and back: for the database and between processes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import PurePath
from typing import Any

from digestbot.model import (
    CONTENT_LABELS,
    Actor,
    ActorKind,
    Analysis,
    Block,
    BlockLabel,
    Bullet,
    Condition,
    ConditionType,
    Domain,
    ExtractedText,
    Findings,
    FoundDocument,
    Mention,
    Sentence,
    StoredDocument,
    Tie,
)

Json = Mapping[str, Any]


def counted(document: StoredDocument) -> Findings:
    """What a document holds, in numbers; as the store counts it over many."""
    keys = {actor.name: actor.key for actor in document.analysis.actors}
    return Findings(
        document.published,
        {actor.key: actor.name for actor in document.analysis.actors},
        tuple(
            Tie(keys.get(one.holder or ""), keys.get(one.addressee or ""), one.type, one.domain)
            for one in document.analysis.conditions
        ),
    )


def analysis_to_json(analysis: Analysis) -> dict[str, Any]:
    """Plain lists, strings and numbers; `analysis_from_json` gives an equal Analysis back."""
    return {
        "analyser": analysis.analyser,
        "language": analysis.language,
        "title": analysis.title,
        "blocks": [[block.start, block.end, block.label.value] for block in analysis.blocks],
        "sentences": [[one.start, one.end, one.block] for one in analysis.sentences],
        "bullets": [asdict(bullet) for bullet in analysis.bullets],
        "actors": [_actor_to_json(actor) for actor in analysis.actors],
        "conditions": [asdict(condition) for condition in analysis.conditions],
    }


def analysis_from_json(found: Json) -> Analysis:
    """Raises KeyError, TypeError or ValueError for anything `analysis_to_json` did not write."""
    return Analysis(
        analyser=found["analyser"],
        language=found["language"],
        title=found["title"],
        blocks=tuple(Block(start, end, BlockLabel(label)) for start, end, label in found["blocks"]),
        sentences=tuple(Sentence(start, end, block) for start, end, block in found["sentences"]),
        bullets=tuple(Bullet(**{**one, "reasons": tuple(one["reasons"])}) for one in found["bullets"]),
        actors=tuple(_actor_from_json(one) for one in found["actors"]),
        conditions=tuple(condition_from_json(one) for one in found["conditions"]),
    )


def condition_from_json(found: Json) -> Condition:
    """One condition as `analysis_to_json` writes it."""
    return Condition(**{**found, "type": ConditionType(found["type"]), "domain": Domain(found["domain"])})


def _actor_to_json(actor: Actor) -> dict[str, Any]:
    return {
        "key": actor.key,
        "name": actor.name,
        "kind": actor.kind.value,
        "country": actor.country,
        "sector": actor.sector,
        "role": actor.role,
        "salience": actor.salience,
        "mentions": [[one.text, one.start, one.end, one.rule] for one in actor.mentions],
        "lexicon_id": actor.lexicon_id,
        "country_rule": actor.country_rule,
        "country_weighed": actor.country_weighed,
    }


def _actor_from_json(found: Json) -> Actor:
    return Actor(
        **{
            **found,
            "kind": ActorKind(found["kind"]),
            "mentions": tuple(Mention(*mention) for mention in found["mentions"]),
        }
    )


def extracted_to_json(extracted: ExtractedText) -> dict[str, Any]:
    """Text and metadata; times in ISO 8601."""
    written = asdict(extracted)
    written["published"] = extracted.published.isoformat() if extracted.published else None
    return written


def extracted_from_json(found: Json) -> ExtractedText:
    """The inverse of `extracted_to_json`; raises TypeError or ValueError for anything else."""
    published = found["published"]
    return ExtractedText(
        **{
            **found,
            "published": datetime.fromisoformat(published) if published else None,
            "warnings": tuple(found["warnings"]),
        }
    )


def condition_identity(condition: Condition, holder: str | None, addressee: str | None) -> str:
    """What makes two conditions of different documents the same one: 64 hexadecimal digits.

    `holder`, `addressee`: keys of the actors. The span counts by its words, without case and punctuation.
    """
    words = " ".join(re.findall(r"\w+", condition.text.casefold()))
    whole = "\x1f".join((holder or "", addressee or "", condition.type.value, words))
    return hashlib.sha256(whole.encode()).hexdigest()


LONGEST_OPENING = 90
"""Characters of a text's beginning that stand for its title."""


SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "nor",
        "of",
        "on",
        "or",
        "the",
        "to",
        "vs",
        "with",
    ]
)
"""Words that stay small inside a title."""


_TOLD = CONTENT_LABELS | {BlockLabel.HEADLINE, BlockLabel.CAPTION}


def told_hash(text: str, analysis: Analysis) -> str:
    """Equal for texts that tell the same, whatever stands around it: comment counters, "updated 5 minutes
    ago", menus; 64 hexadecimal digits. Of a text without any body all counts.
    """
    told = [text[block.start : block.end] for block in analysis.blocks if block.label in _TOLD]
    bare = not any(block.label in CONTENT_LABELS for block in analysis.blocks)
    words = (text if bare else "\n".join(told)).split()
    return hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def title_of(found: FoundDocument, extracted: ExtractedText, analysis: Analysis) -> str:
    """What a document is called: its title or headline, else a telling file name, else its beginning."""
    title = found.title or analysis.title or extracted.title
    if title:
        return title
    return _spoken_name(found.filename or "") or _opening(extracted.text) or found.key


def _spoken_name(filename: str) -> str:
    """A telling file name as a title ("gaza-force-talks.txt": "Gaza Force Talks"), or "" for a mere label.

    A telling name has at least two words of letters; one all in small letters gets a title's capitals.
    """
    words = PurePath(filename).stem.replace("-", " ").replace("_", " ").split()
    if sum(word.isalpha() and len(word) > 1 for word in words) < 2:
        return ""
    if any(word != word.lower() for word in words):
        return " ".join(words)
    return " ".join(
        word if at and word in SMALL_WORDS else word.capitalize() for at, word in enumerate(words)
    )


def _opening(text: str) -> str:
    """The first words of a text, cut between two of them."""
    line = text.partition("\n")[0].strip()
    if len(line) <= LONGEST_OPENING:
        return line
    return line[:LONGEST_OPENING].rpartition(" ")[0].rstrip(" ,;:–—-") + " …"
