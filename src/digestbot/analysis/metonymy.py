"""What a form of a state does in its sentence: a government that acts, an adjective of its officials, or a
place.

Capitals are governments as subjects of verbs of speaking or deciding, in "between X and Y", after "with",
"against", "told",
before "'s" + what governments have; after "in", "at", "from", "near" they are places.
"""

from __future__ import annotations

from dataclasses import dataclass

from digestbot.analysis.lexicon import LexiconMatch, Sense
from digestbot.analysis.mentions import MentionForm
from digestbot.analysis.organisations import ends_phrase
from digestbot.analysis.reading import POSSESSIVES, Line, Reading
from digestbot.analysis.words import word_set

RULES = ("capital-metonymy", "seat-metonymy", "adjective", "people", "lexicon-name")

_ACTOR_PREPOSITIONS = word_set("with against between by on for toward")
_MOVES = word_set(
    "visit visits visited visiting went go goes going fly flew flown flying travel travelled traveled "
    "travelling trip return returned returns arrive arrived arriving head headed heading came come "
    "drove moved march marched sail journey tour flight flights host hosted near outside left leave "
    "leaving reach reached reaching enter entered capture captured seize seized bomb bombed shell "
    "shelled hit struck attack attacked besiege besieged surround encircle road roads"
)
_GIVEN = word_set(
    "message offer demand demands ultimatum threat concession concessions aid support weapons "
    "deliveries loan loans arms signal letter assistance blow warning gift assurances guarantees "
    "payments exports pressure proposal condition conditions commitment loyalty close loyal next answer "
    "reply told said yes no request appeal plea put handed gave given lent due relations ties attention "
    "alternative ammunition talk talks talked talking spoke speak speaks turn turned turns closer loyalty "
    "subservient answerable beholden pointed subordinate"
)
#: What comes from a government: "orders from Moscow"; what is asked for comes from one too.
_TAKEN_FROM = word_set(
    "independence pressure orders order demands demand concessions concession assurances assurance "
    "guarantees guarantee instructions approval consent permission recognition support backing aid help "
    "compensation reparations explanation explanations apology answer answers response reply clarity "
    "commitment commitments pledge pledges message messages signal signals word letter threats threat "
    "warning warnings interference criticism praise condemnation protest protests offer proposal loan "
    "loans weapons arms funding cash money gas oil grain sanctions retaliation blessing invitation nod"
)
_ASKS = word_set(
    "demand demands demanded demanding seek seeks sought seeking want wants wanted wanting expect expects "
    "expected expecting ask asks asked asking request requests requested requesting get gets got obtain "
    "obtained win won extract extracted secure secured"
)
_PLACE_OWNED = word_set(
    "airport streets street residents mayor suburbs suburb outskirts centre center university market "
    "markets mosque hospital hospitals stadium cathedral square skyline traffic weather museum hotels "
    "hotel port bazaar river neighbourhood neighborhood neighbourhoods neighborhoods district districts "
    "metro subway underground old downtown green main central slums roads population zoo opera cafes "
    "restaurants"
)
_PLACE_NOUNS = word_set(
    "city capital town streets outskirts suburbs suburb north south east west northeast northwest "
    "southeast southwest mayor bishop archbishop port district university residents centre center "
    "kilometres kilometers km miles airport part parts siege battle fall bombing treaty summit "
    "declaration people governor island downtown gates"
)
_ADVERBS = word_set(
    "also has had have never still now then again later earlier already meanwhile however repeatedly "
    "publicly officially formally quickly swiftly long only even too once yesterday today itself "
    "themselves consistently increasingly strongly immediately not reportedly privately apparently "
    "clearly instead simply soon though indeed"
)
_DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")
_AUXILIARIES = word_set("should had were did does do will would can could may might must has have is was")
_MODALS = word_set("will would can could may might must shall should cannot")
_MODIFIER_NOUNS = word_set(
    "war conflict crisis issue question deal file border summit talks edition correspondent bureau"
)
_TRANSITIVE = word_set(
    "urge urged urges urging tell told tells telling warn warned warns warning accuse accused accuses "
    "accusing ask asked asks asking press pressed pressing offer offered offers offering blame blamed "
    "blames push pushed pushes force forced forces forcing allow allowed invite invited thank thanked "
    "criticise criticised criticize criticized condemn condemned condemning praise praised support "
    "supported supports supporting back backed backs backing oppose opposed punish punished sanction "
    "sanctioned threaten threatened threatens persuade persuaded convince convinced pressure pressured "
    "assure assured inform informed give gave gives giving help helped helps helping let let's demand "
    "remind reminded says said irk irked anger angered angering alarm alarmed embarrass isolate isolated "
    "deter deterred appease confront confronted challenge challenged recognise recognised recognize "
    "recognized arm armed arming supply supplied trust trusted distrust owe owes bar barred target "
    "targeted require required requires expect expected expects want wants wanted calls put puts putting "
    "turning begged begs beg implored implores urged pleaded assured reassured notified notifies notify "
    "advised advises ordered orders compelled compels obliged obliges summoned rebuked rebukes scolded "
    "lectured slammed slams blasted hailed ignored ignores defied defies helped rewarded rewards courted "
    "courts wooed dragged nudged nudges bankrolled armed lobbied lobbies petitioned petitions sued sue "
    "sues"
)


