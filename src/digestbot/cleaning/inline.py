"""Lines of which only a part is body: datelines before it, biographies and corrections behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digestbot.analysis.endings import Ending
from digestbot.cleaning import vocabulary
from digestbot.cleaning.lines import Line, is_call, is_plea, tells_news
from digestbot.model import Block, BlockLabel

_NAME = (
    r"(?:(?:Dr|Prof|Mr|Mrs|Ms|Sir|Lt|Col|Gen)\.?\s+)?[A-ZÀ-ÖØ-Þ][\w.'’-]*"
    r"(?:\s+(?:[A-ZÀ-ÖØ-Þ][\w.'’-]*|al-\w+|de|van|der|von|al|el|bin|da|di|la|le)){1,4}"
)
_STARTS_WITH_NAME = re.compile(
    rf"(?:{_NAME}(?:, | & | and )){{0,3}}(?P<name>{_NAME})(?:,[^,]{{2,60}},)?\s+(?=[a-z])"
)
_GOES_ON = re.compile(
    r"(?:He|She|They|His|Her|Their|It|Follow (?:him|her|them)|Previously|Formerly|Earlier)\b"
)
#: "X is" alone begins news as well ("X, the mayor of Y, is livid. He will not …").
_PLAIN_VERBS = frozenset({"is", "was", "are", "were", "has", "have", "had"})
_TRAILING_NOTE = Ending(
    r"\s+\[(?:sic|note|editor|ed\.|updates?|corrected|correction|photo|video|image|share)\b[^\[\]]{0,120}\]\s*$"
    r"|\s+(?:\d[\d,.]*k? (?:shares?|comments?|likes?|views?)\W*){1,4}$"
    r"|\s+(?:read|see) (?:more|also)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a content line stands, and what is known when it is read."""

    authors: Sequence[str]
    before: Sequence[Line]  # the content lines before it
    from_start: int  # content lines before it
    from_end: int  # content lines after it
    transcript: bool
    in_biography: bool  # the line before it ended in a biography


#: Words a biography of one line has at most.
SHORT_BIOGRAPHY = 16


def divide(line: Line, label: BlockLabel, place: Place) -> list[Block]:
    """The blocks of a content line: one, or several where sentences of it are no body."""
    # Imported here: the package of the analysis imports the cleaning.
    from digestbot.analysis.sentences import split_text

    skip = byline = _byline_length(line.text)
    if not skip and not line.list_mark:
        skip = _dateline_length(line.text, place.from_start == 0 and not place.transcript)
    note = _TRAILING_NOTE.forwards.search(line.text) if _TRAILING_NOTE.stands(line.text) else None
    stop = note.start() if note and note.start() > skip else len(line.untagged)
    sentences = [(skip + a, skip + b) for a, b in split_text(line.text[skip:stop])]
    if not sentences:
        return [Block(line.start, line.end, label)]
    texts = [line.text[a:b] for a, b in sentences]
    labels = [label] * len(texts)
    for index, sentence in enumerate(texts):
        after_furniture = index > 0 and labels[index - 1] is BlockLabel.BOILERPLATE
        if _is_furniture(sentence, place, after_furniture):
            labels[index] = BlockLabel.BOILERPLATE
    start = _biography_start(texts, place, all(x is BlockLabel.BOILERPLATE for x in labels[1:]))
    if start is not None:
        for index in range(start, len(texts)):
            if index > start and not (_continues(texts[index], place.authors) or place.from_end <= 1):
                break
            labels[index] = BlockLabel.BYLINE
    if stop < len(line.text):
        rest = line.text[stop:]
        sentences.append((len(line.text) - len(rest.lstrip()), len(line.text)))
        labels.append(BlockLabel.BOILERPLATE)
    before = BlockLabel.BYLINE if byline else BlockLabel.DATELINE
    return _blocks(line, skip, before, sentences, labels)


def _blocks(
    line: Line,
    skip: int,
    before: BlockLabel,
    sentences: Sequence[tuple[int, int]],
    labels: Sequence[BlockLabel],
) -> list[Block]:
    blocks: list[Block] = []
    if skip:
        blocks.append(Block(line.start, line.start + len(line.text[:skip].rstrip()), before))
    begin = sentences[0][0] if skip else 0
    for index, (_, end) in enumerate(sentences):
        last = index + 1 == len(sentences)
        if last or labels[index + 1] is not labels[index]:
            stop = len(line.text) if last else end
            blocks.append(Block(line.start + begin, line.start + stop, labels[index]))
            begin = sentences[index + 1][0] if not last else stop
    return blocks


#: Characters of a dateline at most.
_DATELINE = 90


def _byline_length(text: str) -> int:
    """How many characters before a paragraph name its writer: "Analysis by A. Writer: "."""
    match = vocabulary.INLINE_BYLINE.match(text) if ":" in text[:80] else None
    return match.end() if match and match.end() < len(text) else 0


