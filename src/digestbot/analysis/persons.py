"""Persons by pattern: titles and offices before and after names, appositions, speech verbs, "Brazil’s X",
"X (Ecuador)".

The order follows Mikheev (1999): sure-fire patterns first, then whatever they have named elsewhere in the
document (that is
coreference.py), weak evidence last. Every find says which rule made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from digestbot.analysis.lexicon import Entry
from digestbot.analysis.offices import Office, find_offices
from digestbot.analysis.reading import DETERMINERS, POSSESSIVES, Line, Reading, Run
from digestbot.analysis.senses import best_sense, is_trusted
from digestbot.analysis.words import is_shouted, word_set

#: Rule families of this module, for switching off.
RULES = (
    "title-name", "office-comma-name", "name-comma-office", "name-bracket-state", "possessive-name",
    "name-of-state",
    "speech-verb", "speaker-line", "relative", "alias", "bare-name", "coordination", "lone-name",
)  # fmt: skip

_INTRODUCES = word_set(
    "group party movement company charity militia newspaper outlet platform firm coalition"
)
_HANDED = word_set("hand hands handed handing turn turned turning give gave giving take taken row sign win")
_AFTER_NAME = word_set(", . ; : ) ? ! — – ”")
_SPEECH_AFTER = word_set(
    "said says told tells added warned asked replied answered insisted noted wrote announced declared "
    "argued explained remarked conceded admitted quipped recalled stressed"
)


@dataclass(slots=True)
class PersonFind:
    """One place where a person is named, with what that place says of them."""

    line: int
    first: int
    last: int  # tokens [first, last) are the name
    rule: str
    roles: list[str] = field(default_factory=list)
    sectors: list[str] = field(default_factory=list)
    countries: list[tuple[int, str]] = field(default_factory=list)  # (strength, ISO code)
    stateless: bool = False  # of an organisation without a country
    owners: list[Entry] = field(default_factory=list)
    honorific: str | None = None
    possessor: str | None = None  # "his foreign minister": whose
    office_words: list[str] = field(default_factory=list)
    former: bool = False
    office_first: int | None = None  # where the office before the name begins
    title_first: int | None = None  # where the title itself begins
    weak: bool = False


def find_persons(reading: Reading, line: Line) -> list[PersonFind]:
    """All persons named in full (or with a title) in a line; finds do not overlap."""
    offices = find_offices(reading, line)
    runs = reading.runs(line)
    by_first = {run.first: run for run in runs}
    found: dict[int, PersonFind] = {}
    for find in _candidates(reading, line, offices, runs, by_first):
        if not reading.uses(find.rule):
            continue
        known = found.get(find.first)
        if known is not None and known.last == find.last:
            _merge(known, find)
        elif not any(f.first < find.last and find.first < f.last for f in found.values()):
            found[find.first] = find
    if reading.uses("coordination"):
        _coordinate(reading, line, found, by_first)
    return sorted(found.values(), key=lambda find: find.first)


def _merge(known: PersonFind, other: PersonFind) -> None:
    known.roles.extend(role for role in other.roles if role not in known.roles)
    known.sectors.extend(other.sectors)
    known.countries.extend(other.countries)
    known.owners.extend(other.owners)
    known.stateless |= other.stateless
    known.honorific = known.honorific or other.honorific
    known.possessor = known.possessor or other.possessor
    known.office_words.extend(other.office_words)
    known.former |= other.former
    known.weak &= other.weak
    if known.title_first is None:
        known.title_first = other.title_first
    if known.office_first is None:
        known.office_first = other.office_first


def _candidates(
    reading: Reading, line: Line, offices: list[Office], runs: list[Run], by_first: dict[int, Run]
) -> Iterator[PersonFind]:
    yield from _speaker_lines(reading, line)
    for office in offices:
        yield from _title_name(reading, line, office, by_first)
    for office in offices:
        yield from _office_comma_name(reading, line, office, offices, by_first)
    for run in runs:
        if not is_person_shaped(reading, line, run):
            continue
        yield from _with_brackets(reading, line, run)
        for office in offices:
            yield from _name_comma_office(reading, line, run, office)
        yield from _possessive_name(reading, line, run)
        yield from _name_of_state(reading, line, run)
        yield from _speech(reading, line, run)
        yield from _relative(reading, line, run)
    for run in runs:
        if is_person_shaped(reading, line, run):
            yield from _bare(reading, line, run)
    yield from _shouted_names(reading, line)


def is_person_shaped(reading: Reading, line: Line, run: Run) -> bool:
    """Whether a run has two to six words and no word of a thing, a place or an organisation."""
    size = run.last - run.first
    if not 2 <= size <= 6:
        return False
    words = reading.lexicon.words
    last_word = line.folded[run.last - 1]
    inner = line.folded[run.first : run.last]
    heads = (
        words["thing_heads"] | words["organisation_heads"] if not _of_names(reading, inner) else frozenset()
    )
    if last_word in heads or inner[0] in heads:
        return False
    if all(word in reading.lexicon.departments for word in inner):
        return False
    if line.word(run.first - 1) in {"of", "for"} and _ends_an_organisation(reading, line, run.first - 1):
        return False  # "the Federation of Lakeside Exporters", "Centre for Settlement of Investment Disputes"
    if reading.lexicon.city_length(line.folded, run.first) == size:
        return False  # "El Fasher"
    if None in reading.lexicon.institution_trie.get(last_word, ()):
        return False  # "Full Treasury sanctions"
    if all(word in words["plain_words"] for word in inner):
        return False  # "Modern Art", "Emergency Relief"
    if line.text(run.last) in {"'", "’"}:
        position = run.last + 1
        while line.text(position)[:1].isupper() and position - run.last < 5:
            if line.folded[position] in words["organisation_heads"]:
                return False  # "Government Medical Officers' Association"
            position += 1
    if (
        inner[0] in words["place_starts"]
        and inner[0] not in words["particles"]
        and not _of_names(reading, inner)
        and line.text(run.first)[0].isupper()
    ):
        return False
    if line.word(run.first - 1) in _INTRODUCES and line.text(run.first - 1).islower():
        return False  # "the youth group Hami Nepal"
    if (
        line.text(run.first - 1) == ","
        and line.text(run.last) == ","
        and line.word(run.first - 2) in _INTRODUCES
        and line.word(run.first - 3) in {"his", "her", "its", "their", "'s"}
        and line.word(run.first - 4) not in {"of", "from"}
    ):
        return False  # "His party, Otra Vía, …"
    if line.word(run.last) in words["thing_heads"] and line.text(run.last)[0].isupper():
        return False
    if line.word(run.last) in words["organisation_heads"] and line.text(run.last)[0].isupper():
        return False
    follow = line.match(run.last)
    if follow is not None and not follow.compound and line.text(run.last)[:1].isupper():
        pass
    if line.word(run.first - 1) in {"the", "operation", "hurricane", "cyclone"} and line.word(
        run.last
    ) not in {"s"}:
        return False
    if (
        line.word(run.last) in {"of", "for"}
        and line.text(run.last + 1)[:1].isupper()
        and line.match(run.last + 1) is None
    ):
        return line.word(run.first - 1) not in {"the", "a"}
    return True


def _of_names(reading: Reading, inner: list[str]) -> bool:
    """Whether words of which one is a thing or begins places are a name all the same: "Fiona Hill", "Bill
    Moss", "Ho Van Minh"; "Bill Committee", "Hill Street" and "Khan Younis" are none."""
    names, first, last = reading.lexicon.name_table, inner[0], inner[-1]
    words = reading.lexicon.words
    if last in words["organisation_heads"] or first in words["organisation_heads"]:
        return False
    if last in words["thing_heads"]:
        same = set(names.given.get(first, ())).intersection(names.family.get(last, ()))
        return bool(same) and first not in reading.lexicon.cities
    native = first in names.given or (first in names.family and (inner[1] in names.given or "-" in inner[1]))
    return native and last not in words["plain_words"] and last not in reading.lower_words


