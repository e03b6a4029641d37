"""Offices in a sentence: "Ukraine’s foreign minister", "the Nato secretary general", "head of the
presidential guard".

An office has a core (a title or head noun of offices.toml), what stands before it (country, department,
"former") and what
stands after it ("of Georgia", "for Foreign Affairs").
"""

from __future__ import annotations

from dataclasses import dataclass, field

from digestbot.analysis.lexicon import Entry, LexiconMatch
from digestbot.analysis.organisations import ends_phrase
from digestbot.analysis.reading import DETERMINERS, POSSESSIVES, Line, Reading
from digestbot.analysis.senses import best_sense, is_trusted
from digestbot.analysis.words import is_shouted, word_set

FORMER = word_set("former ex erstwhile late then onetime ex-")
MODIFIERS = word_set(
    "former ex late then onetime acting interim caretaker deputy vice assistant associate senior top "
    "chief outgoing incoming new newly appointed elected re-elected ousted deposed exiled jailed "
    "imprisoned detained visiting veteran hardline hard-line moderate far-right right-wing left-wing "
    "leftist populist designate special presidential military government governmental state national "
    "federal regional provincial local rebel army navy naval police junta militia opposition party "
    "parliamentary political security defence defense nuclear trade peace climate human rights foreign "
    "policy economic house senate cabinet coalition ruling transitional de facto permanent junior first "
    "second long-time longtime powerful influential current present sitting eldest youngest central "
    "bank supreme military-appointed self-declared self-styled self-proclaimed international co "
    "republican democratic democrat conservative labour socialist communist cup high-ranking ranking "
    "retired reserve air force separatist separatist-backed pro-russian pro-european pro-western "
    "congressional minority majority lead principal general under sub joint executive managing public "
    "prime full main shadow european"
)
PARTICIPLES = word_set("appointed elected ousted deposed exiled jailed imprisoned detained")
LINKS = word_set("of for at to on in")
PHRASE = 4  # words a phrase may go on behind the name it begins with


@dataclass(slots=True)
class Office:
    """Tokens [first, last) of an office phrase; its core at [core, core_end)."""

    first: int
    last: int
    core: int
    core_end: int
    sector: str | None
    honorific: bool
    plural: bool = False
    country: str | None = None
    stateless: bool = False  # of an organisation that belongs to no state
    owner: Entry | None = None  # the organisation or state whose office it is
    former: bool = False
    determined: bool = False  # after "the", "its", "Poland’s", or with a country
    pronoun: str | None = None  # "his", "its": whose office it is
    possessor: str | None = None  # "Trump’s envoy": a name that is no form of the lexicon, folded
    words: list[str] = field(default_factory=list)  # folded words of the core


def find_offices(reading: Reading, line: Line) -> list[Office]:
    """The office phrases of a line, none overlapping another; looked for once and kept with the line."""
    if line.offices is None:
        line.offices = _find_offices(reading, line)
    return line.offices


def _find_offices(reading: Reading, line: Line) -> list[Office]:
    found: list[Office] = []
    floor = 0
    beginnings = reading.lexicon.office_words
    if beginnings.isdisjoint(line.folded):
        return found
    for index in [at for at, word in enumerate(line.folded) if word in beginnings]:
        if index < floor:
            continue
        core_end, sector, plural = _core(reading, line, index)
        if core_end == index:
            continue
        words = line.folded[index:core_end]
        honorific = (
            " ".join(words) in reading.lexicon.honorifics and " ".join(words) not in reading.lexicon.titles
        )
        office = Office(index, core_end, index, core_end, sector or None, honorific, plural, words=words)
        if not honorific:
            _extend_left(reading, line, office, floor)
            _extend_right(reading, line, office)
        # "Secretary" + "of State" grew past the core: go on after what was read
        found.append(office)
        floor = office.last
    return found


def _core(reading: Reading, line: Line, index: int) -> tuple[int, str, bool]:
    """The office phrase at `index`, whose word is one of the lexicon's `office_words`."""
    lexicon = reading.lexicon
    match = line.match(index)
    if match is not None and match.last - match.first > 1 and match.senses[0].form != "head":
        return index, "", False
    node, best, sector = lexicon.title_trie, index, ""
    position = index
    while position < len(line.folded):
        step = node.get(line.folded[position])
        if step is None:
            break
        node = step
        position += 1
        if None in node:
            best, sector = position, node[None][0]
    if best > index:
        text = line.tokens[index].text
        if best - index == 1 and len(text) <= 2 and not text.endswith(".") and text.islower():
            return index, "", False
        return best, sector, False
    word = line.folded[index]
    if word in lexicon.heads:
        return index + 1, lexicon.heads[word], False
    if word.endswith("s") and len(word) > 4:
        single = word[:-1]
        if single in lexicon.titles:
            return index + 1, lexicon.titles[single], True
        if single in lexicon.heads:
            return index + 1, lexicon.heads[single], True
    return index, "", False


def _note_owner(reading: Reading, office: Office, match: LexiconMatch) -> None:
    sense = best_sense(reading, match)
    entry = sense.entry
    if entry.kind == "outlet" or not is_trusted(reading, sense):
        return  # "the head of the National Assembly" in a text that never speaks of Venezuela
    if office.owner is None or (office.owner.kind == "state" and entry.kind != "state"):
        office.owner = entry
    if entry.country and office.country is None:
        office.country = entry.country
    if entry.country is None and entry.kind in {"bloc", "organisation"}:
        office.stateless = True


