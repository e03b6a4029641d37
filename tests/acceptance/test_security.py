"""Strangers against the real bot process: names full of HTML, forged buttons, admins' commands of people
who are none, files with wicked names.

tests/integration/test_security.py asks the same of the bot within one process. Forged webhooks are in
test_webhook_run.py, what a process logs in test_secrets.py. The sandbox refuses what Telegram refuses, so an
unescaped name shows as a refused call.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot_run import PATIENCE, SAMPLE, BotRun, buttons, running_bot
from digestbot.bot.callbacks import ACTIONS
from digestbot.bot.channels import FIELDS
from digestbot.bot.commands import COMMANDS, GROUP, PRIVATE
from digestbot.bot.settings_menu import CHANGES
from digestbot.rendering.actions import base36
from digestbot.sandbox.world import CHANNEL_ID, GROUP_ID, PERSON_ID

pytestmark = pytest.mark.slow

VICTIM, STRANGER = 2001, 2002
CIRCLE = -5002
"""A group of the victim's, where the stranger is not."""
WICKED = '<b>&"\'</b> <a href="x">{0}</a> &lt;'
CIRCLE_TITLE = "Inner circle " + WICKED
HEADLINE = "Kenya <b>and</b> Somalia & \"talks\" <script>alert('x')</script> resume"
SECRET = (
    "Somali President Hassan Sheikh Mohamud said Somalia would open the port of Zzkismayo only if Kenya "
    "withdraws its troops <i>at once</i> & in full."
)
MARK = "Zzkismayo"
UNPACED = {"DIGESTBOT_ACCESS_PER_MINUTE": "1000000"}
TROUBLE = ("Traceback", "could not be handled", "not handled")


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotRun]:
    with running_bot(tmp_path_factory.mktemp("security"), documents=[SAMPLE], **UNPACED) as running:
        sandbox = running.sandbox
        sandbox.world("add_user", user_id=VICTIM, first_name=f"Vera {WICKED}", last_name="<u>&</u>")
        sandbox.world("add_user", user_id=STRANGER, first_name="Stan")
        sandbox.world("add_chat", chat_id=CIRCLE, chat_type="supergroup", title=CIRCLE_TITLE, owner_id=VICTIM)
        sandbox.person(STRANGER, "join", chat_id=GROUP_ID)
        sandbox.person(PERSON_ID, "rename", chat_id=CHANNEL_ID, title=f"World {WICKED}")
        running.wait_for(lambda: "Pakistan" in running.ask("/search Pakistan")["text"])
        said(running, VICTIM, "/subscribe 07:13 Nairobi", chat=VICTIM)
        said(running, VICTIM, "/follow Kenya", chat=VICTIM)
        said(running, VICTIM, "/settings", chat=CIRCLE)
        said(running, PERSON_ID, "/subscribe 06:06 Karachi", chat=GROUP_ID)
        said(running, PERSON_ID, "/settings", chat=GROUP_ID)
        said(running, STRANGER, "/settings", chat=STRANGER)
        file_sent(running, VICTIM, "talks.txt", f"{HEADLINE}\n\n{SECRET}\n")
        yield running


def said(bot: BotRun, person: int, text: str, *, chat: int, reply_to: int | None = None) -> dict[str, Any]:
    """Somebody writes; the bot's first message after it."""
    before = len(bot.sandbox.ledger(chat))
    bot.sandbox.person(person, "send_text", chat_id=chat, text=text, reply_to=reply_to)
    return bot.answer(chat, before)


def file_sent(bot: BotRun, person: int, name: str, text: str) -> str:
    """Somebody sends a file; what stands in its answer in the end."""
    before = len(bot.sandbox.ledger(person))
    content = base64.b64encode(text.encode()).decode()
    bot.sandbox.person(person, "send_document", chat_id=person, content=content, name=name)
    bot.wait_for(lambda: len(bot.sandbox.ledger(person)) > before + 1)
    return str(bot.sandbox.ledger(person)[-1]["text"])