def _ends_an_organisation(reading: Reading, line: Line, link: int) -> bool:
    """Whether the capitalised words before the "of" or "for" at `link` hold the head of an organisation."""
    position = link - 1
    while position >= 0 and link - position < 8:
        word = line.folded[position]
        if line.text(position)[:1].isupper():
            if word in reading.lexicon.words["organisation_heads"]:
                return True
        elif word not in {"of", "for", "and", "the", "&"}:
            return False
        position -= 1
    return False


def _office_find(line: Line, first: int, last: int, rule: str, office: Office, text: str) -> PersonFind:
    find = PersonFind(line.index, first, last, rule, office_words=list(office.words), former=office.former)
    if office.honorific:
        find.honorific = " ".join(office.words)
    else:
        find.roles.append(text)
        if office.sector:
            find.sectors.append(office.sector)
    if office.country is not None:
        find.countries.append((3, office.country))
    find.stateless = office.stateless and office.country is None
    if office.owner is not None:
        find.owners.append(office.owner)
    find.possessor = office.pronoun or office.possessor
    return find


def _role_text(reading: Reading, line: Line, office: Office) -> str:
    return reading.text[line.tokens[office.first].start : line.tokens[office.last - 1].end]


def _name_after_title(reading: Reading, line: Line, at: int, by_first: dict[int, Run]) -> Run | None:
    """The name that begins at token `at` after a title: a run, a soft name ("Israel Katz"), one word or
    capitals."""
    run = by_first.get(at)
    if run is not None:
        words = reading.lexicon.words
        last_word = line.folded[run.last - 1]
        if last_word in words["organisation_heads"] or last_word in words["thing_heads"]:
            return None
        if line.word(run.last) in words["organisation_heads"] and line.text(run.last)[:1].isupper():
            return None
        return run
    if at >= len(line.tokens):
        return None
    if reading.is_name_word(line, at):
        particles = reading.lexicon.words["particles"]
        last = at + 1
        while last < len(line.tokens) and last - at < 6:
            linked = line.folded[last] in particles and last + 1 < len(line.tokens)
            if reading.is_name_word(line, last):
                last += 1
            elif linked and reading.is_name_word(line, last + 1):
                last += 2
            else:
                break
        heads = reading.lexicon.words["organisation_heads"]
        if line.word(last) in heads and line.text(last)[:1].isupper():
            return None  # "the Official Creditor Committee"
        return Run(at, last)
    return _shouted_run(reading, line, at)