LIST_REACH = 24  # tokens a list of states is followed over, each way


@dataclass(slots=True)
class Use:
    """How a form is used. `weight`: how much it says that the state acts; `place`: it is only a place
    here."""

    form: MentionForm
    weight: float
    place: bool
    rule: str
    subject: bool = False
    possessive: bool = False


def verb_follows(reading: Reading, line: Line, index: int) -> bool:
    """Whether a verb of speaking or deciding follows token `index` - 1, over adverbs, days and short
    insertions."""
    words = reading.lexicon.words
    steps = 0
    while index < len(line.tokens) and steps < 7:
        word = line.folded[index]
        text = line.tokens[index].text
        if text[0].islower() and (word in words["speech_verbs"] or word in words["decision_verbs"]):
            return True
        if text[0].islower() and len(word) > 4 and word.endswith("ed"):
            return True
        if (word in _MODALS or word.endswith("n't")) and text[0].islower():
            return True
        if _third_person(line, index):
            return True
        if word in _ADVERBS or word.endswith("ly"):
            index += 1
        elif word == "on" and line.word(index + 1) in _DAYS:
            index += 2
        elif word in _DAYS:
            index += 1
        elif text == ",":
            close = next(
                (i for i in range(index + 1, min(index + 9, len(line.tokens))) if line.tokens[i].text == ","),
                None,
            )
            if line.word(index + 1).endswith("ing"):  # "Armenia, having recognised …, continues"
                reach = range(index + 2, min(index + 24, len(line.tokens)))
                close = max((i for i in reach if line.text(i) == ","), default=close)
            if close is None:
                return False
            index = close + 1
        else:
            return False
        steps += 1
    return False


_OBJECT_OPENS = word_set("the a an its their his her that this these those to no any all what whether how")
_NO_VERBS = word_set("towards afterwards besides perhaps always sometimes plus")


def _third_person(line: Line, index: int) -> bool:
    """Whether a word reads as a verb no list need hold: "shelves the rule", "balks at nothing that …"."""
    word = line.folded[index]
    return (
        len(word) > 3
        and word[-1] == "s"
        and not word.endswith(("ss", "ous", "us", "is"))
        and word not in _NO_VERBS
        and line.text(index).islower()
        and line.word(index + 1) in _OBJECT_OPENS
    )


def list_bounds(line: Line, match: LexiconMatch) -> tuple[int, int]:
    """First and last token of the list of forms ("Washington, London and Paris") that `match` stands in.

    Two forms with only a comma between are no list: "In a letter to the Council, Baghdad asked …".
    """
    first, last = match.first, match.last
    while match.first - first < LIST_REACH:
        step = first - 1
        if line.word(step) in {"and", ",", "or"}:
            if line.word(step - 1) == ",":
                step -= 1
            other = line.match(step - 1)
            if other is not None and other.last == step and other.first < first:
                first = other.first
                continue
        break
    while last - match.last < LIST_REACH:
        step = last
        if line.word(step) in {"and", ",", "or"}:
            if line.word(step + 1) in {"and", "or"}:
                step += 1
            other = line.match(step + 1)
            if other is not None and other.first == step + 1:
                last = other.last
                continue
        break
    joined = any(line.folded[position] in {"and", "or"} for position in range(first, last))
    if not joined and first < match.first and not _serial(line, first, last):
        return match.first, match.last
    return first, last


def _serial(line: Line, first: int, last: int) -> bool:
    """Whether a list without "and" has three members or more."""
    return sum(line.text(position) == "," for position in range(first, last)) > 1


def use_of(reading: Reading, line: Line, match: LexiconMatch, sense: Sense) -> Use:
    """How this form of a state (or of a capital, a seat) is used in its sentence."""
    first, last = list_bounds(line, match)
    before = line.word(first - 1)
    if before == "the":
        before = line.word(first - 2)
    possessive = line.word(match.last) in POSSESSIVES
    subject = (verb_follows(reading, line, last) and not line.quoted[match.first]) or (
        verb_follows(reading, line, last) and before not in reading.lexicon.words["place_prepositions"]
    )
    locative = before in reading.lexicon.words["place_prepositions"]
    if sense.form == "adjective":
        return _adjective(reading, line, match)
    if sense.form == "people":
        return Use("people", 0.8 if subject else 0.5, False, "people", subject, possessive)
    if sense.form in {"name", "acronym"}:
        if match.compound:
            return Use("name", 0.5, False, "lexicon-name")
        if line.word(match.last) in _MODIFIER_NOUNS:
            return Use("name", 0.3, False, "lexicon-name")
        weight = 1.0 if subject or possessive else 0.35 if locative else 0.8
        return Use("name", weight, False, "lexicon-name", subject and not locative, possessive)
    if sense.form == "seat":
        place = before in {"in", "at", "near", "outside", "inside", "around"}
        return Use(
            "metonym", 0.2 if place else 1.0, place, "seat-metonymy", subject and not place, possessive
        )
    acts = _capital_acts(reading, line, match, first, last, before, subject, possessive)
    return Use("capital", 1.0 if acts else 0.1, not acts, "capital-metonymy", acts and subject, possessive)


