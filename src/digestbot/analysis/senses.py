"""Which of a form's senses is meant: "Congolese", "SDF", "AFP" stand for more than one thing."""

from __future__ import annotations

from digestbot.analysis.lexicon import LexiconMatch, Sense
from digestbot.analysis.reading import Reading

#: "The Commission" is the European one where the European Union is spoken of and no other commission.
_COMMISSION = "org:eu-commission"
#: Bodies that are named without their organisation, where that is spoken of: "the Board of Governors".
_PARENTS = {
    "org:international-atomic-energy-agency-board-of-governors": "org:iaea",
    "org:imf-board": "org:imf",
    "org:au-commission": "bloc:au",
    "org:un-secretariat": "org:un",
}
#: Sentences up to which a text is too short to name a country beside an acronym of it.
SHORT = 4


def best_sense(reading: Reading, match: LexiconMatch) -> Sense:
    """The sense that the rest of the document supports, else the first."""
    senses = match.senses
    if len(senses) == 1:
        return senses[0]
    ranked = sorted(
        enumerate(senses),
        key=lambda item: (
            -_support(reading, item[1]),
            item[1].cautious,
            -reading.named_times.get(item[1].entry.country or "", 0),
            item[0],
        ),
    )
    return ranked[0][1]


def _support(reading: Reading, sense: Sense) -> int:
    if sense.entry.kind == "state":
        return 2 if sense.entry.country in reading.named_countries else 0
    if _PARENTS.get(sense.entry.id) in reading.full_names and "bloc:eu" not in reading.full_names:
        return 1
    return 1 if sense.entry.country is not None and sense.entry.country in reading.countries else 0


def is_trusted(reading: Reading, sense: Sense) -> bool:
    """Whether a form that needs company has it: its country or its full name in the document.

    Cautious forms need it, and acronyms of one country's bodies in all but short texts: "AFC" is a party in
    Guyana and an alliance in Congo.
    """
    entry = sense.entry
    if not sense.cautious:
        return (
            sense.form != "acronym"
            or entry.kind in {"state", "bloc"}
            or entry.sector == "BUS"  # companies act abroad
            or entry.country is None
            or len(reading.lines) <= SHORT
            or entry.country in reading.countries
            or entry.id in reading.spelled_out
        )
    if entry.id == _COMMISSION and entry.id not in reading.full_names:
        return "bloc:eu" in reading.full_names and not reading.other_commissions
    if _PARENTS.get(entry.id) in reading.full_names:
        return True
    return entry.id in reading.full_names or (
        entry.country is not None and entry.country in reading.countries
    )
