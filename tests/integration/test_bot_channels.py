"""Channels and groups set up from the private chat; inline answers; what is sent is published by consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from telegram import ForceReply

from bot_scene import ANN, BOB, CHANNEL, FORUM, GAS, GROUP, OPERATOR, a_chat, filled, gas, put, scene, talks
from digestbot.bot.application import build_application
from digestbot.ingest import Ingest
from digestbot.protocols.delivery import ConfiguredSchedule
from digestbot.rendering.actions import Ref, base36, encode, encode_refs

BOT = {"id": 1, "is_bot": True, "first_name": "Digest", "username": "digest_bot"}
RIGHTS = {
    f"can_{what}": True
    for what in (
        "be_edited",
        "manage_chat",
        "delete_messages",
        "manage_video_chats",
        "restrict_members",
        "promote_members",
        "change_info",
        "invite_users",
        "post_stories",
        "edit_stories",
        "delete_stories",
        "post_messages",
        "edit_messages",
    )
} | {"is_anonymous": False}


@pytest.fixture
async def full(tmp_path):
    async with scene(tmp_path) as made:
        await filled(made.store)
        await made.say("/start")
        made.telegram.admins |= {(CHANNEL, ANN), (FORUM, ANN)}
        yield made


async def added(made, chat: int, *, by: int = ANN):
    """Somebody makes the bot an administrator there."""
    return await made.update(
        my_chat_member={
            "chat": a_chat(chat),
            "from": made.user(by),
            "date": 1,
            "old_chat_member": {"user": BOT, "status": "left"},
            "new_chat_member": {"user": BOT, "status": "administrator", **RIGHTS},
        }
    )


def token(chat: int) -> str:
    return base36(-chat)


async def reply(made, text: str, *, user: int = ANN):
    """Answer the bot's latest message, as its question asks."""
    asked = {
        "message_id": made.telegram.next_message,
        "date": 1,
        "chat": a_chat(user),
        "from": BOT,
        "text": "x",
    }
    return await made.say(text, user=user, reply_to_message=asked)


async def rows(made, chat: int):
    async with made.store.read() as tx:
        return await tx.schedules.for_chat(chat)


async def settings(made, chat: int):
    async with made.store.read() as tx:
        found = await tx.chats.get(chat)
    return dict(found.settings)


# --- channels -------------------------------------------------------------------------------------------


async def test_who_adds_the_bot_is_told_where_to_set_it_up_and_the_chat_itself_stays_quiet(full):
    (told,) = await added(full, CHANNEL)
    assert told.parameters["chat_id"] == ANN
    assert f"Chat {CHANNEL}" in told.text
    (panel,) = [
        call for call in await full.press(told.buttons["Settings"]) if call.method == "editMessageText"
    ]
    assert "Times: none" in panel.text
    assert {"Times", "Zone", "Regions", "Header", "Footer", "Test post", "Stop"} <= set(panel.buttons)
    assert "Topic" not in panel.buttons


async def test_somebody_the_bot_never_talked_with_is_not_written_to(full):
    assert await added(full, CHANNEL, by=BOB) == []


async def test_the_list_shows_ones_own_chats_alone(full):
    await added(full, CHANNEL)
    (mine,) = await full.say("/channels")
    assert list(mine.buttons) == [f"Chat {CHANNEL}"]
    (others,) = await full.say("/channels", user=BOB)
    assert others.buttons == {}
    assert "No channel or group is yours" in others.text


async def test_another_admin_of_the_chat_finds_it_by_its_name_and_keeps_it_in_the_list(full):
    await added(full, CHANNEL)
    async with full.store.begin() as tx:
        await tx.chats.update(CHANNEL, username="Morning_Post")
    for user, said in ((BOB, "Only admins of"), (OPERATOR, "Times: none")):
        full.telegram.admins.add((CHANNEL, OPERATOR))
        (answered,) = await full.say("/channels @morning_post", user=user)
        assert said in answered.text
    (listed,) = await full.say("/channels", user=OPERATOR)
    assert list(listed.buttons) == [f"Chat {CHANNEL}"]
    (unknown,) = await full.say("/channels @nowhere")
    assert "no channel or group" in unknown.text