def _shouted_run(reading: Reading, line: Line, at: int) -> Run | None:
    """A name in capitals ("MS. BRUCE", "VASSILY A. NEBENZIA") that begins at `at`."""
    last = at
    while last < len(line.tokens) and last - at < 6:
        text = line.tokens[last].text
        if not (text.isupper() and text[0].isalpha() and (len(text) > 1)) or line.match(last) is not None:
            break
        last += 1
    if last == at:
        return None
    return Run(at, last)


def _title_name(
    reading: Reading, line: Line, office: Office, by_first: dict[int, Run]
) -> Iterator[PersonFind]:
    at = office.last
    if line.word(at) in {"in", "to"} and line.match(at + 1) is not None and office.owner is not None:
        beyond = line.match(at + 1)
        if beyond is not None and beyond.last in by_first:
            at = beyond.last  # "the ambassador of the EU in Tbilisi X"
    if line.text(at) in {"“", '"', ","} and office.honorific:
        return
    while office.honorific and line.word(at) in reading.lexicon.honorifics and line.text(at)[:1].isupper():
        at += 1  # "H.E. Dr X"
    run = _name_after_title(reading, line, at, by_first)
    if run is None or run.first != at:
        return
    title = line.tokens[office.core].text
    single = run.last - run.first == 1
    if single and title.endswith(".") and line.folded[run.first] in reading.lexicon.words["sentence_openers"]:
        return  # "Good morning, Sen. Yesterday the …"
    if single and not title[0].isupper() and not office.determined and not office.honorific:
        pass
    if office.core_end != office.last and not office.honorific and line.match(office.last - 1) is None:
        return  # "governor of Zulia Manuel": where the place ends cannot be told
    if not office.honorific and not _fits_title(reading, line, office, run):
        return
    if office.honorific and line.text(office.core).islower() and not line.text(office.core).endswith("."):
        return
    if office.honorific and _inside_name(reading, line, office, by_first):
        return
    find = _office_find(line, run.first, run.last, "title-name", office, _role_text(reading, line, office))
    find.office_first = office.first
    find.title_first = office.core
    yield find
    # rank and office stacked: "Army Chief, Field Marshal Asim Munir" is seen by office-comma-name


