"""For those who run the bot, in their private chat: how it fares, what failed, trying again, invitations."""

from __future__ import annotations

from datetime import timedelta
from importlib.metadata import version
from itertools import groupby

from digestbot.bot.call import Call
from digestbot.bot.finding import NotFound
from digestbot.rendering.rich import Rich, plain
from digestbot.rendering.views import lines

SHOWN = 20
"""Failures listed in one answer."""
MOST_RETRIED = 1000
"""Failures put back by one `/retry all`."""
AGAIN_FOR = timedelta(hours=6)
"""How long a message that is tried again is worth sending."""
UNDELIVERED = frozenset({"failed"})


async def status(call: Call) -> None:
    """/status: what is kept, what waits, what failed, and when each job last ended well."""
    async with call.services.store.read() as tx:
        documents, stories = await tx.documents.count(), await tx.stories.count()
        chats = await tx.chats.counts()
        schedules, next_due = await tx.schedules.status()
        outbox = await tx.outbox.status(call.now)
        sources = [row.state for row in await tx.sources.all() if row.enabled and row.origin != "bulk"]
        beats = await tx.leases.heartbeats()
        up, down = await tx.follows.votes()
    number, zone = call.texts.number, call.chat.zone or call.services.defaults.zone
    states = ", ".join(
        f"{call.texts(f'operator.source_{state}')} {number(len(list(same)))}"
        for state, same in groupby(sorted(sources))
    )
    waiting = call.now - outbox.oldest_due if outbox.oldest_due else timedelta()
    items: list[Rich] = [
        call.texts.rich("operator.kept", documents=number(documents), stories=number(stories)),
        call.texts.rich(
            "operator.chats",
            private=number(chats.get("private", 0)),
            groups=number(chats.get("group", 0) + chats.get("supergroup", 0)),
            channels=number(chats.get("channel", 0)),
            schedules=number(schedules),
            next=call.texts.moment(next_due, zone) if next_due else "—",
        ),
        call.texts.rich(
            "operator.outbox",
            pending=number(outbox.pending),
            in_flight=number(outbox.in_flight),
            failed=number(outbox.failed),
            waiting=number(round(max(waiting, timedelta()).total_seconds())),
        ),
        call.texts.rich("operator.sources", states=states or "—"),
        call.texts.rich(
            "operator.jobs",
            jobs=", ".join(
                f"{name} {number(max(0, round((call.now - at).total_seconds())))} s"
                for name, at in sorted(beats.items())
            )
            or "—",
        ),
        call.texts.rich("operator.votes", up=number(up), down=number(down)),
    ]
    await call.answer(lines(call.texts, "operator.status", items, version=version("digestbot")))


async def failures(call: Call) -> None:
    """/failures: messages that could not be delivered, newest first, with their numbers."""
    zone = call.chat.zone or call.services.defaults.zone
    async with call.services.store.read() as tx:
        found = await tx.outbox.failures(SHOWN)
        names: dict[int, str] = {}
        for one in found:
            if one.chat_id not in names:
                chat = await tx.chats.get(one.chat_id)
                names[one.chat_id] = (chat.title or chat.username if chat else None) or str(one.chat_id)
    if not found:
        raise NotFound("operator.no_failures")
    items: list[Rich] = [
        call.texts.rich(
            "operator.failure",
            number=one.delivery_id,
            name=names[one.chat_id],
            at=call.texts.moment(one.due, zone),
            reason=one.reason,
        )
        for one in found
    ]
    await call.answer(lines(call.texts, "operator.failures", items))


async def retry(call: Call) -> None:
    """/retry number | all: put what failed back into the outbox."""
    wanted = call.arguments.strip().lower()
    async with call.services.store.begin() as tx:
        if wanted == "all":
            numbers = [
                one.delivery_id for one in await tx.outbox.failures(MOST_RETRIED) if one.state in UNDELIVERED
            ]
        elif wanted.isdecimal() and len(wanted) < 16:
            numbers = [int(wanted)]
        else:
            raise NotFound("operator.retry_usage")
        back = [one for one in numbers if await tx.outbox.retry(one, call.now, call.now + AGAIN_FOR)]
    if not back:
        raise NotFound("operator.nothing_to_retry")
    await call.say("operator.retried", n=call.texts.number(len(back)))


async def invite(call: Call) -> None:
    """/invite: a link by which others may use the bot."""
    access = call.services.access
    if access.who != "invited":
        await call.say("operator.invite_off", who=access.who)
        return
    parameter, until = access.invitation(call.now)
    zone = call.chat.zone or call.services.defaults.zone
    link = f"https://t.me/{call.bot.username}?start={parameter}"
    await call.say("operator.invitation", link=plain(link), until=call.texts.moment(until, zone))
