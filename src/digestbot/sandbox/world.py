"""A small Telegram in memory: users, chats, messages, files, command menus, and one bot's updates.

    people.Person ──► World ──► updates ──► server (getUpdates, webhook) ──► the bot
                        │  ▲                                                   │
        chat page ◄── events └────────────────── methods ◄── server ◄──────────┘

Messages, users, updates are kept as the Bot API's own JSON objects: what a client of the API sees is what
the chat page shows. All methods must be called from the event loop's thread of the server.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from digestbot.sandbox.chats import GENERAL_TOPIC, Chat, ChatType, Json, Status, Topic, member_object

PERSON_ID = 1001
BOT_ID = 4200001
GROUP_ID = -5001
CHANNEL_ID = -1001000000001
SUPERGROUP_BASE = -1002000000000
"""Ids of supergroups that come to be by migration count down from here."""

UPDATE_LIFETIME = 24 * 3600
"""Seconds the Bot API keeps an update that nobody fetches."""
CALLBACK_LIFETIME = 900.0
"""Seconds for which a press of a button can be answered. Telegram tells no figure; its servers forget
queries after some minutes."""
LISTENER_BACKLOG = 10_000
TOPIC_COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds of update that a bot only gets by naming them in allowed_updates."""


class EventKind(StrEnum):
    """What the chat page is told of."""

    MESSAGE = "message"  # a new message; `message`
    EDITED = "edited"  # a message has changed; `message`
    DELETED = "deleted"  # `message_ids`
    CALLBACK_ANSWER = "callback_answer"  # `details`: callback_query_id, text, show_alert, url
    COMMANDS = "commands"  # command menus have changed, for which chats is to be asked by commands_for
    CHAT = "chat"  # title, members, rights, pins or topics have changed; or the chat is new
    ACTION = "action"  # the bot is typing; `details`: action


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `chat_id` is None where it concerns all chats."""

    kind: EventKind
    chat_id: int | None
    message: Json | None = None
    message_ids: tuple[int, ...] = ()
    details: Json = field(default_factory=dict)


class Subscription:
    """Events from the moment of subscribing; iterate over it, close it at the end (or use `with`).

    A listener that lags behind by 10,000 events is cut off: its iteration ends, and it should start anew
    from a snapshot.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._events: deque[Event] = deque()
        self._news = asyncio.Event()
        self.closed = False

    def put(self, event: Event) -> None:
        """Called by the world."""
        if len(self._events) >= LISTENER_BACKLOG:
            self.close()
            return
        self._events.append(event)
        self._news.set()

    def close(self) -> None:
        """No further events; a waiting iteration ends."""
        self.closed = True
        self._world.unsubscribe(self)
        self._news.set()

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            while self._events:
                yield self._events.popleft()
            if self.closed:
                return
            self._news.clear()
            await self._news.wait()


@dataclass(slots=True)
class Accepted:
    """One entry of the ledger: what the server has taken from the bot, whether or not it could tell it so.

    `number`: from 1. `at`: seconds since the epoch by the world's clock. `what`: sent, edited or deleted.
    `markup`: a keyboard that is none of the message's own. `text`: after entity parsing, caption included.
    `answered`: False where a fault kept the answer back.
    """

    number: int
    at: float
    what: str
    method: str
    chat_id: int
    message_id: int
    message: Json | None
    markup: Json | None = None
    answered: bool = True

    @property
    def text(self) -> str | None:
        """Text or caption as people see it."""
        return None if self.message is None else self.message.get("text", self.message.get("caption"))

    def as_json(self) -> Json:
        """For other processes. `fingerprint` is equal for messages of equal content in one chat."""
        message = self.message or {}
        content = {key: value for key, value in message.items() if key not in _NOT_CONTENT}
        canonical = json.dumps([self.chat_id, content], sort_keys=True, ensure_ascii=False)
        return {
            "number": self.number,
            "at": self.at,
            "what": self.what,
            "method": self.method,
            "chat_id": self.chat_id,
            "message_id": self.message_id,
            "thread_id": message.get("message_thread_id"),
            "reply_to": message.get("reply_to_message", {}).get("message_id"),
            "text": self.text,
            "entities": message.get("entities", message.get("caption_entities", [])),
            "reply_markup": message.get("reply_markup", self.markup),
            "document": message.get("document"),
            "photo": message.get("photo"),
            "answered": self.answered,
            "fingerprint": hashlib.sha256(canonical.encode()).hexdigest()[:16],
        }