def _inside_name(reading: Reading, line: Line, office: Office, by_first: dict[int, Run]) -> bool:
    """ "Hassan Sheikh Mohamud", "He Lifeng": an honorific that is part of the name."""
    if line.folded[office.core] == "he":
        return not is_shouted(line.text(office.core)) and "." not in line.text(office.core)
    return any(run.first < office.core < run.last for run in by_first.values()) and not line.text(
        office.core
    ).endswith(".")


def _fits_title(reading: Reading, line: Line, office: Office, run: Run) -> bool:
    word = line.folded[run.first]
    if run.last - run.first == 1:
        if line.text(office.core)[0].islower() and office.words[-1] in {
            "general",
            "private",
            "major",
            "justice",
            "state",
        }:
            return False
        words = reading.lexicon.words
        plain = word in words["plain_words"] and word not in words["also_names"]
        return not plain and word not in words["thing_heads"] and word not in words["organisation_heads"]
    return True


def _office_comma_name(
    reading: Reading, line: Line, office: Office, offices: list[Office], by_first: dict[int, Run]
) -> Iterator[PersonFind]:
    if office.honorific or line.text(office.last) != ",":
        return
    at = office.last + 1
    stacked = None
    run = by_first.get(at)
    if run is None or any(other.first == at for other in offices):
        # a rank or a second title between: ", Gen. Christopher Musa"
        for other in offices:
            if other.first == at:
                run = _name_after_title(reading, line, other.last, by_first)
                stacked = other
    if run is None or (not office.determined and line.word(office.first - 1) not in DETERMINERS):
        return
    single = run.last - run.first == 1
    after = line.text(run.last)
    if (
        after not in _AFTER_NAME
        and after.lower()
        not in {"said", "told", "and", "has", "was", "is", "who", "'s", "’s", "in", "on", "will"}
        | _SPEECH_AFTER
    ):
        return
    if single and stacked is None and after != ",":
        return
    if stacked is None and not single and not is_person_shaped(reading, line, run):
        return
    find = _office_find(
        line, run.first, run.last, "office-comma-name", office, _role_text(reading, line, office)
    )
    yield find


def _name_comma_office(reading: Reading, line: Line, run: Run, office: Office) -> Iterator[PersonFind]:
    if office.honorific or office.core <= run.last:
        return
    at = run.last
    if line.text(at) == "(":  # "X (R-S.C.),"
        close = next((i for i in range(at, min(at + 8, len(line.tokens))) if line.text(i) == ")"), None)
        at = close + 1 if close is not None else at
    if line.text(at) not in {",", "–", "—", "-"}:
        return
    at += 1
    if line.word(at) in DETERMINERS:
        at += 1
    if line.word(at) in {"who", "which"} and line.word(at + 1) in {"is", "was", "are"}:
        at += 2
        if line.word(at) in DETERMINERS:
            at += 1
    if office.first > at or office.core < at:
        # "Christian Schmidt, the international community's High Representative": words between in lower case
        gap = line.tokens[at : office.first]
        if office.core < at or len(gap) > 4 or any(t.text in ',.;:“”"' for t in gap):
            return
        if any(
            line.folded[i] in reading.lexicon.words["speech_verbs"]
            or line.folded[i] in reading.lexicon.words["decision_verbs"]
            or line.folded[i] in {"who", "whose", "whom", "which", "that", "where", "when"}
            for i in range(at, office.first)
        ):
            return
        if line.word(run.last + 1) not in DETERMINERS:
            return
    after = line.text(office.last)
    if office.plural and line.word(office.core - 1) not in {"of"}:
        if line.word(run.first - 1) == "and" and line.text(run.last) == ",":
            yield from _both(reading, line, run, office)
        return
    if (
        after
        and after[0].isupper()
        and line.word(run.last + 1) not in DETERMINERS
        and reading.is_name_word(line, office.last)
    ):
        return  # "Macron, Chancellor Scholz": a title of the next
    yield _office_find(
        line, run.first, run.last, "name-comma-office", office,
        reading.text[line.tokens[min(office.first, max(at, 0))].start : line.tokens[office.last - 1].end],
    )  # fmt: skip