async def test_times_zone_header_and_footer_are_set_by_replies(full):
    await added(full, CHANNEL)
    for field, text in (
        ("z", "Karachi"),
        ("t", "07:30 18:00 mon-fri"),
        ("h", "Morning & <news>"),
        ("f", "-"),
    ):
        asked = await full.press(encode("ch", token(CHANNEL), "a", field))
        question = next(call for call in asked if call.method == "sendMessage")
        assert question.parameters["reply_markup"]["force_reply"] is ForceReply().force_reply
        (panel,) = await reply(full, text)
    assert "Times: 07:30, 18:00" in panel.text
    assert "Zone: Asia/Karachi" in panel.text
    assert "Header: Morning & <news>" in panel.text
    assert "Footer: none" in panel.text
    assert [(row.local_time, row.zone, row.weekdays) for row in await rows(full, CHANNEL)] == [
        ("07:30", "Asia/Karachi", 31),
        ("18:00", "Asia/Karachi", 31),
    ]
    await full.press(encode("ch", token(CHANNEL), "s"))
    assert await rows(full, CHANNEL) == []


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("t", "soon", "holds no times"),
        ("z", "Nowhereville", "Nowhereville"),
        ("h", "x" * 301, "300 characters"),
        ("x", "the news topic", "is no topic"),
    ],
)
async def test_what_cannot_be_meant_is_answered_with_what_to_type(full, field, text, said):
    await added(full, FORUM)
    await full.press(encode("ch", token(FORUM), "a", field))
    (answered,) = await reply(full, text)
    assert said in answered.text
    assert await rows(full, FORUM) == []


async def test_regions_and_language_are_chosen_by_buttons(full):
    await added(full, CHANNEL)
    for value in ("western_asia", "southern_asia", "western_asia"):
        await full.press(encode("ch", token(CHANNEL), "r", value))
    await full.press(encode("ch", token(CHANNEL), "l", "ur"))
    kept = await settings(full, CHANNEL)
    assert kept["regions"] == ["Southern Asia"]
    assert kept["locale"] == "ur"


async def test_posts_move_to_the_topic_that_is_set(full):
    await added(full, FORUM)
    await full.press(encode("ch", token(FORUM), "a", "t"))
    await reply(full, "07:30")
    await full.press(encode("ch", token(FORUM), "a", "x"))
    (panel,) = await reply(full, "https://t.me/c/2002/42")
    assert "Topic: 42" in panel.text
    assert [(row.local_time, row.thread_id) for row in await rows(full, FORUM)] == [("07:30", 42)]
    posted = await full.press(encode("ch", token(FORUM), "p"))
    there = [call for call in posted if call.parameters.get("chat_id") == FORUM]
    assert there
    assert all(call.parameters["message_thread_id"] == 42 for call in there)
    assert GAS[0] in "".join(call.text for call in there)


async def test_rights_are_asked_for_at_each_change(full):
    await added(full, CHANNEL)
    await full.press(encode("ch", token(CHANNEL), "a", "h"))
    full.telegram.admins.discard((CHANNEL, ANN))
    (refused,) = await reply(full, "Ann's own header")
    assert "Only admins of" in refused.text
    await full.press(encode("ch", token(CHANNEL), "r", "western_asia"))
    for kind in ("p", "s"):
        calls = await full.press(encode("ch", token(CHANNEL), kind))
        assert [call.method for call in calls] == ["answerCallbackQuery"]
        assert "Only admins of" in calls[0].parameters["text"]
    assert await settings(full, CHANNEL) == {}


async def test_a_configured_channel_is_read_only_and_those_who_run_the_bot_see_it(full):
    await added(full, CHANNEL)
    async with full.store.begin() as tx:
        await tx.schedules.sync_config(
            [ConfiguredSchedule(CHANNEL, "06:00", "Europe/Paris", 127, None)], full.now
        )
    (listed,) = await full.say("/channels", user=OPERATOR)
    assert list(listed.buttons) == [f"Chat {CHANNEL}"]
    shown = await full.press(encode("ch", token(CHANNEL)), user=OPERATOR)
    panel = next(call for call in shown if call.method == "editMessageText")
    assert "Set in the configuration file" in panel.text
    assert not {"Times", "Zone", "Header"} & set(panel.buttons)
    (refused,) = await full.press(encode("ch", token(CHANNEL), "s"))
    assert "configuration file" in refused.parameters["text"]
    assert [row.local_time for row in await rows(full, CHANNEL)] == ["06:00"]