_NOT_CONTENT = frozenset({"message_id", "date", "edit_date", "from", "chat", "sender_chat"})


@dataclass(slots=True)
class StoredFile:
    """A file somebody sent. `path` is what getFile tells; no such path exists on any disk."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime_type: str
    content: bytes
    width: int = 0
    height: int = 0

    def document(self) -> Json:
        """The Document object."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_name": self.name,
            "mime_type": self.mime_type,
            "file_size": len(self.content),
        }

    def photo_size(self) -> Json:
        """The PhotoSize object."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "width": self.width,
            "height": self.height,
            "file_size": len(self.content),
        }


@dataclass(slots=True)
class CallbackQuery:
    """A pressed button that waits for the bot's answer. `answer`: its text, show_alert, url."""

    id: str
    at: float
    chat_id: int
    message_id: int
    answer: asyncio.Future[Json] | None = None
    answered: bool = False


@dataclass(slots=True)
class InlineQuery:
    """A question typed behind the bot's name. `results`: as the bot gave them."""

    id: str
    at: float
    user_id: int
    query: str
    results: asyncio.Future[Json] | None = None
    answered: bool = False


class World:
    """The state of the sandbox and every change to it that is not a person's or the bot's alone.

    `clock`: seconds since the epoch. `open_door`: a positive chat id nobody has heard of is a person who
    has started the bot (for broadcasts to a hundred thousand of them). `keep_messages`: how many messages
    a chat keeps, None for all. `privacy`: in groups the bot sees only what is addressed to it.
    """

    def __init__(
        self,
        *,
        bot_username: str = "digest_sandbox_bot",
        bot_name: str = "digestbot",
        bot_id: int = BOT_ID,
        clock: Callable[[], float] = time.time,
        open_door: bool = False,
        keep_messages: int | None = None,
        privacy: bool = True,
    ) -> None:
        self.clock = clock
        self.shift = 0.0
        """Seconds by which the world's time is ahead of its clock; tests move it."""
        self.open_door = open_door
        self.keep_messages = keep_messages
        self.privacy = privacy
        self.bot: Json = {
            "id": bot_id,
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        self.users: dict[int, Json] = {bot_id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.usernames: dict[str, int] = {}
        self.files: dict[str, StoredFile] = {}
        self.files_by_path: dict[str, StoredFile] = {}
        self.callbacks: dict[str, CallbackQuery] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.inline_messages: dict[str, tuple[int, int]] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        """The bot's name, description, short_description by (which, language code)."""
        self.menu_button: Json = {"type": "commands"}
        self.star_balance = 1_000.0
        self.reactions: dict[tuple[int, int], list[Json]] = {}
        self.ledger: list[Accepted] = []
        self.updates: deque[Json] = deque()
        self.allowed_updates: frozenset[str] | None = None
        self._update_times: dict[int, float] = {}
        self._last_update = int(clock()) % 100_000_000
        self._last_private_message = 0
        self._last_object = 0
        self._last_supergroup = SUPERGROUP_BASE
        self._listeners: list[Subscription] = []
        self._update_listeners: list[asyncio.Event] = []

    # --- time and identity ---------------------------------------------------------------------------

    def now(self) -> float:
        """Seconds since the epoch in this world."""
        return self.clock() + self.shift

    def new_id(self, prefix: str) -> str:
        """An id nobody had before, for files, queries, media groups."""
        self._last_object += 1
        return f"{prefix}{self._last_object:08d}"

    @property
    def bot_id(self) -> int:
        """The bot's user id, which is also the first half of its token."""
        return int(self.bot["id"])

    # --- users and chats -----------------------------------------------------------------------------

    def add_user(
        self,
        user_id: int,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str = "en",
        started: bool = True,
    ) -> Chat:
        """A person and their private chat with the bot. `started`: they have written to it before."""
        user: Json = {"id": user_id, "is_bot": False, "first_name": first_name}
        user |= {"last_name": last_name} if last_name else {}
        user |= {"username": username} if username else {}
        user["language_code"] = language_code
        self.users[user_id] = user
        chat = Chat(
            user_id,
            "private",
            first_name=first_name,
            last_name=last_name,
            username=username,
            started=started,
        )
        chat.members[user_id] = member_object(user, "member", "private", {})
        chat.members[self.bot_id] = member_object(self.bot, "member", "private", {})
        return self._add_chat(chat)

    def add_chat(
        self,
        chat_id: int,
        chat_type: ChatType,
        title: str,
        *,
        username: str | None = None,
        owner_id: int | None = None,
        is_forum: bool = False,
        bot_status: Status = "member",
        bot_rights: dict[str, bool] | None = None,
    ) -> Chat:
        """A group, supergroup or channel. In a channel the bot can only be an administrator or nothing."""
        chat = Chat(chat_id, chat_type, title=title, username=username, is_forum=is_forum)
        chat.last_message_id = GENERAL_TOPIC if is_forum else 0  # no message shares the id of that topic
        if owner_id is not None:
            chat.members[owner_id] = member_object(self.users[owner_id], "creator", chat_type, {})
        if bot_status != "left":
            chat.members[self.bot_id] = member_object(self.bot, bot_status, chat_type, bot_rights or {})
        return self._add_chat(chat)

    def _add_chat(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        if chat.username:
            self.usernames[chat.username.lower()] = chat.id
        self.emit(Event(EventKind.CHAT, chat.id))
        return chat

    def find_chat(self, chat_id: int | str) -> Chat | None:
        """By id or "@username"; None where there is none. With an open door people appear as asked for."""
        if isinstance(chat_id, str):
            found = self.usernames.get(chat_id.removeprefix("@").lower()) if chat_id.startswith("@") else None
            return None if found is None else self.chats[found]
        chat = self.chats.get(chat_id)
        if chat is None and self.open_door and chat_id > 0:
            return self.add_user(chat_id, f"Reader {chat_id}")
        return chat

    def add_topic(self, chat_id: int, name: str, *, icon_color: int | None = None) -> Topic:
        """A new topic of a forum, opened by the bot's or a person's hand."""
        chat = self.chats[chat_id]
        colour = TOPIC_COLOURS[len(chat.topics) % len(TOPIC_COLOURS)] if icon_color is None else icon_color
        created = {"name": name, "icon_color": colour}
        message = self.add_message(chat, self.bot, {"forum_topic_created": created}, notify=False)
        message |= {"message_thread_id": message["message_id"], "is_topic_message": True}
        topic = Topic(message["message_id"], name, colour)
        chat.topics[topic.thread] = topic
        self.emit(Event(EventKind.MESSAGE, chat.id, message))
        self.emit(Event(EventKind.CHAT, chat.id))
        return topic

    def set_topic_closed(self, chat_id: int, thread: int, closed: bool, *, by_bot: bool = False) -> None:
        """Close or reopen a topic; the bot is told by a service message unless it did so itself."""
        self.chats[chat_id].topics[thread].closed = closed
        service: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
        extra = service | {"message_thread_id": thread, "is_topic_message": True}
        self.add_message(self.chats[chat_id], self.bot, extra, update=None if by_bot else "message")

    def set_member(
        self,
        chat_id: int,
        user_id: int,
        status: Status,
        *,
        rights: dict[str, bool] | None = None,
        by: int | None = None,
    ) -> None:
        """A member's new standing. Of the bot's own it is told by my_chat_member, of others' by chat_member.

        `by`: the user who changed it; the member itself by default.
        """
        chat = self.chats[chat_id]
        user = self.users[user_id]
        before = chat.members.get(user_id) or member_object(user, "left", chat.type, {})
        after = member_object(user, status, chat.type, rights or {})
        chat.members[user_id] = after
        change = {
            "chat": chat.object(),
            "from": self.users[by if by is not None else user_id],
            "date": int(self.now()),
            "old_chat_member": before,
            "new_chat_member": after,
        }
        self.push_update("my_chat_member" if user_id == self.bot_id else "chat_member", change)
        self.emit(Event(EventKind.CHAT, chat_id))

    def migrate(self, chat_id: int, new_id: int | None = None) -> Chat:
        """A group becomes a supergroup with another id, which is returned. The bot gets both messages."""
        old = self.chats[chat_id]
        if old.type != "group" or old.migrated_to is not None:
            raise ValueError("Only a group that still is one can become a supergroup")
        if new_id is None:
            self._last_supergroup -= 1
            new_id = self._last_supergroup
        new = Chat(new_id, "supergroup", title=old.title)
        new.members = dict(old.members)
        self._add_chat(new)
        self.add_message(old, self.bot, {"migrate_to_chat_id": new_id}, update="message")
        self.add_message(new, self.bot, {"migrate_from_chat_id": chat_id}, update="message")
        old.migrated_to = new_id
        self.emit(Event(EventKind.CHAT, chat_id))
        return new

    # --- messages ------------------------------------------------------------------------------------

    def add_message(
        self,
        chat: Chat,
        sender: Json | None,
        content: Json,
        *,
        markup: Json | None = None,
        update: str | None = None,
        notify: bool = True,
    ) -> Json:
        """Put a message into the chat. `content`: everything but id, date, chat and sender.

        `sender`: a User; None for channel posts and posts on behalf of a chat, whose sender_chat is in
        `content`. `markup`: kept in the chat's `markups`. `update`: the kind of update by which the
        bot hears of it. Returns the Message.
        """
        if chat.type in ("private", "group"):
            self._last_private_message += 1
            chat.last_message_id = self._last_private_message
        else:
            chat.last_message_id += 1
        message: Json = {"message_id": chat.last_message_id}
        if chat.type == "channel":
            message["sender_chat"] = chat.object()
        elif sender is not None:
            message["from"] = sender
        message["date"] = int(self.now())
        message["chat"] = chat.object()
        message |= content
        chat.messages[chat.last_message_id] = message
        if markup is not None:
            chat.markups[chat.last_message_id] = markup
        if self.keep_messages is not None and len(chat.messages) > self.keep_messages:
            oldest = next(iter(chat.messages))
            del chat.messages[oldest]
            chat.bot_posts.discard(oldest)
        if notify and self._listeners:
            self.emit(Event(EventKind.MESSAGE, chat.id, message))
        if update is not None:
            self.push_update(update, message)
        return message

    def change_message(self, chat: Chat, message: Json) -> None:
        """Replace a message by this one of the same id."""
        chat.messages[message["message_id"]] = message
        self.emit(Event(EventKind.EDITED, chat.id, message))

    def remove_messages(self, chat: Chat, message_ids: Iterable[int]) -> None:
        """Delete messages; ids that are not there are passed over."""
        gone = tuple(number for number in message_ids if chat.messages.pop(number, None) is not None)
        chat.pinned = [number for number in chat.pinned if number not in gone]
        if gone:
            self.emit(Event(EventKind.DELETED, chat.id, message_ids=gone))

    def record(
        self,
        what: str,
        method: str,
        chat_id: int,
        message_id: int,
        message: Json | None,
        markup: Json | None = None,
    ) -> Accepted:
        """Write a line of the ledger."""
        entry = Accepted(len(self.ledger) + 1, self.now(), what, method, chat_id, message_id, message, markup)
        self.ledger.append(entry)
        return entry

    def add_file(
        self, content: bytes, name: str, mime_type: str, *, width: int = 0, height: int = 0
    ) -> StoredFile:
        """Keep a file; one with a width is a photo."""
        file_id = self.new_id("SandboxFile")
        unique = hashlib.sha256(content).hexdigest()[:16]
        ending = name.rpartition(".")[2] if "." in name else "bin"
        ending = ending if ending.isascii() and ending.isalnum() else "bin"
        folder = "photos" if width else "documents"
        path = f"{folder}/file_{len(self.files)}.{ending}"
        stored = StoredFile(file_id, unique, path, name, mime_type, content, width, height)
        self.files[file_id] = stored
        self.files_by_path[path] = stored
        return stored

    # --- command menus -------------------------------------------------------------------------------

    def commands_for(self, chat_id: int, user_id: int) -> list[Json]:
        """The menu this person sees in this chat, by the Bot API's order of scopes and languages."""
        chat = self.chats[chat_id]
        language = self.users.get(user_id, {}).get("language_code", "")
        scopes = [f"chat:{chat_id}"]
        if chat.type == "private":
            scopes.append("all_private_chats")
        elif chat.type in ("group", "supergroup"):
            scopes.insert(0, f"chat_member:{chat_id}:{user_id}")
            if chat.is_admin(user_id):
                scopes.insert(1, f"chat_administrators:{chat_id}")
                scopes.append("all_chat_administrators")
            scopes.append("all_group_chats")
        else:
            return []
        scopes.append("default")
        for scope in scopes:
            for code in (language, ""):
                if found := self.commands.get((scope, code)):
                    return found
        return []

    # --- queries -------------------------------------------------------------------------------------

    def open_callback(self, callback_id: str) -> CallbackQuery | None:
        """The press with this id, if it is not too old to be answered."""
        query = self.callbacks.get(callback_id)
        if query is None or self.now() - query.at > CALLBACK_LIFETIME:
            return None
        return query

    # --- what the bot is told ------------------------------------------------------------------------

    def push_update(self, kind: str, payload: Json) -> int | None:
        """Queue an update for the bot; returns its id, or None where the bot does not want this kind."""
        allowed = self.allowed_updates
        if (kind not in allowed) if allowed else (kind in NOT_BY_DEFAULT):
            return None
        self._last_update += 1
        self.updates.append({"update_id": self._last_update, kind: payload})
        self._update_times[self._last_update] = self.now()
        for news in self._update_listeners:
            news.set()
        return self._last_update

    def pending_updates(self) -> deque[Json]:
        """Updates not yet confirmed, those of more than a day ago dropped."""
        oldest = self.now() - UPDATE_LIFETIME
        while self.updates and self._update_times[self.updates[0]["update_id"]] < oldest:
            self._drop_first()
        return self.updates

    def confirm_updates(self, before: int) -> None:
        """Forget the updates with ids below `before`."""
        while self.updates and self.updates[0]["update_id"] < before:
            self._drop_first()

    def _drop_first(self) -> None:
        del self._update_times[self.updates.popleft()["update_id"]]

    def listen_for_updates(self) -> asyncio.Event:
        """An event that is set whenever an update is queued; give it back to `ignore_updates`."""
        news = asyncio.Event()
        self._update_listeners.append(news)
        return news

    def ignore_updates(self, news: asyncio.Event) -> None:
        """End of `listen_for_updates`."""
        self._update_listeners.remove(news)

    # --- what the chat page is told ------------------------------------------------------------------

    def subscribe(self) -> Subscription:
        """Events from now on."""
        subscription = Subscription(self)
        self._listeners.append(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """End of `subscribe`; done by Subscription.close."""
        if subscription in self._listeners:
            self._listeners.remove(subscription)

    def end_subscriptions(self) -> None:
        """The server stops: every iteration over events ends."""
        for listener in tuple(self._listeners):
            listener.close()

    def emit(self, event: Event) -> None:
        """Tell every subscriber."""
        for listener in tuple(self._listeners):
            listener.put(event)


def sample_world(**options: Any) -> World:
    """A world with one person (id 1001), their private chat, a group and a channel they own.

    The bot is a member of the group and may post in the channel. `options`: as of World.
    """
    world = World(**options)
    world.add_user(PERSON_ID, "Amina", username="amina", started=False)
    world.add_chat(GROUP_ID, "group", "Morning desk", owner_id=PERSON_ID)
    world.add_chat(
        CHANNEL_ID,
        "channel",
        "World digest",
        username="world_digest_demo",
        owner_id=PERSON_ID,
        bot_status="administrator",
    )
    return world
