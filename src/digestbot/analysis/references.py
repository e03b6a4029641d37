"""References without a name: "the premier", "the group", "the ministry", "he", "it", "we" in a quotation.

They resolve to an actor named before; they are no mentions that are printed, but conditions take their
holders from them.
"""

from __future__ import annotations

from collections.abc import Iterable

from digestbot.analysis.assembly import Assembly
from digestbot.analysis.drafts import Draft, Place
from digestbot.analysis.metonymy import verb_follows
from digestbot.analysis.reading import POSSESSIVES, Line
from digestbot.analysis.words import word_set

_HE = word_set("he him his himself")
_SHE = word_set("she her hers herself")
_IT = word_set("it its itself")
_THEY = word_set("they them their themselves")
_FIRST = word_set("i me my myself we us our ourselves")

#: Lower-case nouns after "the" and what they can stand for.
_STATE_NOUNS = word_set("kingdom country republic nation government state regime monarchy")
_GROUP_NOUNS = word_set(
    "group movement militia rebels insurgents militants fighters guerrillas jihadists organisation "
    "organization faction paramilitaries"
)
_BLOC_NOUNS = word_set("bloc alliance union grouping")
_ORGANISATION_NOUNS = word_set(
    "ministry court agency commission party company bank council parliament mission force fund "
    "authority committee tribunal assembly junta army department lender watchdog board entity command "
    "coalition front federation organisation organization institution union union's secretariat office "
    "platform congress senate police cartel"
)


_DEFINITE = frozenset({"the", "this", "that"})
#: Pronouns stand for somebody, the word behind an article may.
_REFERRING = frozenset({*_HE, *_SHE, *_IT, *_THEY, *_FIRST, *_DEFINITE})


def resolve(assembly: Assembly) -> None:
    """Adds references to the drafts as places that are not printed."""
    reading = assembly.reading
    recent: list[tuple[Place, Draft]] = sorted(
        ((place, draft) for draft in assembly.drafts.values() for place in draft.places),
        key=lambda item: (item[0].start, item[0].end),
    )
    cursor = 0
    seen: list[tuple[Place, Draft]] = []
    for line in reading.lines:
        if _REFERRING.isdisjoint(line.folded):
            continue
        referring = {
            index + (word in _DEFINITE) for index, word in enumerate(line.folded) if word in _REFERRING
        }
        for index in sorted(referring):
            if index >= len(line.taken) or line.taken[index]:
                continue
            while cursor < len(recent) and recent[cursor][0].start < line.tokens[index].start:
                seen.append(recent[cursor])
                cursor += 1
            _reference(assembly, line, index, seen)


def _reference(assembly: Assembly, line: Line, index: int, seen: list[tuple[Place, Draft]]) -> None:
    reading = assembly.reading
    word = line.folded[index]
    if reading.uses("pronoun"):
        target = _pronoun(line, index, word, seen)
        if target is not None:
            subject = word in {"he", "she", "it", "they", "i", "we"}
            target.add(
                line,
                index,
                index + 1,
                "pronoun",
                0.25 if subject else 0.1,
                "pronoun",
                printed=False,
                subject=subject,
                possessive=word in {"his", "her", "its", "their", "my", "our"},
            )
            return
    if line.word(index - 1) not in _DEFINITE or not reading.uses("office-reference"):
        return
    if (
        line.word(index + 1) in reading.lexicon.words["organisation_heads"]
        and line.text(index + 1)[:1].islower()
    ):
        return
    last = index + 1
    if line.word(index) == "prime" and line.word(last) == "minister":
        word, last = "prime minister", last + 1
    elif line.word(index + 1) and " ".join(line.folded[index : index + 2]) in reading.lexicon.titles:
        word, last = " ".join(line.folded[index : index + 2]), index + 2
    elif line.word(index + 2) and " ".join(line.folded[index : index + 3]) in reading.lexicon.titles:
        word, last = " ".join(line.folded[index : index + 3]), index + 3
    if line.word(last) in {"of", "for"} and word not in _STATE_NOUNS and word != "head":
        return
    if word == "head" and line.folded[last : last + 2] in (["of", "state"], ["of", "government"]):
        word, last = ("president" if line.word(last + 1) == "state" else "prime minister"), last + 2
    word = word.removesuffix("-elect")
    target = _definite(assembly, line, index, word, seen)
    if target is not None:
        subject = verb_follows(reading, line, last)
        capital = line.text(index)[0].isupper() and not line.opens(index) and word in _ORGANISATION_NOUNS
        target.add(
            line,
            index,
            last,
            "office",
            0.5 if subject else 0.3,
            "office-reference",
            printed=capital,
            subject=subject,
            possessive=line.word(last) in POSSESSIVES,
        )


