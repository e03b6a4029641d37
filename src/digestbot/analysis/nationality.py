"""Which country a person belongs to: what the text says, else the likeliest of those it speaks of.

    titles, appositions, possessors ──► country ──► those without one: evidence for each country near by
        ──► surest first, one head of state or government to a country

What stands in the text always wins. Without it the countries of the document, and those the name is at home
in, are weighed by where they stand (surroundings.py). Whoever has no office and no likely country has none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from digestbot.analysis.assembly import Assembly
from digestbot.analysis.contexts import named_before, whose
from digestbot.analysis.coreference import core_token
from digestbot.analysis.drafts import Draft, Place
from digestbot.analysis.lexicon import Lexicon, NameStyle
from digestbot.analysis.metonymy import verb_follows
from digestbot.analysis.offices import find_offices
from digestbot.analysis.organisations import ends_phrase
from digestbot.analysis.persons import PersonFind
from digestbot.analysis.reading import POSSESSIVES, Line
from digestbot.analysis.senses import best_sense
from digestbot.analysis.surroundings import TAKEN, WEIGHTS, Surroundings
from digestbot.analysis.words import fold, word_set

#: A style of naming at home in more countries than this favours none of them.
EVEN = 7
#: From this fit on a country the document does not speak of may be the one a name tells.
TELLING = 0.6
#: How likely a country must be to be told of a person without an office.
LIKELY = 0.4
#: How sure a name must be of one country alone to tell the nationality of an international body's person.
SURE = 0.75
#: How far ahead of the next country it must then be.
NEXT = 0.1
_TURNS_TO = word_set(
    "urged urges asked asks told tells warned warns accused accuses demanded demands criticised criticized "
    "condemned thanked called invited pressed praised blamed threatened offered reminded challenged wants"
)
#: From which share of its best fit on a name counts as no foreign one.
NATIVE = 0.6
#: How far ahead a name's fit to one country of a document must be of the next to single it out.
APART = 0.2
#: Offices of no state.
_INTERNATIONAL = (
    "international ",
    "un ",
    "eu ",
    "au ",
    "united nations ",
    "under-secretary-general",
    "assistant secretary-general",
    "high commissioner for",
    "emergency relief c",
    "secretary-general",
    "secretary general",
)
LONG = 11  # letters an English surname hardly has more of
#: Languages whose surnames come first.
_FAMILY_FIRST = frozenset(
    {"chinese", "taiwanese", "south-korean", "north-korean", "vietnamese", "burmese", "khmer-lao"}
)
#: Where names are at home that no style of naming fits: English surnames are too many to list.
_PLAIN = frozenset({"US", "GB", "CA", "AU", "NZ", "IE"})
#: Held by one person of a country at a time.
_ONE_A_COUNTRY = frozenset(
    {
        "president",
        "prime minister",
        "premier",
        "king",
        "emir",
        "supreme leader",
        "foreign minister",
        "minister of foreign affairs",
        "defence minister",
        "defense minister",
        "foreign secretary",
        "finance minister",
        "interior minister",
        "opposition leader",
        "army chief",
    }
)


def affinity(lexicon: Lexicon, names: Sequence[str]) -> dict[str, float]:
    """How well a person's name fits the naming of countries: ISO code → 0 to 1, for those it fits at all.

    `names`: the words of the name as written; accents tell ("António" is Portuguese, "Antônio" Brazilian).
    """
    words = [*names, *names[0].split("-")[:1]] if len(names) == 1 else list(names)
    if not words:
        return {}
    scores: dict[str, float] = {}
    for style, score in _fits(lexicon, words).items():
        even = len(style.countries) > EVEN
        for rank, country in enumerate((*style.countries, *style.also)):
            native = rank < len(style.countries)
            share = 1.0 if rank == 0 or (even and native) else 0.85 if native else 0.6
            scores[country] = max(scores.get(country, 0.0), min(score, 1.0) * share)
    return scores


def _fits(lexicon: Lexicon, words: Sequence[str]) -> dict[NameStyle, float]:
    """How well a name fits each style of naming, those it fits at all."""
    table = lexicon.name_table
    found: dict[NameStyle, float] = {}
    given = fold(words[0])
    first = table.given.get(given, ()) if len(words) > 1 else ()
    for style in first:
        found[style] = 0.65 * _plain(style, words[0]) / math.sqrt(len(table.given[given]))
    counted = set(first)
    for word in map(fold, words[1:-1]):
        for style in table.given.get(word, ()):
            if style not in counted:
                counted.add(style)
                found[style] = 0.3 / math.sqrt(len(table.given[word]))
    cores = [core_token(word) for word in words]
    bearing: set[NameStyle] = set()
    for place, core in enumerate(cores):
        for style in table.family.get(core, ()):
            if place or len(cores) == 1 or style.language in _FAMILY_FIRST:
                bearing.add(style)
    last = cores[-1]
    ending = {style for size in range(1, len(last) - 1) for style in table.ends.get(last[-size:], ())}
    for style in bearing:
        found[style] = found.get(style, 0.0) + 0.5
    for style in ending:
        found[style] = found.get(style, 0.0) + 0.4
    if any(_has_article(word) for word in words):
        for style in lexicon.name_styles:
            if style.language in {"arabic", "maghrebi"}:
                found[style] = found.get(style, 0.0) + 0.4
    return {style: score for style, score in found.items() if score >= 0.1}


def _has_article(word: str) -> bool:
    return fold(word).startswith(("al-", "el-", "ad-", "as-", "ar-"))


def _plain(style: NameStyle, word: str) -> float:
    """Less than 1 where a name is written with accents that this style does not write."""
    return 1.0 if word.isascii() or not style.marked or word.casefold() in style.marked else 0.4


def place_persons(assembly: Assembly) -> None:
    """Gives every person a country, or none where nothing tells."""
    drafts = sorted((d for d in assembly.drafts.values() if d.person), key=lambda d: d.places[0])
    for draft in drafts:
        _by_text(assembly, draft)
    _note(drafts, "title, office or apposition in the text")
    for draft in drafts:
        if draft.country is None and not draft.stateless:
            _by_possessor(assembly, draft, drafts)
    _note(drafts, "whose officer it is in the text")
    _by_reference(assembly, drafts)
    _note(drafts, "office named in the sentences after")
    _by_evidence(assembly, [draft for draft in drafts if not _has_employer(draft, drafts)])
    _note(drafts, "likeliest by the countries near by and the name", weighed=True)
    for draft in drafts:
        if draft.country is None and not draft.stateless:
            _by_possessor(assembly, draft, drafts)
    _note(drafts, "whose officer it is in the text")
    _by_evidence(assembly, drafts)
    _note(drafts, "likeliest by the countries near by and the name", weighed=True)
    for draft in drafts:
        if draft.country is None and not draft.stateless:
            _by_employer(draft, drafts)
    _note(drafts, "country of whom it works for")
    for draft in drafts:
        if draft.country is None and draft.stateless and not _of_armed_group(draft):
            draft.country = _by_name_alone(assembly, draft)
    _note(drafts, "at home in one country by the name alone", weighed=True)


def _note(drafts: Sequence[Draft], rule: str, *, weighed: bool = False) -> None:
    """Notes what told the country of those who have just got one, and whether it was only weighed."""
    for draft in drafts:
        if draft.country is not None and draft.country_rule is None:
            draft.country_rule = rule
            draft.country_weighed = weighed


# --- what the text says ---------------------------------------------------------------------------


def _by_text(assembly: Assembly, draft: Draft) -> None:
    person = draft.person
    assert person is not None
    hints = assembly.reading.lexicon.office_countries
    votes: dict[str, float] = {}
    for find in person.finds:
        ahead = [] if find.countries else _ahead(assembly, assembly.line(find.line), find.office_first)
        for strength, country in [*find.countries, *ahead]:
            votes[country] = votes.get(country, 0.0) + strength
    for line_index, first, last, _ in person.spans:
        for weight, country in _beside(assembly, assembly.line(line_index), first, last):
            votes[country] = votes.get(country, 0.0) + weight
    draft.stateless = not votes and any(find.stateless for find in person.finds)
    roles = [" ".join(fold(word) for word in role.split()) for find in person.finds for role in find.roles]
    if not votes and any(role.startswith(_INTERNATIONAL) for role in roles):
        draft.stateless = True
    if not votes and not draft.stateless:
        for phrase in roles:
            for country in _having(hints, phrase):
                having = _having(hints, phrase)
                spoken_of = [code for code in having if code in assembly.reading.countries]
                if len(having) == 1 or spoken_of == [country]:
                    votes[country] = votes.get(country, 0.0) + 2
                    break
    if votes:
        draft.country = max(votes.items(), key=lambda item: item[1])[0]


def _having(hints: Mapping[str, tuple[str, ...]], phrase: str) -> tuple[str, ...]:
    """The countries that have an office, by its longest ending: "Foreign Secretary" is no "Secretary".

    A single word says so only where it is the whole phrase: a "permanent secretary" may be anybody's.
    """
    words = phrase.split()
    for first in range(len(words)):
        if first == 0 or first < len(words) - 1:
            known = hints.get(" ".join(words[first:]))
            if known is not None:
                return known
    return ()


def _beside(assembly: Assembly, line: Line, first: int, last: int) -> list[tuple[float, str]]:
    """What stands right beside a name: "X, a Mauritanian", "X’s Niger", "X of Erbil", "X, who leads Togo",
    "X, the State Department’s man for the region"."""
    reading = assembly.reading
    found = _led(assembly, line, last)
    if line.word(last) in POSSESSIVES:
        match = line.match(last + 1)
        if match is not None and not match.compound and ends_phrase(reading, line, match.last):
            sense = best_sense(reading, match)
            if sense.entry.kind == "state" and sense.form == "name" and sense.entry.country:
                found.append((3, sense.entry.country))
    at = last + 1 if line.text(last) == "," else -1
    if at > 0 and line.word(at) in {"a", "an", "the"}:
        for position in range(at + 1, min(at + 4, len(line.tokens))):
            match = line.match(position)
            if match is None:
                if line.text(position)[:1].islower() and line.text(position).isalpha():
                    continue
                break
            sense = best_sense(reading, match)
            inhabitant = sense.form == "people" or (
                sense.form == "adjective"
                and (
                    line.word(match.last) in {"who", "whom", "whose", ",", "by", "and"}
                    or match.last >= len(line.tokens)
                    or _is_somebody(line, match.last)
                )
            )
            of_body = sense.entry.kind == "organisation" and line.word(match.last) in POSSESSIVES
            if (inhabitant or of_body) and sense.entry.country and not match.compound:
                found.append((4, sense.entry.country))
            break
    if line.text(first - 1) == ",":
        for position in range(first - 2, max(first - 6, -1), -1):
            match = line.match(position)
            if match is not None:
                sense = best_sense(reading, match)
                said = line.word(match.first - 1) in {"the", "a", "an", "its", "his", "her", "their", "and"}
                if said and sense.form == "adjective" and sense.entry.country and not match.compound:
                    found.append((3, sense.entry.country))
                break
            if not line.text(position)[:1].islower() or line.word(position) in {"and", "who", "said"}:
                break
    if line.word(last) in {"of", "from"}:
        country = reading.lexicon.city_at(line.folded, last + 1)
        if country is not None and line.text(last + 1)[:1].isupper():
            found.append((2, country))
    return found


def _ahead(assembly: Assembly, line: Line, first: int | None) -> list[tuple[float, str]]:
    """What stands right before a title: a province ("Ontario Premier X"), an adjective and a party."""
    reading = assembly.reading
    before = first - 1 if first is not None else -1
    if before < 0 or not line.text(before)[:1].isupper():
        return []
    for start in (before, before - 1):
        if start >= 0 and line.text(start)[:1].isupper() and line.folded[start] in reading.lexicon.cities:
            country = reading.lexicon.city_at(line.folded, start)
            if country is not None:
                return [(2, country)]
    match = line.match(before - 1) if before else None
    if match is None or match.last != before or match.compound:
        return []
    sense = best_sense(reading, match)
    return [(2, sense.entry.country)] if sense.form == "adjective" and sense.entry.country else []


#: What follows a state's adjective in what somebody is about, not where from: "a Russian affairs specialist".
_ABOUT = word_set(
    "affairs politics policy studies history language literature law economy specialist expert analyst "
    "scholar watcher historian correspondent embassy embassies border"
)


def _is_somebody(line: Line, at: int) -> bool:
    """ "X, the American go-between, …": one to three words in lower case and a mark that closes them."""
    position = at
    while position < at + 3 and line.text(position)[:1].islower() and line.word(position) not in _ABOUT:
        position += 1
    return position > at and line.word(position) in {",", ".", ";", ")", "who", "whose"}


_LEADS = word_set("leads led heads headed rules ruled governs governed runs")


def _led(assembly: Assembly, line: Line, last: int) -> list[tuple[float, str]]:
    """ "X, who leads the unrecognised Transnistria": what somebody leads."""
    if line.text(last) != "," or line.word(last + 1) != "who" or line.word(last + 2) not in _LEADS:
        return []
    for position in range(last + 3, min(last + 6, len(line.tokens))):
        match = line.match(position)
        if match is not None:
            sense = best_sense(assembly.reading, match)
            whole = sense.form == "name" and ends_phrase(assembly.reading, line, match.last)
            return [(3, sense.entry.country)] if whole and sense.entry.country else []
        if not line.text(position)[:1].islower():
            break
    return []


#: Whoever is somebody's counterpart is of another country.
_OPPOSITE = frozenset({"counterpart", "colleague", "opposite number"})


def _opposite(find: PersonFind) -> bool:
    return find.possessor is not None and not _OPPOSITE.isdisjoint(find.office_words)


def _by_possessor(assembly: Assembly, draft: Draft, drafts: Sequence[Draft]) -> None:
    """ "his foreign minister", "Trump’s envoy", "its spokesman": the country of whose they are."""
    assert draft.person is not None
    for find in draft.person.finds:
        if _opposite(find):
            continue
        if find.possessor in {"his", "her", "its", "their"}:
            personal = find.possessor in {"his", "her"}
            owner = named_before(assembly, find.line, find.first, draft, person=personal)
            if owner is not None:
                draft.stateless = owner.country is None and owner.sector == "IGO"
                draft.country = owner.country
                if draft.country is None and not draft.stateless and owner.kind == "organisation":
                    draft.country = whose(assembly, Surroundings(assembly), owner)
        elif find.possessor is not None:
            owner = next((d for d in drafts if d.person and find.possessor in d.person.tokens), None)
            if owner is not None and owner is not draft:
                draft.country = owner.country
        if draft.country or draft.stateless:
            return


def _has_employer(draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether somebody is told by whose they are, and that is another person of the document."""
    assert draft.person is not None
    names = {find.possessor for find in draft.person.finds if find.possessor is not None}
    if not names or draft.country is not None:
        return False
    if not names.isdisjoint({"his", "her"}):
        return True  # whose, is told once the others have their countries
    return any(
        other is not draft and other.person is not None and not names.isdisjoint(other.person.tokens)
        for other in drafts
    )


