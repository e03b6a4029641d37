"""From schedules that are due to rows in the outbox.

    due (a batch, by time) ─► decide (slots.due_slots) ─► window ─► group by edition key
        ─► compose ─► render, once for each edition
        ─► one transaction: edition and parts, slots claimed, deliveries enqueued, schedules advanced

Any number of processes may tick: a slot's unique key decides whose it is, and the loser's rows are never
written. What one process composes in vain because another was faster costs time, not correctness.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from digestbot.digest import compose, settings_of
from digestbot.errors import StorageError
from digestbot.metrics import Metrics
from digestbot.model import Coverage, Digest, DigestSettings, MessagePart, Slot, Story, Window
from digestbot.notices import tell_once
from digestbot.protocols.chat import Chat, Follow
from digestbot.protocols.delivery import DueSchedule, SlotClaim, Target
from digestbot.protocols.store import Clock, Store, Transaction
from digestbot.rendering.notices import missed_notice
from digestbot.rendering.telegram import render_post
from digestbot.slots import DueSlots, due_slots

log = logging.getLogger(__name__)

FIRST_WINDOW = timedelta(hours=24)
"""What a chat's first digest covers."""
LONGEST_WINDOW = timedelta(days=8)
"""A chat that paused for longer is not told all of it."""
MISSED = "missed while digestbot was not running"
LATE_AFTER = timedelta(minutes=2)
"""Later than that, a digest covers what came in up to now, not only up to the time it was due."""


class Compose(Protocol):
    """Chooses and orders what a digest holds; pure."""

    def __call__(
        self,
        stories: Sequence[Story],
        coverage: Coverage,
        *,
        settings: DigestSettings,
        window: Window,
        now: datetime,
    ) -> Digest: ...


Render = Callable[[Digest], tuple[MessagePart, ...]]
SettingsOf = Callable[[Chat, Sequence[Follow]], DigestSettings]


@dataclass(frozen=True, slots=True)
class Editorial:
    """How digests are made: the pure functions."""

    compose: Compose = compose
    render: Render = render_post
    settings_of: SettingsOf = settings_of


STANDARD = Editorial()


@dataclass(frozen=True, slots=True)
class Published:
    """What one tick did: slots by outcome, and editions made."""

    published: int = 0
    empty: int = 0
    skipped: int = 0
    editions: int = 0

    def __add__(self, other: Published) -> Published:
        return Published(
            self.published + other.published,
            self.empty + other.empty,
            self.skipped + other.skipped,
            self.editions + other.editions,
        )