def _pronoun(line: Line, index: int, word: str, seen: list[tuple[Place, Draft]]) -> Draft | None:
    if word in _HE or word in _SHE:
        gender = "m" if word in _HE else "f"
        draft = _last(
            seen, line.index, lambda d: d.kind == "person" and d.gender in (None, gender), prefer_subject=True
        )
        if draft is not None and draft.gender is None:
            draft.gender = gender
        return draft
    if word in _IT:
        if (
            word == "it"
            and line.word(index + 1) in {"is", "was", "would", "will", "remains"}
            and (
                line.word(index + 2)
                in {
                    "unclear",
                    "not",
                    "said",
                    "clear",
                    "possible",
                    "likely",
                    "unlikely",
                    "understood",
                    "known",
                    "uncertain",
                    "nothing",
                    "a",
                    "an",
                    "the",
                    "that",
                    "time",
                    "hard",
                    "difficult",
                    "important",
                }
            )
        ):
            return None
        return _last(seen, line.index, lambda d: d.kind != "person", prefer_subject=True)
    if word in _THEY:
        return _last(
            seen,
            line.index,
            lambda d: d.kind in {"armed_group", "bloc", "organisation", "population"},
            prefer_subject=True,
            reach=1,
        )
    if word in _FIRST and line.quoted[index]:
        return _speaker(line, seen)
    return None


def _speaker(line: Line, seen: list[tuple[Place, Draft]]) -> Draft | None:
    """Who speaks in a quotation: the subject of the verb of speech in this line, else the last that spoke."""
    for place, draft in reversed(seen):
        if place.line < line.index - 2:
            break
        if place.subject or draft.kind == "person":
            return draft
    return None


def _last(
    seen: list[tuple[Place, Draft]], line: int, fits: object, *, prefer_subject: bool = False, reach: int = 3
) -> Draft | None:
    assert callable(fits)
    fallback = None
    current = None
    for place, draft in reversed(seen):
        if place.line < line - reach:
            break
        if not fits(draft) or place.form in {"adjective"} or (place.weight < 0.3 and place.form != "pronoun"):
            continue
        if fallback is None:
            fallback = draft
            current = place.line
        if not prefer_subject or place.subject:
            return draft if current is None or place.line >= current - 1 else fallback
    return fallback


def _definite(
    assembly: Assembly, line: Line, index: int, word: str, seen: list[tuple[Place, Draft]]
) -> Draft | None:
    titles = assembly.reading.lexicon.titles
    if word in titles or word in assembly.reading.lexicon.heads:
        return _holder(word, seen)
    if word in _STATE_NOUNS:
        return _last(seen, line.index, lambda d: d.kind == "state", reach=6)
    if word in _GROUP_NOUNS:
        return _last(seen, line.index, lambda d: d.kind == "armed_group", reach=8) or _last(
            seen, line.index, lambda d: d.kind == "organisation", reach=3
        )
    if word in _BLOC_NOUNS:
        return _last(seen, line.index, lambda d: d.kind == "bloc", reach=10)
    if word in _ORGANISATION_NOUNS:
        return _last(
            seen,
            line.index,
            lambda d: d.kind in {"organisation", "armed_group"} and word in d.name.casefold(),
            reach=15 if line.text(index).islower() else 400,
        ) or (
            _last(seen, line.index, lambda d: d.kind == "organisation", reach=2)
            if line.text(index).islower()
            else None
        )
    return None


def _holder(word: str, seen: Iterable[tuple[Place, Draft]]) -> Draft | None:
    """The person last named whose office this is."""
    for _, draft in reversed(list(seen)):
        if draft.person is None:
            continue
        for find in draft.person.finds:
            if not find.former and (" ".join(find.office_words) == word or find.office_words[-1:] == [word]):
                return draft
    return None
