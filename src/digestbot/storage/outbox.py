"""The outbox aggregate: editions, and one row for each message part on its way to one chat.

    pending ──lease──► leased ──start──► sending ──finish──► sent | failed | skipped
       ▲ ▲               │                  │  └── finish ──► pending (to be tried again)
       │ └── lease ran out┘                  │
       └──────── lease ran out: uncertain ───┘   (with `resend`; else skipped)

Every arrow compares the row's token. A part is leased only when the parts ahead of it in the same digest
and chat are final, so that order is kept however many processes send.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter
from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.model import Digest, MessagePart, OutgoingMessage, Window
from digestbot.protocols.delivery import Delivery, FailedDelivery, OutboxStatus, Outcome, Target
from digestbot.storage.tables import deliveries, edition_parts, editions, slots
from digestbot.storage.upserts import chunks, insert_into

AHEAD = timedelta(days=1)
"""Rows go by `not_before`: alerts and notices are dated back so far, to go before a broadcast under way."""
FINAL = ("sent", "failed", "skipped")
_PART = TypeAdapter(MessagePart)
_DIGEST = TypeAdapter(Digest)


class Outbox:
    """Rows of editions and deliveries on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    # --- producing ------------------------------------------------------------------------------------

    async def editions(self, edition_keys: Collection[str]) -> dict[str, tuple[int, int]]:
        """(edition id, number of parts) of those that are stored, by key."""
        stored: dict[str, tuple[int, int]] = {}
        for keys in chunks(sorted(edition_keys)):
            found = await self._connection.execute(
                select(editions.c.edition_key, editions.c.id, editions.c.parts).where(
                    editions.c.edition_key.in_(keys)
                )
            )
            stored.update({row.edition_key: (row.id, row.parts) for row in found})
        return stored

    async def add_edition(
        self, edition_key: str, window: Window, digest: Digest, parts: Sequence[MessagePart], now: datetime
    ) -> tuple[int, int]:
        """Store an edition, or find the one another process stored first; (edition id, number of parts)."""
        edition_id = await self._connection.scalar(
            insert_into(self._connection, editions)
            .values(
                edition_key=edition_key,
                since=window.since,
                until=window.until,
                digest=_DIGEST.dump_python(digest, mode="json"),
                parts=len(parts),
                created=now,
            )
            .on_conflict_do_nothing(index_elements=["edition_key"])
            .returning(editions.c.id)
        )
        if edition_id is None:
            return (await self.editions([edition_key]))[edition_key]
        if parts:
            await self._connection.execute(
                edition_parts.insert(),
                [
                    {
                        "edition_id": edition_id,
                        "part": number,
                        "message": _PART.dump_python(part, mode="json"),
                    }
                    for number, part in enumerate(parts)
                ],
            )
        return int(edition_id), len(parts)

    async def edition_digest(self, edition_id: int) -> Digest | None:
        """The digest an edition was rendered from."""
        stored = await self._connection.scalar(select(editions.c.digest).where(editions.c.id == edition_id))
        return None if stored is None else _DIGEST.validate_python(stored)

    async def digest_sent(self, chat_id: int, message_id: int) -> Digest | None:
        """The digest that a message of ours is part of; None for other messages, and once it is pruned."""
        stored = await self._connection.scalar(
            select(editions.c.digest)
            .join(deliveries, deliveries.c.edition_id == editions.c.id)
            .where(
                deliveries.c.chat_id == chat_id,
                deliveries.c.state == "sent",
                deliveries.c.message_id == message_id,
            )
        )
        return None if stored is None else _DIGEST.validate_python(stored)

    async def enqueue(self, edition_id: int, parts: int, targets: Sequence[Target], now: datetime) -> None:
        """One row for each target and part, in order; those already there are left alone."""
        rows = [
            {
                "edition_id": edition_id,
                "chat_id": target.chat_id,
                "thread_id": target.thread_id or 0,
                "part": part,
                "kind": "digest",
                "silent": target.silent,
                "state": "pending",
                "not_before": now,
                "expires": target.expires,
                "due": target.due,
                "created": now,
            }
            for target in targets
            for part in range(parts)
        ]
        if rows:
            await self._connection.execute(
                insert_into(self._connection, deliveries).on_conflict_do_nothing(), rows
            )

    async def enqueue_message(
        self,
        message: OutgoingMessage,
        *,
        dedupe_key: str,
        kind: str,
        now: datetime,
        expires: datetime,
        not_before: datetime | None = None,
    ) -> bool:
        """A message of its own; False where one with that key was enqueued before."""
        new = await self._connection.scalar(
            insert_into(self._connection, deliveries)
            .values(
                chat_id=message.chat_id,
                thread_id=message.thread_id or 0,
                part=0,
                message=_PART.dump_python(message.part, mode="json"),
                dedupe_key=dedupe_key,
                kind=kind,
                silent=message.silent,
                state="pending",
                not_before=not_before or now - AHEAD,
                expires=expires,
                due=not_before or now,
                created=now,
            )
            .on_conflict_do_nothing(index_elements=["dedupe_key"])
            .returning(deliveries.c.id)
        )
        return new is not None

    # --- sending --------------------------------------------------------------------------------------

    async def lease(self, now: datetime, limit: int, seconds: float) -> list[Delivery]:
        """Take rows that may be sent now: never a part before the parts ahead of it are final."""
        ahead = deliveries.alias()
        blocked = (
            select(ahead.c.id)
            .where(
                ahead.c.edition_id == deliveries.c.edition_id,
                ahead.c.chat_id == deliveries.c.chat_id,
                ahead.c.thread_id == deliveries.c.thread_id,
                ahead.c.part < deliveries.c.part,
                ahead.c.state.not_in(FINAL),
            )
            .exists()
        )
        free = (
            select(deliveries.c.id)
            .where(deliveries.c.state == "pending", deliveries.c.not_before <= now, ~blocked)
            .order_by(deliveries.c.not_before, deliveries.c.id)
            .limit(limit)
        )
        if self._connection.dialect.name == "postgresql":
            free = free.with_for_update(skip_locked=True)
        token = uuid4().hex
        until = now + timedelta(seconds=seconds)
        taken = (
            await self._connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(free))
                .values(state="leased", lease_until=until, lease_token=token)  # pending → leased
                .returning(*deliveries.c)
            )
        ).all()
        parts = await self._parts({row.edition_id for row in taken if row.edition_id is not None})
        counts: dict[int, int] = {}
        for edition_id, _ in parts:
            counts[edition_id] = counts.get(edition_id, 0) + 1
        return [
            _delivery(row, parts, counts) for row in sorted(taken, key=lambda row: (row.not_before, row.id))
        ]

    async def _parts(self, edition_ids: set[int]) -> dict[tuple[int, int], MessagePart]:
        found: dict[tuple[int, int], MessagePart] = {}
        for ids in chunks(sorted(edition_ids)):
            rows = await self._connection.execute(
                select(edition_parts).where(edition_parts.c.edition_id.in_(ids))
            )
            found.update({(row.edition_id, row.part): _PART.validate_python(row.message) for row in rows})
        return found

    async def start(self, started: Sequence[Delivery], now: datetime, seconds: float) -> set[int]:
        """leased → sending, to be committed before the call; the ids still ours."""
        by_token: dict[str, list[int]] = {}
        for delivery in started:
            by_token.setdefault(delivery.token, []).append(delivery.delivery_id)
        ours: set[int] = set()
        for token, ids in by_token.items():
            found = await self._connection.scalars(
                update(deliveries)
                .where(
                    deliveries.c.id.in_(ids),
                    deliveries.c.lease_token == token,
                    deliveries.c.state == "leased",
                )
                .values(state="sending", lease_until=now + timedelta(seconds=seconds))
                .returning(deliveries.c.id)
            )
            ours.update(found)
        return ours

    async def finish(self, outcomes: Sequence[Outcome], part_gap: timedelta) -> set[int]:
        """Record outcomes; the ids still ours. The next part waits `part_gap` after one that was sent."""
        alike: dict[tuple[Any, ...], list[Outcome]] = {}
        for outcome in sorted(outcomes, key=lambda outcome: outcome.delivery.delivery_id):
            told = (outcome.state, outcome.not_before, outcome.reason, outcome.uncertain, outcome.counts)
            alike.setdefault((outcome.delivery.token, *told), []).append(outcome)
        recorded: set[int] = set()
        for group in alike.values():
            recorded.update(await self._finish_alike(group))
        ours = [outcome for outcome in outcomes if outcome.delivery.delivery_id in recorded]
        arrived = [
            {"of_id": outcome.delivery.delivery_id, "new_message_id": outcome.message_id}
            for outcome in ours
            if outcome.state == "sent" and outcome.message_id is not None
        ]
        if arrived:
            await self._connection.execute(
                update(deliveries)
                .where(deliveries.c.id == bindparam("of_id"))
                .values(message_id=bindparam("new_message_id")),
                arrived,
            )
        following = [
            {
                "of_edition": outcome.delivery.edition_id,
                "of_chat": outcome.delivery.message.chat_id,
                "of_thread": outcome.delivery.message.thread_id or 0,
                "of_part": outcome.delivery.part + 1,
                "new_not_before": outcome.at + part_gap,
            }
            for outcome in ours
            if outcome.state == "sent" and outcome.delivery.part + 1 < outcome.delivery.parts
        ]
        if following:
            await self._connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.edition_id == bindparam("of_edition"),
                    deliveries.c.chat_id == bindparam("of_chat"),
                    deliveries.c.thread_id == bindparam("of_thread"),
                    deliveries.c.part == bindparam("of_part"),
                    deliveries.c.state == "pending",
                    deliveries.c.not_before < bindparam("new_not_before"),
                )
                .values(not_before=bindparam("new_not_before")),
                following,
            )
        return recorded

    async def _finish_alike(self, group: Sequence[Outcome]) -> Sequence[int]:
        """Outcomes alike but for row and message id, in one statement: leased or sending → their state."""
        first = group[0]
        at = max(outcome.at for outcome in group)
        found = await self._connection.scalars(
            update(deliveries)
            .where(
                deliveries.c.id.in_([outcome.delivery.delivery_id for outcome in group]),
                deliveries.c.lease_token == first.delivery.token,
                deliveries.c.state.in_(("leased", "sending")),
            )
            .values(
                state=first.state,
                message_id=None,
                reason=first.reason,
                not_before=first.not_before or at,
                finished=at if first.state in FINAL else None,
                attempts=deliveries.c.attempts + int(first.counts),
                uncertain=deliveries.c.uncertain + int(first.uncertain),
                lease_until=None,
                lease_token=None,
            )
            .returning(deliveries.c.id)
        )
        return found.all()

    async def recover(self, now: datetime, *, resend: bool) -> tuple[int, int]:
        """Take back leases that ran out: (leased rows now pending, sending rows now uncertain)."""
        released = await self._connection.scalars(
            update(deliveries)
            .where(deliveries.c.state == "leased", deliveries.c.lease_until < now)
            .values(state="pending", lease_until=None, lease_token=None)  # leased → pending: not tried
            .returning(deliveries.c.id)
        )
        outcome: dict[str, Any] = (
            {"state": "pending", "reason": "the process ended before Telegram's answer was recorded"}
            if resend
            else {
                "state": "skipped",
                "finished": now,
                "reason": "the process ended before Telegram's answer was recorded; it is not sent twice",
            }
        )
        unsure = await self._connection.scalars(
            update(deliveries)
            .where(deliveries.c.state == "sending", deliveries.c.lease_until < now)
            .values(  # sending → uncertain → pending or skipped
                attempts=deliveries.c.attempts + 1,
                uncertain=deliveries.c.uncertain + 1,
                lease_until=None,
                lease_token=None,
                **outcome,
            )
            .returning(deliveries.c.id)
        )
        return len(released.all()), len(unsure.all())

    async def drop_chat(self, chat_id: int, reason: str, now: datetime) -> int:
        """Skip everything that waits for this chat; how many rows."""
        gone = await self._connection.scalars(
            update(deliveries)
            .where(deliveries.c.chat_id == chat_id, deliveries.c.state == "pending")
            .values(state="skipped", reason=reason, finished=now)  # pending → skipped
            .returning(deliveries.c.id)
        )
        return len(gone.all())

    # --- looking and keeping --------------------------------------------------------------------------

    async def status(self, now: datetime) -> OutboxStatus:
        """The outbox in numbers."""
        counted = await self._connection.execute(
            select(deliveries.c.state, func.count())
            .where(deliveries.c.state.in_(("pending", "leased", "sending", "failed")))
            .group_by(deliveries.c.state)
        )
        counts = {row[0]: int(row[1]) for row in counted}
        oldest = (
            await self._connection.execute(
                select(deliveries.c.not_before, deliveries.c.created)
                .where(deliveries.c.state == "pending", deliveries.c.not_before <= now)
                .order_by(deliveries.c.not_before)
                .limit(1)
            )
        ).one_or_none()
        return OutboxStatus(
            pending=counts.get("pending", 0),
            in_flight=counts.get("leased", 0) + counts.get("sending", 0),
            failed=counts.get("failed", 0),
            oldest_due=None if oldest is None else max(oldest.not_before, oldest.created),
        )

    async def failures(self, limit: int) -> list[FailedDelivery]:
        """What failed or was skipped, newest first."""
        rows = await self._connection.execute(
            select(deliveries)
            .where(deliveries.c.state.in_(("failed", "skipped")), deliveries.c.finished.is_not(None))
            .order_by(deliveries.c.finished.desc())
            .limit(limit)
        )
        return [
            FailedDelivery(row.id, row.chat_id, row.kind, row.state, row.reason or "", row.due, row.finished)
            for row in rows
        ]

    async def retry(self, delivery_id: int, now: datetime, expires: datetime) -> bool:
        """Put a failed or skipped row back; False where there is none such."""
        back = await self._connection.scalar(
            update(deliveries)
            .where(deliveries.c.id == delivery_id, deliveries.c.state.in_(("failed", "skipped")))
            .values(state="pending", not_before=now, expires=expires, finished=None, reason=None)
            .returning(deliveries.c.id)
        )
        return back is not None

    async def prune(self, before: datetime, limit: int) -> int:
        """Delete finished rows, and editions nobody waits for, older than that; how many rows."""
        old = (
            select(deliveries.c.id)
            .where(deliveries.c.finished < before)
            .order_by(deliveries.c.finished)
            .limit(limit)
        )
        gone = await self._connection.scalars(
            delete(deliveries).where(deliveries.c.id.in_(old)).returning(deliveries.c.id)
        )
        unused = (
            select(editions.c.id)
            .where(
                editions.c.created < before,
                ~select(deliveries.c.id).where(deliveries.c.edition_id == editions.c.id).exists(),
                ~select(slots.c.id)
                .where(slots.c.edition_id == editions.c.id, slots.c.due >= before)
                .exists(),
            )
            .order_by(editions.c.created)
            .limit(limit)
        )
        await self._connection.execute(delete(editions).where(editions.c.id.in_(unused)))
        return len(gone.all())


def _delivery(row: Row[Any], parts: dict[tuple[int, int], MessagePart], counts: dict[int, int]) -> Delivery:
    part = (
        parts[row.edition_id, row.part] if row.edition_id is not None else _PART.validate_python(row.message)
    )
    return Delivery(
        delivery_id=row.id,
        token=row.lease_token,
        message=OutgoingMessage(row.chat_id, part, thread_id=row.thread_id or None, silent=row.silent),
        kind=row.kind,
        edition_id=row.edition_id,
        part=row.part,
        parts=counts.get(row.edition_id, 1),
        attempts=row.attempts,
        uncertain=row.uncertain,
        due=row.due,
        expires=row.expires,
        lease_until=row.lease_until,
    )
