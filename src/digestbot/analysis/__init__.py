"""Text to sentences, bullets, actors and conditions, each a span of the text.

    extracted ──► blocks ──► language ──► sentences ──► actors ──► conditions ──► order of actors
        ──► bullets ──► Analysis

Conditions are looked for in English only: their cues are English. Everything heavy is imported when the first
document is analysed, so that importing this package costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digestbot.model import Analysis, BlockLabel

if TYPE_CHECKING:
    from digestbot.analysis.lexicon import Lexicon
    from digestbot.model import Block, ExtractedText

__all__ = ["ANALYSER", "CODE_VERSION", "analyse", "analyser_version"]

#: Raised with every change of rules that may change a finding; re-analysis follows from it.
CODE_VERSION = "8"

#: Version of code and lexicon together, as it stands in every Analysis; see `analyser_version`.
ANALYSER: str


def __getattr__(name: str) -> str:
    if name == "ANALYSER":
        return analyser_version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def analyser_version(lexicon: Lexicon | None = None) -> str:
    """Version of the rules with the hashes of cues and lexicon: equal versions give equal findings."""
    from digestbot.analysis.cues import load_cues
    from digestbot.analysis.domains import domains_version
    from digestbot.analysis.lexicon import load_lexicon

    rules = f"{CODE_VERSION}+{load_cues().version}.{domains_version()}"
    return f"{rules}+{(lexicon or load_lexicon()).version}"


def analyse(extracted: ExtractedText, *, lexicon: Lexicon | None = None, bullets: int = 5) -> Analysis:
    """All findings in one document: its blocks, sentences, actors, conditions and at most `bullets` bullets.

    `lexicon`: with a user's additions; the packaged one by default.
    """
    from digestbot.analysis.actors import find_actors
    from digestbot.analysis.conditions import find_conditions
    from digestbot.analysis.language import detect_language
    from digestbot.analysis.lexicon import load_lexicon
    from digestbot.analysis.salience import order_by_conditions
    from digestbot.analysis.sentences import split_sentences
    from digestbot.analysis.summary import choose_bullets
    from digestbot.cleaning import label_blocks

    known = lexicon or load_lexicon()
    text = extracted.text
    blocks = label_blocks(text, title=extracted.title, author=extracted.author)
    language = detect_language(text, extracted.language)
    sentences = split_sentences(text, blocks, language)
    findings = find_actors(
        text, blocks, sentences, known, author=extracted.author, publisher=extracted.publisher
    )
    conditions = find_conditions(text, sentences, findings) if language == "en" else ()
    actors = order_by_conditions(findings, conditions)
    title = extracted.title or _headline(text, blocks)
    return Analysis(
        analyser=analyser_version(known),
        language=language,
        title=title,
        blocks=blocks,
        sentences=sentences,
        bullets=choose_bullets(
            text,
            sentences,
            title=title,
            language=language,
            actors=actors,
            conditions=conditions,
            wanted=bullets,
        ),
        actors=actors,
        conditions=conditions,
    )


def _headline(text: str, blocks: tuple[Block, ...]) -> str | None:
    return next((text[b.start : b.end] for b in blocks if b.label is BlockLabel.HEADLINE), None)