def rows(bot: BotRun, *but: int) -> dict[str, list[str]]:
    """What the database keeps of chats and sources, without what belongs to the chats `but`."""
    tables = {
        "chats": "id, type, title, language, zone, settings, owner, active",
        "schedules": "chat_id, local_time, zone, thread_id, weekdays, paused_until",
        "follows": "chat_id, target, mute, alerts",
        "feedback": "chat_id, story_id, vote",
        "documents": "scope, title",
        "sources": "address, enabled",
    }
    with closing(sqlite3.connect(f"file:{bot.folder}/data/digestbot.sqlite3?mode=ro", uri=True)) as database:
        return {
            table: sorted(
                repr(row) for row in database.execute(f"SELECT {columns} FROM {table}") if row[0] not in but
            )
            for table, columns in tables.items()
        }


def numbers(bot: BotRun) -> dict[str, list[int]]:
    """Row numbers of the victim's documents, versions and stories, and of all sources."""
    with closing(sqlite3.connect(f"file:{bot.folder}/data/digestbot.sqlite3?mode=ro", uri=True)) as database:
        mine = database.execute(
            "SELECT id, version_id, story_id FROM documents WHERE scope = ?", (VICTIM,)
        ).fetchall()
        sources = database.execute("SELECT id FROM sources").fetchall()
    assert mine
    assert sources
    found = dict(
        zip("dvs", ([one for one in column if one] for column in zip(*mine, strict=True)), strict=True)
    )
    return {**found, "sources": [one for (one,) in sources]}


def forged(bot: BotRun, person: int, message: dict[str, Any], data: str) -> dict[str, Any]:
    """Press with data of one's own making; how the bot answered."""
    answer: dict[str, Any] = bot.sandbox.person(
        person,
        "press",
        chat_id=message["chat"]["id"],
        message_id=message["message_id"],
        data=data,
        forged=True,
        seconds=PATIENCE,
    )
    return answer


def all_forged(bot: BotRun, person: int, message: dict[str, Any], data: list[str]) -> list[dict[str, Any]]:
    assert all(len(one.encode()) <= 64 for one in data)
    with ThreadPoolExecutor(4) as hands:
        return list(hands.map(lambda one: forged(bot, person, message, one), data))


def untroubled(bot: BotRun, since: int = 0) -> None:
    """Nothing of ours failed, and Telegram refused nothing."""
    logged = bot.logged()[since:]
    assert [line for line in logged.splitlines() if any(word in line for word in TROUBLE)] == []
    refused = [one for one in bot.sandbox.refused() if "is not modified" not in one["description"]]
    assert refused == []


# --- HTML in titles and names -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    """/summary; /story; /story 1; /summary 1; /conditions; /conditions 1; /actors; /actors 1; /why; /why 1
    /source 1; /digest 24h; /digest; /search Zzkismayo; /sources; /mydata; /follow <b>&</b>; /search <b>&
    /summary <u>; /actors <i>&; /trend <b>; /read <b>; /pause <b>; /subscribe 07:00 <b>&; /settings zone <b>
    /feedback <b>&"; /help <b>; /<b>; /nosuch <b>&""".replace("\n   ", ";").split("; "),
)
def test_a_title_and_words_with_tags_are_shown_as_they_are(bot: BotRun, line: str) -> None:
    said(bot, VICTIM, f"/search {MARK}", chat=VICTIM)  # the listing that numbers are of
    answer = said(bot, VICTIM, line, chat=VICTIM)
    text = str(answer.get("text") or answer.get("caption") or "")
    if line in ("/summary 1", "/story 1", f"/search {MARK}"):
        assert HEADLINE in text
    if line in ("/conditions 1", "/summary 1"):
        assert "<i>at once</i> & in full" in text
    untroubled(bot)


def test_a_chats_title_with_tags_is_shown_as_it_is(bot: BotRun) -> None:
    said(bot, VICTIM, "/subscribe 08:00 Nairobi", chat=CIRCLE)
    listed = said(bot, VICTIM, "/channels", chat=VICTIM)
    assert CIRCLE_TITLE in buttons(listed)
    panel = said(bot, VICTIM, f"/channels {CIRCLE}", chat=VICTIM)
    assert CIRCLE_TITLE in panel["text"]
    for field in FIELDS:
        before = len(bot.sandbox.ledger(VICTIM))
        assert forged(bot, VICTIM, panel, f"ch:{base36(-CIRCLE)}:a:{field}")["answered"]
        assert CIRCLE_TITLE in bot.answer(VICTIM, before)["text"]
    told = len(bot.sandbox.ledger(PERSON_ID))
    said(bot, VICTIM, f"/feedback {WICKED}", chat=CIRCLE)
    note = bot.answer(PERSON_ID, told)["text"]
    assert CIRCLE_TITLE in note
    assert WICKED in note
    untroubled(bot)


