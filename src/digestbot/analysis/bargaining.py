"""How much a sentence sounds like a bargain: by families of plain words, where no cue has found a condition.

    words of the sentence ──► families they belong to, each counted twice at most ──► logistic sum ──► 0 to 1

Cues (lexicon/cues/) are patterns and miss what is put in another way; words of asking, tying, promising
and doing in one sentence still tell a reader that it matters. No condition follows from this: it only helps
to choose bullets. The weights are those of a logistic regression on sentences annotated as conditions or
not, rounded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """Words that say one thing; `weight` is what each of them adds to the logistic sum, two at most."""

    name: str
    weight: float
    phrases: frozenset[tuple[str, ...]]


def _family(name: str, weight: float, phrases: str, verbs: str = "") -> Family:
    """`phrases` are divided by commas; of `verbs` (regular, or with "/" before a past) every form counts."""
    listed = {tuple(phrase.split()) for phrase in phrases.split(",") if phrase.strip()}
    return Family(
        name, weight, frozenset(listed | {(form,) for verb in verbs.split() for form in _forms(verb)})
    )


def _forms(verb: str) -> Iterable[str]:
    """Base, third person, past and -ing form of a regular verb, or of an irregular one given as base/past."""
    base, _, past = verb.partition("/")
    stem = base[:-1] if base.endswith("e") else base
    yield base
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        yield base + "es"
    elif base.endswith("y") and base[-2] not in "aeiou":
        yield base[:-1] + "ies"
    else:
        yield base + "s"
    if past:
        yield from past.split("/")
    elif base.endswith("y") and base[-2] not in "aeiou":
        yield base[:-1] + "ied"
    else:
        yield stem + "ed"
    yield (base if base.endswith("ee") else stem) + "ing"


FAMILIES = (
    _family(
        "asks",
        1.5,
        """
        asked, ask, asks, asking, call on, calls on, called on, calling on, call upon, calls upon,
        called upon, call for, calls for, called for, calling for, sought, pleading, would like,
        would have, hold out for, held out for, holding out for, wish, wishes, looks to, looked to,
        tells, told to, told not, on the table
        """,
        """
        want urge beg/begged/begging implore beseech/besought press plead appeal petition request
        require insist seek expect need demand exhort enjoin entreat stipulate direct instruct
        """,
    ),
    _family(
        "must",
        1.5,
        """
        must, should, ought, has to, have to, had to, is to, are to, were to, having to, let,
        obliged, bound to, bound by, required, imperative, essential, indispensable, necessary,
        non-negotiable, due
        """,
    ),
    _family(
        "ties",
        1.5,
        """
        if, unless, until, till, once, only, as long as, so long as, long as, provided, providing,
        assuming, conditional, conditioned, contingent, subject to, depend, depends, depending,
        dependent, hinge, hinges, hinged, before, without, in exchange, in return, the day, the
        moment, the minute, the hour, as soon, precondition, preconditions, condition, prerequisite,
        short of, failing, in case, in the event, whoever, whichever, anyone, anybody, any,
        everyone, everybody, nothing, first, on the understanding, against, not before, in step, in
        turn, reciprocal, reciprocate, quid pro quo, no sooner, absent, lest, pending, either,
        instead, for as long
        """,
    ),
    _family(
        "will",
        1.0,
        """
        will, would, shall, won't, wouldn't, cannot, can't, can, could, may, might, never, nobody,
        none, no, not, i'll, we'll, you'll, he'll, she'll, it'll, they'll, don't, doesn't, isn't,
        aren't, nor, neither
        """,
    ),
    _family(
        "vows",
        1.0,
        """
        ready, willing, prepared, open to, rule out, rules out, ruled out, ruling out, or else,
        otherwise, ultimatum, deadline, terms, price, guarantee, guarantees, assurance, assurances,
        risk, risks, lose, loses, red line, red lines, vetoes, veto, bargain, consequence,
        consequences, response, reserves the right, reserve the right, will not hesitate, stake,
        stakes, concession, concessions, sworn, swore, forbidden, unacceptable
        """,
        """
        warn threaten vow pledge promise offer refuse reject agree accept concede
        undertake/undertook swear propose consent insist commit/committed/committing
        """,
    ),
    _family(
        "acts",
        1.0,
        """
        withdrawal, back, free, out, talks, negotiations, sanctions, tariffs, tariff, ceasefire,
        truce, troops, forces, prisoners, hostages, captives, release, recognition, arms, weapons,
        border, border crossings, election, elections, vote, aid, signature, treaty, strike,
        strikes, force, in writing, written
        """,
        """
        withdraw/withdrew/withdrawn lift release return disarm recognise recognize pay/paid
        leave/left stop/stopped/stopping halt end drop/dropped/dropping reopen resume sign hold/held
        talk negotiate retaliate respond punish hand pull join give/gave/given allow remove renounce
        dismantle ratify freeze/froze/frozen unfreeze/unfroze/unfrozen suspend impose block veto
        boycott quit/quitting vacate surrender
        """,
    ),
    _family(
        "says",
        0.75,
        """
        said, says, told, tells, added, according to, wrote, he said, she said, put it, repeated,
        made clear, makes clear, let it be known
        """,
    ),
    _family(
        "past",
        -0.75,
        """
        had, was, were, did, been, began, announced, arrived, opened, killed, yesterday, last week,
        last month, last year, last night, monday, tuesday, wednesday, thursday, friday, saturday,
        sunday, in january, in february, in march, in april, in may, in june, in july, in august, in
        september, in october, in november, in december, ago, since
        """,
    ),
    _family(
        "traps",
        -2.5,
        """
        even if, even though, even when, as if, as though, whether, clear if, known if, say if, sure
        if, tell if, decided if, unclear if, asked if, condition of anonymity, conditions in,
        conditions at, conditions on, conditions are, conditions were, conditions have, conditions
        there, conditions here, weather, living conditions, demand for, demand has, demand is,
        demand was, see if, wonder if, wondered if, know if
        """,
    ),
)

#: What the sum starts from: a sentence without any of these words is hardly ever a condition.
START = -2.25

_WORD = re.compile(r"[a-z][a-z'-]*")


def _index() -> dict[str, list[tuple[list[str], int, int]]]:
    """First words to the phrases that open with them, their length and their family, the longest first."""
    index: dict[str, list[tuple[list[str], int, int]]] = {}
    for place, family in enumerate(FAMILIES):
        for phrase in family.phrases:
            index.setdefault(phrase[0], []).append(([*phrase], len(phrase), place))
    for phrases in index.values():
        phrases.sort(key=lambda entry: (-entry[1], -entry[2]))
    return index


_INDEX = _index()
_WEIGHTS = [family.weight for family in FAMILIES]


def bargaining(sentence: str) -> float:
    """Between 0 and 1: how likely a sentence's words make it one that ties somebody to something."""
    words = _WORD.findall(sentence.lower().replace("’", "'"))
    counts = [0] * len(FAMILIES)
    reached = 0
    for position, phrases in enumerate(map(_INDEX.get, words)):
        if phrases is None or position < reached:
            continue
        for phrase, length, place in phrases:
            if length == 1 or words[position : position + length] == phrase:
                counts[place] += 1
                reached = position + length
                break
    total = START + sum([weight * min(2, count) for weight, count in zip(_WEIGHTS, counts, strict=True)])
    return 1 / (1 + math.exp(-total))
