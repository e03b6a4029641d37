"""A bot with people and a real store, for tests: updates go in, what it asked of Telegram comes out.

The network's end is a request class of ours: it checks every text as Telegram would, and answers as Telegram
does. Everything above it is the real thing.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import ExtBot
from telegram.request import BaseRequest

from composing import NOW, a_condition, an_actor
from digestbot.bot.application import build_application
from digestbot.bot.services import Services
from digestbot.model import (
    ActorKind,
    Analysis,
    Block,
    BlockLabel,
    Bullet,
    ConditionType,
    Domain,
    ExtractedText,
    FoundDocument,
    PublishedOrigin,
    Sentence,
)
from digestbot.protocols.ingest import NewDocument, ReadDocument
from digestbot.storage.engine import Store, create_engine
from telegram_html import visible

TOKEN = "123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi"
ANN, BOB, OPERATOR = 1001, 1002, 1003
GROUP, FORUM, CHANNEL = -2001, -1002002, -1002003
TYPES = {GROUP: "group", FORUM: "supergroup", CHANNEL: "channel"}


@dataclass
class Sent:
    """One call of the Bot API."""

    method: str
    parameters: dict[str, Any]
    files: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return (
            visible(self.parameters["text"]) if self.parameters.get("parse_mode") else self.parameters["text"]
        )

    @property
    def buttons(self) -> dict[str, str]:
        """Callback data by the button's words."""
        rows = self.parameters.get("reply_markup", {}).get("inline_keyboard", [])
        return {button["text"]: button["callback_data"] for row in rows for button in row}


class Telegram(BaseRequest):
    """Records calls, refuses what Telegram refuses, answers as Telegram answers."""

    def __init__(self) -> None:
        self.calls: list[Sent] = []
        self.admins: set[tuple[int, int]] = set()
        self.blocked: set[int] = set()
        self.files: dict[str, bytes] = {}
        self.next_message = 500

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None: ...
    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: Any = None, **_: Any
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[-1]
        if "/file/bot" in url:
            return 200, self.files[name]
        parameters = dict(request_data.parameters) if request_data else {}
        files = list((request_data.multipart_data or {}).values()) if request_data else []
        self.calls.append(Sent(name, parameters, [(file[0], file[1]) for file in files]))
        if parameters.get("chat_id") in self.blocked:
            return self._refuse(403, "Forbidden: bot was blocked by the user")
        return 200, json.dumps({"ok": True, "result": self._answer(name, parameters)}).encode()

    def _refuse(self, code: int, description: str) -> tuple[int, bytes]:
        return code, json.dumps({"ok": False, "error_code": code, "description": description}).encode()

    def _answer(self, name: str, parameters: dict[str, Any]) -> Any:
        if name == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "Digest", "username": "digest_bot"}
        if name == "getChatMember":
            admin = (parameters["chat_id"], parameters["user_id"]) in self.admins
            user = {"id": parameters["user_id"], "is_bot": False, "first_name": "U"}
            if admin:
                rights = (
                    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
                    "can_restrict_members can_promote_members can_change_info can_invite_users "
                    "can_post_stories can_edit_stories can_delete_stories"
                )
                return {"status": "administrator", "user": user, **dict.fromkeys(rights.split(), True)}
            return {"status": "member", "user": user}
        if name == "getFile":
            return {
                "file_id": parameters["file_id"],
                "file_unique_id": "u",
                "file_path": f"documents/{parameters['file_id']}",
            }
        if name in {"sendMessage", "editMessageText", "sendDocument", "sendPhoto"}:
            if "text" in parameters:
                visible(
                    parameters["text"]
                    if parameters.get("parse_mode")
                    else parameters["text"].replace("<", "‹").replace(">", "›")
                )
            for row in parameters.get("reply_markup", {}).get("inline_keyboard", []):
                assert 0 < len(row) <= 8
                for button in row:
                    assert button["text"]
                    assert 0 < len(button["callback_data"].encode()) <= 64
            self.next_message += 1
            chat_id = parameters["chat_id"]
            return {
                "message_id": parameters.get("message_id", self.next_message),
                "date": 1,
                "chat": a_chat(chat_id),
                "text": "x",
            }
        if name == "answerCallbackQuery":
            assert len(parameters.get("text", "")) <= 200
        return True


def a_chat(chat_id: int) -> dict[str, Any]:
    if chat_id > 0:
        return {"id": chat_id, "type": "private", "first_name": f"Person {chat_id}"}
    return {"id": chat_id, "type": TYPES[chat_id], "title": f"Chat {chat_id}"}


