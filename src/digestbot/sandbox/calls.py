"""What the methods of the Bot API share: the chat meant, the bot's rights, texts, keyboards, files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from digestbot.sandbox.chats import GENERAL_TOPIC, Chat, Json
from digestbot.sandbox.entities import LONGEST_CAPTION, EntityError, Formatted, parse
from digestbot.sandbox.flood import FloodControl
from digestbot.sandbox.parameters import Upload
from digestbot.sandbox.people import without_reply
from digestbot.sandbox.pictures import picture_size
from digestbot.sandbox.refusals import ApiError, bad
from digestbot.sandbox.world import StoredFile, World

LARGEST_DOCUMENT = 50_000_000
LARGEST_PHOTO = 10_000_000
LARGEST_DOWNLOAD = 20_000_000
"""Bytes a bot may send as a file and as a photo, and fetch."""
MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
LONGEST_CALLBACK_DATA = 64
"""Bytes."""
PAID_MESSAGE_STARS = 0.1

_BUTTON_KINDS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_UNKNOWN_BUTTONS = ("web_app", "login_url", "callback_game", "pay")
_HTTP_ADDRESS = re.compile(r"(?:(?:https?|tg|ton)://)?[^\s/]+\.[^\s/.][^\s]*\Z|tg://\S+\Z", re.IGNORECASE)


@dataclass(slots=True)
class Call:
    """One call: the world it changes, its parameters, the files that came with it."""

    world: World
    flood: FloodControl
    method: str
    given: Json
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter."""
        return self.given.get(name, default)

    # --- chats ---------------------------------------------------------------------------------------

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat meant, which the bot can at least see. Raises ApiError."""
        if "business_connection_id" in self.given:
            raise bad("business connection not found")
        chat = self.world.find_chat(self.given[name])
        if chat is None:
            raise bad("chat not found")
        if chat.migrated_to is not None:
            raise ApiError(
                400,
                "group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": chat.migrated_to},
            )
        if chat.type != "private":
            status = chat.status_of(self.world.bot_id)
            if status == "kicked":
                raise ApiError(403, f"bot was kicked from the {chat.type} chat")
            if status == "left" and (chat.username is None or chat.type == "group"):
                raise ApiError(403, f"bot is not a member of the {chat.type} chat")
        return chat

    def writable_chat(self, right: str = "can_send_messages", what: str = "text messages") -> Chat:
        """The chat meant, to which the bot may send. `right`, `what`: the kind of message, for groups."""
        chat = self.chat()
        if chat.type == "private":
            if chat.deactivated:
                raise ApiError(403, "user is deactivated")
            if chat.members[self.world.bot_id]["status"] == "kicked":
                raise ApiError(403, "bot was blocked by the user")
            if not chat.started:
                raise ApiError(403, "bot can't initiate conversation with a user")
            return chat
        if chat.status_of(self.world.bot_id) == "left":
            raise ApiError(403, f"bot is not a member of the {chat.type} chat")
        if chat.type == "channel":
            if not chat.may(self.world.bot_id, "can_post_messages"):
                raise bad("need administrator rights in the channel chat")
        elif not chat.may(self.world.bot_id, right):
            raise bad(f"not enough rights to send {what} to the chat")
        return chat

    def thread(self, chat: Chat) -> Json:
        """Fields of the topic meant, if one is. Raises ApiError."""
        number = self.get("message_thread_id")
        if number is None:
            return {}
        if not chat.is_forum:
            raise bad("message thread not found")
        if number == GENERAL_TOPIC:
            return {}
        topic = chat.topics.get(number)
        if topic is None:
            raise bad("message thread not found")
        if topic.closed and not chat.may(self.world.bot_id, "can_manage_topics"):
            raise bad("TOPIC_CLOSED")
        return {"message_thread_id": number, "is_topic_message": True}

    def reply(self, chat: Chat) -> Json:
        """Field of the message replied to, if one is. Raises ApiError."""
        wanted = self.get("reply_parameters")
        if wanted is None:
            return {}
        if wanted.get("chat_id") not in (None, chat.id):
            raise bad("replies to other chats are not known to the sandbox")
        original = chat.messages.get(wanted["message_id"])
        if original is None:
            if wanted.get("allow_sending_without_reply"):
                return {}
            raise bad("message to be replied not found")
        content: Json = {"reply_to_message": without_reply(original)}
        if "quote" in wanted:
            quoted = self._parsed(
                wanted["quote"], wanted.get("quote_parse_mode"), wanted.get("quote_entities")
            )
            position = str(original.get("text", original.get("caption", ""))).find(quoted.text)
            if position < 0:
                raise bad("QUOTE_TEXT_INVALID")
            content["quote"] = {"text": quoted.text, "position": position, "is_manual": True}
        return content

    def own_message(self, chat: Chat) -> Json:
        """The message to edit. Raises ApiError where there is none or it is not the bot's."""
        if "message_id" not in self.given:
            raise bad("message identifier is not specified")
        message = chat.messages.get(self.given["message_id"])
        if message is None:
            raise bad("message to edit not found")
        bot = self.world.bot_id
        by_bot = message["message_id"] in chat.bot_posts or message.get("via_bot", {}).get("id") == bot
        if not by_bot and not (chat.type == "channel" and chat.may(bot, "can_edit_messages")):
            raise bad("message can't be edited")
        return message

    def edited(self) -> tuple[Chat, Json]:
        """Chat and message of an edit, by chat or inline message. Raises ApiError."""
        if inline_id := self.get("inline_message_id"):
            place = self.world.inline_messages.get(inline_id)
            if place is None:
                raise bad("MESSAGE_ID_INVALID")
            chat = self.world.chats[place[0]]
            return chat, chat.messages[place[1]]
        if "chat_id" not in self.given:
            raise bad("chat_id is empty")
        chat = self.chat()
        return chat, self.own_message(chat)

    # --- content -------------------------------------------------------------------------------------

    def _parsed(self, raw: str, mode: str | None, entities: list[Json] | None, **limits: Any) -> Formatted:
        try:
            return parse(raw, mode, entities, user_of=self.world.users.get, **limits)
        except EntityError as error:
            raise bad(str(error)) from error

    def text(self) -> Json:
        """`text` with its entities. Raises ApiError."""
        found = self._parsed(self.given["text"], self.get("parse_mode"), self.get("entities"))
        if not found.text:
            raise bad("message text is empty")
        content: Json = {"text": found.text}
        if found.entities:
            content["entities"] = list(found.entities)
        if preview := self.get("link_preview_options"):
            content["link_preview_options"] = preview
        return content

    def caption(self, source: Json | None = None) -> Json:
        """`caption` with its entities, from the call or from one medium of it. Raises ApiError."""
        source = self.given if source is None else source
        if not source.get("caption"):
            return {}
        found = self._parsed(
            source["caption"],
            source.get("parse_mode"),
            source.get("caption_entities"),
            longest=LONGEST_CAPTION,
            what="message caption",
        )
        content: Json = {"caption": found.text} if found.text else {}
        if found.entities:
            content["caption_entities"] = list(found.entities)
        if source.get("show_caption_above_media"):
            content["show_caption_above_media"] = True
        return content

    def options(self) -> Json:
        """Fields of the message that follow from options common to all sending methods."""
        content: Json = {}
        if self.get("protect_content"):
            content["has_protected_content"] = True
        if effect := self.get("message_effect_id"):
            content["effect_id"] = effect
        return content

    def keyboard(self) -> tuple[Json, Json | None]:
        """The inline keyboard as field of the message, and any other markup. Raises ApiError."""
        markup = self.get("reply_markup")
        if not markup:
            return {}, None
        if "inline_keyboard" not in markup:
            if rows := markup.get("keyboard"):
                _check_size(rows)
            return {}, markup
        return inline_keyboard(markup), None

    # --- files ---------------------------------------------------------------------------------------

    def file(self, value: Any, *, photo: bool) -> StoredFile:
        """A file that was uploaded, or one the server has. Raises ApiError."""
        if isinstance(value, str) and value.startswith("attach://"):
            uploaded = self.uploads.get(value.removeprefix("attach://"))
            if uploaded is None:
                raise bad("wrong file identifier/HTTP URL specified")
            value = uploaded
        if isinstance(value, str):
            if value.startswith(("http://", "https://")):
                raise bad("failed to get HTTP URL content")
            stored = self.world.files.get(value)
            if stored is None:
                raise bad("wrong file identifier/HTTP URL specified")
            if photo and not stored.width:
                raise bad("can't use file of type Document as Photo")
            return stored
        return self._store(value, photo=photo)

    def _store(self, upload: Upload, *, photo: bool) -> StoredFile:
        if not upload.content:
            raise bad("file must be non-empty")
        if not photo:
            if len(upload.content) > LARGEST_DOCUMENT:
                raise ApiError(413)
            return self.world.add_file(upload.content, upload.name or "file", upload.mime_type)
        if len(upload.content) > LARGEST_PHOTO:
            raise bad("file is too big")
        size = picture_size(upload.content)
        if size is None:
            raise bad("IMAGE_PROCESS_FAILED")
        if sum(size) > 10_000 or max(size) > 20 * min(size):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        return self.world.add_file(upload.content, "photo.jpg", "image/jpeg", width=size[0], height=size[1])

    # --- acceptance ----------------------------------------------------------------------------------

    def take_room(self, chat: Chat, count: int = 1) -> None:
        """Flood control and Stars: raises ApiError where there is no room for so many messages."""
        paid = bool(self.get("allow_paid_broadcast"))
        if paid and self.world.star_balance < count * PAID_MESSAGE_STARS:
            raise bad("BALANCE_TOO_LOW")
        self.flood.take(chat, count, paid=paid)
        if paid:
            self.world.star_balance = round(self.world.star_balance - count * PAID_MESSAGE_STARS, 6)

    def send(self, chat: Chat, content: Json, markup: Json | None = None) -> Json:
        """Accept a message of the bot, for which there is room."""
        message = self.world.add_message(chat, self.world.bot, content, markup=markup)
        chat.bot_posts.add(message["message_id"])
        self.world.record("sent", self.method, chat.id, message["message_id"], message, markup)
        return message

    def change(self, chat: Chat, message: Json, content: Json, *, without: tuple[str, ...]) -> Json | bool:
        """Accept an edit. `without`: the fields it replaces. Raises ApiError where nothing changes."""
        changed = {key: value for key, value in message.items() if key not in without} | content
        if changed == {key: value for key, value in message.items() if key != "edit_date"}:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message"
            )
        changed["edit_date"] = int(self.world.now())
        self.world.change_message(chat, changed)
        self.world.record("edited", self.method, chat.id, changed["message_id"], changed)
        return True if "inline_message_id" in self.given else changed


def inline_keyboard(markup: Json) -> Json:
    """The field reply_markup of a message, {} for an empty keyboard. Raises ApiError."""
    rows = [row for row in markup["inline_keyboard"] if row]
    _check_size(rows)
    for row in rows:
        for button in row:
            _check_button(button)
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _check_size(rows: list[list[Json]]) -> None:
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad("reply markup is too long")


def _check_button(button: Json) -> None:
    kinds = [kind for kind in _BUTTON_KINDS if kind in button]
    if not button["text"].strip():
        raise bad('can\'t parse inline keyboard button: field "text" must be non-empty')
    if not kinds:
        raise bad("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise bad("can't parse inline keyboard button: only one type of button can be specified")
    if kinds[0] in _UNKNOWN_BUTTONS:
        raise bad("BUTTON_TYPE_INVALID")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= LONGEST_CALLBACK_DATA:
        raise bad("BUTTON_DATA_INVALID")
    address = button.get("url")
    if address is not None and not _HTTP_ADDRESS.match(address):
        raise bad(f"inline keyboard button URL '{address}' is invalid: wrong HTTP URL")
    copied = button.get("copy_text")
    if copied is not None and not 1 <= len(copied["text"]) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")
