"""Which of a form's senses is meant: "Congolese", "SDF", "AFP" stand for more than one thing."""

from __future__ import annotations

from digestbot.analysis.lexicon import LexiconMatch, Sense
from digestbot.analysis.reading import Reading


def best_sense(reading: Reading, match: LexiconMatch) -> Sense:
    """The sense that the rest of the document supports, else the first."""
    senses = match.senses
    if len(senses) == 1:
        return senses[0]
    ranked = sorted(
        enumerate(senses),
        key=lambda item: (-_support(reading, item[1]), item[1].cautious, item[0]),
    )
    return ranked[0][1]


def _support(reading: Reading, sense: Sense) -> int:
    if sense.entry.kind == "state":
        return 2 if sense.entry.country in reading.named_countries else 0
    return 1 if sense.entry.country is not None and sense.entry.country in reading.countries else 0


def is_trusted(reading: Reading, sense: Sense) -> bool:
    """Whether a cautious form has the company it needs: its country or its full name in the document."""
    if not sense.cautious:
        return True
    entry = sense.entry
    return entry.id in reading.full_names or (
        entry.country is not None and entry.country in reading.countries
    )
