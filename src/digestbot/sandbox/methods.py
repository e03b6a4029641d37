"""The methods of the Bot API: one function each and a row in METHODS.

    parameters (checked) ──► Call ──► METHODS[name] ──► World, ledger ──► the result that is answered

A function returns what stands under "result", or raises ApiError. getUpdates and the webhook, which wait, are
in updates.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from digestbot.sandbox import profile
from digestbot.sandbox.calls import LARGEST_DOWNLOAD, Call, inline_keyboard
from digestbot.sandbox.chats import Chat, Json
from digestbot.sandbox.people import copied_content, forwarded_content, without_reply
from digestbot.sandbox.refusals import ApiError, bad
from digestbot.sandbox.world import Event, EventKind

Handler = Callable[[Call], Any]

ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
LONGEST_CALLBACK_ANSWER = 200
MOST_INLINE_RESULTS = 50
MOST_IN_ALBUM = 10
_TEXT = ("text", "entities", "link_preview_options", "reply_markup", "edit_date")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media", "reply_markup", "edit_date")


# --- sending ----------------------------------------------------------------------------------------


def send_message(call: Call) -> Json:
    """A text."""
    chat = call.writable_chat()
    place = call.thread(chat)
    return _sent(call, chat, place, call.text())


def send_photo(call: Call) -> Json:
    """A picture with a caption."""
    chat = call.writable_chat("can_send_photos", "photos")
    place = call.thread(chat)
    caption = call.caption()
    return _sent(call, chat, place, _photo(call, call.given["photo"]) | _spoiler(call.given) | caption)


def send_document(call: Call) -> Json:
    """A file with a caption."""
    chat = call.writable_chat("can_send_documents", "documents")
    place = call.thread(chat)
    caption = call.caption()
    return _sent(call, chat, place, _document(call, call.given["document"]) | caption)


def send_location(call: Call) -> Json:
    """A place."""
    chat = call.writable_chat()
    place = call.thread(chat)
    latitude, longitude = call.given["latitude"], call.given["longitude"]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad("can't parse location: latitude or longitude is out of range")
    location: Json = {"latitude": latitude, "longitude": longitude}
    for name in ("horizontal_accuracy", "live_period", "heading", "proximity_alert_radius"):
        if name in call.given:
            location[name] = call.given[name]
    return _sent(call, chat, place, {"location": location})


def _sent(call: Call, chat: Chat, place: Json, body: Json) -> Json:
    """Reply, keyboard and options added, room taken: then it is accepted."""
    reply = call.reply(chat)
    keyboard, markup = call.keyboard()
    call.take_room(chat)
    return call.send(chat, place | reply | body | call.options() | keyboard, markup)


def _photo(call: Call, value: Any) -> Json:
    return {"photo": [call.file(value, photo=True).photo_size()]}


def _document(call: Call, value: Any) -> Json:
    return {"document": call.file(value, photo=False).document()}


def _spoiler(source: Json) -> Json:
    return {"has_media_spoiler": True} if source.get("has_spoiler") else {}


def _medium(call: Call, medium: Json) -> Json:
    """Fields of the message for an InputMedia, its caption among them."""
    caption = call.caption(medium)
    if medium["type"] == "photo":
        return _photo(call, medium["media"]) | _spoiler(medium) | caption
    if medium["type"] == "document":
        return _document(call, medium["media"]) | caption
    raise bad(f"media of type {medium['type']} are not known to the sandbox")


def send_media_group(call: Call) -> list[Json]:
    """An album of photos or of documents."""
    media = call.given["media"]
    kind = media[0]["type"] if media else "photo"
    chat = call.writable_chat(f"can_send_{kind}s", f"{kind}s")
    place = call.thread(chat)
    if len(media) < 2:
        raise bad("there are not enough messages to send as an album")
    if len(media) > MOST_IN_ALBUM:
        raise bad("too many messages to send as an album")
    reply = call.reply(chat)
    bodies = [_medium(call, medium) for medium in media]
    call.take_room(chat, len(bodies))
    group = {"media_group_id": call.world.new_id("")}
    return [call.send(chat, place | reply | body | call.options() | group) for body in bodies]


def send_chat_action(call: Call) -> bool:
    """Show that the bot is typing."""
    chat = call.writable_chat()
    call.thread(chat)
    if call.given["action"] not in ACTIONS:
        raise bad("wrong parameter action in request")
    call.world.emit(Event(EventKind.ACTION, chat.id, details={"action": call.given["action"]}))
    return True


def _original(call: Call, what: str) -> Json:
    source = call.chat("from_chat_id")
    original = source.messages.get(call.given["message_id"])
    if original is None:
        raise bad(f"message to {what} not found")
    if original.get("has_protected_content") or not copied_content(original):
        raise bad(f"the message can't be {'copied' if what == 'copy' else 'forwarded'}")
    return original


def forward_message(call: Call) -> Json:
    """A message with its origin."""
    chat = call.writable_chat()
    place = call.thread(chat)
    content = forwarded_content(call.world, _original(call, "forward"))
    call.take_room(chat)
    return call.send(chat, place | content | call.options())


def copy_message(call: Call) -> Json:
    """A message without its origin, with another caption if one is given."""
    chat = call.writable_chat()
    place = call.thread(chat)
    content = copied_content(_original(call, "copy"))
    if "caption" in call.given and "text" not in content:
        content = {key: value for key, value in content.items() if key not in _CAPTION} | call.caption()
    return {"message_id": _sent(call, chat, place, content)["message_id"]}


# --- changing ---------------------------------------------------------------------------------------


def edit_message_text(call: Call) -> Json | bool:
    """Another text and keyboard."""
    chat, message = call.edited()
    content = call.text()
    if "text" not in message:
        raise bad("there is no text in the message to edit")
    return call.change(chat, message, content | call.keyboard()[0], without=_TEXT)


def edit_message_caption(call: Call) -> Json | bool:
    """Another caption and keyboard."""
    chat, message = call.edited()
    content = call.caption()
    if "photo" not in message and "document" not in message:
        raise bad("there is no caption in the message to edit")
    return call.change(chat, message, content | call.keyboard()[0], without=_CAPTION)


def edit_message_media(call: Call) -> Json | bool:
    """Another photo or document, with its caption."""
    chat, message = call.edited()
    content = _medium(call, call.given["media"])
    without = (*_TEXT, *_CAPTION, "photo", "document", "has_media_spoiler")
    return call.change(chat, message, content | call.keyboard()[0], without=without)


def edit_message_reply_markup(call: Call) -> Json | bool:
    """Another keyboard, or none."""
    chat, message = call.edited()
    return call.change(chat, message, call.keyboard()[0], without=("reply_markup", "edit_date"))


def delete_message(call: Call) -> bool:
    """Take a message away."""
    chat = call.chat()
    number = call.given["message_id"]
    if number not in chat.messages:
        raise bad("message to delete not found")
    if not _deletable(call, chat, number):
        raise bad("message can't be deleted")
    call.world.remove_messages(chat, [number])
    call.world.record("deleted", call.method, chat.id, number, None)
    return True


def delete_messages(call: Call) -> bool:
    """Take messages away; those that are not there are passed over."""
    chat = call.chat()
    numbers = call.given["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise bad(
            "message identifiers are not specified"
            if not numbers
            else "too many message identifiers specified"
        )
    there = [number for number in numbers if number in chat.messages and _deletable(call, chat, number)]
    call.world.remove_messages(chat, there)
    for number in there:
        call.world.record("deleted", call.method, chat.id, number, None)
    return True


def _deletable(call: Call, chat: Chat, number: int) -> bool:
    bot = call.world.bot_id
    return (
        chat.type == "private"
        or number in chat.bot_posts
        or (chat.is_admin(bot) and chat.may(bot, "can_delete_messages"))
    )


def pin_chat_message(call: Call) -> bool:
    """Put a message at the top."""
    chat = _pinning(call)
    message = chat.messages.get(call.given["message_id"])
    if message is None:
        raise bad("message to pin not found")
    if message["message_id"] in chat.pinned:
        return True
    chat.pinned.append(message["message_id"])
    pinned = call.world.add_message(chat, call.world.bot, {"pinned_message": without_reply(message)})
    chat.bot_posts.add(pinned["message_id"])
    call.world.emit(Event(EventKind.CHAT, chat.id))
    return True


def unpin_chat_message(call: Call) -> bool:
    """Take a message, or the newest pinned one, from the top."""
    chat = _pinning(call)
    number = call.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if number not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(number)
    call.world.emit(Event(EventKind.CHAT, chat.id))
    return True


def _pinning(call: Call) -> Chat:
    chat = call.chat()
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    admin = chat.type == "private" or (
        chat.is_admin(call.world.bot_id) and chat.may(call.world.bot_id, right)
    )
    if not admin:
        raise bad("not enough rights to manage pinned messages in the chat")
    return chat


def set_message_reaction(call: Call) -> bool:
    """React to a message with at most one emoji."""
    chat = call.chat()
    number = call.given["message_id"]
    if number not in chat.messages:
        raise bad("message to react not found")
    wanted = call.get("reaction") or []
    if len(wanted) > 1 or any(reaction["type"] != "emoji" or not reaction["emoji"] for reaction in wanted):
        raise bad("REACTION_INVALID")
    call.world.reactions[chat.id, number] = wanted
    return True


# --- queries ----------------------------------------------------------------------------------------


def answer_callback_query(call: Call) -> bool:
    """Tell who pressed a button; a second answer changes nothing."""
    query = call.world.open_callback(call.given["callback_query_id"])
    if query is None:
        raise bad(TOO_OLD)
    if len(call.get("text", "")) > LONGEST_CALLBACK_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    if query.answered:
        return True
    query.answered = True
    answer: Json = {name: call.given[name] for name in ("text", "show_alert", "url") if name in call.given}
    if query.answer is not None and not query.answer.done():
        query.answer.set_result(answer)
    details: Json = {"callback_query_id": query.id, **answer}
    call.world.emit(Event(EventKind.CALLBACK_ANSWER, query.chat_id, details=details))
    return True


def answer_inline_query(call: Call) -> bool:
    """Results for what somebody typed behind the bot's name."""
    query = call.world.inline_queries.get(call.given["inline_query_id"])
    if query is None or query.answered or call.world.now() - query.at > 60:
        raise bad(TOO_OLD)
    results = call.given["results"]
    if len(results) > MOST_INLINE_RESULTS:
        raise bad("RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    if any(not 1 <= len(number.encode()) <= 64 for number in ids):
        raise bad("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad("RESULT_ID_DUPLICATE")
    shown = [result | {"message": _inline_message(call, result)} for result in results]
    query.answered = True
    if query.results is not None and not query.results.done():
        more = {name: call.given[name] for name in ("next_offset", "button") if name in call.given}
        query.results.set_result({"results": shown} | more)
    return True


def _inline_message(call: Call, result: Json) -> Json:
    """Fields of the message that a chosen result becomes."""
    content = result.get("input_message_content")
    if result["type"] != "article" or content is None or "message_text" not in content:
        raise bad("inline results other than articles of text are not known to the sandbox")
    if not result["title"]:
        raise bad("ARTICLE_TITLE_EMPTY")
    inner = {"text": content["message_text"], **{k: v for k, v in content.items() if k != "message_text"}}
    message = Call(call.world, call.flood, call.method, inner).text()
    return message | (inline_keyboard(result["reply_markup"]) if "reply_markup" in result else {})


# --- chats and files --------------------------------------------------------------------------------


def get_me(call: Call) -> Json:
    """The bot itself."""
    return call.world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": not call.world.privacy,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_guest_queries": False,
    }


def get_chat(call: Call) -> Json:
    """A chat in full."""
    return call.chat().full_object()


def get_chat_member(call: Call) -> Json:
    """One member's standing."""
    chat = call.chat()
    user_id = call.given["user_id"]
    if user_id not in call.world.users:
        raise bad("user not found")
    member = chat.members.get(user_id)
    return member or {"status": "left", "user": call.world.users[user_id]}


def get_chat_administrators(call: Call) -> list[Json]:
    """Who runs the chat; other bots only when asked for."""
    chat = call.chat()
    if chat.type == "private":
        raise bad("there are no administrators in the private chat")
    return [
        member
        for user_id, member in chat.members.items()
        if chat.is_admin(user_id)
        and (not member["user"]["is_bot"] or user_id == call.world.bot_id or call.get("return_bots"))
    ]


def get_chat_member_count(call: Call) -> int:
    """How many are in it."""
    chat = call.chat()
    return sum(chat.status_of(user_id) not in ("left", "kicked") for user_id in chat.members)


def leave_chat(call: Call) -> bool:
    """Go, with a note to who stays."""
    chat = call.chat()
    bot = call.world.bot_id
    if chat.type == "private":
        raise bad("chat member status can't be changed in private chats")
    if chat.status_of(bot) == "left":
        raise ApiError(403, f"bot is not a member of the {chat.type} chat")
    if chat.type != "channel":
        call.world.add_message(chat, call.world.bot, {"left_chat_member": call.world.bot})
    call.world.set_member(chat.id, bot, "left")
    return True


def create_forum_topic(call: Call) -> Json:
    """A new topic."""
    chat = _forum(call)
    if not 1 <= len(call.given["name"].strip()) <= 128:
        raise bad("TOPIC_TITLE_EMPTY")
    topic = call.world.add_topic(chat.id, call.given["name"].strip(), icon_color=call.get("icon_color"))
    chat.bot_posts.add(topic.thread)
    return {"message_thread_id": topic.thread, "name": topic.name, "icon_color": topic.icon_color}


def _forum(call: Call) -> Chat:
    chat = call.chat()
    if not chat.is_forum:
        raise bad("the chat is not a forum")
    if not (chat.is_admin(call.world.bot_id) and chat.may(call.world.bot_id, "can_manage_topics")):
        raise bad("not enough rights to create a topic")
    return chat


def close_forum_topic(call: Call) -> bool:
    """No more messages in a topic."""
    return _set_closed(call, True)


def reopen_forum_topic(call: Call) -> bool:
    """Messages in a topic again."""
    return _set_closed(call, False)


def _set_closed(call: Call, closed: bool) -> bool:
    chat = _forum(call)
    topic = chat.topics.get(call.given["message_thread_id"])
    if topic is None:
        raise bad("message thread not found")
    if topic.closed == closed:
        raise bad("TOPIC_NOT_MODIFIED")
    call.world.set_topic_closed(chat.id, topic.thread, closed, by_bot=True)
    return True


def get_file(call: Call) -> Json:
    """Where to fetch a file of at most 20 MB."""
    stored = call.world.files.get(call.given["file_id"])
    if stored is None:
        raise bad("invalid file_id")
    if len(stored.content) > LARGEST_DOWNLOAD:
        raise bad("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


def get_my_star_balance(call: Call) -> Json:
    """Stars the bot has for paid broadcasts."""
    whole = int(call.world.star_balance)
    part = round((call.world.star_balance - whole) * 1_000_000_000)
    return {"amount": whole} | ({"nanostar_amount": part} if part else {})


def farewell(call: Call) -> bool:
    """logOut and close: nothing to do on a server of one's own."""
    return True


METHODS: dict[str, Handler] = {
    "getMe": get_me,
    "logOut": farewell,
    "close": farewell,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "sendLocation": send_location,
    "sendChatAction": send_chat_action,
    "forwardMessage": forward_message,
    "copyMessage": copy_message,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "setMessageReaction": set_message_reaction,
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
    "getFile": get_file,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "createForumTopic": create_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": profile.set_my_name,
    "getMyName": profile.get_my_name,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "getMyStarBalance": get_my_star_balance,
}
