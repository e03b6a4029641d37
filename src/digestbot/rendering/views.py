"""Answers in a chat: stories, conditions, actors, sources, sentences in their context, lists, plain words.

Each function gives whole messages; what the numbers in them mean travels with them (`MessagePart.refers_to`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any

from digestbot.digest import fold
from digestbot.errors import DigestbotError, FetchError
from digestbot.model import (
    Bullet,
    Button,
    Condition,
    Coverage,
    DigestActor,
    DigestCondition,
    DigestSettings,
    DigestStory,
    Keyboard,
    MessagePart,
    StoredDocument,
)
from digestbot.protocols.ingest import DocumentMatch
from digestbot.rendering.actions import Ref, encode_refs
from digestbot.rendering.rich import (
    BOLD,
    CODE,
    EXPANDABLE,
    ITALIC,
    QUOTE,
    Piece,
    Rich,
    bold,
    italic,
    link,
    pack,
    plain,
    under,
)
from digestbot.rendering.symbols import sign
from digestbot.rendering.telegram import (
    condition_line,
    left_out,
    message_part,
    numbers_of,
    ref_of,
    story_buttons,
    story_pieces,
)
from digestbot.rendering.texts import Texts

Parts = tuple[MessagePart, ...]
Numbers = dict[str, dict[str, Any]]

OMITTED = 15
"""Sentences or documents left out that /why names; the others are counted."""
OPENING = 60
"""Characters of a sentence by which /why names it."""
MOST_CONDITIONS = 60
"""Conditions in one list."""
TIES = 10
"""Conditions in each list of a profile."""
APPEARANCES = 8
"""Documents in a profile."""
COMPANIONS = 8
"""Actors in a profile."""
IN_SUMMARY = ("bullets", "conditions", "evidence", "actors")


def _messages(
    blocks: Sequence[Sequence[Piece]],
    numbers: Mapping[str, Mapping[str, Any]] | None = None,
    keyboard: Keyboard = (),
) -> Parts:
    """Blocks as messages; the buttons stand under the last one."""
    packed = pack(blocks)
    refers_to: dict[str, Any] = {"numbers": dict(numbers), "default": next(iter(numbers))} if numbers else {}
    return tuple(
        message_part(message, keyboard if place == len(packed) else (), refers_to)
        for place, message in enumerate(packed, start=1)
    )


def say(texts: Texts, key: str, keyboard: Keyboard = (), **values: object) -> Parts:
    """A text of the catalogue."""
    return _messages([[Piece(texts.rich(key, **values))]], keyboard=keyboard)


def say_rich(rich: Rich, keyboard: Keyboard = ()) -> Parts:
    """A text made elsewhere."""
    return _messages([[Piece(rich)]], keyboard=keyboard)


def lines(texts: Texts, key: str, items: Iterable[Rich], keyboard: Keyboard = (), **values: object) -> Parts:
    """A heading from the catalogue, and one line for each item."""
    block = [Piece(texts.rich(key, **values), keeps_next=True), *(Piece(item) for item in items)]
    return _messages([block], keyboard=keyboard)


def trouble(error: DigestbotError, texts: Texts) -> str:
    """Why something cannot be read, for who sent it: by the error's code, without paths and addresses."""
    key = f"trouble.{error.code.replace('-', '_')}"
    if isinstance(error, FetchError) and error.status is not None:
        return texts("trouble.status", status=error.status)
    return texts(key if texts.has(key) else "trouble.unreadable")


def settings_view(
    shown: Rich,
    hint: Rich | None,
    story: DigestStory | None,
    settings: DigestSettings,
    texts: Texts,
    keyboard: Keyboard,
) -> MessagePart:
    """The settings in one message; with a `story`, how the digest would show it under them."""
    blocks = [[Piece(shown)]]
    if hint is not None:
        blocks.append([Piece(hint, before="\n\n")])
    if story is not None:
        blocks.append([Piece(texts.rich("settings.preview"), before="\n\n", keeps_next=True)])
        blocks.append(story_pieces(story, settings, texts))
    return message_part(pack(blocks)[0], keyboard)


