"""Countries from the context: whose army "the army" is, whose paper a paper."""

from __future__ import annotations

from collections.abc import Sequence

from digestbot.analysis.assembly import Assembly
from digestbot.analysis.drafts import Draft
from digestbot.analysis.metonymy import verb_follows
from digestbot.analysis.organisations import OrganisationFind
from digestbot.analysis.reading import POSSESSIVES
from digestbot.analysis.senses import best_sense
from digestbot.analysis.surroundings import Surroundings
from digestbot.analysis.words import fold, word_set

#: Institutions of which a text that has named one means that one ("the army").
_ONE_OF_A_STATE = frozenset({"armed-forces"})


def place_institutions(assembly: Assembly) -> None:
    """Gives "the army", "Parliament", "the foreign ministry" their state; those without any are left out."""
    reading = assembly.reading
    surroundings = Surroundings(assembly)
    for find in assembly.unresolved:
        assert find.institution is not None
        line = assembly.line(find.line)
        only = reading.lexicon.institutions[find.institution].only
        country = (
            _seat(assembly, find)
            or _of_owner(assembly, find, only)
            or surroundings.likeliest(find.line, find.first, only)
        )
        known = _known_institution(assembly, find, country)
        if known is not None:
            entry_draft = known
        else:
            entry = reading.lexicon.institution_of(find.institution, country)
            if entry is None:
                _nameless(assembly, find)
                continue
            entry_draft = assembly.draft(entry)
        subject = _acts(assembly, find)
        entry_draft.add(
            line, find.first, find.last, "office", 1.0 if subject else 0.8, find.rule, subject=subject
        )
    assembly.unresolved.clear()


def _seat(assembly: Assembly, find: OrganisationFind) -> str | None:
    """ "the presidential office in Yongsan": the country of the city it sits in."""
    line = assembly.line(find.line)
    ahead = line.match(find.first - 1) or line.match(find.first - 2)
    if (
        ahead is not None
        and ahead.senses[0].form == "capital"
        and line.word(ahead.first - 1) == "in"
        and line.opens(ahead.first - 1)
    ):
        return ahead.senses[0].entry.country  # "In Wellington parliament voted", "In Lima, the cabinet"
    if line.word(find.last) != "in":
        return None
    match = line.match(find.last + 1)
    if match is not None:
        return match.senses[0].entry.country
    return assembly.reading.lexicon.city_at(line.folded, find.last + 1)


def _of_owner(assembly: Assembly, find: OrganisationFind, only: frozenset[str] | None) -> str | None:
    """ "its armed forces", "his energy ministry", "Kim's defence ministry": the country of the owner."""
    if find.owner is None:
        return None
    if find.owner in {"its", "his", "her", "their"}:
        owner = named_before(assembly, find.line, find.first, None, person=find.owner in {"his", "her"})
    else:
        owner = next(
            (d for d in assembly.drafts.values() if d.person is not None and find.owner in d.person.tokens),
            None,
        )
    country = owner.country if owner is not None else None
    return country if only is None or country in only else None


#: Words that name a body of some organisation and not which one: "the Executive Board", "the Council".
_GENERIC = word_set(
    "the executive board council commission assembly secretariat organization organisation agency court "
    "general committee governing fund bank mission union forum chamber pre-trial trial appeals i ii iii iv"
)
_INTERNATIONAL = word_set(
    "international global world european african arab islamic asian pacific multinational regional "
    "joint permanent inter-american intergovernmental nations un eu nato treaty interim general"
)


def named_before(
    assembly: Assembly, line: int, first: int, own: Draft | None, *, person: bool
) -> Draft | None:
    """The actor that "its" or "his" goes back to: a subject before it, else the one named last."""
    best: tuple[bool, bool, int, int, str] | None = None
    for key, draft in assembly.drafts.items():
        if draft is own or draft.kind == "place" or (draft.person is not None and draft.country is None):
            continue
        for place in draft.places:
            if (place.line == line and place.first < first) or place.line == line - 1:
                fits = (draft.person is not None) == person
                inside = assembly.line(place.line).word(place.first - 1) in {"which", "that", "whom", "whose"}
                acts = place.subject or (place.possessive and place.line == line and not person)
                candidate = (fits, acts and not inside, place.line, place.first, key)
                if (person or place.form != "adjective") and (best is None or candidate > best):
                    best = candidate
    return assembly.drafts[best[4]] if best else None