def test_an_offered_document_with_tags_is_shown_to_the_admin_as_it_is(bot: BotRun) -> None:
    asked = len(bot.sandbox.ledger(PERSON_ID))
    shown = said(bot, VICTIM, "/settings", chat=VICTIM)
    assert forged(bot, VICTIM, shown, f"po:d{base36(numbers(bot)['d'][0])}")["answered"]
    bot.wait_for(lambda: len(bot.sandbox.ledger(PERSON_ID)) >= asked + 2)
    assert any(HEADLINE in entry["text"] for entry in bot.sandbox.ledger(PERSON_ID)[asked:])
    untroubled(bot)


# --- forged buttons -----------------------------------------------------------------------------------


GARBAGE = [
    "",
    "0",
    "-1",
    "zzzzzzzzzzzzz",
    "99999999999999999999999",
    "²",
    "٣",
    "1_0",
    " ",
    "<b>&",
    "\x00",
    "s",
    "sz.",
    "s-1",
]
GARBAGE += [
    "szzzzzzzzzzzzz",
    "d0",
    "vzzzzzzzzzzzzz",
    "s1.s2.s3.s4",
    ".",
    "1:2:3:4:5:6:7",
    "1e9",
    "nan",
    "../..",
    "%s",
    "\U0001f4a3",
]
FEW = ["", "-1", "0", "zzzzzzzzzzzzz", "2400", "<b>", "\x00", "128"]


def made_up() -> list[str]:
    """Garbage for every kind of data the bot knows, and for none."""
    names = [*ACTIONS, "", "zz", "\x00", "<b>"]
    singles = [f"{name}:{one}" for name, one in product(names, GARBAGE)]
    several = [
        f"{name}:{':'.join(some)}"
        for name in names
        for size in (2, 3)
        for some in zip(*[FEW] * size, strict=True)
    ]
    several += [
        f"sb:{one}:{other}" for one, other in product(["2460", "0730" * 9, "073", "٠٧٣٠"], ["127", "0", "x"])
    ]
    several += [
        f"sb:0730:{mask}:{zone}" for mask, zone in product(["127", "0", "128"], ["Mars/Base", "..", "../UTC"])
    ]
    several += [
        f"pg:{page}:{since}:{until}"
        for page, since, until in product(["-9", "9999999999", "x"], FEW[:4], FEW[:4])
    ]
    several += [
        f"se:{kind}:{one}:{other}:{third}"
        for kind in (*CHANGES, "e", "p", "?")
        for one, other, third in [
            ("7777", "", ""),
            ("0730", "2460", "127"),
            ("new", "0730", "999"),
            ("-1", "-1", "-1"),
            ("0730", "0730", "127:9"),
            ("<b>", "\x00", "1"),
        ]
    ]
    several += [
        f"ch:{chat}:{kind}:{value}"
        for chat in (base36(-CIRCLE), "zzzzzzzzzzzzz", f"-{base36(VICTIM)}", "0")
        for kind in "arplsx?"
        for value in ("", "t", "fr", "<b>")
    ]
    several += [
        f"{verb}:{target}"
        for verb in ("fo", "al", "mu", "un")
        for target in (
            "domain:none",
            "country:<b>",
            "country:",
            "actor:",
            "region:<b>",
            "term:",
            "term:\x00",
            "x:y",
            "actor:state:zz<",
        )
    ]
    several += [
        f"{name}:{number}:{how}"
        for name in ("sa", "sr", "si")
        for number in ("1", "zzzzzzzzzzzzz", "-1")
        for how in ("w", "o", "-5", "999999", "x")
    ]
    found = [*names, *singles, *several]
    return [one for one in dict.fromkeys(found) if one and len(one.encode()) <= 64]


