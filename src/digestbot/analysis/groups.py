"""Parties without a name: "Syrian rebels", "opposition lawmakers", "police in Lagos", "farmers".

An adjective of a state with a noun of people is a party of that state. Such nouns without a state are
parties where a short text is
about them: named in at least every eighth sentence, or in one that has no other subject.
"""

from __future__ import annotations

from digestbot.analysis.assembly import Assembly
from digestbot.analysis.drafts import Draft
from digestbot.analysis.metonymy import verb_follows
from digestbot.analysis.offices import find_offices
from digestbot.analysis.organisations import ends_phrase
from digestbot.analysis.reading import POSSESSIVES, Line, Reading
from digestbot.analysis.senses import best_sense
from digestbot.analysis.words import word_set

RULES = ("group-noun",)

SHORT = 3  # sentences up to which a text is about every party it names
SHARE = 8  # sentences to one place that a nameless group needs
_QUALIFIERS = word_set(
    "armed suspected masked unidentified islamist islamic muslim christian jewish hindu shiite sunni "
    "shi'ite kurdish tamil maoist marxist leftist rightist communist separatist ethnic tribal opposition "
    "student striking local senior top anti-government pro-government pro-democracy rebel government "
    "foreign u.n. un army military border riot security state federal militant radical hardline human "
    "rights peace aid relief humanitarian church religious political trade labor labour union elderly "
    "young unemployed landless coffee cocaine drug street police paramilitary jihadist guerrilla anti-war "
    "antiwar nationalist loyalist republican wealthy rich poor poorer richer donor western european "
    "african asian arab gulf regional neighbouring neighboring southeast international foreign private "
    "private-sector eurobond naval civil non-governmental environmental women's veterans' farmers' "
    "teachers' displaced coastal remote"
)
_GIVES = word_set("promised promises offered offers gave gives granted grants denied denies guaranteed owes")
#: What stands for those in it where it is attacked, stopped or freed: "a police patrol", "an army camp".
_STANDS_FOR = word_set(
    "patrol patrols convoy convoys station stations post posts checkpoint checkpoints base bases camp "
    "camps barracks outpost outposts vehicle vehicles truck trucks bus headquarters garrison garrisons "
    "position positions column columns unit units van vans headquarters academy"
)
_NUMBERS = word_set(
    "million billion hundred thousand dozen two three four five six seven eight nine ten some many few"
)
_ARMED = frozenset({"REB", "CRM"})
_PRESS = word_set("reporters journalists correspondents newspapers broadcasters editors")
_TELLS = word_set("tell told tells telling")
_SAYS = word_set("say said says add added note noted believe believed")


def short_text(reading: Reading) -> bool:
    """Whether a text is so short that it is about every party it names."""
    return len(reading.lines) <= SHORT


def group_sectors(reading: Reading) -> dict[str, str]:
    """Noun of a group → CAMEO/PLOVER sector."""
    sectors: dict[str, str] = {}
    for name, nouns in reading.lexicon.words.items():
        if name.startswith("group_nouns_"):
            for noun in nouns:
                sectors.setdefault(noun, name.removeprefix("group_nouns_").upper())
    return sectors


def find_groups(assembly: Assembly) -> None:
    """Adds the nameless parties the text is about."""
    reading = assembly.reading
    if not reading.uses("group-noun"):
        return
    sectors = group_sectors(reading)
    candidates: dict[str, Draft] = {}
    for line in reading.lines:
        if sectors.keys().isdisjoint(line.folded):
            continue
        for index, word in enumerate(line.folded):
            if (
                word in sectors
                and not line.taken[index]
                and (line.tokens[index].text.islower() or line.opens(index) or sectors[word] == "ETH")
            ):
                _candidate(assembly, line, index, sectors[word], candidates)
    needed = max(1 if len(reading.lines) <= SHARE else 2, len(reading.lines) // SHARE)
    short = short_text(reading)
    for key, draft in candidates.items():
        acting = [p for p in draft.places if p.subject or p.weight >= 0.7]
        subjects = sum(place.subject for place in draft.places)
        enough = len({p.line for p in draft.places}) >= needed and acting and (needed == 1 or subjects > 1)
        if short or enough:
            assembly.drafts[key] = draft
            for place in draft.places:
                assembly.line(place.line).take(place.first, place.last)
    if short:
        _find_office_holders(assembly)


_OF_STATE = frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "IGO"})