def _adjective(reading: Reading, line: Line, match: LexiconMatch) -> Use:
    nouns = reading.lexicon.words["state_role_nouns"]
    position, steps = match.last, 0
    if match.compound:
        return Use("adjective", 0.4, False, "adjective")
    if line.word(match.first - 1) == "the" and ends_phrase(reading, line, match.last):
        subject = verb_follows(reading, line, match.last)  # "the Dutch", "the British"
        return Use("people", 0.9 if subject else 0.7, False, "people", subject)
    while position < len(line.tokens) and steps < 5:
        word = line.folded[position]
        if word in nouns or word in reading.lexicon.titles:
            return Use("adjective", 0.7, False, "adjective", False, line.word(position + 1) in POSSESSIVES)
        other = line.match(position)
        if word in {"and", ",", "&", "or"} and line.match(position + 1) is not None:
            position += 1
        elif (
            other is not None
            and other.first == position
            and other.senses[0].form in {"adjective", "name", "acronym"}
        ):
            position = other.last
        elif line.tokens[position].text[0].islower() and word not in {
            "in",
            "on",
            "at",
            "of",
            "to",
            "for",
            "is",
            "was",
        }:
            position += 1
        else:
            break
        steps += 1
    return Use("adjective", 0.3, False, "adjective")


def _capital_acts(
    reading: Reading,
    line: Line,
    match: LexiconMatch,
    first: int,
    last: int,
    before: str,
    subject: bool,
    possessive: bool,
) -> bool:
    words = reading.lexicon.words
    follow = line.word(match.last)
    if match.compound:
        return True
    if line.text(match.last)[:1].isupper() and (
        follow in words["thing_heads"] or follow in words["organisation_heads"]
    ):
        return False
    if (
        line.text(match.last) == ","
        and line.match(match.last + 1) is not None
        and _is_city_state(line, match)
    ):
        return False
    if possessive:
        return line.word(match.last + 1) not in _PLACE_OWNED and before not in {
            "in",
            "at",
            "near",
            "outside",
            "across",
        }
    earlier = line.word(first - 2)
    if (
        line.text(match.last) == ","
        and line.word(match.last + 1) in {"who", "whose", "which"}
        and before not in words["place_prepositions"]
    ):
        return True
    if before in words["place_prepositions"]:
        if before in {"to", "into", "toward", "towards"} and earlier in _GIVEN:
            return True
        return before == "from" and (earlier in _TAKEN_FROM or _asked_of(line, first))
    if before == "to":
        return (earlier in _GIVEN and earlier not in _MOVES) or earlier in {"clear", "plain", "known"}
    if before == "of":
        return earlier not in _PLACE_NOUNS and earlier in {
            "recognition",
            "behalf",
            "part",
            "side",
            "support",
            "patience",
            "ally",
            "allies",
            "hands",
            "credibility",
            "views",
            "enemy",
            "enemies",
            "critic",
            "interests",
            "ahead",
            "because",
            "criticism",
            "approval",
        }
    if before in _TRANSITIVE:
        return True
    if before in _MOVES:
        return False
    if subject or _subject_with_others(line, last):
        return True
    if before in _ACTOR_PREPOSITIONS:
        return before != "for" or earlier not in {"left", "leave", "leaving", "departed", "bound", "leaves"}
    if before == "and" and line.word(first - 2) and _between(line, first):
        return True
    return before in _AUXILIARIES or before in {"says", "said"}


def _subject_with_others(line: Line, last: int) -> bool:
    """ "Kyiv and its European partners have been pressing": a government and those on its side."""
    if line.word(last) not in {"and", "or"} and line.text(last) != ",":
        return False
    return line.word(last + 1) in {"its", "and"} and any(
        line.folded[i] in _ON_ITS_SIDE for i in range(last + 2, min(last + 6, len(line.tokens)))
    )


_ON_ITS_SIDE = word_set(
    "ally allies partner partners friends backers supporters proxies proxy neighbours neighbors allied "
    "government governments envoys negotiators generals army troops forces president leaders diplomats "
    "creditors"
)


def _asked_of(line: Line, first: int) -> bool:
    """ "demanded an explanation from Canberra": something is asked for a few words before "from"."""
    return any(line.folded[i] in _ASKS for i in range(max(0, first - 7), first - 1))


def _between(line: Line, first: int) -> bool:
    return any(line.folded[i] == "between" for i in range(max(0, first - 8), first))


def _is_city_state(line: Line, match: LexiconMatch) -> bool:
    """ "Charlevoix, Canada": a city and its country."""
    other = line.match(match.last + 1)
    return (
        other is not None
        and other.senses[0].form == "name"
        and other.senses[0].entry.id == match.senses[0].entry.id
    )
