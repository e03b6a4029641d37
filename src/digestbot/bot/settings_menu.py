"""All settings under one message: each press changes one and shows the message anew.

se            the overview                    se:p:<page>          a page: t times, z zone, r regions, q quiet
se:n:12       length: stories                                      hours, n length, b sentences, s sections, l
se:b:4        bullets for a story             se:e:<old>:<new>:<days>  a time being changed ("0730", or "new")
se:s:actors   a section on or off             se:w:<old>:<new>:<days>  keep it; <days>: a mask, Monday is 1
se:t:silent   a switch on or off              se:x:0730            no post at that time any more
se:l:fr       language of the interface       se:q:22000700        quiet hours, or se:q:off
se:z:<zone>   the zone                        se:r:<region>        a region on or off
se:a:<area>:2 a page of the zones of an area       se:g             a button to share one's location

A time being changed is carried by the buttons themselves: nothing is posted until it is kept.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping

from telegram import KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove

from digestbot.alerts import QUIET
from digestbot.bot.call import Call
from digestbot.bot.keyboards import rows_of
from digestbot.bot.reading import newest_story
from digestbot.bot.subscribing import MOST_TIMES, clock, days_of, next_posts, set_zone, subscribe
from digestbot.bot.typed import schedule
from digestbot.bot.zones import AREAS, COMMON, find_zones, read_wish, zones_in
from digestbot.digest import SECTIONS, regions, settings_of
from digestbot.model import Button, Keyboard, MessagePart
from digestbot.protocols.delivery import ScheduleRow
from digestbot.rendering.actions import encode
from digestbot.rendering.telegram import region_name
from digestbot.rendering.texts import Texts, available, texts_for
from digestbot.rendering.views import settings_view
from digestbot.slots import EVERY_DAY

LENGTHS = (3, 5, 8, 12, 20, 30)
BULLETS = (1, 2, 3, 4, 6)
SWITCHES = {"silent": False, "empty_days": True, "link_previews": False, "preview": False}
"""Settings that are on or off, and what they are until chosen."""
QUIET_HOURS = ("off", "21:00-07:00", "22:00-06:00", "22:00-07:00", "23:00-08:00", "00:00-07:00")
"""Quiet hours offered as buttons; others are typed."""
NEW = "new"
"""In place of a time that is changed: there was none."""
FIRST_TIME = "0730"
"""Where a new time begins."""
STEPS = (("−1 h", -60), ("−5 min", -5), ("−1 min", -1), ("+1 min", 1), ("+5 min", 5), ("+1 h", 60))
A_DAY = 24 * 60
ZONES_SHOWN = 20
"""Zones on one page of an area."""

Rows = list[ScheduleRow]


async def settings(call: Call) -> None:
    """/settings [zone Karachi | times 07:13 19:00 weekdays | language fr | quiet 22-7]."""
    name, _, value = call.arguments.partition(" ")
    name = name.lower()
    if name in {"zone", "city"} and value:
        if not await _zone_typed(call, value):
            return
    elif name in {"time", "times"} and read_wish(schedule(value, call.texts)).times:
        call.arguments = value
        await subscribe(call)
        return
    elif name in {"language", "lang"} and value.lower() in available():
        await _set_language(call, value.lower())
    elif name == "quiet" and (hours := read_quiet(value)):
        await call.change_settings({"quiet": hours})
        if hours != "off":
            await call.say("settings.quiet", hours=hours)
            return
    elif call.arguments:
        await call.say("settings.usage", given=call.arguments)
        return
    await call.answer([await overview(call)])


async def _zone_typed(call: Call, words: str) -> bool:
    """Set the zone these words mean; False where they mean several, which are offered, or none."""
    zones = await asyncio.to_thread(find_zones, words)
    if len(zones) == 1:
        await set_zone(call, zones[0])
        return True
    key = "settings.which_zone" if zones else "subscribe.unknown_zone"
    await call.say(key, _zones(zones, call.texts), words=words, zones=", ".join(zones))
    return False


def read_quiet(text: str) -> str | None:
    """ "22-7", "22:00–07:30" or "off" as it is kept; None for what is none."""
    if text.strip().lower() == "off":
        return "off"
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?", text.strip())
    if not found:
        return None
    begin, end = (int(found[1]), int(found[2] or 0)), (int(found[3]), int(found[4] or 0))
    if any(hour > 23 or minute > 59 for hour, minute in (begin, end)):
        return None
    return "{:02}:{:02}-{:02}:{:02}".format(*begin, *end)


# --- presses ------------------------------------------------------------------------------------------


async def press(call: Call, *arguments: str) -> None:
    """A button of the settings. Raises ValueError for data no button of ours holds."""
    kind, value, *more = (*arguments, "", "")
    if kind == "e":
        await call.tell()
        await call.edit(await overview(call, "e", _edited(value, *more[:2])))
        return
    if kind == "a":
        keyboard = await asyncio.to_thread(_area_keyboard, call, value, more[0])
        await call.tell()
        await call.edit(await overview(call, "z", keyboard=keyboard))
        return
    if kind == "g":
        await call.tell()
        await _ask_location(call)
        return
    if kind in CHANGES:
        await CHANGES[kind](call, ":".join(one for one in (value, *more) if one))
    await call.tell()
    page = value if kind == "p" else PAGE_AFTER.get(kind, "")
    await call.edit(await overview(call, page))


async def _section(call: Call, name: str) -> None:
    if name in SECTIONS:
        shown = settings_of(call.chat).sections
        changed = [one for one in SECTIONS if (one in shown) != (one == name)]
        await call.change_settings({"sections": changed})


async def _switch(call: Call, name: str) -> None:
    if name in SWITCHES:
        await call.change_settings({name: not call.chat.settings.get(name, SWITCHES[name])})


async def _length(call: Call, number: str) -> None:
    if number in map(str, LENGTHS):
        await call.change_settings({"stories": int(number)})


async def _sentences(call: Call, number: str) -> None:
    if number in map(str, BULLETS):
        await call.change_settings({"bullets_per_story": int(number)})


async def _language(call: Call, code: str) -> None:
    if code in available():
        await _set_language(call, code)


async def _zone(call: Call, zone: str) -> None:
    if find_zones(zone) == [zone]:
        await set_zone(call, zone)


async def _region(call: Call, slug: str) -> None:
    name = {_slug(name): name for name in regions().values()}.get(slug)
    if name is not None:
        chosen = set(call.chat.settings.get("regions") or ()) ^ {name}
        await call.change_settings({"regions": sorted(chosen) or None})


async def _quiet(call: Call, hours: str) -> None:
    found = re.fullmatch(r"(\d\d)(\d\d)(\d\d)(\d\d)", hours)
    wanted = "{}:{}-{}:{}".format(*found.groups()) if found else hours
    if kept := read_quiet(wanted):
        await call.change_settings({"quiet": kept})


async def _keep_time(call: Call, edited: str) -> None:
    """Put the time that was being changed in the place of the old one, in this chat or topic."""
    old, new, days = _edited(*edited.split(":")[:3])
    rows = await _own_times(call)
    before = {row.local_time: row for row in rows}
    if old not in before and new not in before and len(before) >= MOST_TIMES:
        await call.tell("subscribe.too_many", alert=True, most=MOST_TIMES)
        return
    async with call.services.store.begin() as tx:
        if old != new and old in before:
            await tx.schedules.remove(call.chat_id, before[old].schedule_id)
        await tx.schedules.put(
            call.chat_id,
            local_time=new,
            zone=call.zone,
            origin="chat",
            thread_id=call.thread_id,
            weekdays=days,
            now=call.now,
        )


async def _drop_time(call: Call, time: str) -> None:
    for row in await _own_times(call):
        if row.local_time == clock(time):
            async with call.services.store.begin() as tx:
                await tx.schedules.remove(call.chat_id, row.schedule_id)


CHANGES: Mapping[str, Callable[[Call, str], Awaitable[None]]] = {
    "s": _section,
    "t": _switch,
    "n": _length,
    "b": _sentences,
    "l": _language,
    "z": _zone,
    "r": _region,
    "q": _quiet,
    "w": _keep_time,
    "x": _drop_time,
}
"""What a press changes, by the first word after `se`."""
PAGE_AFTER = {"s": "s", "r": "r", "w": "t", "x": "t"}
"""The page shown after a change, where it is not the overview."""


async def _set_language(call: Call, language: str) -> None:
    async with call.services.store.begin() as tx:
        await tx.chats.update(call.chat_id, language=language)
        chat = await tx.chats.get(call.chat_id)
    if chat is not None:
        call.chat = chat
    if call.chat.settings.get("locale"):  # set in /channels: the posts go with the interface from now on
        await call.change_settings({"locale": language})
    call.texts = texts_for(language)


# --- what is shown ------------------------------------------------------------------------------------


async def _own_times(call: Call) -> Rows:
    async with call.services.store.read() as tx:
        rows = await tx.schedules.for_chat(call.chat_id)
    return [row for row in rows if row.origin == "chat" and row.thread_id == call.thread_id]


async def overview(
    call: Call,
    page: str = "",
    edited: tuple[str, str, int] | None = None,
    *,
    keyboard: Keyboard | None = None,
) -> MessagePart:
    """The settings as they are, with the buttons of one page (or those given); `edited`: the time being
    changed."""
    texts = call.texts
    chosen = settings_of(call.chat)
    async with call.services.store.read() as tx:
        rows = await tx.schedules.for_chat(call.chat_id)
    times = dict.fromkeys(_time_words(row.local_time, row.weekdays, texts) for row in rows)
    shown = texts.rich(
        "settings.overview",
        times=", ".join(times) or texts("settings.no_times"),
        zone=call.chat.zone or texts("settings.zone_unset", zone=call.zone),
        next="; ".join(next_posts(call, rows)) or "–",
        regions=", ".join(region_name(name, texts) for name in chosen.regions)
        or texts("channels.all_regions"),
        stories=chosen.stories,
        bullets=chosen.bullets_per_story,
        language=texts.language_name(texts.language),
        quiet=_quiet_words(call.chat.settings.get("quiet") or QUIET, texts),
    )
    hint = None
    if page in PAGES_WITH_HINT:
        time = _time_words(edited[1], edited[2], texts) if edited else ""
        hint = texts.rich(f"settings.{PAGES_WITH_HINT[page]}", time=time)
    story = await newest_story(call) if call.chat.settings.get("preview") else None
    buttons = _keyboard(call, page, rows, edited) if keyboard is None else keyboard
    return settings_view(shown, hint, story, await call.settings(), texts, buttons)


PAGES_WITH_HINT = {
    "t": "page_times",
    "z": "page_zone",
    "r": "page_regions",
    "q": "page_quiet",
    "e": "page_time",
}
"""Pages that say what else can be done there, and the text that does."""


def _keyboard(call: Call, page: str, rows: Rows, edited: tuple[str, str, int] | None) -> Keyboard:
    texts, kept = call.texts, call.chat.settings
    chosen = settings_of(call.chat)
    back = texts("button.back")
    if page == "e" and edited is not None:
        return _time_keyboard(*edited, texts)
    if page == "t":
        own = [row for row in rows if row.origin == "chat" and row.thread_id == call.thread_id]
        return _times_keyboard(own, texts)
    if page == "z":
        areas = [
            Button(f"{texts(f'settings.area_{area}')} …", encode("se", "a", area, "0")) for area in AREAS
        ]
        here = (Button(f"📍 {texts('button.location')}", encode("se", "g")),)
        return (*_zones(COMMON, texts), *rows_of(areas, 3), *((here,) if call.private else ()), _back(back))
    pages = {
        "n": [(str(n), str(n), n == chosen.stories) for n in LENGTHS],
        "b": [(str(n), str(n), n == chosen.bullets_per_story) for n in BULLETS],
        "l": [(texts.language_name(code), code, code == texts.language) for code in available()],
        "s": [(texts(f"section.{name}"), name, name in chosen.sections) for name in SECTIONS],
        "q": [
            (_quiet_words(hours, texts), re.sub(r"[:-]", "", hours), hours == (kept.get("quiet") or QUIET))
            for hours in QUIET_HOURS
        ],
        "r": [
            (region_name(name, texts), _slug(name), name in chosen.regions)
            for name in dict.fromkeys(regions().values())
        ],
    }
    if page in pages:
        buttons = [Button(_ticked(words, on), encode("se", page, value)) for words, value, on in pages[page]]
        return (*rows_of(buttons, 2 if page in "qr" else 3), _back(back))
    switches = [
        Button(_ticked(texts(f"switch.{name}"), bool(kept.get(name, standard))), encode("se", "t", name))
        for name, standard in SWITCHES.items()
    ]
    leading = [Button(texts(words), encode("se", "p", to)) for words, to in LEADING]
    return (
        *rows_of(leading, 2),
        *((switch,) for switch in switches),
        (Button(texts("button.digest_now"), encode("dg")),),
    )


LEADING = (
    ("channels.button_times", "t"),
    ("channels.button_zone", "z"),
    ("channels.button_regions", "r"),
    ("button.quiet", "q"),
    ("button.length", "n"),
    ("button.bullets", "b"),
    ("button.sections", "s"),
    ("button.language", "l"),
)
"""Pages the overview leads to, by the words on their buttons."""


def _times_keyboard(rows: Rows, texts: Texts) -> Keyboard:
    buttons = [
        Button(
            f"✎ {_time_words(row.local_time, row.weekdays, texts)}",
            encode("se", "e", _digits(row.local_time), _digits(row.local_time), str(row.weekdays)),
        )
        for row in rows
    ]
    if len(rows) < MOST_TIMES:
        words = f"+ {texts('button.add_time')}"
        buttons.append(Button(words, encode("se", "e", NEW, FIRST_TIME, str(EVERY_DAY))))
    return (*((button,) for button in buttons), _back(texts("button.back")))


def _time_keyboard(old: str, new: str, days: int, texts: Texts) -> Keyboard:
    """Steps to another minute, each day on or off, and to keep it, or drop the old time."""
    was = _digits(old)
    hours, minutes = (int(part) for part in new.split(":"))
    steps = [
        Button(words, encode("se", "e", was, "{:02}{:02}".format(*divmod(later, 60)), str(days)))
        for words, step in STEPS
        for later in [(hours * 60 + minutes + step) % A_DAY]
    ]
    week = [
        Button(
            _ticked(texts.weekday(day), bool(days >> day & 1)),
            encode("se", "e", was, _digits(new), str((days ^ 1 << day) or 1 << day)),
        )
        for day in range(7)
    ]
    last = [
        Button(f"✓ {texts('button.keep_time', time=new)}", encode("se", "w", was, _digits(new), str(days)))
    ]
    if old != NEW:
        last.append(Button(f"✕ {texts('button.drop_time', time=old)}", encode("se", "x", was)))
    back = Button(f"◀ {texts('button.back')}", encode("se", "p", "t"))
    return (*rows_of(steps, 3), *rows_of(week, 4), tuple(last), (back,))


def _edited(old: str = "", new: str = "", days: str = "") -> tuple[str, str, int]:
    """A time being changed as its button carries it; raises ValueError for what is none."""
    return (old if old == NEW else clock(old)), clock(new), days_of(days)


def _digits(time: str) -> str:
    return time.replace(":", "")


def _zones(zones: tuple[str, ...] | list[str], texts: Texts) -> Keyboard:
    named = [Button(texts.zone_city(zone), encode("se", "z", zone)) for zone in zones]
    return rows_of(named, 3)


def _area_keyboard(call: Call, area: str, page: str) -> Keyboard:
    """One page of the zones of an area, each with its time now; raises ValueError for no such page."""
    if area not in AREAS or not page.isdecimal() or len(page) > 3:
        raise ValueError(f"there is no page {page!r} of {area!r}")
    texts, zones = call.texts, zones_in(area)
    first = min(int(page) * ZONES_SHOWN, (len(zones) - 1) // ZONES_SHOWN * ZONES_SHOWN)
    named = [
        Button(f"{texts.zone_city(zone)} {texts.clock(call.now, zone)}", encode("se", "z", zone))
        for zone in zones[first : first + ZONES_SHOWN]
    ]
    turns = []
    if first:
        before = str(first // ZONES_SHOWN - 1)
        turns.append(Button(f"◀ {texts('button.previous')}", encode("se", "a", area, before)))
    if first + ZONES_SHOWN < len(zones):
        after = str(first // ZONES_SHOWN + 1)
        turns.append(Button(f"{texts('button.next')} ▶", encode("se", "a", area, after)))
    back = Button(f"◀ {texts('channels.button_zone')}", encode("se", "p", "z"))
    return (*rows_of(named, 2), *((tuple(turns),) if turns else ()), (back,))


def _time_words(time: str, days: int, texts: Texts) -> str:
    """The time, and the days where it is not every one: "07:30 (Mon Tue)"."""
    if days == EVERY_DAY:
        return time
    return f"{time} ({' '.join(texts.weekday(day) for day in range(7) if days >> day & 1)})"


def _quiet_words(hours: str, texts: Texts) -> str:
    return texts("settings.quiet_off") if hours == "off" else hours.replace("-", "–")


def _slug(region: str) -> str:
    return region.lower().replace(" ", "_").replace("-", "_")


def _back(words: str) -> tuple[Button, ...]:
    return (Button(f"◀ {words}", encode("se")),)


def _ticked(text: str, on: bool) -> str:
    return f"{'✓' if on else '·'} {text}"


async def _ask_location(call: Call) -> None:
    """A button below the field that shares where one is; Telegram has it in private chats alone."""
    if not call.private:
        raise ValueError("a location is shared in a private chat")
    texts = call.texts
    key = KeyboardButton(f"📍 {texts('button.location')}", request_location=True)
    await call.bot.send_message(
        call.chat_id,
        texts("settings.share"),
        reply_markup=ReplyKeyboardMarkup([[key]], resize_keyboard=True, one_time_keyboard=True),
    )


async def zone_shared(call: Call, zone: str) -> None:
    """A shared location: its zone is this chat's from now on; the settings and next posts are shown."""
    await set_zone(call, zone)
    await call.bot.send_message(
        call.chat_id, call.texts("settings.zone_set", zone=zone), reply_markup=ReplyKeyboardRemove()
    )
    await call.answer([await overview(call)])