def _both(reading: Reading, line: Line, run: Run, office: Office) -> Iterator[PersonFind]:
    """ "X and Y, the envoys of President Z": the office is both persons'."""
    text = _role_text(reading, line, office)
    for other in (*(r for r in reading.runs(line) if r.last == run.first - 1 and r.last - r.first > 1), run):
        yield _office_find(line, other.first, other.last, "name-comma-office", office, text)


def _with_brackets(reading: Reading, line: Line, run: Run) -> Iterator[PersonFind]:
    if line.text(run.last) != "(":
        return
    match = line.match(run.last + 1)
    if match is not None and line.text(match.last) == ")":
        entry = best_sense(reading, match).entry
        find = PersonFind(line.index, run.first, run.last, "name-bracket-state")
        find.owners.append(entry)
        if entry.country:
            find.countries.append((3, entry.country))
        yield find


_NO_NAME = DETERMINERS | word_set("what who why how where when we you they it is are was were")


def _shouted_names(reading: Reading, line: Line) -> Iterator[PersonFind]:
    """Meeting records: "HERNÁN PÉREZ LOOSE (Ecuador) thanked all delegations"."""
    reached = 0
    for index in line.capitals:
        text = line.tokens[index].text
        if index < reached or not (len(text) > 1 and text.isupper()):
            continue
        if line.folded[index] in reading.lexicon.titles or line.folded[index] in reading.lexicon.honorifics:
            index += 1  # "SENATOR X:", "USEC. Y:": the title is read with the office
            continue
        last = index
        while last < len(line.tokens) and (line.text(last).isupper() and line.text(last)[0].isalpha()):
            last += 1
        plain = (
            not line.shouted
            and 2 <= last - index <= 5
            and all(line.match(i) is None and len(line.text(i)) > 1 for i in range(index, last))
            and not any(
                line.folded[i]
                in reading.lexicon.words["organisation_heads"] | reading.lexicon.words["thing_heads"]
                or line.folded[i] in _NO_NAME  # "THE SMALL PRINT:", "WHAT WE KNOW:" head what follows
                for i in range(index, last)
            )
        )
        if plain and (
            line.text(last) in {",", ":"} or (line.word(last) in _SPEECH_AFTER and line.text(last).islower())
        ):
            yield PersonFind(line.index, index, last, "speaker-line")
        match = line.match(last + 1)
        if (
            line.text(last) == "("
            and 2 <= last - index <= 6
            and match is not None
            and line.text(match.last) == ")"
        ):
            entry = best_sense(reading, match).entry
            find = PersonFind(line.index, index, last, "name-bracket-state")
            find.owners.append(entry)
            if entry.country:
                find.countries.append((3, entry.country))
                find.roles.append(f"representative of {reading.text[match.start : match.end]}")
            yield find
        reached = last


def _possessive_name(reading: Reading, line: Line, run: Run) -> Iterator[PersonFind]:
    if line.word(run.first - 1) not in POSSESSIVES:
        return
    match = line.match(run.first - 2)
    if match is None:
        return
    sense = best_sense(reading, match)
    entry = sense.entry
    if entry.kind in {"outlet", "place"}:
        return
    find = PersonFind(line.index, run.first, run.last, "possessive-name")
    if not is_trusted(reading, sense):
        yield find  # "the Democratic Party's X" where America is not spoken of
        return
    find.owners.append(entry)
    if entry.country:
        find.countries.append((3, entry.country))
    else:
        find.stateless = entry.kind in {"bloc", "organisation"}
    yield find