def place_organisations(assembly: Assembly) -> None:
    """Gives organisations that were found by pattern the country of the context, unless their name is
    international."""
    surroundings = Surroundings(assembly)
    offices = _offices_by_country(assembly)
    for draft in assembly.drafts.values():
        if draft.entry is not None or draft.person is not None or draft.country is not None:
            continue
        words = {fold(word) for word in draft.name.split()}
        if words & _INTERNATIONAL or draft.kind == "bloc":
            continue
        if words <= _GENERIC and any(
            other.country is None and other.sector == "IGO" and other.places[0].line <= draft.places[0].line
            for other in assembly.drafts.values()
        ):
            continue
        draft.country = _of_its_people(offices, draft)
        if draft.country is not None:
            continue
        draft.country = whose(assembly, surroundings, draft)


def whose(assembly: Assembly, surroundings: Surroundings, draft: Draft) -> str | None:
    """The country of an organisation that names none: of the city or state it is said to be of, else near."""
    reading = assembly.reading
    for place in draft.places[:3]:
        line = assembly.line(place.line)
        if line.text(place.first - 1) == ",":
            told = _told_of(assembly, place.line, place.first - 1)
            if told is not None:
                return told
        if line.text(place.last) != "," or line.word(place.last + 1) not in {"a", "an", "the"}:
            continue
        for position in range(place.last + 2, place.last + 5):
            match = line.match(position)
            entry = match.senses[0].entry if match is not None else None
            country = entry.country if entry is not None else reading.lexicon.city_at(line.folded, position)
            if country is not None:
                return country
            if entry is not None or not line.text(position)[:1].islower():
                break
    place = draft.places[0]
    return surroundings.likeliest(place.line, place.first)


def _told_of(assembly: Assembly, line_index: int, comma: int) -> str | None:
    """ "The Kenyan regulator, X, …", "Chad's operator, X,": the state in the phrase that ends at a comma."""
    line = assembly.line(line_index)
    for position in range(comma - 1, max(comma - 6, -1), -1):
        match = line.match(position)
        if match is not None:
            sense = best_sense(assembly.reading, match)
            owner = line.word(match.last) in POSSESSIVES
            said = sense.form == "adjective" and line.word(match.first - 1) in {"the", "a", "an", ""}
            return sense.entry.country if (owner or said) and match.last < comma else None
        if not line.text(position)[:1].islower() and line.word(position) not in POSSESSIVES:
            return None
    return None


def _offices_by_country(assembly: Assembly) -> list[tuple[str, str]]:
    """Every office the text gives to a person of known country, folded, with that country, in order."""
    return [
        (fold(" ".join(role.split())), draft.country)
        for draft in assembly.drafts.values()
        if draft.person is not None and draft.country is not None
        for find in draft.person.finds
        for role in find.roles
    ]


def _of_its_people(offices: Sequence[tuple[str, str]], draft: Draft) -> str | None:
    """The country of a person who holds an office in this organisation: "Harbour Board spokesman X"."""
    name = fold(draft.name)
    return next((country for office, country in offices if name in office), None)


def _known_institution(assembly: Assembly, find: OrganisationFind, country: str | None) -> Draft | None:
    """The one institution of this type, or of this last word, that the document names in full."""
    line = assembly.line(find.line)
    if line.text(find.first)[:1].isupper() and not line.opens(find.first) and find.last - find.first == 1:
        head = line.folded[find.first]
        named = [
            d
            for d in assembly.drafts.values()
            if d.kind == "organisation"
            and d.places
            and d.institution is None
            and (d.places[0].line, d.places[0].first) < (find.line, find.first)
            and fold(d.name).split()[-1] == head
        ]
        if len(named) == 1:
            return named[0]
    same = [d for d in assembly.drafts.values() if d.institution == find.institution and d.places]
    fitting = [d for d in same if d.country == country]
    if fitting:
        return fitting[0]
    if find.institution == "police":
        own = [
            d
            for d in assembly.drafts.values()
            if d.places and d.country in {None, country} and "police" in fold(d.name).split()
        ]
        if len(own) == 1 and own[0].kind == "organisation":
            return own[0]  # "the Lakeland Police Force … the police"
    return same[0] if len(same) == 1 and same[0].institution in _ONE_OF_A_STATE else None


def _nameless(assembly: Assembly, find: OrganisationFind) -> None:
    line = assembly.line(find.line)
    key = f"org:-:{find.name.casefold()}"
    name = find.name if find.name[0].isupper() else find.name.capitalize()
    draft = assembly.drafts.setdefault(key, Draft(key, name, "organisation", None, find.sector))
    draft.add(line, find.first, find.last, "name", 0.8, find.rule, subject=_acts(assembly, find))


def _acts(assembly: Assembly, find: OrganisationFind) -> bool:
    return verb_follows(assembly.reading, assembly.line(find.line), find.last)
