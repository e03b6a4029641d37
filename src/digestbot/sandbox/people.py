"""What a person can do in the sandbox: write, send files, press buttons, add the bot and throw it out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from digestbot.sandbox.chats import Chat, Json, Status
from digestbot.sandbox.entities import LONGEST_CAPTION, LONGEST_TEXT, detect_entities
from digestbot.sandbox.pictures import picture_size
from digestbot.sandbox.world import CallbackQuery, Event, EventKind, InlineQuery, World

ANONYMOUS_ADMIN: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
CHANNEL_BOT: Json = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
"""The senders Telegram invents for anonymous administrators and for posts on behalf of a channel."""


class Refused(Exception):
    """The person cannot do this; the message says why."""


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """How the bot answered a pressed button. `answered`: False where it did not in time."""

    answered: bool
    text: str | None = None
    show_alert: bool = False
    url: str | None = None


class Person:
    """One person's hands. Every method returns the Message it made (a Bot API object) unless it says else.

    Raises Refused where Telegram's app would not let the person do it.
    """

    def __init__(self, world: World, user_id: int) -> None:
        self.world = world
        self.user: Json = world.users[user_id]
        self.id = user_id

    # --- writing -------------------------------------------------------------------------------------

    def send_text(
        self,
        chat_id: int,
        text: str,
        *,
        reply_to: int | None = None,
        thread: int | None = None,
        anonymous: bool = False,
        as_channel: int | None = None,
    ) -> Json:
        """Write. `thread`: the forum topic. `anonymous`: as a hidden administrator of the group.
        `as_channel`: on behalf of that channel."""
        text = text.strip()
        if not text:
            raise Refused("Write something first.")
        if len(text) > LONGEST_TEXT:
            raise Refused(f"A message has at most {LONGEST_TEXT:,} characters.")
        content: Json = {"text": text}
        if entities := detect_entities(text):
            content["entities"] = entities
        return self._send(chat_id, content, reply_to, thread, anonymous=anonymous, as_channel=as_channel)

    def send_document(
        self,
        chat_id: int,
        content: bytes,
        name: str,
        *,
        mime_type: str = "application/octet-stream",
        caption: str = "",
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Json:
        """Send a file as a file."""
        if not content:
            raise Refused("The file is empty.")
        stored = self.world.add_file(content, name, mime_type)
        return self._send_media(chat_id, {"document": stored.document()}, caption, reply_to, thread)

    def send_photo(
        self,
        chat_id: int,
        content: bytes,
        *,
        caption: str = "",
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Json:
        """Send a picture (PNG, JPEG, GIF)."""
        size = picture_size(content)
        if size is None:
            raise Refused("This is no picture the sandbox can show.")
        stored = self.world.add_file(content, "photo.jpg", "image/jpeg", width=size[0], height=size[1])
        return self._send_media(chat_id, {"photo": [stored.photo_size()]}, caption, reply_to, thread)

    def _send_media(
        self, chat_id: int, media: Json, caption: str, reply_to: int | None, thread: int | None
    ) -> Json:
        if len(caption) > LONGEST_CAPTION:
            raise Refused(f"A caption has at most {LONGEST_CAPTION:,} characters.")
        if caption:
            media["caption"] = caption
            if entities := detect_entities(caption):
                media["caption_entities"] = entities
        return self._send(chat_id, media, reply_to, thread)

    def send_location(self, chat_id: int, latitude: float, longitude: float) -> Json:
        """Share a place (degrees)."""
        return self._send(chat_id, {"location": {"latitude": latitude, "longitude": longitude}}, None, None)

    def forward(self, chat_id: int, from_chat_id: int, message_id: int) -> Json:
        """Forward a message that is in the sandbox."""
        original = self.world.chats[from_chat_id].messages.get(message_id)
        if original is None:
            raise Refused("That message is gone.")
        return self._send(chat_id, forwarded_content(self.world, original), None, None)

    def forward_from_channel(
        self, chat_id: int, text: str, *, channel_title: str, entities: list[Json] | None = None
    ) -> Json:
        """Forward a post of a channel that is not in the sandbox."""
        origin = {
            "type": "channel",
            "date": int(self.world.now()),
            "chat": {"id": -1009000000001, "type": "channel", "title": channel_title},
            "message_id": 1,
        }
        content: Json = {"forward_origin": origin, "text": text}
        if found := entities or detect_entities(text):
            content["entities"] = found
        return self._send(chat_id, content, None, None)

    def edit_text(self, chat_id: int, message_id: int, text: str) -> Json:
        """Change one's own message; the bot gets an edited_message."""
        chat = self._chat(chat_id)
        message = chat.messages.get(message_id)
        if message is None or message.get("from", {}).get("id") != self.id or "text" not in message:
            raise Refused("Only your own messages can be changed.")
        message = {key: value for key, value in message.items() if key != "entities"}
        message |= {"text": text, "edit_date": int(self.world.now())}
        if entities := detect_entities(text):
            message["entities"] = entities
        self.world.change_message(chat, message)
        if self._reaches_bot(chat, message):
            kind = "edited_channel_post" if chat.type == "channel" else "edited_message"
            self.world.push_update(kind, message)
        return message

    def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message away; bots are not told. Returns nothing."""
        self.world.remove_messages(self._chat(chat_id), [message_id])

    def _chat(self, chat_id: int) -> Chat:
        chat = self.world.chats.get(chat_id)
        if chat is None:
            raise Refused("There is no such chat.")
        if chat.migrated_to is not None:
            raise Refused("This group has become a supergroup.")
        if chat.type == "private" and chat.id != self.id:
            raise Refused("That chat belongs to somebody else.")
        return chat

    def _send(
        self,
        chat_id: int,
        content: Json,
        reply_to: int | None,
        thread: int | None,
        *,
        anonymous: bool = False,
        as_channel: int | None = None,
    ) -> Json:
        chat = self._chat(chat_id)
        if chat.type == "channel" and not chat.is_admin(self.id):
            raise Refused("Only administrators can post in this channel.")
        if chat.type != "private" and chat.status_of(self.id) in ("left", "kicked"):
            raise Refused("You are not in this chat.")
        if chat.type == "private":
            chat.started = True
            if chat.status_of(self.world.bot_id) == "kicked":
                self.unblock()
        if thread is not None:
            if thread not in chat.topics:
                raise Refused("There is no such topic.")
            content |= {"message_thread_id": thread, "is_topic_message": True}
        if reply_to is not None:
            original = chat.messages.get(reply_to)
            if original is None:
                raise Refused("The message you reply to is gone.")
            content["reply_to_message"] = without_reply(original)
        sender = self.user
        if anonymous:
            sender = ANONYMOUS_ADMIN
            content["sender_chat"] = chat.object()
        elif as_channel is not None:
            sender = CHANNEL_BOT
            content["sender_chat"] = self.world.chats[as_channel].object()
        message = self.world.add_message(chat, sender, content)
        if self._reaches_bot(chat, message):
            kind = "channel_post" if chat.type == "channel" else "message"
            self.world.push_update(kind, message)
        return message

    def _reaches_bot(self, chat: Chat, message: Json) -> bool:
        """Whether the bot is told of a message: in groups with privacy mode only of what is meant for it."""
        bot = self.world.bot
        if chat.status_of(self.world.bot_id) in ("left", "kicked"):
            return False
        if chat.type in ("private", "channel") or not self.world.privacy or chat.is_admin(self.world.bot_id):
            return True
        text = str(message.get("text", message.get("caption", "")))
        if message.get("reply_to_message", {}).get("from", {}).get("id") == self.world.bot_id:
            return True
        if text.startswith("/"):
            _, at, name = text.split()[0].partition("@")
            return not at or name.lower() == bot["username"].lower()
        return f"@{bot['username']}".lower() in text.lower()

    # --- buttons and inline queries ------------------------------------------------------------------

    def press_nowait(
        self, chat_id: int, message_id: int, data: str, *, forged: bool = False
    ) -> CallbackQuery:
        """Press a button and do not wait; returns the query. Needs no running loop.

        `forged`: with data that no button of the message has, as a changed app can send it.
        """
        chat = self._chat(chat_id)
        message = chat.messages.get(message_id)
        rows = (message or {}).get("reply_markup", {}).get("inline_keyboard", [])
        there = any(button.get("callback_data") == data for row in rows for button in row)
        if message is None or not (there or forged):
            raise Refused("That button is no longer there.")
        query = CallbackQuery(self.world.new_id("cb"), self.world.now(), chat_id, message_id)
        self.world.callbacks[query.id] = query
        update: Json = {
            "id": query.id,
            "from": self.user,
            "message": message,
            "chat_instance": str(abs(chat_id) * 7919),
            "data": data,
        }
        self.world.push_update("callback_query", update)
        return query

    async def press(
        self, chat_id: int, message_id: int, data: str, *, forged: bool = False, seconds: float = 15.0
    ) -> CallbackAnswer:
        """Press a callback button and wait at most `seconds` for the bot's answer."""
        query = self.press_nowait(chat_id, message_id, data, forged=forged)
        query.answer = asyncio.get_running_loop().create_future()
        try:
            answer = await asyncio.wait_for(query.answer, seconds)
        except TimeoutError:
            return CallbackAnswer(answered=False)
        return CallbackAnswer(True, answer.get("text"), bool(answer.get("show_alert")), answer.get("url"))

    async def ask_inline(self, query: str, *, offset: str = "", seconds: float = 15.0) -> Json | None:
        """Type behind the bot's name; returns {"id", "results", "next_offset", "button"} or None."""
        waiting = InlineQuery(self.world.new_id("iq"), self.world.now(), self.id, query)
        waiting.results = asyncio.get_running_loop().create_future()
        self.world.inline_queries[waiting.id] = waiting
        self.world.push_update(
            "inline_query",
            {"id": waiting.id, "from": self.user, "query": query, "offset": offset, "chat_type": "sender"},
        )
        try:
            answer = await asyncio.wait_for(waiting.results, seconds)
        except TimeoutError:
            return None
        return answer | {"id": waiting.id}

    def choose_inline(self, chat_id: int, query: str, chosen: Json) -> Json:
        """Send one of the results of `ask_inline` into a chat, as a message via the bot."""
        content: Json = dict(chosen["message"]) | {"via_bot": self.world.bot}
        chat = self._chat(chat_id)
        message = self.world.add_message(chat, self.user, content)
        result: Json = {"result_id": chosen["id"], "from": self.user, "query": query}
        if "reply_markup" in content:
            inline_id = self.world.new_id("im")
            self.world.inline_messages[inline_id] = (chat_id, message["message_id"])
            result["inline_message_id"] = inline_id
        self.world.push_update("chosen_inline_result", result)
        return message

    # --- chats ---------------------------------------------------------------------------------------

    def block(self) -> None:
        """Stop the bot: it may not write any more. Returns nothing."""
        self.world.set_member(self.id, self.world.bot_id, "kicked", by=self.id)

    def unblock(self) -> None:
        """Let the bot write again. Returns nothing."""
        self.world.set_member(self.id, self.world.bot_id, "member", by=self.id)

    def delete_account(self) -> None:
        """The account is gone; the bot is not told. Returns nothing."""
        self.world.chats[self.id].deactivated = True
        self.world.emit(Event(EventKind.CHAT, self.id))

    def set_bot(self, chat_id: int, status: Status, rights: dict[str, bool] | None = None) -> None:
        """Add the bot to a chat, throw it out, give or take rights. Returns nothing."""
        chat = self._chat(chat_id)
        before = chat.status_of(self.world.bot_id)
        self.world.set_member(chat_id, self.world.bot_id, status, rights=rights, by=self.id)
        if chat.type == "channel":
            return
        inside = ("member", "administrator", "restricted", "creator")
        if before not in inside and status in inside:
            self.world.add_message(chat, self.user, {"new_chat_members": [self.world.bot]}, update="message")
        elif before in inside and status not in inside:
            self.world.add_message(chat, self.user, {"left_chat_member": self.world.bot})

    def join(self, chat_id: int, status: Status = "member", **rights: bool) -> None:
        """Be in a chat (or an administrator of it). Returns nothing."""
        self.world.set_member(chat_id, self.id, status, rights=rights)
        chat = self.world.chats[chat_id]
        if chat.type != "channel":
            self.world.add_message(chat, self.user, {"new_chat_members": [self.user]}, update="message")

    def leave(self, chat_id: int) -> None:
        """Go. Returns nothing."""
        chat = self._chat(chat_id)
        self.world.add_message(chat, self.user, {"left_chat_member": self.user}, update="message")
        self.world.set_member(chat_id, self.id, "left")

    def rename(self, chat_id: int, title: str) -> Json:
        """Give a group or channel another title."""
        chat = self._chat(chat_id)
        chat.title = title
        self.world.emit(Event(EventKind.CHAT, chat_id))
        kind = "channel_post" if chat.type == "channel" else "message"
        return self.world.add_message(chat, self.user, {"new_chat_title": title}, update=kind)


def without_reply(message: Json) -> Json:
    """A message as it stands inside a reply: its own reply left out, as the Bot API does."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


_CONTENT = ("text", "entities", "photo", "document", "location", "caption", "caption_entities")


def copied_content(message: Json) -> Json:
    """What of a message goes with a copy."""
    return {key: message[key] for key in _CONTENT if key in message}


def forwarded_content(world: World, original: Json) -> Json:
    """What of a message goes with a forward, with its origin."""
    origin: dict[str, Any]
    if "forward_origin" in original:
        origin = original["forward_origin"]
    elif original["chat"]["type"] == "channel":
        origin = {
            "type": "channel",
            "date": original["date"],
            "chat": original["chat"],
            "message_id": original["message_id"],
        }
    elif "sender_chat" in original:
        origin = {"type": "chat", "date": original["date"], "sender_chat": original["sender_chat"]}
    else:
        origin = {"type": "user", "date": original["date"], "sender_user": original["from"]}
    return {"forward_origin": origin} | copied_content(original)
