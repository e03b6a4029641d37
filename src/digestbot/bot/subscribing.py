"""When the digest comes: subscribing, unsubscribing, pausing, and the zone.

/subscribe sets the times of this chat (or topic) to exactly those named: asking twice never means two posts.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digestbot.bot.call import Call
from digestbot.bot.keyboards import rows_of
from digestbot.bot.typed import period, schedule, weekday, without_until
from digestbot.bot.zones import COMMON, TIMES, find_zones, read_wish
from digestbot.model import Button
from digestbot.protocols.delivery import ScheduleRow
from digestbot.rendering.actions import encode, fits
from digestbot.rendering.rich import plain
from digestbot.rendering.views import lines
from digestbot.slots import EVERY_DAY, next_slots

MOST_TIMES = 6
"""Times a day: more would be a stream again."""
SHOWN = 3
"""Next posts told after subscribing."""


async def subscribe(call: Call) -> None:
    """/subscribe [times] [days] [zone]."""
    wish = read_wish(schedule(call.arguments, call.texts))
    zones = await asyncio.to_thread(find_zones, wish.zone_words) if wish.zone_words else []
    if wish.zone_words and not zones:
        await call.say("subscribe.unknown_zone", words=wish.zone_words)
        return
    if len(wish.times) > MOST_TIMES:
        await call.say("subscribe.too_many", most=MOST_TIMES)
        return
    if not wish.times:
        if len(zones) == 1:
            await set_zone(call, zones[0])
        await _ask_time(call)
        return
    times = "".join(time.replace(":", "") for time in wish.times)
    if len(zones) > 1:
        await _ask_zone(call, times, wish.weekdays, tuple(zones), "subscribe.which_zone")
        return
    zone = zones[0] if zones else call.chat.zone
    if zone is None:
        await _ask_zone(call, times, wish.weekdays, COMMON, "subscribe.ask_zone")
        return
    await set_times(call, wish.times, wish.weekdays, zone)


async def _ask_time(call: Call) -> None:
    buttons = [Button(time, encode("sb", time.replace(":", ""), str(EVERY_DAY))) for time in TIMES]
    await call.say("subscribe.ask_time", rows_of(buttons, 3), zone=call.zone)


async def _ask_zone(call: Call, times: str, weekdays: int, zones: tuple[str, ...], key: str) -> None:
    buttons = [
        Button(call.texts.zone_city(zone), encode("sb", times, str(weekdays), zone))
        for zone in zones
        if fits("sb", times, str(weekdays), zone)
    ]
    local = ", ".join(
        f"{times[place : place + 2]}:{times[place + 2 : place + 4]}" for place in range(0, len(times), 4)
    )
    await call.say(key, rows_of(buttons, 3), time=local)


async def choose(call: Call, times: str, weekdays: str, zone: str | None = None) -> None:
    """A button: these times (four digits each), in this zone, or in the one chosen before.

    Raises ValueError for data no button of ours holds.
    """
    chosen = tuple(
        clock(times[place : place + 4]) for place in range(0, min(len(times), 4 * MOST_TIMES + 1), 4)
    )
    days = days_of(weekdays)
    if not 0 < len(chosen) <= MOST_TIMES:
        raise ValueError(f"{times!r} are no times")
    if zone is not None and await asyncio.to_thread(find_zones, zone) != [zone]:
        raise ValueError(f"{zone!r} is no zone")
    await call.tell()
    if zone is None and call.chat.zone is None:
        await _ask_zone(call, times, days, COMMON, "subscribe.ask_zone")
        return
    await set_times(call, chosen, days, zone or call.zone)


def clock(digits: str) -> str:
    """ "0730" as "07:30"; raises ValueError for what is no time of day."""
    found = re.fullmatch(r"([01][0-9]|2[0-3])([0-5][0-9])", digits)
    if found is None:
        raise ValueError(f"{digits!r} is no time of day")
    return f"{found[1]}:{found[2]}"


def days_of(mask: str) -> int:
    """Days of the week as a button carries them, Monday is 1; raises ValueError for what is none."""
    days = int(mask)
    if not 0 < days <= EVERY_DAY:
        raise ValueError(f"{mask!r} is no set of days")
    return days


async def set_zone(call: Call, zone: str) -> None:
    """Times keep their hour and move to this zone; no date is posted twice by that."""
    async with call.services.store.begin() as tx:
        await tx.chats.update(call.chat_id, zone=zone)
        for row in await tx.schedules.for_chat(call.chat_id):
            if row.origin == "chat":
                await tx.schedules.put(
                    call.chat_id,
                    local_time=row.local_time,
                    zone=zone,
                    origin="chat",
                    thread_id=row.thread_id,
                    weekdays=row.weekdays,
                    now=call.now,
                )
        chat = await tx.chats.get(call.chat_id)
    if chat is not None:
        call.chat = chat


async def set_times(call: Call, times: tuple[str, ...], weekdays: int, zone: str) -> None:
    """Make these the times of this chat or topic, and tell the next posts."""
    await set_zone(call, zone)
    async with call.services.store.begin() as tx:
        for row in await tx.schedules.for_chat(call.chat_id):
            if row.origin == "chat" and row.thread_id == call.thread_id and row.local_time not in times:
                await tx.schedules.remove(call.chat_id, row.schedule_id)
        for time in times:
            await tx.schedules.put(
                call.chat_id,
                local_time=time,
                zone=zone,
                origin="chat",
                thread_id=call.thread_id,
                weekdays=weekdays,
                now=call.now,
            )
        if call.chat.owner is None and call.user_id is not None and not call.private:
            await tx.chats.update(call.chat_id, owner=call.user_id)
        rows = await tx.schedules.for_chat(call.chat_id)
    mine = [row for row in rows if row.thread_id == call.thread_id]
    keyboard = (
        (
            Button(call.texts("button.settings"), encode("se")),
            Button(call.texts("button.digest_now"), encode("dg")),
        ),
    )
    items = [plain(f"• {moment}") for moment in next_posts(call, mine)]
    await call.answer(lines(call.texts, "subscribe.done", items, keyboard, times=", ".join(times), zone=zone))


def next_posts(call: Call, rows: list[ScheduleRow]) -> list[str]:
    """The next posts of these schedules, each in its zone's wall time."""
    slots = sorted(
        (slot.due, row.zone)
        for row in rows
        for slot in next_slots(row.local_time, row.zone, row.weekdays, _from(call.now, row), SHOWN)
    )
    return [call.texts.moment(due, zone) for due, zone in slots[:SHOWN]]