def story_view(
    story: DigestStory,
    settings: DigestSettings,
    texts: Texts,
    keyboard: Keyboard = (),
    following: Sequence[Ref] = (),
) -> Parts:
    """One story with all that was found in it, and a button to the first of those `following`."""
    shown = replace(settings, sections=IN_SUMMARY)
    pieces = story_pieces(story, shown, texts, numbered=False)
    ref = ref_of(story)
    if ref and not keyboard:
        keyboard = (
            *story_buttons([ref], texts, following),
            (
                *((Button(texts("button.why"), encode_refs("wh", [ref])),) if ref.kind == "s" else ()),
                *(
                    (Button("👍", encode_refs("vu", [ref])), Button("👎", encode_refs("vd", [ref])))
                    if ref.kind == "s"
                    else ()
                ),
            ),
        )
        keyboard = tuple(row for row in keyboard if row)
    return _messages([pieces], numbers_of([story]), keyboard)


# --- conditions ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filter:
    """Which conditions to show: None or empty means all."""

    types: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    actor: str | None = None  # folded name, holder or addressee
    names: frozenset[str] = frozenset()  # folded names of the actor that is meant: "Ankara" is Türkiye

    def admits(self, found: DigestCondition) -> bool:
        """Whether a condition passes."""
        return self.passes(found.condition)

    def passes(self, condition: Condition) -> bool:
        """The same, for one that is in no digest yet."""
        parties = [fold(name) for name in (condition.holder, condition.addressee, condition.speaker) if name]
        return (
            (not self.types or condition.type.value in self.types)
            and (not self.domains or condition.domain.value in self.domains)
            and (self.actor is None or any(self.actor in party or party in self.names for party in parties))
        )


def alert_view(stories: Sequence[DigestStory], texts: Texts) -> Parts:
    """New and changed conditions of those a chat follows, in one message where they fit."""
    return conditions_view(stories, texts, "alert.title")


def conditions_view(stories: Sequence[DigestStory], texts: Texts, title: str = "conditions.title") -> Parts:
    """Conditions of these stories, each with its whole sentence folded up; numbered through. Of more than
    can be read in one go the first are shown, and how to ask for others."""
    numbers: Numbers = {}
    blocks: list[list[Piece]] = [[Piece(bold(texts(title)))]]
    count = 0
    for story in stories:
        if not story.conditions:
            continue
        block = [Piece(link(story.headline, story.url, BOLD), before="\n\n", keeps_next=True)]
        own = numbers_of([story])[str(story.number)]
        for found in story.conditions[: MOST_CONDITIONS - count]:
            count += 1
            condition = found.condition
            numbers[str(count)] = {
                **own,
                "version": found.version_id,
                "start": condition.sentence_start,
                "end": condition.sentence_end,
            }
            line = condition_line(found, texts, f"{count}. ")
            if condition.sentence != condition.text:
                line = (*line, *plain("\n"), *under(EXPANDABLE, plain(condition.sentence)))
            block.append(Piece(line, numbers=(str(count),)))
        blocks.append(block)
        if count == MOST_CONDITIONS:
            blocks.append([Piece(texts.rich("conditions.more", n=texts.number(count)), before="\n\n")])
            break
    if not count:
        return say(texts, "conditions.none")
    return _messages(blocks, numbers)


# --- actors -------------------------------------------------------------------------------------------


def actors_view(stories: Sequence[DigestStory], texts: Texts) -> Parts:
    """All actors of these stories by story, with flag, role and kind."""
    blocks: list[list[Piece]] = [[Piece(bold(texts("actors.title")))]]
    numbers: Numbers = {}
    for story in stories:
        if not story.actors:
            continue
        block = [Piece(link(story.headline, story.url, BOLD), before="\n\n", keeps_next=True)]
        numbers.update(
            {str(len(numbers) + 1): numbers_of([story])[str(story.number)]} if story.bullets else {}
        )
        block += [Piece(_actor_line(actor, texts)) for actor in story.actors]
        blocks.append(block)
    if len(blocks) == 1:
        return say(texts, "actors.none")
    return _messages(blocks, numbers)


