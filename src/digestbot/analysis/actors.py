"""Actors of a document: who acts, is asked to act or is acted upon, with every place that stands for them.

    sentences ──► reading ──► assembly (persons, organisations, lexicon) ──► contexts (whose army, whose
    minister)
        ──► parties without a name ──► references ("the group", "he") ──► salience ──► actors, most salient
        first

Headings support an actor's salience and are no evidence for one; bylines and boilerplate are not read at
all. docs/analysis-actors.md
tells every rule family with its source and what it contributes; each can be switched off by name.
"""

from __future__ import annotations

from collections.abc import Sequence

from digestbot.analysis.assembly import Assembly, assemble, name_administrations
from digestbot.analysis.contexts import place_institutions, place_organisations
from digestbot.analysis.drafts import Draft
from digestbot.analysis.groups import SHORT, find_groups
from digestbot.analysis.lexicon import Lexicon
from digestbot.analysis.mentions import ActorFindings, ActorMention
from digestbot.analysis.nationality import place_persons
from digestbot.analysis.reading import Reading, read_document
from digestbot.analysis.references import resolve
from digestbot.analysis.roles import role_of, sector_of
from digestbot.analysis.salience import to_shares, weigh
from digestbot.analysis.words import fold
from digestbot.model import Actor, ActorKind, Block, Mention, Sentence

__all__ = ["ActorFindings", "ActorMention", "find_actors"]


def find_actors(
    text: str,
    blocks: Sequence[Block],
    sentences: Sequence[Sentence],
    lexicon: Lexicon,
    *,
    author: str | None = None,
    publisher: str | None = None,
    without: frozenset[str] = frozenset(),
) -> ActorFindings:
    """The actors of a document, most salient first.

    `author` and `publisher` (of the page) are never actors. `without`: names of rule families to leave out,
    for
    measuring what each contributes.
    """
    reading = read_document(text, blocks, sentences, lexicon, without)
    assembly = assemble(reading, author)
    place_persons(assembly)
    name_administrations(assembly)
    place_institutions(assembly)
    place_organisations(assembly)
    find_groups(assembly)
    _drop_unsupported(assembly, publisher)
    _drop_interviewers(assembly)
    resolve(assembly)
    drafts = list(assembly.drafts.values())
    weigh(reading, drafts)
    drafts.sort(key=lambda draft: (-draft.salience, draft.places[0].start))
    return _findings(reading, assembly, drafts)


def _drop_unsupported(assembly: Assembly, publisher: str | None) -> None:
    own = fold(publisher) if publisher else None
    for key, draft in list(assembly.drafts.items()):
        weight = sum(place.weight for place in draft.places)
        only_adjectives = draft.kind == "state" and all(p.form == "adjective" for p in draft.places)
        if (
            not any(place.printed for place in draft.places)
            or (only_adjectives and weight < 0.6 and len(assembly.reading.lines) > SHORT)
            or (own is not None and fold(draft.name) == own)
        ):
            del assembly.drafts[key]


#: Turns from which on somebody who only asks is taken for the interviewer.
TURNS = 2


def _drop_interviewers(assembly: Assembly) -> None:
    """Leaves out who only asks: a speaker's label before questions is a journalist's, no party's."""
    lines = assembly.reading.lines
    asking = {line.block for line in lines if line.tokens and line.tokens[-1].text == "?"}
    for key, draft in list(assembly.drafts.items()):
        if draft.person is None or any(find.roles for find in draft.person.finds):
            continue
        labels = [
            place
            for place in draft.places
            if place.first == 0 and assembly.line(place.line).text(place.last) == ":"
        ]
        asked = sum(lines[place.line].block in asking for place in labels)
        if len(labels) >= TURNS and 2 * asked >= len(labels) and len(draft.places) - len(labels) <= 1:
            del assembly.drafts[key]


def _findings(reading: Reading, assembly: Assembly, drafts: list[Draft]) -> ActorFindings:
    actors: list[Actor] = []
    mentions: list[ActorMention] = []
    shares = to_shares([draft.salience for draft in drafts])
    for index, draft in enumerate(drafts):
        actors.append(
            Actor(
                key=_key(draft),
                name=draft.name,
                kind=ActorKind(draft.kind),
                country=draft.country,
                sector=sector_of(draft),
                role=role_of(draft),
                salience=shares[index],
                mentions=tuple(
                    Mention(reading.text[place.start : place.end], place.start, place.end, place.rule)
                    for place in draft.places
                    if place.printed
                ),
                lexicon_id=draft.entry.id if draft.entry else None,
                country_rule=_country_rule(draft),
                country_weighed=draft.country_weighed,
            )
        )
        mentions.extend(
            ActorMention(
                index,
                draft.name,
                p.start,
                p.end,
                p.form,
                p.printed,
                p.subject,
                p.possessive,
                p.compound,
                p.rule,
            )
            for p in draft.places
        )
    mentions.extend(
        ActorMention(None, name, start, end, "capital", printed=False, rule="capital-metonymy")
        for start, end, name in assembly.places
    )
    mentions.sort(key=lambda mention: (mention.start, -mention.end))
    weights = tuple(draft.salience for draft in drafts)
    return ActorFindings(
        tuple(actors), tuple(mentions), weights, tuple(mention.start for mention in mentions)
    )


def _country_rule(draft: Draft) -> str | None:
    """What told the country of an actor, as `explain` shows it."""
    if draft.country is None or draft.country_rule is not None:
        return draft.country_rule if draft.country else None
    if draft.entry is not None and draft.entry.country == draft.country:
        return "its entry in the lexicon"
    return "its name, its people or the countries near by"


def _key(draft: Draft) -> str:
    """Identity over documents: the lexicon's id, else kind, country and name."""
    if draft.entry is not None:
        return draft.entry.id
    prefix = {"person": "person", "armed_group": "group", "population": "people"}.get(draft.kind, "org")
    return f"{prefix}:{draft.country or '-'}:{fold(draft.name).removeprefix('the ')}"
