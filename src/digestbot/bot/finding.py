"""From what a person typed to what it means: a number, a reply, free words, or nothing (the latest).

"2.1" ──► the message replied to, else the chat's latest listing ──► row ──► story or document, in scope
"munir" ──► search ──► the best match
""      ──► the message replied to, else the newest document
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from digestbot.bot.call import Call
from digestbot.digest import of_documents
from digestbot.model import DigestSettings, DigestStory, Keyboard, Sighting, StoredDocument
from digestbot.protocols.store import Transaction
from digestbot.rendering.actions import Ref

NUMBER = re.compile(r"#?(\d{1,3}(?:\.\d{1,3})?)\.?")


class NotFound(Exception):  # not an error of the program: it is answered with a text
    """Nothing is meant by what was typed. `key`: the text that says what to type instead; `keyboard`: what
    may have been meant."""

    def __init__(self, key: str, keyboard: Keyboard = (), **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.keyboard = keyboard
        self.values = values


@dataclass(frozen=True, slots=True)
class Found:
    """Documents of one story (or one alone), and the place in one of them where a number means one."""

    documents: tuple[StoredDocument, ...]
    version: int | None = None
    start: int | None = None
    end: int | None = None
    history: tuple[Sighting, ...] = ()

    def shown(self, settings: DigestSettings, number: int = 1) -> DigestStory:
        """As a story with everything in it."""
        return of_documents(self.documents, settings, number, self.history)


def number_of(text: str) -> str | None:
    """ "2", "#2" or "2.1" as typed; None for other words."""
    found = NUMBER.fullmatch(text.strip())
    return found[1] if found else None


async def meanings(call: Call) -> Mapping[str, Any]:
    """What numbers mean here: those of the message replied to, else of the latest listing; else nothing."""
    async with call.services.store.read() as tx:
        replied = call.message.reply_to_message
        if replied is not None and call.query is None:
            refers_to = await tx.messages.refers_to(call.chat_id, replied.message_id)
            if refers_to:
                return refers_to
        return await tx.messages.listing(call.chat_id) or {}


def replied_to(call: Call) -> bool:
    """Whether the command answers a message (a topic's first message is no answer)."""
    replied = call.message.reply_to_message
    return replied is not None and replied.forum_topic_created is None


async def find(call: Call, text: str) -> Found:
    """What is meant; raises NotFound."""
    number = number_of(text)
    refers_to = await meanings(call) if number or (not text and replied_to(call)) else {}
    async with call.services.store.read() as tx:
        if number:
            meant = refers_to.get("numbers", {}).get(number)
            if meant is None:
                raise NotFound("find.no_such_number" if refers_to else "find.no_listing", number=number)
            return await _row(tx, call, meant)
        if text:
            documents = await search(tx, call, text, 1)
            if not documents:
                raise NotFound("find.no_match", words=text)
            return await of_document(tx, call, documents[0])
        if refers_to.get("numbers"):
            return await _row(tx, call, refers_to["numbers"][refers_to["default"]])
        latest = await tx.documents.latest(scope=call.chat_id, limit=1)
        if not latest:
            raise NotFound("find.nothing_yet")
        return await of_document(tx, call, latest[0])


async def search(tx: Transaction, call: Call, words: str, limit: int) -> list[StoredDocument]:
    """Documents that hold the words, best first, of those this chat may see."""
    matches = await tx.documents.search(words, scope=call.chat_id, limit=limit)
    return list(visible([await tx.documents.get(match.document_id) for match in matches], call))


async def _row(tx: Transaction, call: Call, meant: Mapping[str, Any]) -> Found:
    """The row a number means, with its span where it has one."""
    place = (meant.get("version"), meant.get("start"), meant.get("end"))
    if meant.get("story"):
        documents = await of_story(tx, call, int(meant["story"]))
    elif meant.get("document"):
        document = await tx.documents.get(int(meant["document"]))
        documents = visible([document], call)
    else:
        documents = ()
    if not documents:
        raise NotFound("find.gone")
    return Found(documents, *place)


async def of_document(tx: Transaction, call: Call, document: StoredDocument) -> Found:
    """The story a document belongs to, or the document alone."""
    if document.story_id:
        documents = await of_story(tx, call, document.story_id)
        if documents:
            return Found(documents)
    return Found((document,))


async def of_story(tx: Transaction, call: Call, story_id: int) -> tuple[StoredDocument, ...]:
    """A story's documents this chat may see."""
    story = await tx.stories.get(story_id)
    return visible(story.documents if story else (), call)


def visible(documents: Iterable[StoredDocument | None], call: Call) -> tuple[StoredDocument, ...]:
    """Those this chat may see: everyone's, and its own."""
    return tuple(
        document for document in documents if document is not None and document.scope in (None, call.chat_id)
    )


async def rows(call: Call, named: Sequence[Ref]) -> list[Found]:
    """What a button's rows stand for, without those that are gone."""
    found: list[Found] = []
    async with call.services.store.read() as tx:
        for ref in named:
            if ref.kind == "s":
                documents = await of_story(tx, call, ref.row)
            elif ref.kind == "d":
                documents = visible([await tx.documents.get(ref.row)], call)
            else:
                documents = visible([await tx.documents.get_version(ref.row)], call)
            if documents:
                found.append(Found(documents))
    if not found:
        raise NotFound("find.gone")
    return found