def _by_employer(draft: Draft, drafts: Sequence[Draft]) -> None:
    """ "a senior adviser to President Donald Trump": the country of whom they work for."""
    assert draft.person is not None
    for role in (role for find in draft.person.finds for role in find.roles):
        words = {core_token(word) for word in role.split() if word[:1].isupper()}
        for other in drafts:
            if other is draft or other.person is None or other.country is None:
                continue
            if other.person.tokens[-1] in words:
                draft.country = other.country
                return


def _by_reference(assembly: Assembly, drafts: Sequence[Draft]) -> None:
    """ "The Ukrainian president said …" after a sentence on a person: their office and country, and a
    mention of them."""
    open_ = any(
        draft.country is None and not draft.stateless and not any(find.roles for find in draft.person.finds)
        for draft in drafts
        if draft.person is not None
    )
    if not open_ or not assembly.reading.uses("office-reference"):
        return
    for line in assembly.reading.lines[1:]:
        for office in find_offices(assembly.reading, line):
            owned = (
                office.owner is not None
                and office.owner.kind == "state"
                and line.word(office.first - 1) == "the"
            )
            if not owned or office.plural or office.honorific or not line.free(office.core, office.last):
                continue
            if line.text(office.last)[:1].isupper() or line.text(office.last) == ",":
                continue
            before = [
                (place.start, draft)
                for draft in drafts
                for place in draft.places
                if place.line in {line.index - 1, line.index - 2} and place.subject
            ]
            if not before:
                continue
            draft = max(before, key=lambda item: item[0])[1]
            if draft.country is None and not draft.stateless and not any(f.roles for f in draft.person.finds):  # type: ignore[union-attr]
                draft.country = office.country
                draft.add(
                    line, office.first - 1, office.last, "office", 0.7, "office-reference",
                    subject=verb_follows(assembly.reading, line, office.last),
                )  # fmt: skip


