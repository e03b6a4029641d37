"""python-telegram-bot's own client against the sandbox: every method, every refusal as its exception."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputMediaPhoto,
    InputTextMessageContent,
    LinkPreviewOptions,
    MenuButtonCommands,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from digestbot.sandbox.world import CHANNEL_ID, GROUP_ID, PERSON_ID, sample_world
from sandbox_process import Sandbox, running_sandbox

FORUM = -1003000000001
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkM/xnDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    world = sample_world()
    world.add_chat(
        FORUM, "supergroup", "Forum", owner_id=PERSON_ID, is_forum=True, bot_status="administrator"
    )
    with running_sandbox(world) as running:
        running.person(PERSON_ID, "send_text", chat_id=PERSON_ID, text="/start")
        yield running


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    base = sandbox.api_url
    async with Bot(sandbox.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as made:
        yield made


async def test_messages_of_every_kind_are_sent_and_changed(sandbox: Sandbox, bot: Bot) -> None:
    assert bot.username == "digest_sandbox_bot"
    sent = await bot.send_message(
        PERSON_ID,
        '<b>News</b> <a href="https://example.org/a">source</a>\n'
        '<blockquote expandable>"x" &amp; y</blockquote>',
        parse_mode=ParseMode.HTML,
        reply_markup=KEYBOARD,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(1),
        disable_notification=True,
    )
    assert sent.text == 'News source\n"x" & y'
    assert [entity.type for entity in sent.entities] == ["bold", "text_link", "expandable_blockquote"]
    assert sent.reply_to_message is not None
    plain = await bot.send_message(PERSON_ID, "bold", entities=[MessageEntity("bold", 0, 4)])
    assert plain.parse_entities() == {plain.entities[0]: "bold"}
    edited = await sent.edit_text("*b*", parse_mode=ParseMode.MARKDOWN_V2, reply_markup=KEYBOARD)
    assert getattr(edited, "text", None) == "b"
    await sent.edit_reply_markup()
    photo = await bot.send_photo(PERSON_ID, PNG, caption="<i>p</i>", parse_mode=ParseMode.HTML)
    await photo.edit_caption("q")
    document = await bot.send_document(CHANNEL_ID, b"%PDF", filename="d.pdf", caption="d")
    assert document.document is not None
    await photo.edit_media(InputMediaDocument(document.document.file_id, caption="m"))
    album = await bot.send_media_group(GROUP_ID, [InputMediaPhoto(PNG), InputMediaPhoto(PNG, caption="2")])
    assert len({message.media_group_id for message in album}) == 1
    place = await bot.send_location(GROUP_ID, 24.86, 67.0)
    assert place.location is not None
    assert await bot.send_chat_action(GROUP_ID, ChatAction.TYPING)
    forward = await bot.forward_message(GROUP_ID, CHANNEL_ID, document.message_id)
    assert forward.forward_origin is not None
    assert (await bot.copy_message(GROUP_ID, CHANNEL_ID, document.message_id)).message_id > 0
    assert await bot.pin_chat_message(PERSON_ID, sent.message_id)
    assert await bot.unpin_chat_message(PERSON_ID)
    assert await bot.set_message_reaction(PERSON_ID, sent.message_id, ReactionTypeEmoji("👍"))
    assert await bot.delete_message(PERSON_ID, sent.message_id)
    assert await bot.delete_messages(PERSON_ID, [plain.message_id])
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"%PDF"


async def test_the_bot_describes_itself(bot: Bot) -> None:
    scope = BotCommandScopeAllPrivateChats()
    assert await bot.set_my_commands([BotCommand("start", "Begin")], scope=scope, language_code="en")
    assert (await bot.get_my_commands(scope, "en"))[0].description == "Begin"
    assert await bot.delete_my_commands(scope, "en")
    assert await bot.set_my_name("Digest")
    assert (await bot.get_my_name()).name == "Digest"
    assert await bot.set_my_description("What it does")
    assert (await bot.get_my_description()).description == "What it does"
    assert await bot.set_my_short_description("Short")
    assert (await bot.get_my_short_description()).short_description == "Short"
    assert await bot.set_chat_menu_button(PERSON_ID, MenuButtonCommands())
    assert (await bot.get_chat_menu_button(PERSON_ID)).type == "commands"
    assert (await bot.get_my_star_balance()).amount == 1000


async def test_chats_members_and_topics(bot: Bot) -> None:
    assert (await bot.get_chat(CHANNEL_ID)).title == "World digest"
    assert (await bot.get_chat_member(CHANNEL_ID, bot.id)).status == "administrator"
    assert {member.user.id for member in await bot.get_chat_administrators(CHANNEL_ID)} == {PERSON_ID, bot.id}
    assert await bot.get_chat_member_count(CHANNEL_ID) == 2
    topic = await bot.create_forum_topic(FORUM, "News")
    sent = await bot.send_message(FORUM, "a", message_thread_id=topic.message_thread_id)
    assert sent.is_topic_message
    assert await bot.close_forum_topic(FORUM, topic.message_thread_id)
    assert await bot.reopen_forum_topic(FORUM, topic.message_thread_id)
    assert await bot.leave_chat(FORUM)
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(FORUM, "a")


async def test_updates_buttons_and_inline_queries(sandbox: Sandbox, bot: Bot) -> None:
    sent = await bot.send_message(PERSON_ID, "a", reply_markup=KEYBOARD)
    press = {"chat_id": PERSON_ID, "message_id": sent.message_id, "data": "go"}
    pressed = asyncio.create_task(asyncio.to_thread(sandbox.person, PERSON_ID, "press", **press))
    updates = await bot.get_updates(timeout=0)
    while updates[-1].callback_query is None:
        updates = await bot.get_updates(offset=updates[-1].update_id + 1, timeout=20)
    assert await updates[-1].callback_query.answer("Done")
    assert (await pressed)["text"] == "Done"
    asked = asyncio.create_task(asyncio.to_thread(sandbox.person, PERSON_ID, "ask_inline", query="gaza"))
    updates = await bot.get_updates(offset=updates[-1].update_id + 1, timeout=20)
    query = updates[-1].inline_query
    assert query is not None
    article = InlineQueryResultArticle("1", "Title", InputTextMessageContent("<b>x</b>", ParseMode.HTML))
    assert await query.answer([article], cache_time=0, is_personal=True)
    assert (await asked)["results"][0]["title"] == "Title"
    assert await bot.set_webhook("http://127.0.0.1:9/", secret_token="abc")
    assert (await bot.get_webhook_info()).url == "http://127.0.0.1:9/"
    with pytest.raises(Conflict):
        await bot.get_updates()
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_refusals_become_the_clients_exceptions(sandbox: Sandbox, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(31337, "a")
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(PERSON_ID, "<b>", parse_mode=ParseMode.HTML)
    sandbox.fault("error", status=429, retry_after=7)
    with pytest.raises(RetryAfter):
        await bot.send_message(PERSON_ID, "a")
    sandbox.fault("error", status=502, description="Bad Gateway")
    with pytest.raises(NetworkError):
        await bot.send_message(PERSON_ID, "a")
    for kind, expected in (("close", NetworkError), ("garbage", TelegramError), ("not_json", TelegramError)):
        sandbox.fault(kind, accept=True)
        with pytest.raises(expected):
            await bot.send_message(PERSON_ID, kind)
    assert sandbox.texts() == ["close", "garbage", "not_json"]
    new = sandbox.world("migrate", chat_id=GROUP_ID)["id"]
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(GROUP_ID, "a")
    assert migrated.value.new_chat_id == new
    stranger = Bot(f"{bot.id}:wrong", base_url=f"{sandbox.api_url}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_the_bot_says_farewell(bot: Bot) -> None:
    assert await bot.close()
    assert await bot.log_out()
