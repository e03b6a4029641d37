"""A month of 200 people on a real database: each gets exactly what was due, new stories once.

Thirty days over two changes of the clock (America on 8 March, Europe on 29 March), with half a day during
which nothing ran. What is expected is worked out here, from the calendar and the list of reports alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot_scene import read_document
from composing import an_actor
from deliveries import SetClock, opened_store, seen
from digestbot.model import FoundDocument, PublishedOrigin
from digestbot.protocols.delivery import Outcome
from digestbot.protocols.ingest import NewDocument
from digestbot.publish import Publisher

START = datetime(2026, 3, 5, tzinfo=UTC)
DAYS = 30
END = START + timedelta(days=DAYS)
DOWN, UP = datetime(2026, 3, 17, 0, 0, tzinfo=UTC), datetime(2026, 3, 17, 12, 0, tzinfo=UTC)
GRACE = timedelta(hours=6)
PEOPLE = 200
ZONES = ("UTC", "Asia/Karachi", "America/New_York", "Europe/Paris", "Asia/Kathmandu", "Australia/Sydney")
COUNTRIES = {"PK": "Pakistan", "FR": "France", "BR": "Brazil", "JP": "Japan", "KE": "Kenya", "CA": "Canada"}
WORKDAYS = 0b0011111
TOKEN = re.compile(r"R\d\d\dX")


@dataclass(frozen=True)
class Report:
    """One report; its token stands in its headline. `copies`: the token of the report it repeats."""

    token: str
    country: str
    picked_up: datetime
    copies: Report | None = None


@dataclass
class Person:
    """Somebody, and what they were sent: (when, text)."""

    chat_id: int
    zone: str
    times: tuple[str, ...]
    weekdays: int
    follows: str | None
    mutes: str | None
    muted_until: datetime | None
    empty_days: bool
    inbox: list[tuple[datetime, str]] = field(default_factory=list)


def people() -> list[Person]:
    codes = tuple(COUNTRIES)
    return [
        Person(
            chat_id=number,
            zone=ZONES[number % len(ZONES)],
            times=("06:45", "18:05") if number % 10 == 0 else ("06:45",) if number % 2 else ("18:05",),
            weekdays=WORKDAYS if number % 5 == 0 else 127,
            follows=codes[number % 6] if number % 4 == 1 else None,
            mutes=codes[(number + 1) % 6] if number % 7 in (2, 3) else None,
            muted_until=START + timedelta(days=10, hours=3) if number % 7 == 3 else None,
            empty_days=number % 6 != 0,
        )
        for number in range(1, PEOPLE + 1)
    ]


def reports() -> list[Report]:
    """Three on most days, none on Sundays; each first report is copied by another paper the next day."""
    made: list[Report] = []
    codes = tuple(COUNTRIES)
    for day in range(DAYS):
        begin = START + timedelta(days=day)
        if begin.weekday() == 6:
            continue
        for place in range(3):
            number = 3 * day + place
            at = begin + timedelta(hours=1 + 8 * place, minutes=13, seconds=number)
            made.append(Report(f"R{number:03}X", codes[(number * 5 + day) % 6], at))
        first = made[-3]
        made.append(Report(first.token, first.country, begin + timedelta(hours=31), first))
    return sorted(made, key=lambda report: report.picked_up)


# --- what is expected: the calendar, the list of reports, and the rules of the service ------------------


def slots_of(person: Person) -> list[datetime]:
    due = []
    for shift in range(-1, DAYS + 2):
        local = (START + timedelta(days=shift)).date()
        if not person.weekdays >> local.weekday() & 1:
            continue
        for words in person.times:
            moment = datetime.combine(local, time.fromisoformat(words), ZoneInfo(person.zone)).astimezone(UTC)
            if START < moment < END:
                due.append(moment)
    return sorted(due)


def expected_of(person: Person, told: list[Report]) -> list[tuple[datetime, set[str], set[str]]]:
    """(when, tokens, those of them that are followed) of each post."""
    posts = []
    since: datetime | None = None
    for due in slots_of(person):
        sent = until = due
        if DOWN < due < UP:
            if UP - due > GRACE:
                continue
            sent = until = UP
        begin = until - timedelta(hours=24) if since is None else since
        since = until
        muting = person.mutes and (person.muted_until is None or sent < person.muted_until)
        news = [
            one
            for one in told
            if begin < one.picked_up <= until
            and one.copies is None
            and not (muting and one.country == person.mutes)
        ]
        if news or person.empty_days:
            followed = {one.token for one in news if one.country == person.follows}
            posts.append((sent, {one.token for one in news}, followed))
    return posts


# --- the run ----------------------------------------------------------------------------------------------


async def subscribe(store, person: Person) -> None:
    await seen(store, person.chat_id, now=START)
    async with store.begin() as tx:
        await tx.chats.update(
            person.chat_id, zone=person.zone, settings={"empty_days": person.empty_days, "stories": 50}
        )
        for words in person.times:
            await tx.schedules.put(
                person.chat_id,
                local_time=words,
                zone=person.zone,
                weekdays=person.weekdays,
                origin="chat",
                now=START,
            )
        if person.follows:
            await tx.follows.put(person.chat_id, f"country:{person.follows}", now=START)
        if person.mutes:
            await tx.follows.put(
                person.chat_id,
                f"country:{person.mutes}",
                mute=True,
                until=person.muted_until,
                now=START,
            )


async def pick_up(store, report: Report, stories: dict[str, int]) -> None:
    name = COUNTRIES[report.country]
    words = (
        f"{name} opened the archive of case {report.token.lower()} to all who ask.",
        f"Clerks in {name} carried {report.token.lower()} boxes up the stairs.",
    )
    read = read_document(
        words,
        f"{name} and case {report.token}",
        actors=[an_actor(name, country=report.country)],
        conditions=[],
    )
    publisher = "Courier" if report.copies is None else "Gazette"
    async with store.begin() as tx:
        (added,) = await tx.documents.add(
            [
                NewDocument(
                    FoundDocument(key=f"{publisher}-{report.token}", content=b"x"),
                    read,
                    source_id=None,
                    publisher=publisher,
                    published=report.picked_up - timedelta(minutes=9),
                    published_origin=PublishedOrigin.METADATA,
                    picked_up=report.picked_up,
                )
            ]
        )
        stories[report.token] = await tx.stories.assign(
            [added.document_id], stories.get(report.token), now=report.picked_up
        )


async def deliver(store, by_chat: dict[int, Person], now: datetime) -> None:
    while True:
        async with store.begin() as tx:
            leased = await tx.outbox.lease(now, 500, 60)
        if not leased:
            return
        async with store.begin() as tx:
            started = await tx.outbox.start(leased, now, 60)
        outcomes = []
        for one in leased:
            assert one.delivery_id in started
            by_chat[one.message.chat_id].inbox.append((now, one.message.part.plain))
            outcomes.append(Outcome(one, "sent", now, message_id=len(by_chat[one.message.chat_id].inbox)))
        async with store.begin() as tx:
            await tx.outbox.finish(outcomes, timedelta(seconds=1))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_in_a_month_everybody_gets_exactly_what_was_due(kind, tmp_path):
    everybody, told = people(), reports()
    by_chat = {person.chat_id: person for person in everybody}
    moments = {due for person in everybody for due in slots_of(person) if not DOWN < due < UP} | {UP}
    async with opened_store(kind, tmp_path) as store:
        for person in everybody:
            await subscribe(store, person)
        clock = SetClock(START)
        publisher = Publisher(store, clock, grace=GRACE)
        waiting = list(told)
        stories: dict[str, int] = {}
        for moment in sorted(moments):
            clock.now = moment
            while waiting and waiting[0].picked_up <= moment:
                await pick_up(store, waiting.pop(0), stories)
            await publisher.tick()
            await deliver(store, by_chat, moment)
    posts = 0
    for person in everybody:
        expected = expected_of(person, told)
        got = [(when, set(TOKEN.findall(text))) for when, text in person.inbox]
        assert got == [(when, tokens) for when, tokens, _ in expected], person.chat_id
        for (_, text), (_, _, followed) in zip(person.inbox, expected, strict=True):
            if followed:
                assert TOKEN.findall(text)[0] in followed, (person.chat_id, text)
        times = defaultdict(int)
        for _, tokens in got:
            for token in tokens:
                times[token] += 1
        assert set(times.values()) <= {1}
        posts += len(got)
    assert posts > 20 * PEOPLE  # the month was not an empty one