# --- what the text leaves to be weighed -----------------------------------------------------------


@dataclass
class _Open:
    """A person whose country is still to be told, with how likely each country is."""

    draft: Draft
    scores: dict[str, float]
    offices: frozenset[str]

    def _below(self, held: set[tuple[str, str]]) -> list[tuple[float, str]]:
        """The countries behind their scores below zero; `held`: offices that others hold."""
        taken = {country for office, country in held if office in self.offices} if self.offices else ()
        return [
            (-(score + TAKEN) if country in taken else -score, country)
            for country, score in self.scores.items()
        ]

    def margin(self, held: set[tuple[str, str]]) -> float:
        """How far the likeliest country is ahead of the next."""
        below = self._below(held)
        if len(below) < 2:
            return math.inf
        first = min(below)
        below.remove(first)
        return min(below)[0] - first[0]

    def answer(self, held: set[tuple[str, str]]) -> str | None:
        """The likeliest country, if it is likely enough; a person with an office must have one."""
        below = self._below(held)
        top, country = min(below)
        if self.draft.person is not None and any(find.roles for find in self.draft.person.finds):
            return country
        total = sum([math.exp(top - score) for score, _ in sorted(below)])
        return country if 1 / total >= LIKELY else None


def _by_evidence(assembly: Assembly, drafts: Sequence[Draft]) -> None:
    waiting = []
    held: set[tuple[str, str]] = set()
    surroundings = Surroundings(assembly)
    for draft in drafts:
        if draft.country is not None:
            held.update((office, draft.country) for office in offices_of(draft))
        elif not draft.stateless:
            person = open_person(assembly, surroundings, draft)
            if person is not None:
                waiting.append(person)
    for person in sorted(waiting, key=lambda person: (-person.margin(held), person.draft.places[0])):
        person.draft.country = person.answer(held)
        if person.draft.country is not None:
            held.update((office, person.draft.country) for office in person.offices)


