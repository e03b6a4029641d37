"""Small signs beside words: flags, and a sober mark for each type of condition."""

from __future__ import annotations

import re

from digestbot.model import ActorKind, ConditionType

MARKS = {
    ConditionType.PRECONDITION: "◆",
    ConditionType.DEMAND: "■",
    ConditionType.OFFER: "●",
    ConditionType.THREAT: "▲",
    ConditionType.CONSEQUENCE: "◇",
}
"""Never alone: the type's name always stands beside its mark."""

_KINDS = {
    ActorKind.STATE: "🏛",
    ActorKind.PERSON: "👤",
    ActorKind.ORGANISATION: "🏢",
    ActorKind.ARMED_GROUP: "⚔",
    ActorKind.BLOC: "🤝",
    ActorKind.POPULATION: "👥",
}


def flag(country: str | None) -> str:
    """A country's flag from its ISO 3166-1 alpha-2 code, as two regional indicator letters; else nothing.

    Unicode Technical Standard 51, annex B.
    """
    if not country or not re.fullmatch(r"[A-Z]{2}", country):
        return ""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country)


def sign(country: str | None, kind: ActorKind) -> str:
    """The flag, or a sign of the actor's kind where there is no country."""
    return flag(country) or _KINDS[kind]