def _actor_line(actor: DigestActor, texts: Texts) -> Rich:
    words = [texts(f"kind.{actor.kind.value}")]
    if actor.country and actor.kind.value != "state":
        words.append(texts.country(actor.country))
    role = f", {texts.isolated(actor.role)}" if actor.role else ""
    return (
        *plain(f"{sign(actor.country, actor.kind)} "),
        *bold(texts.isolated(actor.name)),
        *plain(role),
        *italic(f" — {', '.join(words)}"),
    )


def actor_profile(
    actor: DigestActor,
    documents: Sequence[StoredDocument],
    zone: str,
    texts: Texts,
    keyboard: Keyboard,
    *,
    appears: int,
) -> Parts:
    """Who it is, what it demanded, offered and threatened, and others to it, where it appeared, with whom.

    `documents`: the latest it appears in; `appears`: in how many it does.
    """
    own = {document.document_id: _names_in(actor, document) for document in documents}
    tied = [(document, condition) for document in documents for condition in document.analysis.conditions]
    holds = [(one, tie) for one, tie in tied if tie.holder in own[one.document_id]]
    asked = [
        (one, tie)
        for one, tie in tied
        if tie.addressee in own[one.document_id] and tie.holder not in own[one.document_id]
    ]
    numbers: Numbers = {}
    blocks = [[Piece(_actor_line(actor, texts))]]
    for key, found in (("actors.holds", holds), ("actors.asked", asked)):
        if found:
            block = [Piece(bold(texts(key)), before="\n\n", keeps_next=True)]
            block += [_tie_piece(document, condition, numbers, texts) for document, condition in found[:TIES]]
            if len(found) > TIES:
                block.append(Piece(italic(texts("why.and_more", n=texts.number(len(found) - TIES)))))
            blocks.append(block)
    seen: list[Piece] = []
    for document in documents[:APPEARANCES]:
        number = str(len(numbers) + 1)
        numbers[number] = _own_ref(document)
        seen.append(Piece(_document_line(number, document, zone, texts), numbers=(number,)))
    heading = texts.count("actors.appears", appears)
    blocks.append([Piece(bold(heading), before="\n\n", keeps_next=True), *seen])
    if others := _companions(actor, documents):
        named = ", ".join(texts.isolated(name) for name in others[:COMPANIONS])
        blocks.append([Piece((*bold(texts("actors.with")), *plain(f" {named}")), before="\n\n")])
    return _messages(blocks, numbers, keyboard)


def _tie_piece(document: StoredDocument, condition: Condition, numbers: Numbers, texts: Texts) -> Piece:
    """A numbered condition; what its number means is added to `numbers`."""
    number = str(len(numbers) + 1)
    numbers[number] = {
        **_own_ref(document),
        "version": document.version_id,
        "start": condition.sentence_start,
        "end": condition.sentence_end,
    }
    found = DigestCondition(document.document_id, document.version_id, condition)
    return Piece(condition_line(found, texts, f"{number}. "), numbers=(number,))


def _names_in(actor: DigestActor, document: StoredDocument) -> set[str | None]:
    """What an actor is called in a document."""
    return {found.name for found in document.analysis.actors if found.key == actor.key}


def _companions(actor: DigestActor, documents: Sequence[StoredDocument]) -> list[str]:
    """Names of those in the same documents: in most of them first, then the weightier there."""
    together: dict[str, tuple[int, float]] = {}
    names: dict[str, str] = {}
    for document in documents:
        for other in document.analysis.actors:
            if other.key != actor.key:
                count, weight = together.get(other.key, (0, 0.0))
                together[other.key] = (count + 1, weight + other.salience)
                names.setdefault(other.key, other.name)
    most = sorted(together, key=lambda key: (-together[key][0], -together[key][1], names[key]))
    return [names[key] for key in most]


