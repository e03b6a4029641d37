"""The countries of a document by where they stand: evidence for whose minister, army or paper somebody's is.

states, persons and organisations with a country, places ──► by line ──► evidence for each country
    at one place of the text
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from digestbot.analysis.assembly import Assembly

#: What each kind of evidence counts: a multinomial logistic regression on annotated documents, rounded.
WEIGHTS: Mapping[str, float] = {
    "state before": 2.7,
    "state after": 0.7,
    "subject before": 0.3,
    "sentence before": 1.4,
    "place here": 1.2,
    "opening place": 1.9,
    "place behind": 0.4,
    "place before": 0.7,
    "person here": 1.0,
    "person before": 0.6,
    "share": 1.9,
    "lead": 0.7,
    "named": 0.3,
    "name": 2.8,
    "first by name": 1.4,
    "best by name": 1.0,
    "foreign name": -2.9,
    "plain name": 2.2,
    "lone plain name": 1.3,
    "lacks office": -2.0,
    "spoken to": -1.0,
    "home": 0.3,
    "crosshead": 1.0,
    "honorific": 1.0,
}

#: What it counts that somebody else holds an office of which a country has one.
TAKEN = -1.7

SPOKEN_IN = 5  # tokens from a name to the place it speaks in: "X said in Ankara"
_MEMBER = 0.5  # a state's persons and organisations, next to itself
_HEADLINE = 2.0


class Surroundings:
    """The countries of a document by line."""

    def __init__(self, assembly: Assembly) -> None:
        self._reading = assembly.reading
        self._states: dict[int, list[tuple[int, str, float, bool]]] = {}
        self._members: dict[int, list[tuple[int, str]]] = {}
        self._places: dict[int, list[tuple[int, str, bool]]] = {}
        weights: dict[str, float] = {}
        for draft in assembly.drafts.values():
            if draft.country is None or draft.kind == "place":
                continue
            for place in draft.places:
                own = draft.kind == "state"
                weight = place.weight if own else place.weight * _MEMBER
                weights[draft.country] = weights.get(draft.country, 0.0) + weight
                if own:
                    self._states.setdefault(place.line, []).append(
                        (place.first, draft.country, place.weight, place.subject)
                    )
                else:
                    self._members.setdefault(place.line, []).append((place.first, draft.country))
        for heading in assembly.reading.headlines:
            for match in heading.matches:
                entry = match.senses[0].entry
                if entry.kind == "state" and entry.country:
                    weights[entry.country] = weights.get(entry.country, 0.0) + _HEADLINE
        for line_index, first, country in assembly.where:
            self._place(assembly, line_index, first, country)
        self._cities(assembly)
        top = max(weights.values(), default=1.0) or 1.0
        self.share = {country: weight / top for country, weight in weights.items()}
        self._lead = {country for _, country, weight, _ in self._states.get(0, ()) if weight >= 0.5}

    def _place(self, assembly: Assembly, line_index: int, first: int, country: str) -> None:
        line = assembly.line(line_index)
        opening = first <= 2 and line.word(first - 1) in {"from", "in", "", "("}
        self._places.setdefault(line_index, []).append((first, country, opening))

    def _cities(self, assembly: Assembly) -> None:
        lines = assembly.reading.lines
        for number, index, country in assembly.reading.cities:
            if not lines[number].taken[index]:
                self._place(assembly, lines[number].index, index, country)

    def scores(self, line: int, first: int, *, extra: Iterable[str] = ()) -> dict[str, float]:
        """How likely each country is meant at token `first` of a line, by what stands around it (WEIGHTS).

        `extra`: countries to consider though the document does not speak of them.
        """
        scores = self._by_document.copy()  # most countries are not spoken of near by
        for country in extra:
            scores.setdefault(country, 0.0)
        for country, values in self._near(line, first).items():
            scores[country] = weigh({**values, **self._of_document(country)})
        for country in self._reading.crossheads.get(line, frozenset()) & scores.keys():
            scores[country] += WEIGHTS["crosshead"]
        return scores

    @cached_property
    def _by_document(self) -> dict[str, float]:
        return {country: weigh(self._of_document(country)) for country in self.share}

    def _of_document(self, country: str) -> dict[str, float]:
        """What speaks for a country wherever it is asked for."""
        values: dict[str, float] = {}
        if country in self.share:
            values["share"] = self.share[country]
            values["named"] = 1.0
        if country in self._lead:
            values["lead"] = 1.0
        if country in self._reading.home:
            values["home"] = 1.0
        return values

    def _near(self, line: int, first: int) -> dict[str, dict[str, float]]:
        """What stands in this line and the one before for each country they speak of."""
        found: dict[str, dict[str, float]] = defaultdict(dict)
        nearest = ""
        for position, country, weight, subject in sorted(self._states.get(line, ())):
            values = found[country]
            side = "state before" if position < first else "state after"
            values[side] = max(values.get(side, 0.0), weight)
            if position < first and subject:
                nearest = country
        if nearest:
            found[nearest]["subject before"] = 1.0
        for _, country, weight, _ in self._states.get(line - 1, ()):
            found[country]["sentence before"] = max(found[country].get("sentence before", 0.0), weight)
        for position, country, opening in self._places.get(line, ()):
            speaking = 0 < position - first <= SPOKEN_IN
            side = "opening place" if speaking or (opening and position < first) else "place here"
            if position > first and not speaking:
                side = "place behind"
            found[country][side] = 1.0
        for _, country, _ in self._places.get(line - 1, ()):
            found[country]["place before"] = 1.0
        for _, country in self._members.get(line, ()):
            found[country]["person here"] = 1.0
        for _, country in self._members.get(line - 1, ()):
            found[country]["person before"] = 1.0
        return found

    def likeliest(self, line: int, first: int, allowed: frozenset[str] | None = None) -> str | None:
        """The country meant by what stands at token `first` of a line and names none itself."""
        scores = self.scores(line, first)
        if allowed is not None:
            scores = {country: score for country, score in scores.items() if country in allowed}
        return max(scores, key=lambda country: (scores[country], country), default=None)


def weigh(values: Mapping[str, float]) -> float:
    """How likely a country is by the evidence for it; only differences between countries mean anything."""
    total = 0.0
    for name, value in values.items():
        total += WEIGHTS[name] * value
    return total