def open_person(assembly: Assembly, surroundings: Surroundings, draft: Draft) -> _Open | None:
    """How likely each country is that a person may belong to; None where nothing tells."""
    assert draft.person is not None
    reading = assembly.reading
    words = max(draft.person.names, key=len)
    names = affinity(reading.lexicon, words) if reading.uses("name-style") else {}
    place = draft.places[0]
    top = max(names.values(), default=0.0)
    first = {country for country, fit in names.items() if fit >= 0.99 * top}
    first = first if len(first) <= 2 and top >= TELLING else set()
    scores = surroundings.scores(place.line, place.first, extra=first)
    if not scores:
        return None
    across = _across(assembly, draft)
    elsewhere = {country: score for country, score in scores.items() if country not in across}
    scores = elsewhere or scores
    lacking = _lacking(assembly, draft) | across
    fits = sorted((names.get(country, 0.0) for country in scores), reverse=True)
    apart = len(fits) > 1 and fits[0] - fits[1] >= APART
    spoken_to = _spoken_to(assembly, place)
    lone = float(all(find.rule == "lone-name" for find in draft.person.finds))
    styled = frozenset().union(
        *(reading.lexicon.honorific_countries.get(f.honorific or "", frozenset()) for f in draft.person.finds)
    )
    if names:
        for country in scores:
            fit = names.get(country, 0.0)
            scores[country] += WEIGHTS["name"] * fit + WEIGHTS["foreign name"] * _foreign(fit, top)
    elif _looks_english(words):
        for country in _PLAIN & scores.keys():
            scores[country] += WEIGHTS["plain name"]
            scores[country] += WEIGHTS["lone plain name"] * lone
    for countries, evidence in (
        (first, "first by name"),
        ({country for country in names if names[country] == fits[0]} if apart else set(), "best by name"),
        (lacking, "lacks office"),
        ({spoken_to} if spoken_to else set(), "spoken to"),
        (styled, "honorific"),
    ):
        for country in countries & scores.keys():
            scores[country] += WEIGHTS[evidence]
    return _Open(draft, scores, offices_of(draft))