def _from(now: datetime, row: ScheduleRow) -> datetime:
    """From when on slots are not yet decided over."""
    start = max(now, row.next_due - timedelta(seconds=1))
    return max(start, row.paused_until) if row.paused_until else start


async def unsubscribe(call: Call) -> None:
    """/unsubscribe: no more digests here; everything else stays."""
    async with call.services.store.begin() as tx:
        rows = [row for row in await tx.schedules.for_chat(call.chat_id) if row.thread_id == call.thread_id]
        own = [row for row in rows if row.origin == "chat"]
        for row in own:
            await tx.schedules.remove(call.chat_id, row.schedule_id)
    if len(own) < len(rows):
        await call.say("unsubscribe.configured")
    else:
        await call.say("unsubscribe.done" if own else "unsubscribe.was_not")


async def pause(call: Call) -> None:
    """/pause [days | date | day | off]: no digests until then; missed days are not made up for."""
    typed = without_until(call.arguments, call.texts)
    day = weekday(typed, call.texts)
    asked = period(typed or "7d", call.texts)
    until = read_until(asked, call.now, call.zone) if day is None else next_day(day, call.now, call.zone)
    if until is None and asked != "off":
        await call.say("pause.usage", given=call.arguments)
        return
    async with call.services.store.begin() as tx:
        rows = await tx.schedules.for_chat(call.chat_id)
        await tx.schedules.pause(call.chat_id, until)
    if not rows:
        await call.say("unsubscribe.was_not")
    elif until is None:
        await call.say("pause.over")
    else:
        await call.say("pause.until", until=call.texts.moment(until, call.zone))


def next_day(day: int, now: datetime, zone: str) -> datetime:
    """The beginning of the next such day of the week (Monday is 0) in a zone; never of today."""
    today = now.astimezone(ZoneInfo(zone)).date()
    ahead = (day - today.weekday() - 1) % 7 + 1
    return _begin_of(today + timedelta(days=ahead), zone)


def _begin_of(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def read_until(text: str, now: datetime, zone: str) -> datetime | None:
    """ "3d", "2w", "tomorrow", "2026-03-09" (that day's midnight, locally) as a time to come; else None."""
    text = text.strip().lower()
    found = re.fullmatch(r"(\d{1,3})\s*(d|days?|w|weeks?)?", text)
    if found and int(found[1]):
        days = int(found[1]) * (7 if (found[2] or "d").startswith("w") else 1)
        return now + timedelta(days=days)
    if text == "tomorrow":
        return _begin_of(now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1), zone)
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    if local.tzinfo is None:
        local = local.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC) if local > now else None
