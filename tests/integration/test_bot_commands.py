"""Every command as people use it, over a real store: what they read, and what to type where it goes wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from telegram import Update

from bot_scene import (
    ANN,
    BOB,
    CHANNEL,
    FORUM,
    GAS,
    GROUP,
    OPERATOR,
    TALKS,
    filled,
    gas,
    put,
    scene,
    talks,
)
from deliveries import seen
from digestbot.analysis.lexicon import load_lexicon
from digestbot.bot.admission import Access, Pace
from digestbot.bot.application import build_application, handler_of, set_menus
from digestbot.bot.commands import COMMANDS
from digestbot.errors import DocumentError, FetchError, StorageError
from digestbot.model import FoundDocument, PublishedOrigin
from digestbot.protocols.ingest import Fetched, NewDocument
from digestbot.publish import Publisher
from digestbot.rendering import views
from digestbot.rendering.texts import available


@pytest.fixture
async def empty(tmp_path):
    async with scene(tmp_path) as made:
        yield made


@pytest.fixture
async def full(tmp_path):
    async with scene(tmp_path) as made:
        await filled(made.store)
        yield made


# --- reading ------------------------------------------------------------------------------------------


async def test_the_digest_shows_both_stories_with_conditions_and_actors(full):
    text = await full.ask("/digest")
    for sentence in (*TALKS, *GAS):
        assert sentence in text
    assert "■ Pakistan → United States: “a commitment to a two-state solution” — demand, political" in text
    assert "🇵🇰 Asim Munir (army chief)" in text
    assert "Gas <stops> & prices rise" in text
    assert "Read: 2 documents from 2 publishers." in text


async def test_numbers_of_the_digest_lead_to_summary_source_and_story(full):
    digest = await full.ask("/digest")
    first = "1. Pakistan" in digest
    summary = await full.ask("/summary 2")
    assert ("Gas <stops>" if first else "Pakistan names") in summary
    await full.ask("/digest")
    source = await full.ask(f"/source {'1' if first else '2'}.2")
    for sentence in TALKS:
        assert sentence in source
    assert "Publisher: Courier" in source
    assert "https://courier.example/talks" in source
    await full.ask("/digest")
    assert "Courier" in await full.ask(f"/story {'1' if first else '2'}")


async def test_numbers_keep_their_meaning_after_a_restart(tmp_path):
    async with scene(tmp_path) as before:
        await filled(before.store)
        shown = await before.ask("/digest")
        data = before.telegram.calls[-1].buttons["Conditions"]
    async with scene(tmp_path) as after:
        title = "Pakistan names" if "2. Pakistan" in shown else "Gas <stops>"
        assert title in await after.ask("/summary 2")
        assert "stop sending electricity" in (await after.press(data))[-1].text


async def test_a_reply_means_the_message_it_answers(full):
    sent = (await full.say("/summary gas"))[0]
    await full.ask("/summary Pakistan")
    replied = {**full.message("x", ANN, 1), "message_id": full.telegram.next_message - 1}
    assert sent.text.startswith("Gas")
    assert "Slovakia" in await full.ask("/actors", reply_to_message=replied)
    assert "unless the flow resumes" in await full.ask("/conditions", reply_to_message=replied)


async def test_summary_without_a_number_takes_the_latest(full):
    assert (await full.ask("/summary")).startswith(("Gas", "Pakistan"))


@pytest.mark.parametrize(
    ("words", "there", "missing"),
    [
        ("Pakistan", "two-state", "electricity"),
        ("threat", "electricity", "two-state"),
        ("political", "two-state", "electricity"),
        ("slovakia economic threats 7d", "electricity", "two-state"),
        ("", "two-state", "Nothing"),
    ],
)
async def test_conditions_by_actor_type_domain_and_period(full, words, there, missing):
    text = await full.ask(f"/conditions {words}")
    assert there in text
    assert missing not in text


async def test_conditions_and_actors_are_found_by_the_capital_and_however_old_they_are(tmp_path):
    async with scene(tmp_path, names=load_lexicon()) as made:
        await put(made.store, talks(), "talks", publisher="Courier", now=made.now - timedelta(days=40))
        for number in range(80):
            await put(made.store, gas(), f"gas{number}", publisher="Gazette")
        text = await made.ask("/conditions Islamabad")
        assert "two-state" in text
        assert "electricity" not in text
        assert "a commitment to a two-state solution" in await made.ask("/actors Islamabad")


async def test_alerts_and_quiet_hours_are_set_by_button_and_command(full):
    sent = await full.say("/follow Pakistan")
    said = await full.press(sent[-1].buttons["Alert me"])
    assert "new conditions are told at once" in said[-1].text
    assert "🔔" in await full.ask("/follow")
    assert "23:00-06:30" in await full.ask("/settings quiet 23-6:30")
    assert "do not understand" in await full.ask("/settings quiet 25-7")
    async with full.store.read() as tx:
        assert (await tx.chats.get(ANN)).settings["quiet"] == "23:00-06:30"


async def test_conditions_are_numbered_for_source(full):
    await full.ask("/conditions threat")
    source = await full.ask("/source 1")
    assert GAS[1] in source


async def test_an_actors_profile_tells_what_it_wants_and_with_whom(full):
    text = await full.ask("/actors munir")
    assert "🇵🇰 Asim Munir, army chief — person, Pakistan" in text
    assert "Appears in 1 document" in text
    assert "Together with: Pakistan, United States" in text
    assert "a commitment to a two-state solution" in await full.ask("/actors pakistan")


async def test_search_finds_by_words_and_the_hits_are_numbered(full):
    assert "Gas <stops>" in await full.ask("/search electricity")
    assert "Ukraine ended" in await full.ask("/summary 1")


async def test_why_gives_reasons_in_words(full):
    await full.ask("/follow Pakistan")
    await full.ask("/digest")
    assert "1 publisher tells it" in await full.ask("/why 1")


async def test_why_numbers_the_sentences_as_the_list_it_was_asked_about_does(full):
    digest = await full.ask("/digest")
    second = await full.ask("/why 2.1")
    (told,) = re.findall(r"2\.1 “(.+?) ?…?” — ", second)
    assert f"2.1 {told}" in digest
    assert not re.search(r"\b1\.1 ", second)


async def test_why_alone_lists_what_was_read_and_every_reason_for_what_was_not(full):
    async with full.store.begin() as tx:
        for name in ("broken", "quiet"):
            await tx.sources.add("feed", f"https://{name}.example", now=full.now, origin="cli", title=name)
        for row, token in await tx.sources.claim(full.now, 10, 60.0):
            state = "silent" if row.title == "quiet" else "failing"
            await tx.sources.finish(row.source_id, token, {"state": state, "last_error": "answers 500"})
    await full.ask("/mute gas")
    text = await full.ask("/why")
    assert "Read: 2 documents from 2 publishers." in text
    for reason in ("could not be read: broken: answers 500", "nothing from quiet", "1 muted story"):
        assert f"• {reason}" in text or f"• not shown: {reason}" in text


@pytest.mark.parametrize("words", ["24h", "7d", "new", "today", "yesterday", "2026-03-04"])
async def test_every_period_of_the_digest_is_understood(full, words):
    assert "do not understand" not in await full.ask(f"/digest {words}")


@pytest.mark.parametrize("command", ["digest", "summary", "conditions", "actors", "story", "why"])
async def test_an_empty_store_says_what_to_do(empty, command):
    assert "I have not read anything yet" in await empty.ask(f"/{command}")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("/digest never", "/digest 7d"),
        ("/summary 9", "/digest"),
        ("/source", "/source 2.1"),
        ("/source 7.7", "/digest"),
        ("/search", "/search gas transit"),
        ("/search zebra", "Nothing I have read holds “zebra”"),
        ("/actors Nobody Known", "Try another spelling"),
        ("/summary zebra", "zebra"),
        ("/nonsense", "/help"),
        ("/help nonsense", "/help"),
        ("/pause maybe", "/pause 7d"),
        ("/settings colour", "/settings zone Karachi"),
        ("/settings zone Nowhereville", "Nowhereville"),
        ("/subscribe 07:30 Nowhereville", "/subscribe 07:30 Asia/Karachi"),
        ("/read", "/read https://"),
        ("/feedback", "/feedback More"),
        ("hello there", "/help"),
    ],
)
async def test_what_is_not_understood_gets_what_to_type(full, text, hint):
    assert hint in await full.ask(text)


async def test_every_command_answers_something_whatever_follows_it(full):
    for command in COMMANDS:
        for arguments in ("", "1", "99", "<b>&", "x" * 300, "7d", "Pakistan", "1.1"):
            sent = await full.say(f"/{command.name} {arguments}".strip())
            assert sent, command.name


@pytest.mark.parametrize("language", available())
async def test_every_command_answers_in_every_language(full, language):
    full.language = language
    for command in COMMANDS:
        for arguments in ("", "1", "99", "nonsense"):
            assert await full.say(f"/{command.name} {arguments}".strip())


async def test_the_interface_speaks_the_persons_language_and_quotations_stay_in_theirs(full):
    full.language = "fr-CA"
    text = await full.ask("/digest")
    assert "En bref :" in text
    assert "mercredi 4 mars 2026" in text
    assert TALKS[0] in text
    assert "Language: English" in await full.ask("/settings language en")


# --- subscribing --------------------------------------------------------------------------------------


async def schedules(made, chat=ANN):
    async with made.store.read() as tx:
        return await tx.schedules.for_chat(chat)


async def test_subscribing_by_typing_tells_the_next_three_posts_in_local_time(empty):
    text = await empty.ask("/subscribe 7:30 karachi")
    assert "Subscribed: 07:30, Asia/Karachi." in text
    assert text.count("07:30") == 4
    assert "Thu, Mar 5, 07:30" in text  # it is 11:00 in Karachi
    assert [(row.local_time, row.zone) for row in await schedules(empty)] == [("07:30", "Asia/Karachi")]


async def test_subscribing_by_buttons(empty):
    ask = (await empty.say("/subscribe"))[0]
    zones = (await empty.press(ask.buttons["07:30"]))[-1]
    done = (await empty.press(zones.buttons["Karachi"]))[-1]
    assert "Subscribed: 07:30, Asia/Karachi" in done.text
    again = (await empty.say("/subscribe"))[0]
    assert "Subscribed: 08:00, Asia/Karachi" in (await empty.press(again.buttons["08:00"]))[-1].text
    assert [row.local_time for row in await schedules(empty)] == ["08:00"]


async def test_several_times_on_some_days(empty):
    await empty.ask("/subscribe 07:30 19:00 weekdays London")
    assert [(row.local_time, row.weekdays) for row in await schedules(empty)] == [
        ("07:30", 31),
        ("19:00", 31),
    ]


async def test_a_name_of_several_places_is_asked_back(empty):
    asked = (await empty.say("/subscribe 8am Springfield"))[0]
    assert len(asked.buttons) > 1
    assert await schedules(empty) == []


async def test_changing_the_zone_moves_the_times(empty):
    await empty.ask("/subscribe 07:30 Karachi")
    assert "Europe/Paris" in await empty.ask("/settings zone Paris")
    assert [row.zone for row in await schedules(empty)] == ["Europe/Paris"]


async def test_a_shared_location_sets_the_zone(empty):
    said = await empty.say(None, location={"latitude": 33.7, "longitude": 73.05})
    assert "Asia/Karachi" in said[0].text


async def test_unsubscribing_ends_it_and_says_so_once_more_kindly(empty):
    await empty.ask("/subscribe 07:30 UTC")
    assert "No more digests" in await empty.ask("/unsubscribe")
    assert await schedules(empty) == []
    assert "no subscription" in await empty.ask("/stop")


async def test_a_pause_and_its_end(empty):
    await empty.ask("/subscribe 07:30 UTC")
    assert "No digests until Sat, Mar 7" in await empty.ask("/pause 3d")
    assert (await schedules(empty))[0].paused_until == empty.now + timedelta(days=3)
    assert "over" in await empty.ask("/pause off")


@pytest.mark.parametrize(
    ("language", "typed", "until"),
    [  # it is Wednesday, 4 March
        ("en", "until Friday", "Fri, Mar 6, 00:00"),
        ("en", "Wednesday", "Wed, Mar 11, 00:00"),
        ("en", "until 2026-03-09", "Mon, Mar 9, 00:00"),
        ("en", "tomorrow", "Thu, Mar 5, 00:00"),
        ("ru", "до пятницы", "пт, 6 мар., 00:00"),
        ("fr", "jusqu’à vendredi", "ven. 6 mars, 00:00"),
        ("ur", "جمعہ تک", "6 مارچ"),
        ("es", "mañana", "5 mar"),
    ],
)
async def test_a_pause_until_a_day_in_the_readers_words(empty, language, typed, until):
    empty.language = language
    await empty.ask("/subscribe 07:30 UTC")
    text = (await empty.ask(f"/pause {typed}")).replace("\u2068", "").replace("\u2069", "")
    assert until in text


@pytest.mark.parametrize(
    ("language", "typed", "weekdays"),
    [
        ("fr", "07:30 lun-ven Paris", 31),
        ("fr", "07:30 lundi, jeudi Paris", 9),
        ("es", "07:30 fin de semana Madrid", 96),
        ("ru", "07:30 будни Москва", 31),
        ("ar", "07:30 كل يوم القاهرة", 127),
        ("ur", "07:30 پیر Karachi", 1),
        ("es", "07:30 Mar del Plata", 127),
        ("de", "07:30 mon-fri Berlin", 31),
    ],
)
async def test_days_are_typed_in_the_readers_words(empty, language, typed, weekdays):
    empty.language = language
    await empty.ask(f"/subscribe {typed}")
    assert [row.weekdays for row in await schedules(empty)] == [weekdays]


async def test_help_of_a_command_has_an_example(full):
    assert "For example: /conditions Pakistan military 7d" in await full.ask("/help conditions")


async def test_what_takes_a_moment_is_shown_as_typing_but_not_in_channels(tmp_path):
    async with scene(tmp_path, patience=0.0) as made:
        await filled(made.store)
        calls = await made.say("/digest")
        assert [call.method for call in calls][:2] == ["sendChatAction", "sendMessage"]
        assert calls[0].parameters["action"] == "typing"
        assert "sendChatAction" not in {call.method for call in await made.say("/digest", chat=CHANNEL)}


async def test_of_a_long_list_of_conditions_the_first_are_shown_and_how_to_ask_for_others(full, monkeypatch):
    monkeypatch.setattr(views, "MOST_CONDITIONS", 1)
    text = await full.ask("/conditions 7d")
    assert "1. " in text
    assert "2. " not in text
    assert "Only the newest 1 are shown" in text


async def test_conditions_of_a_period_are_narrowed_by_actor_type_and_domain(full):
    assert "stop sending electricity" not in await full.ask("/conditions demand 7d")
    assert "two-state" in await full.ask("/conditions Pakistan 7d")
    assert "two-state" not in await full.ask("/conditions threat 7d")
    assert "No conditions" in await full.ask("/conditions Zubrowka 7d")


async def test_new_is_what_came_since_the_last_scheduled_post(full):
    await full.say("/subscribe 07:30 UTC")
    async with full.store.read() as tx:
        (row,) = await tx.schedules.for_chat(ANN)
        assert await tx.schedules.covered_until(ANN, None) is None
    assert "two-state" in await full.ask("/digest new")
    assert "two-state" in await full.ask("/digest new")  # asking is no post
    full.now += timedelta(hours=2)
    await Publisher(full.store, lambda: full.now).tick()
    async with full.store.read() as tx:
        covered = await tx.schedules.covered_until(ANN, None)
        assert covered is not None
        assert await tx.schedules.covered_until(ANN, 77) is None
    assert "two-state" not in await full.ask("/digest new")
    assert row.chat_id == ANN


async def test_why_lists_what_was_left_out_and_the_reason(full):
    await full.say("/mute slovakia")
    text = await full.ask("/why")
    assert "Documents left out" in text
    assert "• Gas <stops> & prices rise" in text
    assert "— muted" in text
    await full.say("/unmute slovakia")
    await full.press("se:b:1")
    await full.say("/digest")
    story = await full.ask("/why 1")
    assert "Sentences left out" in story
    assert "beyond the number of sentences you chose" in story


async def test_the_picture_button_draws_the_stories_of_the_digest(full):
    digest = (await full.say("/digest"))[0]
    drawn = await full.press(digest.buttons["Picture"])
    assert [call.method for call in drawn] == ["answerCallbackQuery", "sendChatAction", "sendPhoto"]
    assert "Pakistan" in drawn[-1].parameters["caption"]


# --- settings -----------------------------------------------------------------------------------------


async def test_settings_change_by_buttons_and_the_message_is_edited(full):
    overview = (await full.say("/settings"))[0]
    page = (await full.press(overview.buttons["Length"]))[-1]
    assert page.method == "editMessageText"
    changed = (await full.press(page.buttons["· 3"]))[-1]
    assert "Stories: 3" in changed.text
    sections = (await full.press("se:p:s"))[-1]
    after = (await full.press(sections.buttons["✓ actors"]))[-1]
    assert "· actors" in after.buttons
    assert "Asim Munir (" not in await full.ask("/digest")


async def test_switches_are_kept(full):
    pressed = (await full.press("se:t:silent"))[-1]
    assert "✓ Send without a sound" in pressed.buttons
    async with full.store.read() as tx:
        assert (await tx.chats.get(ANN)).settings["silent"] is True


@pytest.mark.parametrize(
    "data",
    [
        "",
        "zz",
        "cn",
        "cn:x",
        "cn:s99",
        "pg:1",
        "pg:a:b:c",
        "pg:1:zzzzzzzzzzzzz:1",
        "se:n:x",
        "st:v1.2",
        "vu:s1:s2",
        "sb:1",
        "fo",
        "no:1:2:3",
    ],
)
async def test_any_callback_data_is_answered(full, data):
    assert any(call.method == "answerCallbackQuery" for call in await full.press(data or " "))


# --- following ----------------------------------------------------------------------------------------


async def test_muting_leaves_stories_out_and_tells_so(full):
    assert "Slovakia" in await full.ask("/mute slovakia 3d")
    text = await full.ask("/digest")
    assert "electricity" not in text
    assert "Not shown: 1 muted story." in text
    full.now += timedelta(days=4)
    assert "You mute nothing" in await full.ask("/mute")


async def test_a_source_is_muted_by_name_and_what_others_tell_stays(full):
    assert "Courier" in await full.ask("/mute source courier 3d")
    text = await full.ask("/digest")
    assert "two-state" not in text
    assert "electricity" in text
    assert "1 muted story" in text
    async with full.store.read() as tx:
        (muted,) = await tx.follows.for_chat(ANN, now=full.now)
    assert muted.target == "publisher:Courier"
    assert "neither" in await full.ask("/unmute Courier")


@pytest.mark.parametrize("name", ["Turkey", "Türkiye", "turkiye", "Ankara"])
async def test_a_country_is_followed_by_any_of_its_names(tmp_path, name):
    async with scene(tmp_path, names=load_lexicon()) as made:
        await filled(made.store)
        assert "You follow" in await made.ask(f"/follow {name}")
        async with made.store.read() as tx:
            (followed,) = await tx.follows.for_chat(ANN, now=made.now)
    assert followed.target == "country:TR"


async def test_suggestions_are_actors_countries_topics_and_sources(full):
    suggested = (await full.say("/follow"))[0].buttons
    assert {data.split(":")[1] for data in suggested.values()} == {"actor", "country", "domain", "publisher"}
    assert "You follow" in (await full.press(suggested["📰 Courier"]))[-1].text
    why = await full.ask("/digest")
    assert why.index("two-state") < why.index("electricity")


async def test_following_is_suggested_and_undone_by_buttons(full):
    suggested = (await full.say("/follow"))[0]
    done = (await full.press(suggested.buttons["Asim Munir"]))[-1]
    assert "You follow" in done.text
    assert "+ Asim Munir" in await full.ask("/follow")
    undone = (await full.press(done.buttons["Undo"]))[-1]
    assert "neither" in undone.text


async def test_what_is_followed_and_muted_is_taken_out_by_buttons(full):
    await full.say("/follow Asim Munir")
    listed = (await full.say("/follow"))[0]
    assert "neither" in (await full.press(listed.buttons["✕ Asim Munir"]))[-1].text
    assert "You follow nothing yet" in await full.ask("/follow")


async def test_a_mute_gets_its_days_by_a_button(full):
    muted = (await full.say("/mute Asim Munir"))[0]
    assert {"1 day", "3 days", "7 days", "Undo"} == set(muted.buttons)
    assert "Muted until" in (await full.press(muted.buttons["3 days"]))[-1].text
    async with full.store.read() as tx:
        (one,) = await tx.follows.for_chat(ANN, now=full.now)
    assert one.until == full.now + timedelta(days=3)


@pytest.mark.parametrize(
    "word",
    ["газопровод из Ленинградской области в Калининград", "غزہ کے لیے بین الاقوامی استحکام فورس کی تعیناتی"],
)
async def test_long_words_of_any_script_have_their_buttons_after_a_restart_too(tmp_path, word):
    async with scene(tmp_path) as before:
        buttons = (await before.say(f"/mute {word}"))[0].buttons
    async with scene(tmp_path) as after:
        assert word in (await after.press(buttons["1 day"]))[-1].text
        assert "neither" in (await after.press(buttons["Undo"]))[-1].text
        gone = await after.press(buttons["Undo"])
    assert [call.method for call in gone] == ["answerCallbackQuery"]


@pytest.mark.parametrize(
    ("language", "typed", "target", "days"),
    [
        ("fr", "gaz 3 jours", "term:gaz", 3),
        ("fr", "économique", "domain:economic", None),
        ("fr", "Slovaquie 1 semaine", "country:SK", 7),
        ("fr", "source Courier", "publisher:Courier", None),
        ("es", "militar 2 semanas", "domain:military", 14),
        ("es", "Turquía", "country:TR", None),
        ("ru", "Турция 5 дней", "country:TR", 5),
        ("ru", "военное дело", "domain:military", None),
        ("ar", "تركيا ٣ أيام", "country:TR", 3),
        ("ar", "اقتصادي", "domain:economic", None),
        ("ur", "ترکیہ 2 ہفتے", "country:TR", 14),
        ("ur", "معاشی", "domain:economic", None),
        ("ur", "Turkey 3d", "country:TR", 3),
    ],
)
async def test_the_words_of_the_readers_language_are_understood(tmp_path, language, typed, target, days):
    async with scene(tmp_path, names=load_lexicon()) as made:
        await filled(made.store)
        made.language = language
        await made.say(f"/mute {typed}")
        async with made.store.read() as tx:
            (muted,) = await tx.follows.for_chat(ANN, now=made.now)
    assert muted.target == target
    assert muted.until == (made.now + timedelta(days=days) if days else None)


@pytest.mark.parametrize(
    ("language", "line", "same"),
    [
        ("fr", "/conditions menaces Slovaquie 7 jours", "/conditions threat Slovakia 7d"),
        ("ru", "/conditions угрозы 7 дней", "/conditions threat 7d"),
        ("ur", "/conditions دھمکی", "/conditions threat"),
        ("es", "/digest 7 días", "/digest 7d"),
        ("ar", "/digest أمس", "/digest yesterday"),
        ("fr", "/digest nouveau", "/digest new"),
        ("ru", "/actors Словакия", "/actors Slovakia"),
    ],
)
async def test_commands_say_the_same_in_english_and_in_the_readers_words(tmp_path, language, line, same):
    async with scene(tmp_path, names=load_lexicon()) as made:
        await filled(made.store)
        made.language = language
        own, english = await made.ask(line), await made.ask(same)
    assert own == english
    assert len(own) > 40


async def test_a_misspelt_name_is_asked_about(tmp_path):
    async with scene(tmp_path, names=load_lexicon()) as made:
        await filled(made.store)
        unknown = (await made.say("/actors Munirr"))[0]
        assert "army chief" in (await made.press(unknown.buttons["Did you mean Asim Munir?"]))[-1].text
        none = (await made.say("/conditions Slovakya"))[0]
        assert "stop sending" in (await made.press(none.buttons["Did you mean Slovakia?"]))[-1].text
        followed = (await made.say("/follow Turky"))[0]
        assert any("rk" in label and label.startswith("Did you mean") for label in followed.buttons)
        muted = (await made.say("/mute Slovaka"))[0]
        assert "Muted" in (await made.press(muted.buttons["Did you mean Slovakia?"]))[-1].text
        plain = (await made.say("/follow electricity"))[0]
        assert not any(label.startswith("Did you mean") for label in plain.buttons)


# --- where and by whom --------------------------------------------------------------------------------


async def test_in_a_group_only_commands_are_answered_and_other_bots_commands_are_not(full):
    assert await full.say("good morning", chat=GROUP) == []
    assert await full.say("/weather", chat=GROUP) == []
    assert await full.say("/digest@other_bot", chat=GROUP) == []
    assert "I do not know /weather" in await full.ask("/weather@digest_bot", chat=GROUP)
    answered = await full.say("/digest@Digest_Bot", chat=GROUP)
    assert answered[0].parameters["reply_parameters"]["allow_sending_without_reply"] is True


async def test_in_a_group_only_its_admins_change_settings(full):
    assert "Only admins" in await full.ask("/subscribe 07:30 UTC", chat=GROUP, user=BOB)
    full.telegram.admins.add((GROUP, ANN))
    assert "Subscribed" in await full.ask("/subscribe 07:30 UTC", chat=GROUP, user=ANN)
    denied = await full.press("se:t:silent", chat=GROUP, user=BOB)
    assert [call.method for call in denied] == ["answerCallbackQuery"]
    assert "Only admins" in denied[0].parameters["text"]


async def test_an_anonymous_admin_counts_and_a_strangers_channel_does_not(full):
    group = {"id": GROUP, "type": "group", "title": "G"}
    stranger = {"id": -1009, "type": "channel", "title": "C"}
    assert "Subscribed" in await full.ask("/subscribe 07:30 UTC", chat=GROUP, sender_chat=group)
    assert "Only admins" in await full.ask("/subscribe 07:30 UTC", chat=GROUP, sender_chat=stranger)


async def test_a_topic_is_answered_in_the_topic_and_has_its_own_times(full):
    full.telegram.admins.add((FORUM, ANN))
    topic = {"message_thread_id": 77, "is_topic_message": True}
    said = await full.say("/subscribe 07:30 UTC", chat=FORUM, **topic)
    assert said[0].parameters["message_thread_id"] == 77
    await full.say("/subscribe 09:00 UTC", chat=FORUM)
    assert {(row.thread_id, row.local_time) for row in await schedules(full, FORUM)} == {
        (77, "07:30"),
        (None, "09:00"),
    }


async def test_a_channel_is_served_by_its_own_posts(full):
    assert "Subscribed" in await full.ask("/subscribe 07:30 UTC", chat=CHANNEL)
    assert await full.say("just news", chat=CHANNEL) == []
    assert "makes no sense here" in await full.ask("/mydata", chat=CHANNEL)


async def test_a_reader_of_a_channel_is_led_to_the_private_chat(full):
    digest = await full.say("/digest", chat=CHANNEL)
    pressed = await full.press(digest[0].buttons["Conditions"], chat=CHANNEL, user=BOB)
    assert [call.method for call in pressed] == ["answerCallbackQuery"]
    url = pressed[0].parameters["url"]
    assert url.startswith("https://t.me/digest_bot?start=cn-s")
    assert "two-state" in await full.ask(f"/start {url.partition('start=')[2]}", user=BOB)


async def test_a_link_may_not_change_anything(full):
    assert "Ten minutes" in await full.ask("/start fg-yes")
    async with full.store.read() as tx:
        assert await tx.chats.get(ANN) is not None


async def test_uninvited_people_are_told_so(tmp_path):
    async with scene(tmp_path, access=Access("listed", frozenset({ANN}))) as made:
        assert "invited people only" in await made.ask("/digest", user=BOB)
        assert "I have not read anything" in await made.ask("/digest", user=ANN)
        assert "I have not read anything" in await made.ask("/digest", user=OPERATOR)


NOBODY = 1087968824
"""The sender that Telegram names for the anonymous admins of all groups."""


@pytest.mark.parametrize(("owner", "served"), [(ANN, True), (OPERATOR, True), (BOB, False), (None, False)])
async def test_who_has_no_name_may_what_the_one_who_added_the_bot_may(tmp_path, owner, served):
    async with scene(tmp_path, access=Access("listed", frozenset({ANN}))) as made:
        for chat in (GROUP, CHANNEL):
            await seen(made.store, chat)
            async with made.store.begin() as tx:
                await tx.chats.update(chat, owner=owner)
        group = {"id": GROUP, "type": "group", "title": "G"}
        said = [
            await made.ask("/digest", chat=GROUP, user=NOBODY, sender_chat=group),
            await made.ask("/digest", chat=CHANNEL),
        ]
        assert ["invited people only" in each for each in said] == [not served] * 2


async def test_a_channel_of_the_configuration_is_served_whoever_added_the_bot(tmp_path):
    async with scene(tmp_path, access=Access("listed", frozenset({ANN}))) as made:
        await seen(made.store, CHANNEL)
        async with made.store.begin() as tx:
            await tx.schedules.put(CHANNEL, local_time="07:30", zone="UTC", origin="config", now=made.now)
        assert "invited people only" not in await made.ask("/digest", chat=CHANNEL)


async def test_anonymous_admins_of_one_group_use_up_no_other_groups_pace(tmp_path):
    async with scene(tmp_path, pace=Pace(1, lambda: 0.0)) as made:
        served = []
        for chat in (GROUP, FORUM, GROUP):
            group = {"id": chat, "type": "supergroup", "title": "G"}
            said = await made.ask("/help", chat=chat, user=NOBODY, sender_chat=group)
            served.append("faster than I can read" not in said)
    assert served == [True, True, False]


async def member(made, status, chat=ANN):
    user = {"id": 1, "is_bot": True, "first_name": "Digest"}
    old, new = (
        {"status": s, "user": user, **({"until_date": 0} if s == "kicked" else {})}
        for s in ("member", status)
    )
    change = {"chat": {"id": chat, "type": "private", "first_name": "A"}, "from": made.user(ANN), "date": 1}
    await made.update(my_chat_member={**change, "old_chat_member": old, "new_chat_member": new})
    async with made.store.read() as tx:
        return await tx.chats.get(chat)


async def test_blocking_deactivates_and_coming_back_reactivates(full):
    assert not (await member(full, "kicked")).active
    assert (await member(full, "member")).active


async def test_a_person_who_blocked_us_meanwhile_is_deactivated(full):
    full.telegram.blocked.add(ANN)
    await full.say("/help")
    async with full.store.read() as tx:
        assert not (await tx.chats.get(ANN)).active


async def test_a_group_that_became_a_supergroup_keeps_its_times(full):
    full.telegram.admins.add((GROUP, ANN))
    await full.ask("/subscribe 07:30 UTC", chat=GROUP)
    await full.say(None, chat=GROUP, migrate_to_chat_id=FORUM)
    assert len(await schedules(full, FORUM)) == 1


# --- privacy ------------------------------------------------------------------------------------------


async def test_what_somebody_sent_is_seen_by_nobody_else(full):
    await put(full.store, talks(), "secret", publisher="Secretpaper", scope=ANN)
    assert "Secretpaper" in await full.ask("/story Pakistan") + await full.ask("/search troops")
    for text in (
        "/digest",
        "/search troops",
        "/story Pakistan",
        "/actors Munir",
        "/summary troops",
        "/conditions",
    ):
        assert "Secretpaper" not in await full.ask(text, user=BOB)


async def test_one_can_have_all_data_and_have_it_deleted(full):
    await full.ask("/subscribe 07:30 UTC")
    sent = await full.say("/mydata")
    assert sent[0].method == "sendDocument"
    assert b'"07:30"' in sent[0].files[0][1]
    asked = (await full.say("/forget"))[0]
    await full.press(asked.buttons["Keep it"])
    assert await schedules(full)
    await full.press(asked.buttons["Delete everything"])
    async with full.store.read() as tx:
        assert await tx.chats.get(ANN) is None
        assert await tx.schedules.for_chat(ANN) == []


async def test_feedback_reaches_the_admins_and_votes_are_counted(full):
    sent = await full.say("/feedback More <maps> & less noise")
    assert sent[0].parameters["chat_id"] == OPERATOR
    assert "More <maps> & less noise" in sent[0].parameters["text"]
    summary = (await full.say("/summary"))[0]
    await full.press(summary.buttons["👍"])
    async with full.store.read() as tx:
        assert await tx.follows.votes() == (1, 0)


# --- send me anything -----------------------------------------------------------------------------------


class Ingest:
    """Stores what is sent, as the stage does; refuses what says "broken"."""

    def __init__(self):
        self.found: list[FoundDocument] = []
        self.store = None

    async def ingest_one(self, found, *, scope, now):
        self.found.append(found)
        if b"broken" in found.content:
            raise DocumentError("it holds no text", code="no-text")
        async with self.store.begin() as tx:
            (added,) = await tx.documents.add(
                [
                    NewDocument(
                        found,
                        gas(),
                        source_id=None,
                        publisher="You",
                        published=now,
                        published_origin=PublishedOrigin.FETCH,
                        picked_up=now,
                        scope=scope,
                    )
                ]
            )
            document_id = added.document_id
            return await tx.documents.get(document_id)


class Web:
    async def fetch(self, url, *, headers=None, robots=False):
        if "gone" in url:
            raise FetchError("the address answers 404", permanent=True, status=404)
        return Fetched(url, 200, {"content-type": "text/html"}, b"<p>text</p>")


@pytest.fixture
async def reading(tmp_path):
    ingest = Ingest()
    async with scene(tmp_path, ingest=ingest, fetcher=Web()) as made:
        ingest.store = made.store
        made.ingest = ingest
        yield made


async def test_an_address_is_read_and_answered_in_the_message_that_said_so(reading):
    said = await reading.say("https://example.org/a")
    assert [call.method for call in said] == ["sendMessage", "editMessageText"]
    assert GAS[0] in said[1].text
    assert GAS[1] in await reading.ask("/source 1.2")
    assert "I have not read anything" in await reading.ask("/digest", user=BOB)


async def test_an_address_that_is_gone_gets_the_reason(reading):
    assert "404" in await reading.ask("https://example.org/gone")


async def test_a_long_text_and_a_forwarded_one_are_read(reading):
    await reading.say("A long text. " * 40)
    origin = {"type": "hidden_user", "sender_user_name": "X", "date": 1}
    await reading.say("A short one.", forward_origin=origin)
    assert [found.media_type for found in reading.ingest.found] == ["text/plain", "text/plain"]


def a_file(**more):
    return {
        "file_id": "f1",
        "file_unique_id": "u1",
        "file_name": "a.pdf",
        "mime_type": "application/pdf",
        **more,
    }


async def test_in_a_group_what_the_command_replies_to_is_read(reading):
    long = {**reading.message("words " * 10, GROUP, BOB), "message_id": 77}
    said = await reading.say("/read", chat=GROUP, reply_to_message=long)
    assert [call.method for call in said] == ["sendMessage", "editMessageText"]
    assert said[0].parameters["reply_parameters"]["message_id"]
    assert reading.ingest.found[-1].media_type == "text/plain"
    reading.telegram.files["f1"] = b"a page"
    filed = {**reading.message(None, GROUP, BOB), "document": a_file(file_size=6), "message_id": 78}
    await reading.say("/read", chat=GROUP, reply_to_message=filed)
    assert reading.ingest.found[-1].content == b"a page"
    sticker = {**reading.message(None, GROUP, BOB), "message_id": 79}
    assert "I read links" in await reading.ask("/read", chat=GROUP, reply_to_message=sticker)
    assert "Type an address" in await reading.ask("/read", chat=GROUP)


async def test_a_file_is_downloaded_and_read(reading):
    reading.telegram.files["f1"] = b"%PDF-x"
    said = await reading.say(None, document=a_file(file_size=6))
    assert GAS[0] in said[-1].text
    assert reading.ingest.found[0].content == b"%PDF-x"


async def test_an_unreadable_and_an_oversized_file_get_a_clear_answer(reading):
    reading.telegram.files["f1"] = b"broken"
    assert "there is no text in it" in (await reading.say(None, document=a_file(file_size=6)))[-1].text
    assert "20 MB" in (await reading.say(None, document=a_file(file_size=30_000_000)))[-1].text


async def test_a_sticker_gets_a_kind_answer(reading):
    assert "I read links, texts and files" in (await reading.say(None))[0].text


# --- pages and menus ------------------------------------------------------------------------------------


async def test_a_long_digest_pages_in_one_message(tmp_path):
    async with scene(tmp_path) as made:
        for number in range(12):
            await put(made.store, talks(), f"t{number}", publisher=f"P{number}")
        first = await made.say("/digest")
        assert len(first) == 1
        following = (await made.press(first[0].buttons["Next ▶"], message_id=made.telegram.next_message))[-1]
        assert following.method == "editMessageText"
        assert following.text != first[0].text
        back = (await made.press(following.buttons["◀ Back"], message_id=made.telegram.next_message))[-1]
        assert back.text == first[0].text


async def test_menus_are_set_for_every_kind_of_chat(empty):
    await set_menus(empty.bot)
    calls = [call for call in empty.telegram.calls if call.method == "setMyCommands"]
    by_scope = {call.parameters["scope"]["type"]: call.parameters["commands"] for call in calls}
    assert {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"} == set(by_scope)
    assert "mydata" in {command["command"] for command in by_scope["all_private_chats"]}
    assert "subscribe" not in {command["command"] for command in by_scope["all_group_chats"]}


class LockedStore:
    """A database that cannot be used."""

    def begin(self):
        raise StorageError("the database is locked", code="locked")

    read = begin


async def test_an_update_is_raised_for_another_try_where_the_database_cannot_be_used(empty):
    application = build_application(empty.bot, replace(empty.services, store=LockedStore()))
    await application.initialize()
    message = empty.message("/subscribe 07:30 UTC", ANN, ANN)
    with pytest.raises(StorageError):
        await handler_of(application)(Update.de_json({"update_id": 1, "message": message}, empty.bot))
    assert not application.bot_data
    await handler_of(empty.application)(Update.de_json({"update_id": 1, "message": message}, empty.bot))
    assert len(await schedules(empty)) == 1
