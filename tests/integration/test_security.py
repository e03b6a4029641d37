"""What people may send to get at what is not theirs: forged buttons, others' commands, names full of markup.

Forged webhooks are tests/acceptance/test_webhook_run.py's, addresses within a network those of
tests/integration/test_fetching.py, secrets in a process's logs those of tests/acceptance/test_secrets.py.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot_scene import ANN, BOB, CHANNEL, FORUM, GROUP, OPERATOR, filled, put, read_document, scene
from digestbot.bot.application import build_application
from digestbot.bot.callbacks import ACTIONS
from digestbot.bot.commands import COMMANDS
from digestbot.ingest import Ingest
from digestbot.rendering.actions import base36
from digestbot.storage.tables import chats, deliveries, documents, follows, schedules, sources, stories
from digestbot.workers import Workers

SECRET = "Burkina Faso offers a secret base"
MARKUP = "<b>Bold</b> <script>&amp; 'quoted' </a><tg-spoiler>"
GARBAGE = (
    (),
    ("",),
    ("x",),
    ("-1",),
    ("0",),
    ("s0",),
    ("szzzzzzzzzzzzz",),
    ("zzzzzzzzzzzzzzzzzzzzzzzz",),
    ("9" * 40,),
    ("s1.d1.v1",),
    ("1", "1"),
    ("d1", "2"),
    ("n", "9" * 40),
    ("w", "0730", "0730", "127"),
    ("a", "b", "c", "d", "e", "f"),
    ("٣", "١"),
    ("' OR 1=1 --",),
    ("..", "..", "etc"),
)
"""Arguments of callback data that no button of ours holds, or none of this chat's."""


@pytest.fixture
async def place(tmp_path):
    """Two stories for everyone, a document of Ann's own, settings of Ann and of the group."""
    async with scene(tmp_path) as made:
        await filled(made.store)
        await made.say("/subscribe 07:30 Asia/Karachi")
        await made.say("/follow Pakistan")
        made.telegram.admins.add((GROUP, ANN))
        await made.say("/subscribe 08:00 Europe/Paris", chat=GROUP)
        own = read_document((SECRET,), SECRET, actors=(), conditions=())
        made.own = await put(made.store, own, "own", publisher="Ann", scope=ANN)  # type: ignore[attr-defined]
        for chat in (None, GROUP, FORUM, CHANNEL):
            await made.say("/start", user=BOB, chat=chat)
        yield made


async def rows(made, *, but: int) -> dict[str, list[tuple]]:
    """All that is kept, without what belongs to one chat."""
    found = {}
    async with made.store.read() as tx:
        for table in (chats, schedules, follows, sources, documents, stories, deliveries):
            columns = [column for column in table.c if column.name not in {"seen", "last_seen", "updated"}]
            query = select(*columns).order_by(*table.primary_key.columns)
            if "chat_id" in table.c:
                query = query.where(table.c.chat_id != but)
            elif table is chats:
                query = query.where(chats.c.id != but)
            found[table.name] = [tuple(row) for row in await tx.connection.execute(query)]
    return found


