"""From finds to drafts: persons first, then organisations by pattern, then what the lexicon knows.

    persons (patterns, short forms) ──► organisations (head nouns, institutions, acronyms)
        ──► lexicon (states, capitals, names)
        ──► parties without a name ──► references ──► countries from the context

Each stage claims its tokens, so that "Israel Katz" is no state and "Sudan’s army" is the army and, as its
owner, Sudan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from digestbot.analysis.coreference import Person, core_token, find_short_forms, join_persons
from digestbot.analysis.drafts import Draft
from digestbot.analysis.lexicon import Entry, LexiconMatch
from digestbot.analysis.mentions import MentionForm
from digestbot.analysis.metonymy import Use, use_of, verb_follows
from digestbot.analysis.organisations import (
    OrganisationFind,
    bind_acronyms,
    ends_phrase,
    find_lone_acronyms,
    find_organisations,
)
from digestbot.analysis.persons import PersonFind, find_lone_names, find_persons
from digestbot.analysis.reading import POSSESSIVES, Line, Reading
from digestbot.analysis.senses import best_sense, is_trusted
from digestbot.analysis.words import fold


@dataclass
class Assembly:
    """The drafts of a document and the capitals that are only places in it."""

    reading: Reading
    drafts: dict[str, Draft] = field(default_factory=dict)
    places: list[tuple[int, int, str]] = field(default_factory=list)  # (start, end, state's name)
    where: list[tuple[int, int, str]] = field(
        default_factory=list
    )  # (line, token, country) of capitals as places
    unresolved: list[OrganisationFind] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)  # folded acronym → key

    def line(self, index: int) -> Line:
        """The line with this index."""
        return self.reading.lines[index]

    def draft(self, entry: Entry) -> Draft:
        """The draft of a lexicon entry, new or known."""
        if entry.id not in self.drafts:
            self.drafts[entry.id] = Draft(
                entry.id,
                entry.name,
                entry.kind,
                entry.country,
                entry.sector,
                entry,
                institution=entry.institution,
            )
        return self.drafts[entry.id]


def assemble(reading: Reading, author: str | None) -> Assembly:
    """Drafts of all actors with a name, in a first and still unranked form."""
    assembly = Assembly(reading)
    persons = _persons(reading, author)
    for person in persons:
        _draft_person(assembly, person)
    _organisations(assembly)
    _lexicon(assembly)
    _lone_acronyms(assembly)
    return assembly


def _persons(reading: Reading, author: str | None) -> list[Person]:
    finds: list[PersonFind] = []
    for line in reading.lines:
        finds.extend(find_persons(reading, line))
    persons = join_persons(reading, finds)
    known = {token for person in persons for token in person.tokens}
    lone = [
        find
        for find in find_lone_names(reading)
        if core_token(reading.lines[find.line].text(find.first)) not in known
    ]
    if lone:
        persons = join_persons(reading, finds + lone)
    kept = []
    writer = {fold(word) for word in author.split()} if author else set()
    for person in persons:
        if writer and set(person.tokens) <= writer and len(person.tokens) > 1:
            continue
        kept.append(person)
        for line_index, first, last, _ in person.spans:
            reading.lines[line_index].take(first, last)
    find_short_forms(reading, kept)
    return kept


def _draft_person(assembly: Assembly, person: Person) -> None:
    key = f"person:{person.number}"
    draft = Draft(key, person.name, "person", None, None, person=person)
    for line_index, first, last, rule in person.spans:
        line = assembly.line(line_index)
        subject = verb_follows(assembly.reading, line, last)
        weight = 1.0 if subject else 0.8
        shown = _with_title(person, line, first) if last - first == 1 else first
        draft.add(
            line,
            shown,
            last,
            "name",
            weight,
            rule,
            subject=subject,
            possessive=line.word(last) in POSSESSIVES,
        )
    for find in person.finds:
        if find.honorific in {
            "mr",
            "mr.",
            "sir",
            "king",
            "prince",
            "lord",
            "emperor",
            "pope",
            "father",
            "sheikh",
            "imam",
        }:
            draft.gender = "m"
        elif find.honorific in {
            "mrs",
            "mrs.",
            "ms",
            "ms.",
            "miss",
            "queen",
            "princess",
            "lady",
            "daw",
            "dame",
            "madame",
        }:
            draft.gender = "f"
    assembly.drafts[key] = draft


def _with_title(person: Person, line: Line, first: int) -> int:
    """A name of one word is quoted with its title: "Mr. Trump", "President Biden"."""
    for find in person.finds:
        if find.line == line.index and find.first == first:
            start = find.title_first if find.title_first is not None else first
            return start if line.text(start)[:1].isupper() else first
    return first


def _organisations(assembly: Assembly) -> None:
    reading = assembly.reading
    bound = bind_acronyms(reading)
    by_line: dict[int, list[tuple[int, int, str]]] = {}
    for acronym, (line_index, first, last) in bound.items():
        by_line.setdefault(line_index, []).append((first, last, acronym))
    for line in reading.lines:
        finds = sorted(
            find_organisations(reading, line),
            key=lambda f: (-(f.last - f.first), f.rule != "institution", f.first),
        )
        for find in finds:
            if line.free(find.first, find.last):
                _take_organisation(assembly, line, find)
        for first, last, acronym in by_line.get(line.index, ()):
            _bind(assembly, line, first, last, acronym)


def _take_organisation(assembly: Assembly, line: Line, find: OrganisationFind) -> Draft | None:
    reading = assembly.reading
    if find.institution and find.entry is None:
        assembly.unresolved.append(find)
        line.take(find.first, find.last)
        return None
    owner = _owner_match(line, find)
    if find.entry is not None:
        draft = assembly.draft(find.entry)
    else:
        name = find.name
        key = f"org:-:{fold(name).removeprefix('the ')}"
        if key not in assembly.drafts:
            assembly.drafts[key] = Draft(key, name, find.kind, find.country, find.sector, weak=find.weak)
        draft = assembly.drafts[key]
    first = find.first
    if owner is not None and find.institution:
        # the state before its institution stays a mention of the state
        state = best_sense(reading, owner).entry
        assembly.draft(state).add(
            line,
            owner.first,
            owner.last,
            "adjective" if owner.senses[0].form == "adjective" else "name",
            0.6,
            "owner-of-institution",
            start=owner.start,
            end=owner.end,
        )
    subject = verb_follows(reading, line, find.last)
    draft.add(
        line,
        first,
        find.last,
        "name" if find.entry is None else "office",
        1.0 if subject else 0.8,
        find.rule,
        subject=subject,
        possessive=line.word(find.last) in POSSESSIVES,
    )
    if owner is not None and find.institution:
        after = owner.last + (line.word(owner.last) in POSSESSIVES)
        if after < find.last and owner.first == find.first:
            draft.add(line, after, find.last, "office", 0.0, find.rule)
    line.take(find.first, find.last)
    return draft


def _owner_match(line: Line, find: OrganisationFind) -> LexiconMatch | None:
    match = line.match(find.first)
    if (
        match is not None
        and match.first == find.first
        and match.last < find.last
        and match.senses[0].entry.kind == "state"
    ):
        return match
    return None


def _bind(assembly: Assembly, line: Line, first: int, last: int, acronym: str) -> None:
    """Binds an acronym in brackets to what stands before it: a known draft, a form of the lexicon, or a new
    name."""
    for draft in assembly.drafts.values():
        for place in draft.places:
            if (
                place.line == line.index
                and place.last == last
                and place.first < last
                and draft.kind != "person"
            ):
                assembly.aliases[acronym] = draft.key
                return
    match = line.match(last - 1)
    if (
        match is not None
        and match.last == last
        and match.last - match.first > 1
        and line.free(match.first, match.last)
    ):
        assembly.aliases[acronym] = best_sense(assembly.reading, match).entry.id
        return
    is_state = match is not None and match.last == last and match.senses[0].entry.kind == "state"
    if match is not None and is_state and (last - first == 1 or match.first == first):
        return
    if not line.free(first, last) or last - first < 2:
        return
    inside = line.match(last + 1)
    if inside is not None and inside.senses[0].entry.kind != "outlet":
        sense = best_sense(assembly.reading, inside)
        spoken_of = sense.entry.country is None or sense.entry.country in assembly.reading.countries
        if sense.entry.kind not in {"state"} and spoken_of and is_trusted(assembly.reading, sense):
            assembly.draft(sense.entry).add(line, first, last, "name", 0.8, "acronym-bracket")
            assembly.aliases[acronym] = sense.entry.id
            line.take(first, last)
            return
    text = assembly.reading.text[line.tokens[first].start : line.tokens[last - 1].end]
    words = assembly.reading.lexicon.words
    if line.folded[last - 1] in words["thing_heads"]:
        return
    heads = words["organisation_heads"] | words["foreign_organisation_heads"]
    if not any(line.folded[i] in heads for i in range(first, last)) and not _acronym_acts(assembly, acronym):
        return
    find = OrganisationFind(line.index, first, last, text, "acronym-bracket", sector="UNK")
    created = _take_organisation(assembly, line, find)
    if created is not None:
        assembly.aliases[acronym] = created.key


def _acronym_acts(assembly: Assembly, acronym: str) -> bool:
    """Whether an acronym speaks, decides or owns somewhere in the document."""
    for line in assembly.reading.lines:
        for index, word in enumerate(line.folded):
            if (
                word == acronym
                and line.tokens[index].text[0].isupper()
                and (verb_follows(assembly.reading, line, index + 1) or line.word(index + 1) in POSSESSIVES)
            ):
                return True
    return False


def _lexicon(assembly: Assembly) -> None:
    reading = assembly.reading
    if "lexicon" in reading.without:
        return
    for line in reading.lines:
        for match in line.matches:
            if not line.free(match.first, match.last) and not (
                match.compound and line.free(match.first, match.last)
            ):
                continue
            folded = fold(reading.text[match.start : match.end])
            if folded in assembly.aliases and assembly.aliases[folded] in assembly.drafts:
                _known(assembly, line, match, assembly.drafts[assembly.aliases[folded]])
                continue
            sense = best_sense(reading, match)
            if not is_trusted(reading, sense):
                continue
            entry = sense.entry
            if entry.kind == "outlet":
                line.take(match.first, match.last)
            elif entry.kind == "place":
                continue
            elif entry.kind == "state" or sense.form in {"adjective", "people", "capital", "seat"}:
                _state(assembly, line, match, use_of(reading, line, match, sense), entry)
            elif sense.form == "acronym" and _names_a_thing(reading, line, match):
                continue  # "the UN Convention on the Law of the Sea"
            else:
                _owner_inside(assembly, line, match, entry)
                _known(assembly, line, match, assembly.draft(entry))
        if assembly.aliases.keys().isdisjoint(line.folded):
            continue
        for index, token in enumerate(line.tokens):
            key = assembly.aliases.get(line.folded[index])
            if (
                key in assembly.drafts
                and not line.taken[index]
                and line.match(index) is None
                and token.text[0].isupper()
            ):
                draft = assembly.drafts[key]
                subject = verb_follows(reading, line, index + 1)
                draft.add(
                    line,
                    index,
                    index + 1,
                    "acronym",
                    1.0 if subject else 0.7,
                    "acronym-bracket",
                    subject=subject,
                )
                line.take(index, index + 1)


def _state(assembly: Assembly, line: Line, match: LexiconMatch, use: Use, entry: Entry) -> None:
    reading = assembly.reading
    if not reading.uses(use.rule):
        if use.rule != "capital-metonymy":
            return
        use = Use("capital", 1.0, False, "capital-metonymy")
    if _names_a_thing(reading, line, match):
        return
    if use.place:
        assembly.places.append((match.start, match.end, entry.name))
        if entry.country:
            assembly.where.append((line.index, match.first, entry.country))
        return
    draft = assembly.draft(entry)
    form = use.form
    draft.add(
        line,
        match.first,
        match.last,
        form,
        use.weight,
        use.rule,
        start=match.start,
        end=match.end,
        subject=use.subject,
        possessive=use.possessive,
        compound=match.compound,
    )
    if not match.compound:
        line.take(match.first, match.last)


def _names_a_thing(reading: Reading, line: Line, match: LexiconMatch) -> bool:
    """ "Paris Agreement", "Iran Air", "Ankara Declaration": the state is part of another name."""
    words = reading.lexicon.words
    after = match.last
    if not line.text(after)[:1].isupper() or line.shouted or match.compound:
        return False
    position = after
    while (
        position < len(line.tokens)
        and line.text(position)[:1].isupper()
        and line.text(position)[0].isalpha()
        and position - after < 4
    ):
        if (
            line.folded[position] in words["thing_heads"]
            and line.folded[position] not in words["organisation_heads"]
        ):
            return match.senses[0].form != "adjective" or position == after
        if line.match(position) is not None or line.folded[position] in reading.lexicon.titles:
            return False
        position += 1
    return False


def _owner_inside(assembly: Assembly, line: Line, match: LexiconMatch, entry: Entry) -> None:
    """ "Malian Armed Forces", "Ukrainian army": the state that an institution's name begins with is
    mentioned too."""
    if entry.institution is None or entry.country is None:
        return
    state = assembly.reading.lexicon.state(entry.country)
    if state is None:
        return
    for inner in assembly.reading.lexicon.find(line.tokens[match.first : match.first + 2]):
        sense = inner.senses[0]
        if sense.entry.id == state.id and inner.first == 0 and sense.form in {"adjective", "name", "acronym"}:
            form: MentionForm = "adjective" if sense.form == "adjective" else "name"
            assembly.draft(state).add(
                line,
                match.first,
                match.first + inner.last,
                form,
                0.6,
                "owner-of-institution",
                start=inner.start,
                end=inner.end,
            )


def _known(assembly: Assembly, line: Line, match: LexiconMatch, draft: Draft) -> None:
    reading = assembly.reading
    if not reading.uses("lexicon-name"):
        return
    subject = verb_follows(reading, line, match.last)
    before = line.word(match.first - 1)
    if before == "the":
        before = line.word(match.first - 2)
    locative = before in reading.lexicon.words["place_prepositions"]
    form = match.senses[0].form
    draft.add(
        line,
        match.first,
        match.last,
        "acronym" if form == "acronym" else "name",
        1.0 if subject else 0.5 if locative else 0.8,
        "lexicon-name",
        start=match.start,
        end=match.end,
        subject=subject,
        possessive=line.word(match.last) in POSSESSIVES,
        compound=match.compound,
    )
    if not match.compound:
        line.take(match.first, match.last)


_OF_SOMEBODY = frozenset({"administration", "government"})


def name_administrations(assembly: Assembly) -> None:
    """ "The Trump administration", "the Sánchez government": the state of whoever heads it."""
    reading = assembly.reading
    _unnamed_administration(assembly)
    for draft in [d for d in assembly.drafts.values() if d.person is not None and d.country is not None]:
        state = reading.lexicon.state(draft.country)
        if state is None:
            continue
        for place in draft.places:
            line = assembly.line(place.line)
            if line.word(place.last) not in _OF_SOMEBODY or line.word(place.first - 1) != "the":
                continue
            assembly.draft(state).add(
                line,
                place.first,
                place.last + 1,
                "name",
                0.8,
                "administration",
                subject=verb_follows(reading, line, place.last + 1),
            )


def _unnamed_administration(assembly: Assembly) -> None:
    """ "The Obama administration", of somebody named nowhere else: American governments are called so."""
    reading = assembly.reading
    state = reading.lexicon.state("US")
    assert state is not None
    for line in reading.lines:
        for index in range(2, len(line.tokens)):
            if (
                line.folded[index] == "administration"
                and line.tokens[index].text.islower()
                and line.folded[index - 2] == "the"
                and line.free(index - 1, index)
                and reading.is_name_word(line, index - 1)
                and ends_phrase(reading, line, index + 1)
            ):
                assembly.draft(state).add(
                    line, index - 1, index + 1, "name", 0.8, "administration",
                    subject=verb_follows(reading, line, index + 1),
                )  # fmt: skip
                line.take(index - 1, index + 1)


def _lone_acronyms(assembly: Assembly) -> None:
    for line in assembly.reading.lines:
        for find in find_lone_acronyms(assembly.reading, line):
            _take_organisation(assembly, line, find)


def merge(drafts: Mapping[str, Draft], into: Draft, other: Draft) -> None:
    """Moves all places of one draft to another."""
    for place in other.places:
        into.places.append(place)
    into.places.sort()
