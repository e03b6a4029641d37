"""A month of 200 people on a real database: each gets exactly what was due, new stories once.

Thirty days over two changes of the clock (America on 8 March, Europe on 29 March), with half a day during
which nothing ran. People differ in zone, times, days, language, sections, regions, pauses, follows, mutes (of
countries, actors, topics, words and sources, some for days only) and alerts with quiet hours. What is
expected is worked out here, from the calendar and the list of reports alone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date

from bot_scene import read_document
from composing import a_condition, an_actor
from deliveries import SetClock, opened_store, seen
from digestbot.alerts import Alerts
from digestbot.model import Domain, FoundDocument, PublishedOrigin
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
REGIONS = {"PK": "Southern Asia", "FR": "Western Europe", "BR": "South America"}
TOPICS = ("gas", "grain", "visas", "steel")
PUBLISHERS = ("Courier", "Herald", "Tribune")
COPIES = "Gazette"
LANGUAGES = ("en", "ar", "es", "fr", "ru", "ur")
SECTIONS = (None, ("brief", "bullets"), ("bullets", "conditions", "actors", "coverage"))
WORKDAYS = 0b0011111
TOKEN = re.compile(r"R\d\d\dX")
WATCHERS = 24
"""People who want alerts."""


@dataclass(frozen=True)
class Report:
    """One report; its token stands in its headline. `copies`: the report it repeats."""

    token: str
    country: str
    topic: str
    domain: Domain
    publisher: str
    picked_up: datetime
    copies: Report | None = None


@dataclass
class Person:
    """Somebody, and what they were sent: (when, kind, text)."""

    chat_id: int
    zone: str
    times: tuple[str, ...]
    weekdays: int
    follows: str | None
    mutes: str | None
    muted_until: datetime | None
    empty_days: bool
    language: str
    sections: tuple[str, ...] | None
    region: str | None
    paused_until: datetime | None
    alerts: str | None
    quiet: str
    inbox: list[tuple[datetime, str, str]] = field(default_factory=list)

    def posts(self) -> list[tuple[datetime, str]]:
        return [(when, text) for when, kind, text in self.inbox if kind == "digest"]


def target(kind: int, number: int) -> str:
    """Something to follow or mute."""
    code = tuple(COUNTRIES)[number % 6]
    return (
        f"country:{code}",
        f"actor:state:{code}",
        f"term:{TOPICS[number % 4]}",
        f"publisher:{PUBLISHERS[number % 3]}",
        f"domain:{list(Domain)[number % 5].value}",
    )[kind % 5]


def touches(wanted: str, report: Report) -> bool:
    """Whether a report is about it, or from it."""
    return wanted in {
        f"country:{report.country}",
        f"actor:state:{report.country}",
        f"term:{report.topic}",
        f"publisher:{report.publisher}",
        f"domain:{report.domain.value}",
    }


def people() -> list[Person]:
    return [
        Person(
            chat_id=number,
            zone=ZONES[number % len(ZONES)],
            times=("06:45", "18:05") if number % 10 == 0 else ("06:45",) if number % 2 else ("18:05",),
            weekdays=WORKDAYS if number % 5 == 0 else 127,
            follows=target(number // 4, number) if number % 4 == 1 else None,
            mutes=target(number // 7, number + 1) if number % 7 in (2, 3) else None,
            muted_until=START + timedelta(days=10, hours=3) if number % 7 == 3 else None,
            empty_days=number % 6 != 0,
            language=LANGUAGES[number % 7 % 6],
            sections=SECTIONS[number % 3],
            region=REGIONS[tuple(REGIONS)[number % 3]] if number % 11 == 4 else None,
            paused_until=START + timedelta(days=9, hours=20) if number % 13 == 5 else None,
            alerts=target(number // 3, number) if number <= WATCHERS else None,
            quiet=("22:00-07:00", "off", "12:00-18:30")[number % 3],
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
            made.append(
                Report(
                    f"R{number:03}X",
                    codes[(number * 5 + day) % 6],
                    TOPICS[(number + day) % 4],
                    list(Domain)[(number * 2 + day) % 5],
                    PUBLISHERS[(number + day // 2) % 3],
                    begin + timedelta(hours=1 + 8 * place, minutes=13, seconds=number),
                )
            )
        first = made[-3]
        again = begin + timedelta(hours=31)
        made.append(replace(first, publisher=COPIES, picked_up=again, copies=first))
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


def muted(person: Person, report: Report, at: datetime) -> bool:
    in_force = person.mutes is not None and (person.muted_until is None or at < person.muted_until)
    return bool(in_force and touches(person.mutes or "", report))


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
        if person.paused_until is not None and sent < person.paused_until:
            continue
        begin = until - timedelta(hours=24) if since is None else since
        since = until
        heard = [one for one in told if one.picked_up <= until and not muted(person, one, sent)]
        known = {one.token for one in heard if one.picked_up <= begin}
        news = [
            one
            for one in heard
            if one.picked_up > begin
            and one.token not in known
            and (person.region is None or REGIONS.get(one.country) == person.region)
        ]
        if news or person.empty_days:
            wanted = [each for each in (person.follows, person.alerts) if each]  # an alert is a follow too
            followed = {one.token for one in news if any(touches(each, one) for each in wanted)}
            posts.append((sent, {one.token for one in news}, followed))
    return posts


def quiet(person: Person, at: datetime) -> bool:
    if person.quiet == "off":
        return False
    begin, end = (time.fromisoformat(words) for words in person.quiet.split("-"))
    local = at.astimezone(ZoneInfo(person.zone)).time()
    return begin <= local < end if begin < end else local >= begin or local < end


def expected_alerts(
    person: Person, told: list[Report], ticks: list[datetime]
) -> list[tuple[datetime, set[str]]]:
    """(when, tokens) of each message: what came since the wish, or the last look outside quiet hours."""
    alerts = []
    since = START
    for tick in ticks:
        if quiet(person, tick):
            continue
        begin, since = since, tick
        heard = [one for one in told if begin < one.picked_up <= tick and not muted(person, one, tick)]
        news = {
            one.token for one in heard if one.copies is None and person.alerts and touches(person.alerts, one)
        }
        if news:
            alerts.append((tick, news))
    return alerts


# --- the run ----------------------------------------------------------------------------------------------


async def subscribe(store, person: Person) -> None:
    await seen(store, person.chat_id, now=START)
    settings = {"empty_days": person.empty_days, "stories": 50, "quiet": person.quiet}
    settings |= {"sections": list(person.sections)} if person.sections else {}
    settings |= {"regions": [person.region]} if person.region else {}
    async with store.begin() as tx:
        await tx.chats.update(person.chat_id, zone=person.zone, language=person.language, settings=settings)
        for words in person.times:
            await tx.schedules.put(
                person.chat_id,
                local_time=words,
                zone=person.zone,
                weekdays=person.weekdays,
                origin="chat",
                now=START,
            )
        if person.paused_until is not None:
            await tx.schedules.pause(person.chat_id, person.paused_until)
        if person.follows:
            await tx.follows.put(person.chat_id, person.follows, now=START)
        if person.mutes:
            await tx.follows.put(person.chat_id, person.mutes, mute=True, until=person.muted_until, now=START)
        if person.alerts:
            await tx.follows.put(person.chat_id, person.alerts, alerts=True, now=START)


async def pick_up(store, report: Report, stories: dict[str, int]) -> None:
    name, token = COUNTRIES[report.country], report.token.lower()
    asked = f"open {token}gate and {token}port to {token}hall over {report.topic}"
    words = (
        f"{name} demands that Atlantis {asked} at once.",
        f"Clerks in {name} carried {token} boxes up the stairs.",
    )
    read = read_document(
        words,
        f"{name} and the {report.topic} of case {report.token}",
        actors=[an_actor(name, country=report.country, key=f"state:{report.country}")],
        conditions=[a_condition(words[0], asked, domain=report.domain, holder=name, addressee="Atlantis")],
    )
    async with store.begin() as tx:
        (added,) = await tx.documents.add(
            [
                NewDocument(
                    FoundDocument(key=f"{report.publisher}-{report.token}", content=b"x"),
                    read,
                    source_id=None,
                    publisher=report.publisher,
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
            by_chat[one.message.chat_id].inbox.append((now, one.kind, one.message.part.plain))
            outcomes.append(Outcome(one, "sent", now, message_id=len(by_chat[one.message.chat_id].inbox)))
        async with store.begin() as tx:
            await tx.outbox.finish(outcomes, timedelta(seconds=1))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_in_a_month_everybody_gets_exactly_what_was_due(kind, tmp_path):
    everybody, told = people(), reports()
    by_chat = {person.chat_id: person for person in everybody}
    due = {due for person in everybody for due in slots_of(person) if not DOWN < due < UP} | {UP}
    hours = {START + timedelta(hours=3 * number) for number in range(8 * DAYS)}
    looks = sorted(look for look in hours if not DOWN < look < UP)
    async with opened_store(kind, tmp_path) as store:
        for person in everybody:
            await subscribe(store, person)
        clock = SetClock(START)
        publisher = Publisher(store, clock, grace=GRACE)
        alerts = Alerts(store, clock)
        waiting = list(told)
        stories: dict[str, int] = {}
        for moment in sorted(due | set(looks)):
            clock.now = moment
            while waiting and waiting[0].picked_up <= moment:
                await pick_up(store, waiting.pop(0), stories)
            if moment in due:
                await publisher.tick()
            if moment in looks:
                await alerts.tick()
            await deliver(store, by_chat, moment)
    posts = alerted = 0
    for person in everybody:
        expected = expected_of(person, told)
        got = [(when, set(TOKEN.findall(text))) for when, text in person.posts()]
        assert got == [(when, tokens) for when, tokens, _ in expected], person.chat_id
        for (when, text), (_, tokens, followed) in zip(person.posts(), expected, strict=True):
            local = when.astimezone(ZoneInfo(person.zone))
            assert not tokens or format_date(local, "full", locale=person.language) in text
            if followed:
                assert TOKEN.findall(text)[0] in followed, (person.chat_id, text)
        times = Counter(token for _, tokens in got for token in tokens)
        assert set(times.values()) <= {1}
        told_at_once = [
            (when, set(TOKEN.findall(text))) for when, kind, text in person.inbox if kind == "alert"
        ]
        assert told_at_once == (expected_alerts(person, told, looks) if person.alerts else []), person.chat_id
        posts += len(got)
        alerted += len(told_at_once)
    assert posts > 20 * PEOPLE  # the month was not an empty one
    assert alerted > 5 * WATCHERS
