"""All settings by one keyboard: times, zone, regions, quiet hours and the live preview."""

from __future__ import annotations

import pytest

from bot_scene import ANN, FORUM, filled, scene
from digestbot.bot.settings_menu import PAGES_WITH_HINT
from digestbot.bot.zones import AREAS, zones_in


@pytest.fixture
async def full(tmp_path):
    async with scene(tmp_path) as made:
        await filled(made.store)
        yield made


async def schedules(made, chat=ANN):
    async with made.store.read() as tx:
        return [(row.local_time, row.weekdays, row.zone) for row in await tx.schedules.for_chat(chat)]


async def test_a_time_is_added_to_the_minute_and_by_weekday_changed_and_taken_out(full):
    await full.say("/settings zone Karachi")
    times = (await full.press("se:p:t"))[-1]
    new = (await full.press(times.buttons["+ Add a time"]))[-1]
    assert "07:30" in new.text
    later = (await full.press(new.buttons["+5 min"]))[-1]
    later = (await full.press(later.buttons["−1 min"]))[-1]
    without_sunday = (await full.press(later.buttons["✓ Sun"]))[-1]
    assert await schedules(full) == []  # nothing is posted until it is kept
    kept = (await full.press(without_sunday.buttons["✓ Keep 07:34"]))[-1]
    assert await schedules(full) == [("07:34", 63, "Asia/Karachi")]
    assert "07:34 (Mon Tue Wed Thu Fri Sat)" in kept.text
    assert kept.text.split("Next posts: ")[1].split("\n")[0].count("07:34") == 3
    edit = kept.buttons["✎ 07:34 (Mon Tue Wed Thu Fri Sat)"]
    changed = (await full.press((await full.press(edit))[-1].buttons["+1 h"]))[-1]
    await full.press(changed.buttons["✓ Keep 08:34"])
    assert await schedules(full) == [("08:34", 63, "Asia/Karachi")]
    await full.press("se:x:0834")
    assert await schedules(full) == []


async def test_no_more_times_than_a_chat_may_have(full):
    await full.say("/subscribe 1:00 2:00 3:00 4:00 5:00 6:00 UTC")
    await full.press("se:w:new:0730:127")
    assert len(await schedules(full)) == 6


async def test_the_last_day_of_a_time_cannot_be_taken_out(full):
    page = (await full.press("se:e:new:0730:1"))[-1]
    assert page.buttons["✓ Mon"] == "se:e:new:0730:1"


async def test_a_topic_has_its_own_times(full):
    full.telegram.admins.add((FORUM, ANN))
    await full.say("/subscribe 07:30 UTC", chat=FORUM, message_thread_id=77, is_topic_message=True)
    page = (await full.press("se:p:t", chat=FORUM))[-1]
    assert not [words for words in page.buttons if words.startswith("✎")]


async def test_every_zone_can_be_turned_to_by_buttons(full):
    page = (await full.press("se:p:z"))[-1]
    assert {f"se:a:{area}:0" for area in AREAS} <= set(page.buttons.values())
    for area in AREAS:
        seen, at = set(), 0
        while True:
            shown = (await full.press(f"se:a:{area}:{at}"))[-1]
            seen |= {data[5:] for data in shown.buttons.values() if data.startswith("se:z:")}
            at += 1
            if f"se:a:{area}:{at}" not in shown.buttons.values():
                break
        assert seen == set(zones_in(area))
    nepal = next(
        data for data in (await full.press("se:a:asia:1"))[-1].buttons.values() if "Kathmandu" in data
    )
    assert "Asia/Kathmandu" in (await full.press(nepal))[-1].text


@pytest.mark.parametrize("data", ["se:a:moon:0", "se:a:asia:x", "se:a:asia:99999", "se:a"])
async def test_pages_of_zones_that_are_none_are_refused(full, data):
    assert [call.method for call in await full.press(data)] == ["answerCallbackQuery"]


