"""The sources aggregate: what is looked at, how it fares, and which of its items were dealt with.

add ──► due ──► claim (lease, token) ──► finish (state, next_due; lease given back)
                  └─ lease runs out: due again, the old token writes nothing more
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.protocols.ingest import SeenItem, SourceRow
from digestbot.storage.tables import source_items, sources
from digestbot.storage.upserts import chunks, insert_into

CHANGEABLE = frozenset(
    [
        "address",
        "title",
        "publisher",
        "options",
        "state",
        "state_since",
        "state_told",
        "last_error",
        "failures",
        "etag",
        "last_modified",
        "interval_seconds",
        "next_due",
        "last_checked",
        "last_success",
        "last_item",
        "enabled",
    ]
)
"""What a look may change; the lease goes by `claim`, `renew` and `finish` alone."""


class Sources:
    """Rows of sources and source_items on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        kind: str,
        address: str,
        *,
        now: datetime,
        origin: str,
        title: str | None = None,
        publisher: str | None = None,
        options: Mapping[str, Any] | None = None,
        added_by: int | None = None,
        enabled: bool = True,
    ) -> int:
        """A source to look at from now on (not yet, where `enabled` is False); its id.

        One with that address keeps its state.
        """
        given = {
            name: value for name, value in (("title", title), ("publisher", publisher)) if value is not None
        }
        source_id: int = (
            await self._connection.execute(
                insert_into(self._connection, sources)
                .values(
                    kind=kind,
                    address=address,
                    origin=origin,
                    title=title,
                    publisher=publisher,
                    options=dict(options or {}),
                    enabled=enabled,
                    state="new",
                    failures=0,
                    interval_seconds=1800,
                    next_due=now,
                    added_by=added_by,
                    created=now,
                )
                .on_conflict_do_update(index_elements=["kind", "address"], set_={"enabled": enabled, **given})
                .returning(sources.c.id)
            )
        ).scalar_one()
        return source_id

    async def all(self) -> list[SourceRow]:
        """Every source, in the order they were added."""
        found = await self._connection.execute(select(sources).order_by(sources.c.id))
        return [_row(row) for row in found]

    async def get(self, source_id: int) -> SourceRow | None:
        """The source, or None."""
        row = (await self._connection.execute(select(sources).where(sources.c.id == source_id))).one_or_none()
        return None if row is None else _row(row)

    async def find(self, kind: str, address: str) -> SourceRow | None:
        """The source of that kind and address, or None."""
        row = (
            await self._connection.execute(
                select(sources).where(sources.c.kind == kind, sources.c.address == address)
            )
        ).one_or_none()
        return None if row is None else _row(row)

    async def remove(self, source_id: int) -> bool:
        """Look there no more. Its documents stay; False where there is no such source."""
        gone = await self._connection.scalar(
            delete(sources).where(sources.c.id == source_id).returning(sources.c.id)
        )
        return gone is not None

    async def set_enabled(self, source_id: int, enabled: bool) -> bool:
        """Rest a source, or take it up again; False where there is no such source."""
        changed = await self._connection.scalar(
            update(sources).where(sources.c.id == source_id).values(enabled=enabled).returning(sources.c.id)
        )
        return changed is not None

    async def start(self, source_id: int, options: Mapping[str, Any], now: datetime) -> bool:
        """Look at a source from now on, with these options; False where there is no such source."""
        started = await self._connection.scalar(
            update(sources)
            .where(sources.c.id == source_id)
            .values(enabled=True, options=dict(options), next_due=now)
            .returning(sources.c.id)
        )
        return started is not None

    async def make_due(self, now: datetime, kind: str | None = None) -> None:
        """Let all sources (of a kind) be looked at with the next tick."""
        which = [sources.c.next_due > now] + ([sources.c.kind == kind] if kind else [])
        await self._connection.execute(update(sources).where(*which).values(next_due=now))

    async def claim(self, now: datetime, limit: int, seconds: float) -> list[tuple[SourceRow, str]]:
        """Lease sources that are due, longest due first; each with the token that proves the lease."""
        due = (
            select(sources.c.id)
            .where(
                sources.c.enabled == true(),
                sources.c.next_due <= now,
                or_(sources.c.lease_until.is_(None), sources.c.lease_until <= now),
            )
            .order_by(sources.c.next_due, sources.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = list(await self._connection.scalars(due))
        if not ids:
            return []
        token = str(uuid.uuid4())
        rows = await self._connection.execute(
            update(sources)
            .where(sources.c.id.in_(ids))
            .values(lease_until=now + timedelta(seconds=seconds), lease_token=token)
            .returning(*sources.c)
        )
        found = sorted((_row(row) for row in rows), key=lambda row: (row.next_due, row.source_id))
        return [(row, token) for row in found]

    async def renew(self, source_id: int, token: str, until: datetime) -> bool:
        """Hold a lease longer; False where it was lost."""
        held = await self._connection.scalar(
            update(sources)
            .where(sources.c.id == source_id, sources.c.lease_token == token)
            .values(lease_until=until)
            .returning(sources.c.id)
        )
        return held is not None

    async def finish(self, source_id: int, token: str, changes: Mapping[str, Any]) -> bool:
        """Write what a look changed and give the lease back; False (nothing written) where it was lost."""
        unknown = set(changes) - CHANGEABLE
        if unknown:
            raise ValueError(f"no such columns of a source: {', '.join(sorted(unknown))}")
        changes = dict(changes)
        moved = changes.get("address")
        if moved is not None:
            row = await self.get(source_id)
            if row is None or await self.find(row.kind, moved) is not None:
                del changes["address"]  # another source has the new address: this one keeps its own
        written = await self._connection.scalar(
            update(sources)
            .where(sources.c.id == source_id, sources.c.lease_token == token)
            .values(**changes, lease_until=None, lease_token=None)
            .returning(sources.c.id)
        )
        return written is not None

    async def seen(self, source_id: int) -> dict[str, str]:
        """Fingerprints by item key."""
        found = await self._connection.execute(
            select(source_items.c.item_key, source_items.c.fingerprint).where(
                source_items.c.source_id == source_id
            )
        )
        return {key: fingerprint for key, fingerprint in found}  # noqa: C416 - rows are no pairs to mypy

    async def record(self, source_id: int, items: Sequence[SeenItem], now: datetime) -> None:
        """Remember items as dealt with."""
        if not items:
            return
        statement = insert_into(self._connection, source_items)
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=["source_id", "item_key"],
            set_={
                "fingerprint": new.fingerprint,
                "document_id": new.document_id,
                "error": new.error,
                "last_seen": new.last_seen,
            },
        )
        await self._connection.execute(
            statement,
            [
                {
                    "source_id": source_id,
                    "item_key": item.key,
                    "fingerprint": item.fingerprint,
                    "document_id": item.document_id,
                    "error": item.error,
                    "first_seen": now,
                    "last_seen": now,
                }
                for item in items
            ],
        )

    async def forget(self, source_id: int, keys: Collection[str]) -> None:
        """Items that are no longer there."""
        for some in chunks(keys):
            await self._connection.execute(
                delete(source_items).where(
                    source_items.c.source_id == source_id, source_items.c.item_key.in_(some)
                )
            )


def _row(row: Row[Any]) -> SourceRow:
    return SourceRow(
        source_id=row.id,
        kind=row.kind,
        address=row.address,
        title=row.title,
        publisher=row.publisher,
        origin=row.origin,
        options=row.options or {},
        enabled=row.enabled,
        state=row.state,
        state_since=row.state_since,
        last_error=row.last_error,
        failures=row.failures,
        etag=row.etag,
        last_modified=row.last_modified,
        interval_seconds=row.interval_seconds,
        next_due=row.next_due,
        last_checked=row.last_checked,
        last_success=row.last_success,
        last_item=row.last_item,
        created=row.created,
    )