def test_garbage_in_a_button_is_answered_and_changes_nothing_of_others(bot: BotRun) -> None:
    shown = said(bot, STRANGER, "/settings", chat=STRANGER)
    before, logged, heard = rows(bot, STRANGER), len(bot.logged()), len(bot.sandbox.ledger(STRANGER))
    data = made_up()
    for one, answer in zip(data, all_forged(bot, STRANGER, shown, data), strict=True):
        assert answer["answered"], one
    assert rows(bot, STRANGER) == before
    told = json.dumps(bot.sandbox.ledger(STRANGER)[heard:], ensure_ascii=False)
    assert MARK not in told
    assert "Inner circle" not in told
    untroubled(bot, logged)
    # Nor has the stranger's own chat been filled with what cannot be read again.
    for line in ("/settings", "/follow", "/digest", "/subscribe", "/channels", "/mydata"):
        assert said(bot, STRANGER, line, chat=STRANGER)
    untroubled(bot, logged)


def test_only_values_that_are_offered_are_set(bot: BotRun) -> None:
    shown = said(bot, STRANGER, "/settings", chat=STRANGER)
    forged(bot, STRANGER, shown, "se:n:8"), forged(bot, STRANGER, shown, "se:b:2")
    for data in ("se:n:7777", "se:b:7777", "se:n:0", "se:b:0", "se:n:٨", "se:n:1", "se:l:zz", "se:t:guest"):
        forged(bot, STRANGER, shown, data)
    (chat,) = (one for one in rows(bot)["chats"] if one.startswith(f"({STRANGER},"))
    assert '"stories": 8' in chat
    assert '"bullets_per_story": 2' in chat
    assert "guest" not in chat


def test_another_chats_rows_named_in_a_button_are_neither_shown_nor_changed(bot: BotRun) -> None:
    of = numbers(bot)
    named = [f"{kind}{base36(row)}" for kind in "dvs" for row in of[kind]]
    data = [f"{name}:{ref}" for name in ACTIONS for ref in named]
    data += [
        f"{name}:{base36(row)}:{how}"
        for name in ("sa", "sr")
        for row in of["sources"]
        for how in ("0", "yes", "w")
    ]
    data += [f"{name}:{base36(row)}" for name in ("sa", "sr") for row in of["sources"]]
    circle = base36(-CIRCLE)
    data += [
        f"ch:{chat}{more}"
        for chat in (circle, base36(-CHANNEL_ID), base36(-GROUP_ID))
        for more in ("", ":p", ":s", ":a:t", ":a:h", ":r", ":r:northern_europe", ":l", ":l:fr")
    ]
    shown = said(bot, STRANGER, "/settings", chat=STRANGER)
    before, logged, heard = rows(bot, STRANGER), len(bot.logged()), len(bot.sandbox.ledger(STRANGER))
    others = {
        chat: len(bot.sandbox.ledger(chat)) for chat in (VICTIM, CIRCLE, CHANNEL_ID, GROUP_ID, PERSON_ID)
    }
    answers = all_forged(bot, STRANGER, shown, data)
    assert all(answer["answered"] for answer in answers)
    told = json.dumps([*bot.sandbox.ledger(STRANGER)[heard:], *answers], ensure_ascii=False)
    assert MARK not in told
    assert "Kenya" not in told
    assert "Inner circle" not in told
    assert "World <b>" not in told
    assert rows(bot, STRANGER) == before
    assert {chat: len(bot.sandbox.ledger(chat)) for chat in others} == others
    untroubled(bot, logged)


def test_a_member_presses_in_vain_what_admins_of_a_group_may(bot: BotRun) -> None:
    shown = said(bot, PERSON_ID, "/settings", chat=GROUP_ID)
    data = [one for one in buttons(shown).values() if one != "dg"]
    data += [
        "se:n:3",
        "se:l:fr",
        "se:t:silent",
        "se:q:off",
        "se:x:0606",
        "se:w:new:0909:127",
        "se:z:Asia/Tokyo",
    ]
    data += [
        "sb:0909:127:Asia/Tokyo",
        "fo:domain:military",
        "al:domain:military",
        "mu:country:PK",
        "un:country:PK",
    ]
    data += [
        "fg:yes",
        "fg:no",
        f"po:d{base36(numbers(bot)['d'][0])}",
        f"pp:d{base36(numbers(bot)['d'][0])}",
        "sr:1",
        "sa:1:0",
    ]
    before, logged = rows(bot, STRANGER), len(bot.logged())
    answers = all_forged(bot, STRANGER, shown, data)
    for one, answer in zip(data, answers, strict=True):
        assert answer["answered"], one
        assert answer["show_alert"], one
        assert answer["text"], one
    assert rows(bot, STRANGER) == before
    standing = next(one for one in bot.sandbox.messages(GROUP_ID) if one["message_id"] == shown["message_id"])
    assert standing["text"] == shown["text"]
    untroubled(bot, logged)