def _dateline_length(text: str, opening: bool) -> int:
    if not opening and not any(dash in text[:_DATELINE] for dash in "—–-"):
        return 0
    match = vocabulary.DATELINE_SURE.match(text)
    if match is None and opening:
        match = vocabulary.DATELINE_OPENING.match(text)
    if match is None or match.end() > _DATELINE or match.end() >= len(text):
        return 0
    return match.end()


def _is_furniture(sentence: str, place: Place, after_furniture: bool) -> bool:
    """Whether a sentence of a content line speaks of the page; stricter in the middle of the article."""
    at_end = place.from_end <= 1
    match = vocabulary.SELF_REFERENCE.match(sentence)
    if match and not tells_news(sentence):
        # "X is written by Y" and "Hello, Amira" speak of the page only around the article's ends.
        sure = not vocabulary.SELF_REFERENCE_AT_ENDS.match(sentence)
        return sure or at_end or (place.from_start == 0 and not place.transcript)
    if at_end and not place.transcript:
        return (
            is_plea(sentence, addressed=False)
            or is_call(sentence)
            or (
                after_furniture
                and bool(vocabulary.FURNITURE_START.match(sentence) or vocabulary.THANKS.match(sentence))
            )
        )
    return False


def _biography_start(texts: Sequence[str], place: Place, alone: bool) -> int | None:
    """Index of the sentence with which an author's biography begins.

    `alone`: nothing but furniture follows the line's first sentence.

    A biography names the writer, or near the end of the text somebody of whom nothing was said before, tells
    what that person is or was by profession, and quotes nobody.
    """
    if place.in_biography and _continues(texts[0], place.authors):
        return 0
    if place.transcript and place.from_end > 2:
        return None
    if alone and (place.from_start <= 1 or place.from_end <= 1) and _is_short_biography(texts[0]):
        return 0
    for index, sentence in enumerate(texts):
        near_end = place.from_end <= 3 and place.from_start >= 2
        by_author = _names_author(sentence, place.authors) and (
            near_end
            or (index == 0 and (place.from_start > 0 or vocabulary.BIOGRAPHY.search(sentence) is not None))
        )
        match = _STARTS_WITH_NAME.match(sentence) if place.from_start >= 2 else None
        if match is None and not by_author:
            continue
        rest = " ".join(texts[index:])
        if _tells_news(rest):
            continue
        if by_author or match is None:
            return index
        signs = len({m.start() for m in vocabulary.BIOGRAPHY_SIGNS.finditer(rest)})
        claim = vocabulary.BIOGRAPHY.match(sentence, match.end())
        if claim is not None and (signs >= 2 or (near_end and (signs >= 1 or len(texts) <= 2))):
            return index
        followed = any(_GOES_ON.match(t) for t in texts[1:])
        verb = vocabulary.BIOGRAPHY_VERB.match(sentence, match.end("name"))
        if near_end and index == 0 and verb is not None and vocabulary.IN_OFFICE.search(sentence) is None:
            goes_on = followed and verb[0].split()[-1] not in _PLAIN_VERBS
            told = claim is not None or signs >= 1 or goes_on
            if told and not _heard_of(match["name"].split()[-1].casefold(), place):
                return index
    return None


def _heard_of(surname: str, place: Place) -> bool:
    """Whether a name stands in the lines before."""
    return any(
        surname == word.casefold().removesuffix("'s").removesuffix("’s")
        for line in place.before
        for word in line.words
    )


def _is_short_biography(sentence: str) -> bool:
    """Whether a line of its own says in a few words what somebody writes or teaches: "X writes on law."."""
    match = _STARTS_WITH_NAME.match(sentence)
    return (
        match is not None
        and len(sentence.split()) <= SHORT_BIOGRAPHY
        and not _tells_news(sentence)
        and vocabulary.BIOGRAPHY_VERB.match(sentence, match.end("name")) is not None
        and vocabulary.BIOGRAPHY_SIGNS.search(sentence) is not None
    )


def _names_author(sentence: str, authors: Sequence[str]) -> bool:
    """Whether the sentence opens with a writer's name, the first name alone too, as the subject of a verb."""
    for name in authors:
        for form in (name, name.split()[0]):
            if sentence.startswith(form + " ") and sentence[len(form) + 1].islower():
                return form == name or vocabulary.BIOGRAPHY_VERB.match(sentence, len(form)) is not None
    return False


def _continues(sentence: str, authors: Sequence[str]) -> bool:
    if _tells_news(sentence):
        return False
    surnames = [name.split()[-1] for name in authors]
    return bool(
        _GOES_ON.match(sentence)
        or any(sentence.startswith(s + " ") for s in surnames)
        or _names_author(sentence, authors)
        or vocabulary.BIOGRAPHY_SIGNS.search(sentence)
    )


def _tells_news(text: str) -> bool:
    """Whether somebody says something in it: biographies quote nobody."""
    return bool(re.search(r"[\"“][^\"”]{12,}[\"”]|\b(?:said|told|says|announced|warned|demanded)\b", text))