async def test_channels_is_for_the_private_chat(full):
    (said,) = await full.say("/channels", chat=GROUP)
    assert "/channels" in said.text
    assert said.buttons == {}


# --- inline ---------------------------------------------------------------------------------------------


async def inline(made, query: str, *, user: int = ANN):
    (call,) = await made.update(
        inline_query={"id": "iq", "from": made.user(user), "query": query, "offset": "", "chat_type": "group"}
    )
    assert call.method == "answerInlineQuery"
    return call.parameters


async def test_inline_answers_are_personal_not_kept_and_lead_with_the_conditions(full):
    given = await inline(full, "slovakia")
    assert given["is_personal"] is True
    assert given["cache_time"] == 0
    first = given["results"][0]
    assert first["title"] == "Slovakia → Ukraine: threat"
    assert (
        "stop sending electricity unless the flow resumes" in first["input_message_content"]["message_text"]
    )
    assert "https://gazette.example/gas" in first["input_message_content"]["message_text"]
    assert len({one["id"] for one in given["results"]}) == len(given["results"])


async def test_an_empty_inline_query_offers_the_latest_and_a_strange_one_the_bot_itself(full):
    assert (await inline(full, ""))["results"]
    nothing = await inline(full, "zzzqqq")
    assert nothing["results"] == []
    assert nothing["button"] == {"text": "Nothing found: open the bot", "start_parameter": "inline"}


async def test_nobodys_uploads_are_in_inline_answers(full):
    await put(full.store, talks(), "own", publisher="Secret", scope=ANN)
    for user in (ANN, BOB):
        for query in ("", "pakistan", "secret"):
            assert "secret.example" not in str(await inline(full, query, user=user))


# --- published by consent -------------------------------------------------------------------------------


async def test_a_document_is_published_to_all_only_after_its_sender_agreed_and_an_admin_did(tmp_path):
    async with scene(tmp_path) as made:
        await made.say("/start")
        document = await put(made.store, gas(), "own", publisher="Mine", scope=ANN)
        publishes = Ingest(made.store, None, {}, clock=lambda: made.now)  # reads nothing here
        made.application = build_application(made.bot, replace(made.services, ingest=publishes))
        await made.application.initialize()
        named = encode_refs("po", [Ref("d", document)])
        (stranger,) = await made.press(named, user=BOB)
        assert stranger.parameters["show_alert"] is True
        assert "Slovakia" not in await made.ask("/search electricity", user=BOB)
        (offered,) = await made.press(named)
        assert "offered to those who run" in offered.parameters["text"]
        publish = encode_refs("pp", [Ref("d", document)])
        (refused,) = await made.press(publish)
        assert "Only those who run the bot" in refused.parameters["text"]
        async with made.store.read() as tx:
            assert (await tx.documents.get(document)).scope == ANN
        await made.press(publish, user=OPERATOR)
        async with made.store.read() as tx:
            now = await tx.documents.get(document)
        assert now.scope is None
        assert now.story_id is not None
        assert "Gas" in await made.ask("/search electricity", user=BOB)
        (again,) = await made.press(publish, user=OPERATOR)
        assert again.method == "answerCallbackQuery"


async def test_what_is_published_late_is_archive(tmp_path):
    async with scene(tmp_path) as made:
        document = await put(made.store, gas(), "own", publisher="Mine", scope=ANN)
        later = made.now + timedelta(days=5)
        published = await Ingest(made.store, None, {}, clock=lambda: later).publish_one(document, now=later)
        assert published is not None
        assert published.archive
        assert (
            await Ingest(made.store, None, {}, clock=lambda: later).publish_one(document, now=later) is None
        )