@dataclass
class Scene:
    """Says things to the bot and looks at what it does."""

    telegram: Telegram
    bot: ExtBot[Any]
    store: Store
    services: Services
    now: datetime = NOW
    language: str | None = "en"
    application: Any = None
    updates: int = 0

    def user(self, user_id: int) -> dict[str, Any]:
        return {
            "id": user_id,
            "is_bot": False,
            "first_name": f"Person {user_id}",
            "language_code": self.language,
        }

    async def update(self, **fields: Any) -> list[Sent]:
        """Feed one update; the calls it led to, in order."""
        self.updates += 1
        before = len(self.telegram.calls)
        await self.application.process_update(Update.de_json({"update_id": self.updates, **fields}, self.bot))
        return [call for call in self.telegram.calls[before:] if call.method != "getChatMember"]

    def message(self, text: str | None, chat_id: int, user: int, **more: Any) -> dict[str, Any]:
        message: dict[str, Any] = {
            "message_id": 10 + self.updates,
            "date": int(self.now.timestamp()),
            "chat": a_chat(chat_id),
            **more,
        }
        if chat_id != CHANNEL:
            message["from"] = self.user(user)
        if text is not None:
            message["text"] = text
        return message

    async def say(
        self, text: str | None, *, chat: int | None = None, user: int = ANN, **more: Any
    ) -> list[Sent]:
        """Somebody writes; in their private chat unless another is named."""
        chat_id = user if chat is None else chat
        kind = "channel_post" if chat_id == CHANNEL else "message"
        return await self.update(**{kind: self.message(text, chat_id, user, **more)})

    async def ask(self, text: str, **more: Any) -> str:
        """All that the bot says to this, as a reader sees it."""
        return "\n---\n".join(sent.text for sent in await self.say(text, **more) if "text" in sent.parameters)

    async def press(
        self, data: str, *, chat: int | None = None, user: int = ANN, message_id: int = 501
    ) -> list[Sent]:
        """Somebody presses a button under a message of the bot's."""
        chat_id = user if chat is None else chat
        message = {**self.message("x", chat_id, user), "message_id": message_id}
        message["from"] = {"id": 1, "is_bot": True, "first_name": "Digest"}
        query = {"id": "q", "from": self.user(user), "chat_instance": "c", "message": message, "data": data}
        return await self.update(callback_query=query)


@asynccontextmanager
async def scene(folder: Path, url: str | None = None, **services: Any) -> AsyncIterator[Scene]:
    """A scene on an empty SQLite store in this folder (or on what an earlier left), or on that database."""
    store = Store(create_engine(url or f"sqlite:///{folder / 'bot.sqlite3'}"))
    await store.upgrade()
    telegram = Telegram()
    bot: ExtBot[Any] = ExtBot(TOKEN, request=telegram, get_updates_request=telegram)
    made = Scene(telegram, bot, store, None)  # type: ignore[arg-type]  # set in the next line
    services = {"patience": 60.0, **services}  # how long something takes here is not what is tested
    made.services = Services(store=store, clock=lambda: made.now, admins=frozenset({OPERATOR}), **services)
    made.application = build_application(bot, made.services)
    await made.application.initialize()
    telegram.calls.clear()
    try:
        yield made
    finally:
        await made.application.shutdown()
        await store.close()


TALKS = (
    "Pakistan said on Tuesday that it was willing to join a stabilisation force for Gaza.",
    "Islamabad demands a commitment to a two-state solution from the United States before any troops leave.",
    "Field Marshal Asim Munir, the army chief, is expected in Washington next week.",
)
GAS = (
    "Ukraine ended the transit of Russian gas on Wednesday.",
    "Slovakia threatened to stop sending electricity unless the flow resumes.",
)


def read_document(
    sentences: Sequence[str], title: str, *, actors: Sequence[Any], conditions: Sequence[Any]
) -> ReadDocument:
    """A document as the reader hands it over."""
    text = "\n".join(sentences)
    spans = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]
    analysis = Analysis(
        analyser="test-1",
        language="en",
        title=title,
        blocks=tuple(Block(start, end, BlockLabel.BODY) for start, end in spans),
        sentences=tuple(Sentence(start, end, place) for place, (start, end) in enumerate(spans)),
        bullets=tuple(
            Bullet(sentence, *spans[rank], rank=rank, score=1.0 / (rank + 1), reasons=("position +1.00",))
            for rank, sentence in enumerate(sentences)
        ),
        actors=tuple(actors),
        conditions=tuple(conditions),
    )
    return ReadDocument(ExtractedText(text=text, media_type="text/plain", title=title), analysis)


def talks() -> ReadDocument:
    at = len(TALKS[0]) + 1
    return read_document(
        TALKS,
        "Pakistan names its price",
        actors=[
            an_actor("Pakistan", country="PK", salience=0.9),
            an_actor(
                "Asim Munir",
                country="PK",
                kind=ActorKind.PERSON,
                role="army chief",
                salience=0.6,
                key="person:PK:asim munir",
            ),
            an_actor("United States", country="US", salience=0.4),
        ],
        conditions=[
            a_condition(TALKS[1], "a commitment to a two-state solution", at=at, addressee="United States")
        ],
    )


def gas() -> ReadDocument:
    at = len(GAS[0]) + 1
    return read_document(
        GAS,
        "Gas <stops> & prices rise",
        actors=[
            an_actor("Slovakia", country="SK", salience=0.8),
            an_actor("Ukraine", country="UA", salience=0.7),
        ],
        conditions=[
            a_condition(
                GAS[1],
                "stop sending electricity unless the flow resumes",
                at=at,
                type=ConditionType.THREAT,
                domain=Domain.ECONOMIC,
                holder="Slovakia",
                addressee="Ukraine",
            )
        ],
    )


async def put(
    store: Store,
    read: ReadDocument,
    key: str,
    *,
    publisher: str,
    scope: int | None = None,
    now: datetime = NOW,
) -> int:
    """Store a document, a story of its own; its id."""
    async with store.begin() as tx:
        (added,) = await tx.documents.add(
            [
                NewDocument(
                    FoundDocument(key=key, content=b"x", url=f"https://{publisher.lower()}.example/{key}"),
                    read,
                    source_id=None,
                    publisher=publisher,
                    published=now - timedelta(hours=2),
                    published_origin=PublishedOrigin.METADATA,
                    picked_up=now - timedelta(hours=1),
                    scope=scope,
                )
            ]
        )
        document_id = added.document_id
        await tx.stories.assign([document_id], None, now=now)
    return document_id


async def filled(store: Store) -> None:
    """Two stories for everyone."""
    await put(store, talks(), "talks", publisher="Courier")
    await put(store, gas(), "gas", publisher="Gazette")