def _name_of_state(reading: Reading, line: Line, run: Run) -> Iterator[PersonFind]:
    at = run.last
    if line.text(at) == "," and line.word(at + 1) in {"for", "of"}:
        at += 1
    if line.word(at) not in {"of", "for"} or line.word(run.first - 1) in {"the", "a"}:
        return
    at += 1
    if line.word(at) == "the":
        at += 1
    match = line.match(at)
    if match is None:
        return
    sense = best_sense(reading, match)
    if sense.entry.kind in {"outlet", "place"} or sense.form not in {"name", "acronym"}:
        return
    find = PersonFind(line.index, run.first, run.last, "name-of-state")
    find.owners.append(sense.entry)
    link = line.word(match.first - 1) if line.word(match.first - 1) != "the" else line.word(match.first - 2)
    if link == "for":
        find.roles.append(
            reading.text[
                line.tokens[at - 1].start
                if line.word(at - 1) == "for"
                else line.tokens[at - 2].start : match.end
            ]
        )
    if sense.entry.country:
        find.countries.append((3, sense.entry.country))
    yield find


def _speech(reading: Reading, line: Line, run: Run) -> Iterator[PersonFind]:
    verbs = reading.lexicon.words["speech_verbs"]
    after, before = line.word(run.last), line.word(run.first - 1)
    if after == "," or after in {"has", "had", "also", "himself", "herself"}:
        after = line.word(run.last + 1) if after != "," else after
    if (after in verbs and line.text(run.last).islower()) or (
        before in _SPEECH_AFTER
        and line.text(run.first - 1).islower()
        and (
            not line.word(run.last)
            or line.text(run.last) in _AFTER_NAME
            or line.word(run.last) in {"on", "in", "of", "for", "at", "who", "after", "during", "as"}
        )
    ):
        yield PersonFind(line.index, run.first, run.last, "speech-verb")


def _relative(reading: Reading, line: Line, run: Run) -> Iterator[PersonFind]:
    after = line.word(run.last)
    if line.text(run.last) == ",":
        after = line.word(run.last + 1)
        if after.isdigit() and len(after) == 2 and line.text(run.last + 2) == ",":
            yield PersonFind(line.index, run.first, run.last, "relative")
            return
    if after in {"who", "whose", "whom"}:
        yield PersonFind(line.index, run.first, run.last, "relative")


def _speaker_lines(reading: Reading, line: Line) -> Iterator[PersonFind]:
    """Transcripts: "Mao Ning: Recently …"."""
    for position in range(1, min(6, len(line.tokens))):
        if line.text(position) == ":":
            if 2 <= position <= 4 and all(reading.is_name_word(line, i) for i in range(position)):
                yield PersonFind(line.index, 0, position, "speaker-line")
            return


def _bare(reading: Reading, line: Line, run: Run) -> Iterator[PersonFind]:
    """Two capitalised words that nothing else explains, where a person can stand."""
    words = reading.lexicon.words
    before, after = line.word(run.first - 1), line.word(run.last)
    acts = (after in words["speech_verbs"] or after in words["decision_verbs"]) and line.text(
        run.last
    ).islower()
    handed = before == "over" and line.word(run.first - 2) in _HANDED
    named = before in {"through", "via", "over", "toward", "towards"} and (
        line.folded[run.first] in reading.lexicon.name_table.given
    )
    if before in words["place_prepositions"] and not acts and not handed and not named:
        return
    inner = line.folded[run.first : run.last]
    things = words["thing_heads"] | words["organisation_heads"]
    if not things.isdisjoint(inner) and not _of_names(reading, inner):
        return
    names = reading.lexicon.name_table
    known = line.folded[run.first] in names.given and line.folded[run.last - 1] in names.family
    soft = not known and any(reading.is_soft(line, i) for i in range(run.first, run.last))
    if before == "the" or (soft and not acts):
        return
    if line.text(run.last) in {"-", "/"} or line.text(run.first - 1) in {"-", "/", "&"}:
        return
    find = PersonFind(line.index, run.first, run.last, "bare-name")
    find.weak = not acts
    yield find