def _foreign(fit: float, top: float) -> float:
    """How foreign a name is to a country, 0 to 1: a middle name at home there too makes nobody a native."""
    return max(0.0, 1 - fit / (NATIVE * top))


def _looks_english(words: Sequence[str]) -> bool:
    """Whether a surname no style of naming knows could be English: most end in a consonant, "e" or "y"."""
    last = fold(words[-1])
    return all(word.isascii() for word in words) and len(last) <= LONG and last[-1] not in "aiou"


def _spoken_to(assembly: Assembly, place: Place) -> str | None:
    """The country a person turns to right behind the name: "X urged Iran", "X demanded that Baghdad"."""
    line = assembly.line(place.line)
    if line.word(place.last) not in _TURNS_TO:
        return None
    for position in range(place.last + 1, min(place.last + 4, len(line.tokens))):
        match = line.match(position)
        if match is not None:
            return best_sense(assembly.reading, match).entry.country
    return None


def offices_of(draft: Draft) -> frozenset[str]:
    """The offices of a person, present ones, that a country has one holder of."""
    assert draft.person is not None
    return frozenset(
        words
        for find in draft.person.finds
        if not find.former and (words := " ".join(find.office_words)) in _ONE_A_COUNTRY
    )


def _lacking(assembly: Assembly, draft: Draft) -> frozenset[str]:
    """The countries that do not have this person's office."""
    assert draft.person is not None
    table = assembly.reading.lexicon.office_lacking
    words = {" ".join(find.office_words) for find in draft.person.finds}
    words |= {fold(role).split()[-1] for find in draft.person.finds for role in find.roles if role.split()}
    return frozenset().union(*(table.get(word, frozenset()) for word in words))