@dataclass(slots=True)
class _Group:
    """Chats that share an edition."""

    settings: DigestSettings
    window: Window
    members: list[tuple[DueSchedule, Slot]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Edition:
    """A composed and rendered edition. No parts: nothing to say."""

    digest: Digest
    parts: tuple[MessagePart, ...]


class Publisher:
    """Turns due slots into outbox rows."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        editorial: Editorial = STANDARD,
        grace: timedelta = timedelta(hours=6),
        batch: int = 1000,
        metrics: Metrics | None = None,
        on_enqueued: Callable[[], None] | None = None,
        reading: Callable[[], bool] = lambda: False,
        admins: Sequence[int] = (),
    ) -> None:
        """`grace`: how late a missed digest still comes. `batch`: schedules in one transaction.
        `on_enqueued`: called after rows were committed, to wake the sender. `reading`: whether what came
        while digestbot was not running is still being read; slots wait for it, and hold it. `admins`: told
        of digests that were missed."""
        self._store = store
        self._editorial = editorial
        self._clock = clock
        self._grace = grace
        self._batch = batch
        self._metrics = metrics or Metrics()
        self._on_enqueued = on_enqueued
        self._reading = reading
        self._admins = admins
        self._waited: datetime | None = None

    async def tick(self, now: datetime | None = None) -> Published:
        """Decide over every slot that is due."""
        now = now or self._clock()
        total = Published()
        if self._reading():
            self._waited = now
            return total
        after: tuple[datetime, int] | None = None
        readings = _Readings(self._store)
        while True:
            async with self._store.read() as tx:
                batch = await tx.schedules.due(now, self._batch, after)
            if not batch:
                return total
            last = batch[-1].schedule
            after = (last.next_due, last.schedule_id)
            total += await self._publish(batch, now, readings)

    async def post(self, chat: Chat, *, thread_id: int | None = None) -> bool:
        """Enqueue a digest of the last 24 hours for one chat, outside its schedule; False where it is empty.

        Asking again within the same second gives the same edition, and so no second post.
        """
        now = self._clock().replace(microsecond=0)
        async with self._store.read() as tx:
            follows = await tx.follows.for_chat(chat.chat_id, now=now)
        settings = self._editorial.settings_of(chat, follows)
        group = _Group(settings, Window(now - FIRST_WINDOW, now))
        key = edition_key(group.settings, group.window)
        edition = await self._edition(group, now, _Readings(self._store))
        if not edition.parts:
            return False
        target = Target(chat.chat_id, thread_id, now, now + self._grace)
        async with self._store.begin() as tx:
            edition_id, parts = await tx.outbox.add_edition(
                key, group.window, edition.digest, edition.parts, now
            )
            await tx.outbox.enqueue(edition_id, parts, [target], now)
        if self._on_enqueued is not None:
            self._on_enqueued()
        return True

    async def _publish(self, batch: Sequence[DueSchedule], now: datetime, readings: _Readings) -> Published:
        decisions: dict[tuple[str, str, int, datetime], DueSlots] = {}
        advance: dict[datetime, list[int]] = {}
        claims: list[SlotClaim] = []
        to_publish: list[tuple[DueSchedule, Slot]] = []
        for due in batch:
            schedule = due.schedule
            same = (schedule.local_time, schedule.zone, schedule.weekdays, schedule.next_due)
            if same not in decisions:
                decisions[same] = due_slots(
                    schedule.local_time,
                    schedule.zone,
                    schedule.weekdays,
                    first_due=schedule.next_due,
                    now=now,
                    grace=self._grace,
                )
            decided = decisions[same]
            advance.setdefault(decided.next_due, []).append(schedule.schedule_id)
            if not due.chat.active:
                continue
            if schedule.paused_until is not None and now < schedule.paused_until:
                missed = [*decided.skipped, *([decided.publish] if decided.publish else [])]
                claims.extend(SlotClaim(schedule, slot, "skipped", reason="paused") for slot in missed)
                continue
            claims.extend(SlotClaim(schedule, slot, "skipped", reason=MISSED) for slot in decided.skipped)
            if decided.publish is not None:
                to_publish.append((due, decided.publish))
        groups = await self._groups(to_publish, now)
        async with self._store.read() as tx:
            stored = await tx.outbox.editions(groups)
        made: dict[str, _Edition] = {}
        for key in [key for key in groups if key not in stored]:
            try:
                made[key] = await self._edition(groups[key], now, readings)
            except StorageError:
                raise
            except Exception:
                # A digest that cannot be made must not hold up the others. Its schedules stay due: the next
                # tick tries again, until their grace ends.
                stuck = {due.schedule.schedule_id for due, _ in groups.pop(key).members}
                log.exception("no digest can be made for %d chats", len(stuck))
                claims = [claim for claim in claims if claim.schedule.schedule_id not in stuck]
                advance = {at: [i for i in ids if i not in stuck] for at, ids in advance.items()}
        return await self._commit(groups, stored, made, claims, advance, now)

    async def _groups(self, due: Sequence[tuple[DueSchedule, Slot]], now: datetime) -> dict[str, _Group]:
        """Chats with the same settings, locale and window, by edition key."""
        windows = [self._window(member, slot, now) for member, slot in due]
        if windows:
            # Before anything is read: a document that is still being stored belongs to the next window.
            async with self._store.begin() as tx:
                await tx.stories.close_news(max(window.until for window in windows))
        settings = {member.chat.chat_id: self._settings(member) for member, _ in due}
        private = {chat_id for chat_id, wanted in settings.items() if wanted.scope is not None}
        if private:
            widest = Window(now - LONGEST_WINDOW, now)
            async with self._store.read() as tx:
                own = await tx.schedules.with_own_documents(private, widest)
            for chat_id in private - own:  # nothing of its own: it can share an edition
                settings[chat_id] = replace(settings[chat_id], scope=None)
        groups: dict[str, _Group] = {}
        for (member, slot), window in zip(due, windows, strict=True):
            wanted = settings[member.chat.chat_id]
            key = edition_key(wanted, window)
            groups.setdefault(key, _Group(wanted, window)).members.append((member, slot))
        return groups

    def _settings(self, due: DueSchedule) -> DigestSettings:
        wanted = self._editorial.settings_of(due.chat, due.follows)
        return wanted if due.chat.zone else replace(wanted, zone=due.schedule.zone)

    def _window(self, due: DueSchedule, slot: Slot, now: datetime) -> Window:
        """From where the chat's last digest ended to this slot, or to now where this one is late."""
        late = now - slot.due > LATE_AFTER or (self._waited is not None and slot.due <= self._waited)
        until = now if late else slot.due
        since = due.covered_until or until - FIRST_WINDOW
        return Window(max(min(since, until), until - LONGEST_WINDOW), until)

    async def _edition(self, group: _Group, now: datetime, readings: _Readings) -> _Edition:
        stories, coverage = await readings.of(group.window, group.settings.scope)
        digest = await asyncio.to_thread(  # people are answered meanwhile
            self._editorial.compose, stories, coverage, settings=group.settings, window=group.window, now=now
        )
        if not digest.stories and not group.settings.empty_days:
            return _Edition(digest, ())
        return _Edition(digest, self._editorial.render(digest))

    async def _commit(
        self,
        groups: dict[str, _Group],
        known: dict[str, tuple[int, int]],
        made: dict[str, _Edition],
        skipped: Sequence[SlotClaim],
        advance: dict[datetime, list[int]],
        now: datetime,
    ) -> Published:
        """One transaction for the batch. Editions by key, then slots by key: two processes that meet wait
        for one another in one order."""
        async with self._store.begin() as tx:
            stored = dict(known)
            claims = list(skipped)
            for key in sorted(groups):
                if key in made and made[key].parts:
                    stored[key] = await tx.outbox.add_edition(
                        key, groups[key].window, made[key].digest, made[key].parts, now
                    )
                claims.extend(
                    SlotClaim(
                        due.schedule,
                        slot,
                        "published" if key in stored else "empty",
                        until=groups[key].window.until,
                        edition_id=stored[key][0] if key in stored else None,
                    )
                    for due, slot in groups[key].members
                )
            ours = await tx.schedules.claim(claims, now)
            for key, (edition_id, parts) in stored.items():
                targets = [
                    self._target(due, slot)
                    for due, slot in groups[key].members
                    if (due.schedule.schedule_id, slot) in ours
                ]
                await tx.outbox.enqueue(edition_id, parts, targets, now)
            for next_due in sorted(advance):
                await tx.schedules.advance(advance[next_due], next_due)
            await self._tell_missed(tx, claims, ours, now)
        counts = {"published": 0, "empty": 0, "skipped": 0}
        for claim in claims:
            if (claim.schedule.schedule_id, claim.slot) in ours:
                counts[claim.state] += 1
                if claim.reason and claim.state == "skipped":
                    log.info(
                        "slot of chat %d on %s at %s skipped: %s",
                        claim.schedule.chat_id,
                        claim.slot.local_date,
                        claim.slot.local_time,
                        claim.reason,
                    )
        for state, count in counts.items():
            self._metrics.slots.labels(state=state).inc(count)
        self._metrics.editions.inc(len(made))
        if stored and self._on_enqueued is not None:
            self._on_enqueued()
        return Published(counts["published"], counts["empty"], counts["skipped"], len(made))

    async def _tell_missed(
        self, tx: Transaction, claims: Sequence[SlotClaim], ours: set[tuple[int, Slot]], now: datetime
    ) -> None:
        """Once for a downtime: its slots are decided over within the hour, in however many batches."""
        missed = [
            claim.slot.due
            for claim in claims
            if claim.reason == MISSED and (claim.schedule.schedule_id, claim.slot) in ours
        ]
        if missed:
            notice = partial(missed_notice, max(missed), self._grace / timedelta(hours=1))
            await tell_once(tx, self._admins, notice, key=f"missed:{now:%Y-%m-%dT%H}", now=now)

    def _target(self, due: DueSchedule, slot: Slot) -> Target:
        return Target(
            chat_id=due.schedule.chat_id,
            thread_id=due.schedule.thread_id,
            due=slot.due,
            expires=slot.due + self._grace,
            silent=bool(due.chat.settings.get("silent", False)),
        )


class _Readings:
    """What the windows of one tick hold, read once for all editions that share them; few at a time."""

    def __init__(self, store: Store, most: int = 4) -> None:
        self._store = store
        self._most = most
        self._read: dict[tuple[Window, int | None], tuple[Sequence[Story], Coverage]] = {}

    async def of(self, window: Window, scope: int | None) -> tuple[Sequence[Story], Coverage]:
        """The stories of a window and what was read in it."""
        if (window, scope) not in self._read:
            while len(self._read) >= self._most:
                del self._read[next(iter(self._read))]
            async with self._store.read() as tx:
                stories = await tx.stories.in_window(window, scope=scope)
                self._read[window, scope] = stories, await tx.documents.coverage(window, scope=scope)
        return self._read[window, scope]


async def compose_now(store: Store, settings: DigestSettings, window: Window, now: datetime) -> Digest:
    """Compose the digest of a window as it stands now; nothing is recorded."""
    stories, coverage = await _Readings(store).of(window, settings.scope)
    return await asyncio.to_thread(compose, stories, coverage, settings=settings, window=window, now=now)


def edition_key(settings: DigestSettings, window: Window) -> str:
    """Equal for equal settings and windows, in every process."""
    said = json.dumps(
        [asdict(settings), window.since.isoformat(), window.until.isoformat()], sort_keys=True, default=str
    )
    return hashlib.sha256(said.encode()).hexdigest()