# --- admins' commands ---------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["private", "group", "reply to the bot", "reply to an admin"])
def test_the_commands_of_admins_do_nothing_for_others(bot: BotRun, how: str) -> None:
    chat = STRANGER if how == "private" else GROUP_ID
    reply_to = None
    if how == "reply to the bot":
        reply_to = said(bot, PERSON_ID, "/settings", chat=chat)["message_id"]
    elif how == "reply to an admin":
        reply_to = bot.sandbox.person(PERSON_ID, "send_text", chat_id=chat, text="As I said.")["message_id"]
    own = () if chat == GROUP_ID else (STRANGER,)  # in their own chat everybody is the admin of it
    before, logged = rows(bot, *own), len(bot.logged())
    place = PRIVATE if how == "private" else GROUP
    tried = [one for one in COMMANDS if one.bot_admin or (one.admins_only and chat == GROUP_ID)]
    assert tried
    for command in tried:
        for arguments in ("", " 1", " 09:09 Tokyo", " http://127.0.0.1:9/feed", " fr", " off"):
            answer = said(bot, STRANGER, f"/{command.name}{arguments}", chat=chat, reply_to=reply_to)
            assert "inline_keyboard" not in answer.get("reply_markup", {})
            if command.bot_admin:
                assert "no command" in answer["text"] or "not know" in answer["text"], (
                    command.name,
                    answer["text"],
                )
            elif place in command.where:
                assert "admin" in answer["text"], (command.name, answer["text"])
    assert rows(bot, *own) == before
    untroubled(bot, logged)


def test_a_list_of_sources_from_somebody_who_runs_nothing_is_only_a_file(bot: BotRun) -> None:
    opml = '<opml version="2.0"><body><outline xmlUrl="http://127.0.0.1:9/feed" text="F"/></body></opml>'
    before = rows(bot)["sources"]
    file_sent(bot, STRANGER, "feeds.opml", opml)
    assert rows(bot)["sources"] == before


# --- names of files -----------------------------------------------------------------------------------


NAMES = [
    "../../../../../../../../tmp/digestbot-was-here.txt",
    "/etc/passwd.txt",
    "..\\..\\windows\\system32\\drivers.txt",
    "C:\\boot.txt",
    "nul\x00byte.txt",
    "CON.txt",
    "aux",
    "new\nline\r.txt",
    "‮txt.exe",
    "x" * 5_000 + ".txt",
    "<b>&\"'.txt",
    "~/.bashrc",
    "$(touch digestbot-was-here).txt",
    "%00%2e%2e%2fpasswd.txt",
    ".",
    "..",
    " ",
]


def files(folder: Path) -> set[str]:
    """Everything in a folder but the bot's data and its log."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.relative_to(folder).parts[0] != "data" and path.name != "bot.log"
    }


@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name)[:40])
def test_a_files_name_is_only_a_name(bot: BotRun, name: str) -> None:
    before, logged = files(bot.folder), len(bot.logged())
    data = {path.name for path in (bot.folder / "data").rglob("*")}
    number = NAMES.index(name)
    text = f"{SECRET.replace(MARK, f'Portnumber{number}')} It said so in the capital on Monday, and again.\n"
    shown = file_sent(bot, STRANGER, name, text)
    assert f"Portnumber{number}" in shown or shown.startswith("That could not be read")
    assert len(shown) <= 4096
    assert files(bot.folder) == before
    kept = {path.name for path in (bot.folder / "data").rglob("*")}
    assert {one for one in kept - data if not one.startswith("digestbot.sqlite3")} == set()
    assert not Path("/tmp/digestbot-was-here.txt").exists()
    untroubled(bot, logged)