def _across(assembly: Assembly, draft: Draft) -> frozenset[str]:
    """The country of whose counterpart somebody is."""
    assert draft.person is not None
    found = set()
    for find in draft.person.finds:
        if _opposite(find) and find.possessor in {"his", "her", "its", "their"}:
            personal = find.possessor in {"his", "her"}
            owner = named_before(assembly, find.line, find.first, draft, person=personal)
            if owner is not None and owner.country is not None:
                found.add(owner.country)
    for place in draft.places:
        line = assembly.line(place.line)
        for position in range(place.last, min(place.last + 6, len(line.tokens))):
            if line.word(position) in {"his", "her"} and (match := line.match(position + 1)) is not None:
                sense = best_sense(assembly.reading, match)
                if sense.form == "adjective" and sense.entry.country and line.word(match.last) in _OPPOSITE:
                    found.add(sense.entry.country)  # "X rang his Kenyan counterpart"
                break
    return frozenset(found)


def _by_name_alone(assembly: Assembly, draft: Draft) -> str | None:
    """The country of an international body's person, where the name is at home in one country above all."""
    assert draft.person is not None
    if not assembly.reading.uses("name-style"):
        return None
    words = max(draft.person.names, key=len)
    ranked = sorted(affinity(assembly.reading.lexicon, words).items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < SURE or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < NEXT):
        return None
    return ranked[0][0]


def _of_armed_group(draft: Draft) -> bool:
    assert draft.person is not None
    return any(owner.kind == "armed_group" for find in draft.person.finds for owner in find.owners)


__all__ = ["affinity", "place_persons"]