async def test_zones_are_named_in_the_readers_language(full):
    full.language = "ru"
    assert "Карачи" in (await full.press("se:p:z", user=77))[-1].buttons


async def test_the_zone_is_chosen_typed_or_shared_and_the_next_posts_follow(full):
    await full.say("/subscribe 07:30 UTC")
    chosen = (await full.press("se:z:Asia/Tokyo"))[-1]
    assert "Zone: Asia/Tokyo" in chosen.text
    offered = (await full.say("/settings zone Brazil"))[-1]
    assert any(data.startswith("se:z:America/") for data in offered.buttons.values())
    shared = await full.say(None, location={"latitude": 24.9, "longitude": 67.0})
    assert "Asia/Karachi" in shared[0].text
    assert shared[-1].text.split("Next posts: ")[1].split("\n")[0].count("07:30") == 3


async def test_a_location_is_shared_by_a_button_of_the_private_chat_alone(full):
    page = (await full.press("se:p:z"))[-1]
    asked = (await full.press(page.buttons["📍 Share my location"]))[-1]
    key = asked.parameters["reply_markup"]["keyboard"][0][0]
    assert key == {"text": "📍 Share my location", "request_location": True}
    said = await full.say(None, location={"latitude": 33.7, "longitude": 73.05})
    assert said[0].parameters["reply_markup"] == {"remove_keyboard": True}
    assert "Zone: Asia/Karachi" in said[1].text
    full.telegram.admins.add((FORUM, ANN))
    page = (await full.press("se:p:z", chat=FORUM))[-1]
    assert "📍 Share my location" not in page.buttons
    assert [call.method for call in await full.press("se:g", chat=FORUM)] == ["answerCallbackQuery"]


async def test_regions_are_switched_on_and_the_digest_keeps_to_them(full):
    page = (await full.press("se:p:r"))[-1]
    chosen = (await full.press(page.buttons["· Polynesia"]))[-1]
    assert "Regions: Polynesia" in chosen.text
    assert "of other regions" in await full.ask("/digest")
    all_again = (await full.press(chosen.buttons["✓ Polynesia"]))[-1]
    assert "Regions: all" in all_again.text


async def test_quiet_hours_are_chosen(full):
    page = (await full.press("se:p:q"))[-1]
    shown = (await full.press(page.buttons["· 23:00–08:00"]))[-1]
    assert "Quiet hours for alerts: 23:00–08:00" in shown.text
    assert "alerts: none" in (await full.press("se:q:off"))[-1].text


async def test_the_preview_follows_each_setting(full):
    with_preview = (await full.press("se:t:preview"))[-1]
    body = with_preview.text.split("Preview\n")[1]
    assert "• 1.1" in body
    assert "Actors:" in body
    without = (await full.press("se:s:actors"))[-1]
    assert "Actors:" not in without.text.split("Preview\n")[1]


@pytest.mark.parametrize("page", sorted(PAGES_WITH_HINT))
@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "ur"])
async def test_every_page_speaks_the_language(full, page, language):
    await full.say(f"/settings language {language}")
    data = "se:e:new:0730:3" if page == "e" else f"se:p:{page}"
    shown = (await full.press(data))[-1]
    assert shown.method == "editMessageText"
    assert "Settings" not in shown.text
    assert "Choose" not in shown.text


@pytest.mark.parametrize(
    "data",
    [
        "se:e",
        "se:n:7777",
        "se:b:0",
        "se:e:new:2530:1",
        "se:w:new:0730:0",
        "se:w:1:2:3",
        "se:z:Nowhere/Land",
        "se:r:x",
        "se:q:9",
    ],
)
async def test_forged_presses_change_nothing(full, data):
    async with full.store.read() as tx:
        before = await tx.chats.get(ANN)
    await full.press(data)
    assert await schedules(full) == []
    async with full.store.read() as tx:
        after = await tx.chats.get(ANN)
    assert before is None or before.settings == after.settings
    assert after.zone is None