@pytest.mark.parametrize("name", [*ACTIONS, "zz"])
async def test_forged_buttons_show_and_change_nothing_of_others(place, caplog, name):
    own = base36(place.own)
    aimed = (
        ("d" + own,),
        ("v" + own,),
        ("s" + own,),
        ("d" + own, "1"),
        (base36(ANN), "s"),
        (base36(-GROUP), "s"),
    )
    before = await rows(place, but=BOB)
    with caplog.at_level(logging.WARNING):
        for arguments in (*GARBAGE, *aimed):
            data = ":".join((name, *arguments))
            for chat in (None, GROUP, FORUM):
                calls = await place.press(data, user=BOB, chat=chat)
                assert any(call.method == "answerCallbackQuery" for call in calls), data
                shown = [call for call in calls if call.method != "answerCallbackQuery"]
                assert not any(SECRET in str(call.parameters) for call in calls), data
                assert all(call.parameters["chat_id"] in (BOB, chat) for call in shown), data
    assert await rows(place, but=BOB) == before
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("name", ["sa", "sr", "si", "pp", "pd", "ch", "po"])
async def test_what_a_forged_button_names_wrongly_breaks_nothing_for_an_admin_either(place, caplog, name):
    before = await rows(place, but=OPERATOR)
    with caplog.at_level(logging.WARNING):
        for arguments in GARBAGE:
            data = ":".join((name, *arguments))
            calls = await place.press(data, user=OPERATOR)
            assert any(call.method == "answerCallbackQuery" for call in calls), data
    assert await rows(place, but=OPERATOR) == before
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.bot_admin], ids=lambda one: one.name)
async def test_commands_of_those_who_run_the_bot_are_refused_to_others(place, command):
    before = await rows(place, but=BOB)
    place.telegram.admins |= {(GROUP, BOB), (FORUM, BOB)}  # an admin of a chat is none of the bot
    for chat in (None, GROUP, FORUM, CHANNEL):
        for line in (f"/{command.name}", command.example or f"/{command.name} 1", f"/{command.name} all"):
            said = await place.ask(line, chat=chat, user=BOB)
            assert said == "" or said.startswith("I do not know /") or "private chat" in said
    assert await rows(place, but=BOB) == before


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.admins_only], ids=lambda one: one.name)
async def test_settings_of_a_group_are_its_admins_alone(place, command):
    before = await rows(place, but=BOB)
    for line in (f"/{command.name}", command.example or f"/{command.name} off"):
        await place.say(line, chat=GROUP, user=BOB)
    assert await rows(place, but=BOB) == before


async def test_markup_in_names_and_titles_is_shown_as_it_is(tmp_path):
    """The scene refuses text that Telegram could not parse; what is left must read as it was written."""
    async with scene(tmp_path) as made:
        story = read_document(
            (f"{MARKUP} told the court on Monday that it was ready.",), MARKUP, actors=(), conditions=()
        )
        await put(made.store, story, "markup", publisher=MARKUP)
        digest = await made.ask("/digest")
        assert digest.count(MARKUP) >= 3  # headline, publisher, sentence
        for line in ("/summary", "/source 1.1", "/story", "/why 1", "/search court", f"/follow {MARKUP}"):
            assert MARKUP in await made.ask(line), line
        assert MARKUP in await made.ask(f"/search {MARKUP}")
        assert MARKUP in await made.ask(f"/settings {MARKUP}")
        for user in (OPERATOR, ANN):
            await made.ask(f"/feedback {MARKUP}", user=user)
            await made.ask("/status", user=user)


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/digestbot",
        "/etc/passwd",
        "..\\..\\config.sys",
        "a\x00b.txt",
        "x" * 5_000 + ".txt",
        "\u202etxt.exe",
        "CON",
        "",
        MARKUP + ".txt",
        "$(touch pwned).txt",
    ],
)
async def test_a_files_name_leads_nowhere(tmp_path, name):
    place = tmp_path / "place"
    place.mkdir()
    async with Workers(1) as reader, scene(place) as made:
        services = replace(made.services, ingest=Ingest(made.store, reader, {}))
        made.application = build_application(made.bot, services)
        await made.application.initialize()
        before = everything(tmp_path)
        text = "\n\n".join(
            ["Serbia names a price for its gas", "Serbia will sign only if its banks are freed."]
        )
        for content in (text.encode(), b"\x00\xff\xfe broken \x00" * 40):
            made.telegram.files["f"] = content
            document = {
                "file_id": "f",
                "file_unique_id": name[-8:] or "u",
                "file_name": name,
                "file_size": 99,
            }
            calls = await made.say(None, document=document)
            assert calls[-1].method in {"editMessageText", "sendMessage"}
            assert calls[-1].text
        assert everything(tmp_path) == before


def everything(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if not path.name.startswith("bot.sqlite3")}