# --- sources ------------------------------------------------------------------------------------------


def _own_ref(document: StoredDocument) -> dict[str, Any]:
    return {"document": document.document_id}


def _document_line(number: str, document: StoredDocument, zone: str, texts: Texts) -> Rich:
    words = f"{texts.isolated(document.publisher)} · {texts.short_date(document.published, zone)}"
    return (*plain(f"{number}. "), *link(document.title, document.url), *italic(f" — {words}"))


def documents_view(
    documents: Sequence[StoredDocument],
    zone: str,
    texts: Texts,
    key: str,
    keyboard: Keyboard = (),
    **values: object,
) -> Parts:
    """A numbered list of documents: what was read, what was found, what tells a story."""
    numbers: Numbers = {}
    pieces = [Piece(texts.rich(key, **values), keeps_next=True)]
    for place, document in enumerate(documents, start=1):
        numbers[str(place)] = _own_ref(document)
        line = _document_line(str(place), document, zone, texts)
        pieces.append(Piece(line, numbers=(str(place),)))
    return _messages([pieces], numbers, keyboard)


def search_view(found: Sequence[DocumentMatch], zone: str, texts: Texts, words: str) -> Parts:
    """Documents that hold the words, best first, each with a stretch of its text."""
    numbers: Numbers = {}
    block = [Piece(texts.rich("search.title", words=words), keeps_next=True)]
    for place, match in enumerate(found, start=1):
        number = str(place)
        numbers[number] = {"document": match.document_id}
        when = f" — {texts.isolated(match.publisher)} · {texts.short_date(match.published, zone)}"
        line = (*plain(f"{number}. "), *bold(texts.isolated(match.title)), *italic(when))
        if match.snippet.strip():
            line = (*line, *plain("\n"), *under(QUOTE, plain(match.snippet.strip())))
        block.append(Piece(line, before="\n\n", numbers=(number,)))
    return _messages([block], numbers)


def context_view(document: StoredDocument, start: int, end: int, zone: str, texts: Texts) -> Parts:
    """A sentence between the one before and the one after it, and where it stands."""
    sentences = document.analysis.sentences
    inside = [place for place, found in enumerate(sentences) if found.start < end and found.end > start]
    before = after = ""
    if inside:
        first, last = inside[0], inside[-1]
        if first > 0:
            before = document.text[sentences[first - 1].start : sentences[first - 1].end]
        if last + 1 < len(sentences):
            after = document.text[sentences[last + 1].start : sentences[last + 1].end]
    quote = [
        *plain(f"{before}\n" if before else ""),
        *bold(document.text[start:end]),
        *plain(f"\n{after}" if after else ""),
    ]
    where = [
        (*plain(f"{texts('source.document')} "), *link(document.title, document.url, BOLD)),
        plain(f"{texts('source.publisher')} {texts.isolated(document.publisher)}"),
        plain(f"{texts('source.published')} {texts.moment(document.published, zone)}"),
        plain(texts("source.place", start=texts.number(start), end=texts.number(end))),
    ]
    if document.version > 1:
        where.append(plain(texts("source.version", n=texts.number(document.version))))
    where.append(plain(document.url or texts("source.no_address")))
    ref = Ref("d", document.document_id)
    keyboard = ((Button(texts("button.summary"), encode_refs("st", [ref])),),)
    numbers: Numbers = {
        "1": {**_own_ref(document), "version": document.version_id, "start": start, "end": end}
    }
    pieces = [Piece(under(QUOTE, tuple(quote)))]
    pieces += [Piece(line, before="\n\n" if not place else "\n") for place, line in enumerate(where)]
    return _messages([pieces], numbers, keyboard)