def _extend_left(reading: Reading, line: Line, office: Office, floor: int) -> None:
    lexicon = reading.lexicon
    index = office.first
    while index > floor:
        before = index - 1
        word = line.folded[before]
        match = line.match(before)
        if match is not None and not match.compound and match.senses[0].entry.kind != "outlet":
            _note_owner(reading, office, match)
            if match.senses[0].form == "capital" and line.word(match.first - 1) in {"in", "at", "from"}:
                break  # "In Algiers Foreign Minister X"
            office.determined = True
            index = match.first
            continue
        if word in POSSESSIVES and before > floor and line.match(before - 1) is not None:
            owner = line.match(before - 1)
            assert owner is not None
            _note_owner(reading, office, owner)
            office.determined = True
            index = owner.first
            break
        if (
            word in POSSESSIVES
            and before > floor
            and line.folded[before - 1]
            in {
                "army",
                "group",
                "party",
                "union",
                "government",
                "ministry",
                "entity",
                "country",
                "movement",
                "bloc",
                "alliance",
                "kingdom",
                "junta",
                "regime",
                "administration",
                "authorities",
                "council",
                "coalition",
                "republic",
                "region",
                "state",
            }
        ):
            index = before - 1
            continue
        if (
            word in POSSESSIVES
            and before > floor
            and line.text(before - 1)[:1].isupper()
            and reading.is_name_word(line, before - 1)
        ):
            office.possessor = line.folded[before - 1]
            office.determined = True
            index = before - 1
            break
        if word == "under" and not line.word(index).startswith("secretar"):
            break  # "a meeting under Secretary-General X"
        if word in PARTICIPLES and line.word(before - 1) not in DETERMINERS | {"newly", "recently", "now"}:
            break  # "police detained opposition leader X"
        if word in MODIFIERS or word in lexicon.departments or word.startswith("ex-"):
            if (
                line.tokens[before].text[0].isupper()
                and line.opens(before)
                and word not in MODIFIERS | lexicon.departments
            ):
                break
            if word in FORMER or word.startswith("ex-"):
                office.former = True
            index = before
            continue
        text = line.tokens[before].text
        if word in {"and", "&"} and line.word(before - 1) in lexicon.departments:
            index = before - 1
            continue
        if (
            is_shouted(text)
            and text.isalpha()
            and not line.shouted
            and len(text) <= 7
            and word not in lexicon.words["never_names"]
        ):
            index = before
            office.determined = True
            continue
        break
    office.first = index
    determiner = line.word(index - 1)
    if determiner in DETERMINERS:
        office.determined = True
        if determiner in {"its", "his", "her", "their", "our", "my"}:
            office.pronoun = determiner


def _continues(reading: Reading, line: Line, index: int) -> bool:
    """Whether the token at `index` goes on the tail of an office ("for Foreign Affairs and Trade")."""
    lexicon = reading.lexicon
    word, text, after = line.folded[index], line.tokens[index].text, line.word(index + 1)
    if word in lexicon.departments or word in lexicon.words["organisation_heads"]:
        return True
    if word in {"and", "&", "of", "the", ","}:
        named = word != "," and line.text(index + 1)[:1].isupper() and line.match(index + 1) is None
        return after in lexicon.departments or named
    if text[0].isupper() and word not in lexicon.words["months"] and line.match(index) is None:
        return True
    return word in MODIFIERS and after in lexicon.words["organisation_heads"]


def _phrase_end(reading: Reading, line: Line, index: int, match: LexiconMatch) -> int:
    """Where a phrase ends that begins with a name: "Tigray’s interim administration"."""
    attribute = match.senses[0].form == "adjective" or match.senses[0].entry.kind == "armed_group"
    end = index
    if line.word(index) in POSSESSIVES:
        end += 1
    elif not attribute:
        return index
    limit = end + PHRASE
    while end < limit and line.text(end)[:1].islower() and not ends_phrase(reading, line, end):
        end += 1
    return index if end == index + 1 and line.word(index) in POSSESSIVES else end


def _extend_right(reading: Reading, line: Line, office: Office) -> None:
    lexicon = reading.lexicon
    index = office.last
    for _ in range(3):
        if line.word(index) not in LINKS:
            break
        link = line.word(index)
        ahead = index + 1
        while line.word(ahead) in DETERMINERS or (
            line.word(ahead) in MODIFIERS and line.text(ahead).islower()
        ):
            ahead += 1
        match = line.match(ahead)
        if match is not None and not match.compound:
            if link in {"in", "to", "on", "at"} and match.senses[0].form != "name":
                if link == "in" and match.senses[0].form == "capital" and office.country is None:
                    pass
                break
            if link in {"of", "for", "at"}:
                _note_owner(reading, office, match)
                office.determined = True
            elif link == "in":
                break
            index = match.last
            while line.word(index) in {"and"} and line.match(index + 1) is not None:
                follow = line.match(index + 1)
                assert follow is not None
                index = follow.last
            if line.word(index) in lexicon.words["organisation_heads"] and line.text(index)[:1].isupper():
                index += 1
            index = _phrase_end(reading, line, index, match)
            office.last = index
            continue
        if link in {"in", "at"}:
            break
        start = ahead
        while ahead < len(line.tokens) and ahead - start < 8:
            if _continues(reading, line, ahead):
                ahead += 1
            else:
                break
        while ahead > start and line.word(ahead - 1) in {"and", "&", "of", "the", ","}:
            ahead -= 1
        if ahead == start:
            break
        office.last = index = ahead