def _find_office_holders(assembly: Assembly) -> None:
    """ "Farmers asked the agriculture minister": who is told of by office alone."""
    reading = assembly.reading
    held = {
        word for d in assembly.drafts.values() if d.person for f in d.person.finds for word in f.office_words
    }
    for line in reading.lines:
        for office in find_offices(reading, line):
            named = line.text(office.last)[:1].isupper() or line.text(office.last) == ","
            if office.honorific or office.plural or named or office.sector not in _OF_STATE:
                continue
            if line.word(office.first - 1) != "the" or not line.free(office.core, office.core_end):
                continue
            if not held.isdisjoint(office.words) or not ends_phrase(reading, line, office.last):
                continue
            text = reading.text[line.tokens[office.first].start : line.tokens[office.last - 1].end]
            key = f"office:{office.country or '-'}:{text.casefold()}"
            draft = assembly.drafts.setdefault(
                key, Draft(key, text[0].upper() + text[1:], "person", office.country, office.sector)
            )
            draft.add(
                line,
                office.core if line.taken[office.first] else office.first,
                office.last,
                "office",
                0.7,
                "group-noun",
                subject=verb_follows(reading, line, office.last),
            )
            line.take(office.core, office.last)


def _candidate(assembly: Assembly, line: Line, index: int, sector: str, candidates: dict[str, Draft]) -> None:
    reading = assembly.reading
    noun = line.folded[index]
    if line.word(index + 1) in POSSESSIVES and line.word(index + 2) in {"office", "offices"}:
        return
    given = line.word(index - 1) in _GIVES and line.text(index + 1)[:1].islower()
    manned = (
        sector in {"COP", "MIL"}
        and line.word(index + 1) in _STANDS_FOR
        and short_text(reading)
        and ends_phrase(reading, line, index + 2)
    )
    if not given and not manned and not ends_phrase(reading, line, index + 1):
        return  # "opposition leader", "police chief"
    if noun in _PRESS and line.word(index - 1) in _TELLS:
        return  # "he told reporters": who only listens
    if line.word(index + 1) in _SAYS and not short_text(reading):
        return  # "diplomats said": a source, no party
    first = index
    country = None
    while first > 0:
        before = line.folded[first - 1]
        match = line.match(first - 1)
        if (
            match is not None
            and match.senses[0].form in {"adjective", "acronym", "name"}
            and not match.compound
        ):
            sense = best_sense(reading, match)
            if sense.entry.kind in {"state", "place"} or sense.form == "adjective":
                country = sense.entry.country
            first = match.first
            break
        if before in _QUALIFIERS or before.endswith("-backed") or before.startswith(("anti-", "pro-")):
            first -= 1
            continue
        break
    if line.word(index + 1) in {"in", "of", "from"} and country is None:
        match = line.match(index + 2)
        if match is not None and match.senses[0].entry.country:
            country = best_sense(reading, match).entry.country
    start = index if line.taken[first] else first
    counted = line.word(first - 1)[:1].isdigit() or line.word(first - 1) in _NUMBERS
    if counted and not short_text(reading):
        return  # "more than 40,000 people have died"
    if sector == "ETH":
        if not short_text(reading):
            return  # in a longer text peoples are whom it tells of, seldom who acts
        sector = "CVL"
    key = f"group:{country or '-'}:{noun}"
    text = reading.text[line.tokens[first].start : line.tokens[index].end]
    kind = (
        "armed_group"
        if sector in _ARMED
        else "organisation"
        if sector in {"COP", "MIL", "OPP", "LEG", "JUD", "LAB", "IGO"}
        else "population"
    )
    draft = candidates.get(key)
    if draft is None:
        name = text if text[0].isupper() else text[0].upper() + text[1:]
        draft = candidates[key] = Draft(key, name, kind, country, sector)
    subject = verb_follows(reading, line, index + 1)
    object_ = _addressed(reading, line, first)
    draft.add(
        line,
        start,
        index + 1,
        "group",
        0.8 if subject else 0.7 if object_ else 0.4,
        "group-noun",
        subject=subject,
        possessive=line.word(index + 1) in POSSESSIVES,
    )


def _addressed(reading: Reading, line: Line, first: int) -> bool:
    before = line.word(first - 1)
    if (
        before in {"the", "a", "some", "several", "many", "more", "two", "three", "his", "its", "their"}
        or before.isdigit()
    ):
        before = line.word(first - 2)
    words = reading.lexicon.words
    return (
        before in words["speech_verbs"]
        or before in words["decision_verbs"]
        or before in {"by", "with", "against", "to", "between", "on", "for", "from"}
    )