def why_view(
    story: DigestStory, texts: Texts, omitted: Sequence[tuple[str, StoredDocument, Bullet]] = ()
) -> Parts:
    """Why a story stands where it stands, why each of its bullets was chosen, and why others were not."""
    items: list[Rich] = [plain(f"• {reason(line, texts)}") for line in story.reasons]
    chosen = [bullet for bullet in story.bullets if bullet.reasons]
    if chosen:
        items.append(texts.rich("why.bullets"))
    for bullet in chosen:
        opening = texts.isolated(shorten(bullet.text, OPENING, placeholder=" …"))
        counted = plain(", ".join(rule_words(line, texts) for line in bullet.reasons), CODE)
        items.append((*plain(f"{bullet.number} ", ITALIC), *plain(f"“{opening}” — "), *counted))
    if omitted:
        items.append(texts.rich("why.sentences"))
    for why_not, document, sentence in omitted[:OMITTED]:
        opening = texts.isolated(shorten(sentence.text, OPENING, placeholder=" …"))
        because = texts(f"why.{why_not.replace('-', '_')}")
        items.append((*plain(f"• “{opening}” ({texts.isolated(document.publisher)}) — "), *italic(because)))
    if len(omitted) > OMITTED:
        items.append(plain(texts("why.and_more", n=texts.number(len(omitted) - OMITTED))))
    return lines(texts, "why.title", items, headline=bold(story.headline))


def coverage_view(
    coverage: Coverage, texts: Texts, omitted: Sequence[tuple[str, StoredDocument]] = ()
) -> Parts:
    """What was read and what was not, with every reason: each failure, silent source and kind left out; and
    the documents that were left out by name."""
    read = texts(
        "coverage.read",
        documents=texts.count("coverage.documents", coverage.documents),
        publishers=texts.count("coverage.publishers", coverage.publishers),
    )
    reasons = [texts("why.failed", what=texts.isolated(line)) for line in coverage.failures]
    reasons += [texts("why.silent", what=texts.isolated(name)) for name in coverage.silent_sources]
    reasons += [texts("why.left_out", what=left_out(line, texts)) for line in coverage.left_out]
    items: list[Rich] = [plain(read), *(plain(f"• {line}") for line in reasons)]
    if omitted:
        items.append(texts.rich("why.documents_left"))
    for why_not, document in omitted[:OMITTED]:
        named = link(shorten(document.title, 2 * OPENING, placeholder=" …"), document.url)
        because = texts(f"why.{why_not.replace('-', '_')}")
        told = f" ({texts.isolated(document.publisher)}) — "
        items.append((*plain("• "), *named, *plain(told), *italic(because)))
    if len(omitted) > OMITTED:
        items.append(plain(texts("why.and_more", n=texts.number(len(omitted) - OMITTED))))
    return lines(texts, "why.coverage", items)


def rule_words(line: str, texts: Texts) -> str:
    """A rule that chose a sentence and what it counted ("position +0.42"), in the interface's language."""
    name, _, weight = line.rpartition(" ")
    key = "rule." + re.sub(r"\W+", "_", name.lower())
    return f"{texts(key)} {weight}" if name and texts.has(key) else line


def reason(line: str, texts: Texts) -> str:
    """One reason as composed (`publishers:3`), in words."""
    name, _, value = line.partition(":")
    if value.isdigit():
        return texts.count(f"why.{name}", int(value))
    return texts(f"why.{name}", what=target_name(value, texts))


def target_name(target: str, texts: Texts, known: str | None = None) -> str:
    """A followed or muted target in words."""
    kind, _, value = target.partition(":")
    if known:
        return known
    if kind == "country":
        return texts.country(value)
    if kind == "domain":
        return texts(f"domain.{value}")
    if kind == "actor" and value.startswith("state:"):
        return texts.country(value.removeprefix("state:"))
    if kind == "actor":
        return value.rpartition(":")[2].replace("-", " ")
    return value