def find_lone_names(reading: Reading) -> list[PersonFind]:
    """Persons named by one word throughout, as the very well known are: "risk angering Trump", "Trump’s
    peace plan".

    Such a word is capitalised wherever it stands, at least twice, no form of the lexicon, never after "the"
    or "in", and acts, owns or is acted upon at least once.
    """
    if not reading.uses("lone-name"):
        return []
    words = reading.lexicon.words
    excluded = words["thing_heads"] | words["organisation_heads"] | words["place_starts"] | words["particles"]
    seen: dict[str, list[tuple[Line, int, bool]]] = {}
    shapes: dict[str, tuple[str, bool] | None] = {}
    spoiled: set[str] = set()
    for line in reading.lines:
        if line.shouted:
            continue
        for index in line.capitals:
            text = line.tokens[index].text
            if text not in shapes:
                shapes[text] = _lone_shape(reading, text, line.folded[index], excluded)
            shape = shapes[text]
            if shape is None:
                continue
            folded, compound = shape
            if not compound and not reading.is_name_word(line, index):
                continue
            before, after = line.word(index - 1), line.word(index + 1)
            neighbours = (line.text(index - 1), line.text(index + 1))
            if line.opens(index) and folded in words["sentence_openers"]:
                continue
            if (
                before in words["place_prepositions"]
                or before in {"the", "of"}
                or any(
                    text[:1].isupper() and text[0].isalpha() and not line.opens(index)
                    for text in neighbours
                    if text
                )
            ):
                spoiled.add(folded)
                continue
            acts = (after in words["speech_verbs"] and line.text(index + 1).islower()) or after in POSSESSIVES
            touched = (
                before in words["speech_verbs"]
                or before.endswith("ing")
                or before in {"by", "with", "against"}
            )
            seen.setdefault(folded, []).append((line, index, acts or compound or touched))
    finds: list[PersonFind] = []
    for folded, places in seen.items():
        if (
            folded in spoiled
            or len({line.index for line, _, _ in places}) < 2
            or sum(p[2] for p in places) < 2
        ):
            continue
        finds.extend(
            PersonFind(line.index, index, index + 1, "lone-name")
            for line, index, _ in places
            if "-" not in line.tokens[index].text
        )
    return finds


def _lone_shape(reading: Reading, text: str, folded: str, excluded: Set[str]) -> tuple[str, bool] | None:
    """The name in a word that could be a person's alone, and whether it is "X-led"; None if it is none."""
    parts = text.split("-")
    name = folded.split("-")[0]
    if (
        (text[0].islower() and text.isalpha())
        or len(parts[0]) < 4
        or not parts[0][1:].islower()
        or name in excluded
        or name in reading.lower_words
    ):
        return None
    return name, len(parts) == 2 and parts[1] in _COMPOUND_ENDS and parts[0][:1].isupper()


_COMPOUND_ENDS = word_set("led backed brokered appointed era style")


def _coordinate(reading: Reading, line: Line, found: dict[int, PersonFind], by_first: dict[int, Run]) -> None:
    """ "Presidents Paul Kagame of Rwanda and Félix Tshisekedi of …", "Katz and Prime Minister Netanyahu"."""
    for find in list(found.values()):
        at = find.last
        if find.rule == "title-name" and find.office_words and find.office_words[-1].endswith("s"):
            position = at
            while position < len(line.tokens) and position - at < 10 and line.word(position) != "and":
                position += 1
            run = by_first.get(position + 1) if line.word(position) == "and" else None
            if run is not None and run.last - run.first > 1 and not is_person_shaped(reading, line, run):
                continue  # "members of the Support and Assistance Mission"
            if run is not None and run.first not in found:
                find_next = PersonFind(
                    line.index,
                    run.first,
                    run.last,
                    "coordination",
                    roles=list(find.roles),
                    sectors=list(find.sectors),
                    office_words=list(find.office_words),
                )
                for other in _name_of_state(reading, line, run):
                    find_next.countries.extend(other.countries)
                found[run.first] = find_next
        start = find.office_first if find.office_first is not None else find.first
        if line.word(start - 1) == "and":
            run = next((r for r in by_first.values() if r.last == start - 1 and r.last - r.first == 1), None)
            if run is None or run.first in found or is_shouted(line.text(run.first)) or find.weak:
                continue
            if line.word(run.first - 1) in {"", ".", "“", ",", "by", "with", "said"}:
                found[run.first] = PersonFind(line.index, run.first, run.last, "coordination")
