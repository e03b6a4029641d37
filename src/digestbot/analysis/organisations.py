"""Organisations by pattern: head nouns ("… Export Promotion Council"), what every state has ("the foreign
ministry"),
acronyms bound by brackets, and names that an apposition explains ("NIGELEC, the state utility")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from digestbot.analysis.lexicon import Entry
from digestbot.analysis.reading import POSSESSIVES, Line, Reading
from digestbot.analysis.senses import best_sense
from digestbot.analysis.words import fold, is_shouted, word_set

RULES = (
    "institution",
    "head-noun",
    "acronym-bracket",
    "acronym-alone",
    "apposition-organisation",
    "quoted-name",
)

_CONNECTORS = word_set("of for and the & de la du des del do da on in to against")
_FUNCTION_WORDS = word_set(
    "of for and or but to in on at by with from as that which who whose when while if because after "
    "before until since under over against between among about into than nor so not also still now then "
    "there he she it they we you i the a an this these those his her its their last next yesterday "
    "today tomorrow earlier later would will could should may might must can cannot has have had is are "
    "was were be been do does did itself themselves during despite without within amid ago"
)
_DEFINITE = word_set("the its his her their our")
_EXPLAINING_ADJECTIVES = (
    "state|national|main|largest|biggest|ruling|opposition|right-wing|left-wing|far-right|umbrella|rights?|human|aid|"
    "advocacy|lobby|trade|oil|gas|energy|power|private|public|local|independent|paramilitary|jihadist|islamist|"
    "rebel|armed|militant|separatist|ethnic|sectarian|kurdish|shiite|sunni|hutu|tutsi|monitoring|industry|business|"
    "student|political|media|charity|relief|think|extremist|terrorist|criminal|drug|chinese|russian|iranian"
)
_EXPLAINING_NOUNS = (
    "group|militia|party|company|utility|charity|association|organi[sz]ation|agency|movement|coalition|"
    "alliance|union|federation|network|firm|conglomerate|bank|think tank|lobby|watchdog|body|faction|"
    "gang|cartel|producer|giant|operator|insurgency|outfit|front|forum|foundation|institute|refiner|"
    "carrier|airline|regulator"
)
# Right before a name these tell what it is: "the pipeline operator X".
_EXPLAINED_BEFORE = re.compile(
    r"utility|charity|conglomerate|operator|giant|producer|refiner|carrier|airline|watchdog|regulator|militia|insurgency|"
    r"retailer|lender|automaker|carmaker|chipmaker|shipbuilder|oilmaker|miner|steelmaker|drugmaker|planemaker|brewer|"
    r"shipowner|shipper|insurer|union|subsidiary|affiliate|partner|contractor|supplier|developer|startup|broadcaster|"
    r"exchange|foundry|smelter|consortium|insurgents?|shipyard|telecoms|chipmakers?|rival|unit|arm"
)
_EXPLAINERS = re.compile(rf"(?:(?:{_EXPLAINING_ADJECTIVES})\s+){{0,3}}({_EXPLAINING_NOUNS})\b", re.IGNORECASE)
#: Who speaks for a ministry lets it speak: "Iran's foreign ministry spokesman".
_SPEAKS_FOR = word_set(
    "spokesman spokeswoman spokesperson spokespersons spokesmen official officials statement briefing source "
    "sources readout communique press"
)
_OWNED = ("-ministry", "armed-forces")  # what a person who rules may own: "his defence ministry"
_DEPARTMENT_HEADS = word_set("energy petroleum industries police")
_RULING = word_set("ruling governing")  # "the ruling X"
_PLAIN_NOUNS = word_set("party bank guild syndicate cooperative association federation lobby airline")
_TELLING_BEFORE = _RULING | _PLAIN_NOUNS
_CARRIES_ON = word_set(
    "is has was were are have had will would could may might and or in after before who which"
)
_NUMERAL = re.compile(r"[IVX]{1,4}|\d")
_PRONOUNS = word_set("its his her their")
_NO_ARTICLE = frozenset({"parliament", "congress"})  # "told parliament", "a bill reaches parliament"
_INDEFINITE = word_set("a an new any every each no another hung next regional provincial local state youth")
_MEMBERS = word_set(
    "people workers peasants women men children students teachers senators farmers ministers lawyers "
    "journalists writers players trade mothers families veterans lord saint"
)
_ARMED_WORDS = word_set("militia gang cartel insurgency faction outfit front")


@dataclass(slots=True)
class OrganisationFind:
    """One place where an organisation is named by pattern. `entry`: what the lexicon or a type of
    institution makes of it."""

    line: int
    first: int
    last: int
    name: str
    rule: str
    entry: Entry | None = None
    institution: str | None = None  # type, where the state is yet to be found
    country: str | None = None
    kind: str = "organisation"
    sector: str | None = None
    acronym: str | None = None
    weak: bool = False
    reference: bool = False  # "the army": resolved by context
    owner: str | None = None  # whose it is: "his", "its", or a person's surname ("Kim's defence ministry")


def bind_acronyms(reading: Reading) -> dict[str, tuple[int, int, int]]:
    """Acronyms explained in brackets: folded acronym → (line, first, last) of its long form.

    "Federation of Indian Export Organisations (FIEO)" binds by the initials; a run that ends right before the
    bracket and whose capitals spell the acronym is its long form.
    """
    bound: dict[str, tuple[int, int, int]] = {}
    if not reading.uses("acronym-bracket"):
        return bound
    for line in reading.lines:
        if "(" not in line.folded:
            continue
        for index in range(1, len(line.tokens) - 2):
            if line.tokens[index].text != "(":
                continue
            acronym = line.tokens[index + 1].text
            if line.tokens[index + 2].text not in {")", ",", ";"} or not _is_acronym(acronym):
                continue
            first = _long_form(line, index, acronym)
            if first is not None:
                bound.setdefault(fold(acronym), (line.index, first, index))
    return bound


def _is_acronym(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return (
        2 <= len(letters) <= 9
        and word[0].isupper()
        and (sum(map(str.isupper, letters)) >= 2 or len(letters) <= 6)
    )


def _long_form(line: Line, bracket: int, acronym: str) -> int | None:
    letters = [c for c in fold(acronym) if c.isalpha()]
    position, left = bracket - 1, len(letters)
    first = None
    while position >= 0 and bracket - position <= 12 and left > 0:
        token = line.tokens[position].text
        folded = line.folded[position]
        if token[0].isupper():
            parts = [p for p in re.split(r"[-‑]", folded) if p]
            matched = False
            for part in reversed(parts):
                if left and part[0] == letters[left - 1]:
                    left -= 1
                    matched = True
                elif left and part[0] in letters[:left]:
                    left = len(letters[:left]) - 1 - letters[:left][::-1].index(part[0])
                    matched = True
            if matched:
                first = position
            elif not matched and folded not in _CONNECTORS:
                break
        elif folded not in _CONNECTORS and token not in POSSESSIVES and token not in {"'", "’", "&", "-"}:
            if left and folded[0] == letters[left - 1]:
                left -= 1
                first = position
            else:
                break
        position -= 1
    if first is None or left > max(0, len(letters) // 3):
        return None
    if not line.tokens[first].text[0].isupper():
        return None
    return first


def find_organisations(reading: Reading, line: Line) -> Iterator[OrganisationFind]:
    """Organisations of a line by head nouns and types of institution; the caller leaves out what persons
    have taken."""
    if reading.uses("head-noun"):
        yield from _capitalised(reading, line)
    if reading.uses("institution"):
        yield from _institutions(reading, line)
        yield from _the_house(reading, line)
    if reading.uses("quoted-name"):
        yield from _quoted(reading, line)
    if reading.uses("apposition-organisation"):
        yield from _explained(reading, line)


def _is_part(reading: Reading, line: Line, index: int) -> bool:
    word = line.tokens[index].text
    if line.taken[index] or not word[0].isupper() or line.folded[index] in reading.lexicon.words["months"]:
        return word == "&" and not line.taken[index]
    if line.opens(index) and line.folded[index] in reading.lexicon.words["sentence_openers"]:
        return False
    if line.folded[index] == "prime" and line.word(index + 1) == "minister":
        return False
    return not (
        line.folded[index] in reading.lexicon.titles
        and line.folded[index] not in {"general", "justice", "first", "state"}
    )


def _capitalised(reading: Reading, line: Line) -> Iterator[OrganisationFind]:
    heads, things = reading.lexicon.words["organisation_heads"], reading.lexicon.words["thing_heads"]
    count, reached = len(line.tokens), 0
    if heads.isdisjoint(line.folded):
        return
    marks = [index for index, word in enumerate(line.folded) if word == "&"]
    for index in sorted([*line.capitals, *marks]) if marks else line.capitals:
        if index < reached or not _is_part(reading, line, index):
            continue
        last, head_at = index, -1
        while last < count:
            if _is_part(reading, line, last):
                if line.folded[last] in heads:
                    head_at = last
                last += 1
            elif (line.folded[last] in _CONNECTORS and _crosses(reading, line, index, last, head_at)) or (
                line.tokens[last].text in {"'s", "’s", "'", "’"}
                and last + 1 < count
                and _is_part(reading, line, last + 1)
            ):
                last += 1
            else:
                break
        if head_at >= 0:
            yield from _named(reading, line, index, last, head_at, heads, things)
        reached = last


def _crosses(reading: Reading, line: Line, first: int, at: int, head_at: int) -> bool:
    """Whether a name goes on over the connector at `at` ("Federation of …", "Peace and Security Council")."""
    link = line.folded[at]
    ahead = at + 1
    if line.match(at) is not None and line.match(at) is line.match(at - 1):
        return True  # inside one form: "Bosnia and Herzegovina"
    if ahead < len(line.tokens) and line.folded[ahead] in _CONNECTORS:
        ahead += 1
    if ahead >= len(line.tokens) or not _is_part(reading, line, ahead):
        return False
    if link in {"in", "to", "on", "against"} or (link == "and" and head_at == at - 1 and head_at >= 0):
        return False
    before, after = line.match(at - 1), line.match(ahead)
    if link in {"of", "for"}:
        # the tail of a name: "Council of …"; "the Assembly for the African Union" is two
        return head_at >= 0 and (after is None or after.senses[0].entry.kind in {"state", "place"})
    if link not in {"and", "&"}:
        return True
    starts_other = after is not None and after.senses[0].form != "adjective"
    ends_other = (
        before is not None and before.senses[0].form != "adjective" and before.first >= first and head_at < 0
    )
    return not starts_other and not ends_other


def _named(
    reading: Reading,
    line: Line,
    first: int,
    last: int,
    head: int,
    heads: frozenset[str],
    things: frozenset[str],
) -> Iterator[OrganisationFind]:
    # what belongs to a state before it is its owner, not its name: "Haiti's National Police"
    country = None
    start = first
    for position in range(first, head):
        if line.tokens[position].text in POSSESSIVES or line.tokens[position].text == "’s":
            owner = line.match(position - 1)
            if owner is not None and owner.senses[0].entry.country and owner.first >= first:
                country = best_sense(reading, owner).entry.country
                start = position + 1
            elif (
                owner is not None
                or (line.word(first - 1) == "the" and line.folded[position - 1] in heads)
                or (
                    position - first >= 2
                    and line.folded[position] == "'s"
                    and line.folded[position - 1] not in _MEMBERS
                )
            ):
                start = position + 1  # "Ann Moss's Central Bank", "the Fund's Executive Board"
    first = start
    end = last
    if head < last - 1:
        link = line.folded[head + 1]
        if _NUMERAL.fullmatch(line.text(head + 1)) and last == head + 2:
            if line.folded[head] == "group":
                return  # "Working Group II"
        elif link in {"'s", "’s"}:
            end = head + 1  # "the Senate's Republicans"
        elif link not in {"of", "for", "and", "&", "'s", "’s"} and line.folded[last - 1] not in heads:
            if line.folded[head + 1] in things:
                return  # "Extended Fund Facility"
            branch = line.match(head + 1)
            if (
                branch is not None
                and branch.first == head + 1
                and branch.last == last
                and branch.senses[0].form == "name"
                and branch.senses[0].entry.kind == "state"
                and head > first
            ):
                country = branch.senses[0].entry.country  # "Border Guard Bangladesh"
            elif not any(line.folded[i] in {"of", "for"} for i in range(first, head)):
                end = head + 1  # "… Council President": the rest is no part of the name
    if end - first < 2:
        return
    if line.folded[end - 1] in _DEPARTMENT_HEADS and line.word(end) in reading.lexicon.titles:
        return  # "Russian Energy Minister X"
    if line.word(first + 1) == "the" and head > first + 1:
        if line.opens(first) and line.folded[first] not in reading.lexicon.words["sentence_openers"]:
            return  # "Join the Cooperative …": a sentence that begins with an imperative
        if line.folded[first] in reading.lexicon.words["sentence_openers"]:
            first += 2  # "Yesterday the Coast Guard …"
            if end - first < 2:
                return
    folded = line.folded[first:end]
    if folded == ["air", "force"] and line.word(end) in {"one", "two"}:
        return  # an aircraft
    if folded[-1] in things and folded[-1] not in heads:
        return
    if line.folded[first] in {"the"}:
        first += 1
    match = line.match(first)
    if match is not None and match.first == first and match.last == end:
        return  # the lexicon knows it
    if match is not None and match.last >= end:
        return
    if (
        match is not None
        and match.senses[0].entry.country
        and match.senses[0].form in {"adjective", "name", "acronym"}
    ):
        country = country or best_sense(reading, match).entry.country
    tail = line.match(end - 1)
    if country is None and tail is not None and tail.first > head and tail.senses[0].entry.kind == "state":
        country = best_sense(reading, tail).entry.country
    text = reading.text[line.tokens[first].start : line.tokens[end - 1].end]
    words = line.folded[first:end]
    head_word = line.folded[head]
    armed = head_word in reading.lexicon.words["armed_heads"] or "liberation" in words
    kind = "armed_group" if armed and head_word not in {"front", "party"} else "organisation"
    yield OrganisationFind(line.index, first, end, text, "head-noun", country=country, kind=kind,
                           sector=_sector(head_word))  # fmt: skip


def _sector(head: str) -> str:
    if head in {
        "ministry",
        "department",
        "commission",
        "agency",
        "authority",
        "administration",
        "directorate",
        "office",
        "bureau",
    }:
        return "GOV"
    if head in {"court", "tribunal"}:
        return "JUD"
    if head in {"party", "coalition", "platform", "front", "movement"}:
        return "PTY"
    if head in {"army", "forces", "force", "command", "corps", "regiment"}:
        return "MIL"
    if head in {"police"}:
        return "COP"
    if head in {"assembly", "parliament", "congress", "senate"}:
        return "LEG"
    if head in {
        "company",
        "corporation",
        "corp",
        "inc",
        "ltd",
        "plc",
        "holdings",
        "industries",
        "bank",
        "airlines",
        "energy",
    }:
        return "BUS"
    return "CVL"


def _institutions(reading: Reading, line: Line) -> Iterator[OrganisationFind]:
    trie = reading.lexicon.institution_trie
    count, reached = len(line.tokens), 0
    for index in [at for at, word in enumerate(line.folded) if word in trie]:
        if index < reached:
            continue
        node, best, type_ = trie, index, ""
        position = index
        while position < count:
            step = node.get(line.folded[position])
            if step is None:
                break
            node = step
            position += 1
            if None in node:
                best, type_ = position, node[None][0]
        if best == index or not line.free(index, best):
            continue
        find = _institution(reading, line, index, best, type_)
        if find is not None:
            yield find
            reached = find.last
        else:
            reached = best


def _institution(reading: Reading, line: Line, first: int, last: int, type_: str) -> OrganisationFind | None:
    institution = reading.lexicon.institutions[type_]
    covering = line.match(first)
    if (
        covering is not None
        and covering.last - covering.first >= last - first
        and covering.senses[0].form not in {"adjective", "people"}
        and not covering.senses[0].cautious
    ):
        return None  # a longer form of the lexicon
    if covering is not None and covering.senses[0].form == "acronym" and len(line.text(first)) <= 4:
        return None
    follow = line.word(last)
    if type_ == "air-force" and follow in {"one", "two"}:
        return None  # an aircraft
    speaks = follow in _SPEAKS_FOR and type_.endswith(("-ministry", "-office"))
    if (
        (follow in reading.lexicon.heads or follow in reading.lexicon.titles)
        and line.text(first).islower()
        and not speaks
    ):
        return None  # "army chief", "police officer"; "Central Bank Governor" is of the bank
    if line.text(last)[:1].isupper() and follow in reading.lexicon.words["organisation_heads"]:
        return None
    if line.text(last) == "-" or line.text(first - 1) == "-":
        return None
    if " ".join(line.folded[first : last + 1]) in reading.lexicon.titles and not speaks:
        return None  # "Cabinet Secretary"
    if follow in reading.lexicon.words["organisation_heads"] or not (
        speaks or ends_phrase(reading, line, last)
    ):
        return None  # "police agency", "military drills"
    start, end, country, definite = first, last, None, False
    owner: str | None = None
    if line.word(last) == "of" or (line.word(last) in {"in"} and line.match(last + 1) is not None):
        at = last + 1 + (line.word(last + 1) == "the")
        match = line.match(at)
        if match is not None and best_sense(reading, match).entry.kind == "state":
            sense = best_sense(reading, match)
            if sense.form in {"name", "acronym"} or (sense.form == "capital" and line.word(last) == "in"):
                country = sense.entry.country
                if line.word(last) == "of":
                    end = match.last
    before = first - 1
    # words between the state and the head: "Sudan's regular army"
    while (
        before >= 0
        and line.folded[before]
        in {
            "regular",
            "national",
            "own",
            "state",
            "federal",
            "main",
            "top",
            "powerful",
            "ruling",
            "military",
            "interim",
            "transitional",
            "domestic",
        }
        and first - before < 3
    ):
        before -= 1
    if country is None and before >= 0:
        if line.folded[before] in POSSESSIVES or line.tokens[before].text == "’s":
            match = line.match(before - 1)
            if match is not None and best_sense(reading, match).entry.kind in {"armed_group", "bloc"}:
                return None  # "the Houthis' security service"
            if match is not None and best_sense(reading, match).entry.country:
                country = best_sense(reading, match).entry.country
                start = match.first
            elif match is None and line.text(before - 1)[:1].isupper():
                owner, definite = line.folded[before - 1], True  # "Kim Jong Un's defence ministry"
        else:
            match = line.match(before)
            if match is not None and not match.compound:
                sense = best_sense(reading, match)
                if sense.form in {"adjective", "acronym", "name"} and sense.entry.kind == "state":
                    country = sense.entry.country
                    start = match.first
                elif sense.entry.kind in {"organisation", "bloc", "armed_group"}:
                    return None  # "EU police", "Hamas military"
        definite = definite or line.folded[before] in _DEFINITE
        if line.folded[before] in _PRONOUNS:
            owner = line.folded[before]
    if owner is not None and owner != "its" and owner != "their" and not type_.endswith(_OWNED):
        return None  # "his cabinet", "Mikati's air force" are no parties of their own
    capital = line.tokens[first].text[0].isupper() and not line.opens(first)
    if country is None:
        if type_ == "special-forces" or type_ == "trade-unions":
            definite = True
        named_alone = type_ in _NO_ARTICLE and line.word(before) not in _INDEFINITE
        opening = line.opens(first) and line.text(first)[:1].isupper()
        definite = definite or named_alone or (opening and type_ in _NO_ARTICLE | {"treasury"})
        if type_ == "treasury" and line.text(first).islower() and owner is None:
            return None  # "hand them the treasury"
        if not (definite or capital):
            return None
        if not (institution.bare or definite):
            return None
    text = reading.text[line.tokens[start].start : line.tokens[end - 1].end]
    sort = reading.lexicon.institution_of(type_, country)
    return OrganisationFind(line.index, start, end, text, "institution", sort, type_, country,
                            sector=institution.sector, reference=country is None, owner=owner)  # fmt: skip


def ends_phrase(reading: Reading, line: Line, last: int) -> bool:
    """Whether the phrase before token `last` is a noun phrase of its own: no further noun follows it."""
    word, text = line.word(last), line.text(last)
    if not text or not text[0].isalpha() or text[0].isupper() or word in POSSESSIVES:
        return True
    if word in _FUNCTION_WORDS or word.endswith("ly") or (word.endswith("ed") and len(word) > 4):
        return True
    words = reading.lexicon.words
    return (
        word in words["speech_verbs"]
        or word in words["decision_verbs"]
        or word in words["place_prepositions"]
    )


#: States besides the United States that call a chamber of theirs "the House".
_HAVE_HOUSES = word_set("GB CA AU NZ IN JP PH NG LK JM TT BS BB GY MY PK ET")
#: Beside which "the House" is that of the United States.
_AMERICAN_HOUSES = frozenset({"org:house-us", "org:gop", "parliament:US", "senate:US", "lower-house:US"})


def _about_america(reading: Reading) -> bool:
    """Whether the United States is named most but for one state, none with such a house half as often."""
    named = reading.named_times
    own = named.get("US", 0)
    more = [country for country, times in named.items() if times > own]
    return len(more) <= 1 and all(2 * named.get(country, 0) < own for country in _HAVE_HOUSES)


def _the_house(reading: Reading, line: Line) -> Iterator[OrganisationFind]:
    """ "The House passed a bill": that of the United States, where the text is about it."""
    entry = reading.lexicon.entries.get("org:house-us")
    if "house" not in line.folded or "US" not in reading.countries or entry is None:
        return
    if _AMERICAN_HOUSES.isdisjoint(reading.full_names) and not _about_america(reading):
        return
    for index in line.capitals:
        if (
            line.tokens[index].text == "House"
            and line.word(index - 1) == "the"
            and line.match(index) is None
            and line.free(index, index + 1)
            and not line.shouted
            and not line.text(index + 1)[:1].isupper()
            and ends_phrase(reading, line, index + 1)
        ):
            yield OrganisationFind(line.index, index, index + 1, "House", "institution", entry,
                                   country="US", sector="LEG")  # fmt: skip


_OPEN = frozenset('“"‘«')


def _quoted(reading: Reading, line: Line) -> Iterator[OrganisationFind]:
    """ "the party “Georgian Dream”", "the "Coalition for Change" bloc"."""
    if _OPEN.isdisjoint(line.folded):
        return
    for index in range(1, len(line.tokens) - 2):
        if line.tokens[index].text not in _OPEN:
            continue
        close = next(
            (
                i
                for i in range(index + 1, min(index + 8, len(line.tokens)))
                if line.tokens[i].text in {"”", '"', "’", "»"}
            ),
            None,
        )
        if close is None or close == index + 1 or not line.tokens[index + 1].text[0].isupper():
            continue
        if line.folded[index - 1] not in {
            "party",
            "movement",
            "bloc",
            "coalition",
            "group",
            "alliance",
            "company",
            "organisation",
            "organization",
            "militia",
            "brigade",
            "association",
            "union",
        }:
            continue
        if line.match(index + 1) is not None or not line.free(index + 1, close):
            continue
        text = reading.text[line.tokens[index + 1].start : line.tokens[close - 1].end]
        yield OrganisationFind(line.index, index + 1, close, text, "quoted-name", sector="PTY")


def _explained(reading: Reading, line: Line) -> Iterator[OrganisationFind]:
    """ "NIGELEC, the state utility", "Tikva, a hawkish families' group", "a charity called Hope"."""
    for index in line.capitals:
        token = line.tokens[index]
        if (
            line.taken[index]
            or not token.text[0].isupper()
            or line.match(index) is not None
            or len(token.text) < 3
            or line.folded[index] in reading.lexicon.words["months"]
        ):
            continue
        if (
            index > 0
            and line.tokens[index - 1].text[0].isupper()
            and line.tokens[index - 1].text[0].isalpha()
        ):
            continue
        last = index + 1
        while (
            last < len(line.tokens)
            and line.tokens[last].text[0].isupper()
            and line.tokens[last].text[0].isalpha()
            and last - index < 5
        ):
            last += 1
        called_before = _told_before(reading, line, index, last)
        called = (
            called_before
            or _owns_somebody(reading, line, index, last)
            or (
                line.word(index - 1) in {"called", "named"}
                and any(_EXPLAINERS.fullmatch(line.word(i)) for i in range(max(0, index - 4), index - 1))
            )
        )
        explained = ""
        if (
            line.text(last) == ","
            and line.word(last + 1) in {"a", "an", "the", "its", "another"}
            and last + 2 < len(line.tokens)
        ):
            rest = reading.text[line.tokens[last + 2].start : line.tokens[last + 2].start + 90]
            rest = re.split(r"[,.;:()]| of | that | which | who | with | for | in ", rest)[0]
            found = list(_EXPLAINERS.finditer(rest))
            if found and found[-1].end() == len(rest.rstrip()):
                explained = found[-1][1].lower()
        if not called and not explained:
            continue
        if (
            line.opens(index)
            and last - index == 1
            and line.folded[index] in reading.lexicon.words["sentence_openers"]
        ):
            continue
        text = reading.text[line.tokens[index].start : line.tokens[last - 1].end]
        kind = "armed_group" if explained in _ARMED_WORDS else "organisation"
        yield OrganisationFind(
            line.index,
            index,
            last,
            text,
            "apposition-organisation",
            kind=kind,
            sector="BUS"
            if explained in {"company", "utility", "firm", "giant", "bank", "producer", "operator", "refiner"}
            else "CVL",
        )


def _told_before(reading: Reading, line: Line, index: int, last: int) -> bool:
    """ "the pipeline operator X", "the mine's operator, X,", "His party, X Y,": what something is, then its
    name."""
    if line.opens(index):
        return False
    if line.tokens[index - 1].text.islower():
        if _EXPLAINED_BEFORE.fullmatch(line.word(index - 1)):
            return last - index == 1 or line.word(index - 1) == "union"
        return _told_apart(reading, line, index, last)
    if line.text(index - 1) != "," or line.text(last) not in {",", ".", ";", ")", ":"}:
        return False
    noun = line.word(index - 2)
    if not (_EXPLAINED_BEFORE.fullmatch(noun) or _EXPLAINERS.fullmatch(noun)):
        return False
    for position in range(index - 3, max(index - 7, -1), -1):
        word = line.folded[position]
        if word in {"its", "his", "her", "their", "'s", "the"}:
            return word != "the" or last - index == 1
        if not line.text(position)[:1].islower() and not (line.match(position) is not None):
            return False
        if word in _FUNCTION_WORDS:
            return False
    return False


def _told_apart(reading: Reading, line: Line, index: int, last: int) -> bool:
    """ "the ruling X says", "the exporters' guild X,", "the state farm bank X is …": an everyday noun or
    adjective tells what X is where X does not itself go on with a clause ("the party Ann Moss leads")."""
    told = line.word(index - 1)
    if told not in _TELLING_BEFORE or last - index > 3:
        return False
    if line.folded[index] in reading.lexicon.words["never_names"] or not line.free(index, last):
        return False
    after = line.word(last)
    names = reading.lexicon.name_table
    if last - index == 1 and (line.folded[index] in names.family or line.folded[index] in names.given):
        return False
    ends = not after or not after[0].isalnum() or after in _CARRIES_ON or after in POSSESSIVES
    speaks = after in reading.lexicon.words["speech_verbs"]
    if told in _RULING:
        return (ends or speaks) and line.word(index - 2) in {"the", "of", "by", "with", "from"}
    owner = line.word(index - 2)
    told_more = owner in POSSESSIVES or (
        line.text(index - 2)[:1].islower() and owner not in _FUNCTION_WORDS and owner not in _DEFINITE
    )
    return told_more and last - index == 1 and (ends or speaks)


def _owns_somebody(reading: Reading, line: Line, index: int, last: int) -> bool:
    """ "Harvexa's Ann Moss": a word nothing else explains is whom the person behind it works for."""
    word = line.folded[index]
    table = reading.lexicon.name_table
    return (
        last - index == 1
        and line.word(last) in POSSESSIVES
        and all(line.text(at)[:1].isupper() and not line.free(at, at + 1) for at in (last + 1, last + 2))
        and line.match(last + 1) is None
        and reading.is_name_word(line, index)
        and word not in reading.lower_words
        and word not in reading.lexicon.cities
        and word not in table.family
        and word not in table.given
        and word not in reading.lexicon.words["place_starts"]
    )


def find_lone_acronyms(reading: Reading, line: Line) -> Iterator[OrganisationFind]:
    """Unknown acronyms that act: "the SJB said", "JVP's …"."""
    if not reading.uses("acronym-alone") or line.shouted:
        return
    words = reading.lexicon.words
    for index in line.capitals:
        text = line.tokens[index].text
        if line.taken[index] or not is_shouted(text) or not 3 <= len(text) <= 8 or not text.isalpha():
            continue
        if line.match(index) is not None or line.folded[index] in words["never_names"]:
            continue
        after, before = line.word(index + 1), line.word(index - 1)
        acts = after in words["speech_verbs"] and line.text(index + 1).islower()
        owned = (
            after in POSSESSIVES
            or after in reading.lexicon.heads
            or after in {"government", "party", "fighters", "rebels", "militia"}
        )
        if (acts and before in {"the", "", ".", ",", "”"}) or owned:
            yield OrganisationFind(
                line.index, index, index + 1, text, "acronym-alone", weak=True, sector="UNK"
            )
