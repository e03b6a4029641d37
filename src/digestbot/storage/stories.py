"""The stories aggregate: documents of one event; merged stories lead to the one they became."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.findings import condition_from_json
from digestbot.ledger import sightings_of
from digestbot.model import Sighting, StoredDocument, Story, Window
from digestbot.protocols.ingest import CountedTerms, Outline, PlacedDocuments, StoryCandidates
from digestbot.storage.documents import any_version, current_documents, read_documents, visible
from digestbot.storage.tables import (
    analyses,
    conditions,
    document_versions,
    documents,
    fronts,
    stories,
    story_frequencies,
    story_keys,
    story_outlines,
)
from digestbot.storage.upserts import chunks, insert_into

NEWS = "news"
RIGHT_AFTER = timedelta(microseconds=1)
STORY_LOCK = 7_042_027  # any constant: replicas give documents their stories one after another
KEPT_FREQUENCIES = 3
"""Of what was counted: the last is in force, those before it are for documents on their way."""
EARLIER = 6
"""Documents told before a window by which a digest knows what is new in it."""
LEDGER_DAYS = timedelta(days=60)
"""How far back a condition is looked for to tell whether it is new."""
LEDGER_DOCUMENTS = 400
"""Documents looked at for that, the last ones."""
MOST_MERGES = 20
"""Steps from a merged story to the one it became; each merge points at one that had not been merged."""


class Stories:
    """Rows of stories on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def in_window(
        self, window: Window, *, scope: int | None, among: Collection[int] | None = None
    ) -> list[Story]:
        """Stories with documents (no archive) picked up in the window, and those documents; newest first.
        `among`: the stories of these ids alone, some hundreds at most."""
        asked = documents.c.story_id.is_not(None) if among is None else documents.c.story_id.in_(among)
        found = await read_documents(
            self._connection,
            current_documents()
            .where(
                asked,
                documents.c.archive.is_(False),
                documents.c.picked_up > window.since,
                documents.c.picked_up <= window.until,
                visible(scope),
            )
            .order_by(documents.c.published.desc(), documents.c.id.desc()),
        )
        changed = await self._previous(found, window)
        told = await self._stories(
            [
                replace(one, previous_text=changed[one.document_id].text)
                if one.document_id in changed
                else one
                for one in found
            ]
        )
        told = await self._with_earlier(told, window, scope)
        return await self._with_history(told, changed, window, scope)

    async def _with_earlier(self, told: Sequence[Story], window: Window, scope: int | None) -> list[Story]:
        """Stories with the last documents picked up before the window, for those that began before it."""
        begun = [story.story_id for story in told if story.first_seen <= window.since]
        place = func.row_number().over(
            partition_by=documents.c.story_id, order_by=(documents.c.picked_up.desc(), documents.c.id.desc())
        )
        earlier: dict[int | None, list[StoredDocument]] = {}
        for some in chunks(begun):
            ranked = (
                select(documents.c.id, place.label("place"))
                .where(documents.c.story_id.in_(some), documents.c.picked_up <= window.since, visible(scope))
                .subquery()
            )
            last = select(ranked.c.id).where(ranked.c.place <= EARLIER)
            query = current_documents().where(documents.c.id.in_(last)).order_by(documents.c.id.desc())
            for document in await read_documents(self._connection, query):
                earlier.setdefault(document.story_id, []).append(document)
        return [replace(story, earlier=tuple(earlier.get(story.story_id, ()))) for story in told]

    async def _previous(self, found: Sequence[StoredDocument], window: Window) -> dict[int, StoredDocument]:
        """The versions before those of the window, of documents that a publisher changed."""
        changed = [document.document_id for document in found if document.version > 1]
        before: dict[int, StoredDocument] = {}
        for some in chunks(changed):
            query = any_version().where(
                documents.c.id.in_(some),
                document_versions.c.id != documents.c.version_id,
                document_versions.c.created <= window.since,
            )
            for document in await read_documents(
                self._connection, query.order_by(documents.c.id, document_versions.c.number)
            ):
                before[document.document_id] = document
        return before

    async def _with_history(
        self,
        told: Sequence[Story],
        changed: Mapping[int, StoredDocument],
        window: Window,
        scope: int | None,
    ) -> list[Story]:
        """Stories with what was told before by those who set their conditions, and in the story itself."""
        holders = {name for story in told for name in _holders(story.documents)}
        past = await self._past_conditions(told, window, scope) if told else []
        by_holder: dict[str, list[Sighting]] = {}
        by_story: dict[int | None, list[Sighting]] = {}
        for story_id, sighting in past:
            holder = (sighting.condition.holder or "").casefold()
            if holder in holders:
                by_holder.setdefault(holder, []).append(sighting)
            by_story.setdefault(story_id, []).append(sighting)
        stories_with_history = []
        for story in told:
            history = [one for name in _holders(story.documents) for one in by_holder.get(name, ())]
            history += by_story.get(story.story_id, [])
            for document in story.documents:
                if document.document_id in changed:
                    history += sightings_of(changed[document.document_id])
            stories_with_history.append(replace(story, history=tuple(dict.fromkeys(history))))
        return stories_with_history

    async def _past_conditions(
        self, told: Sequence[Story], window: Window, scope: int | None
    ) -> list[tuple[int | None, Sighting]]:
        """Conditions of the last documents before the window, of the same stories or holders, by story."""
        own = [document.document_id for story in told for document in story.documents]
        begun = [story.story_id for story in told if story.first_seen <= window.since]
        holders: set[int] = set()
        for some in chunks(own):
            holders.update(
                await self._connection.scalars(
                    select(conditions.c.holder_id)
                    .where(conditions.c.document_id.in_(some), conditions.c.holder_id.is_not(None))
                    .distinct()
                )
            )
        rows: dict[int, Row[Any]] = {}
        asked = [conditions.c.holder_id.in_(some) for some in chunks(sorted(holders))]
        asked += [documents.c.story_id.in_(some) for some in chunks(begun)]
        for narrowed in asked:
            tied = (
                select(conditions.c.analysis_id)
                .join(documents, documents.c.id == conditions.c.document_id)
                .where(
                    narrowed,
                    visible(scope),
                    documents.c.picked_up <= window.since,
                    conditions.c.published > window.since - LEDGER_DAYS,
                )
                .group_by(conditions.c.analysis_id)
                .order_by(func.max(conditions.c.published).desc(), conditions.c.analysis_id.desc())
                .limit(LEDGER_DOCUMENTS)
            )
            found = await self._connection.execute(
                select(
                    documents.c.id,
                    documents.c.story_id,
                    documents.c.publisher,
                    documents.c.published,
                    analyses.c.version_id,
                    analyses.c.findings["conditions"].label("found"),
                )
                .join(document_versions, document_versions.c.document_id == documents.c.id)
                .join(analyses, analyses.c.version_id == document_versions.c.id)
                .where(analyses.c.id.in_(tied))
            )
            rows |= {row.id: row for row in found}
        return [
            (
                row.story_id,
                Sighting(
                    row.id, row.version_id, row.published, condition_from_json(condition), row.publisher
                ),
            )
            for row in sorted(rows.values(), key=lambda row: row.id)
            for condition in row.found
        ]

    async def get(self, story_id: int) -> Story | None:
        """A story with all its documents; follows a merged story to the one it became."""
        found = await read_documents(
            self._connection,
            current_documents()
            .where(documents.c.story_id == await self.resolve(story_id))
            .order_by(documents.c.published.desc(), documents.c.id.desc()),
        )
        made = await self._stories(found)
        return made[0] if made else None

    async def count(self) -> int:
        """How many there are, merged ones left out."""
        there = select(func.count()).select_from(stories).where(stories.c.merged_into.is_(None))
        return int(await self._connection.scalar(there) or 0)

    async def assign(self, document_ids: Sequence[int], story_id: int | None, *, now: datetime) -> int:
        """Put documents into a story, a new one for None; returns the story's id."""
        if story_id is None:
            scope = await self._connection.scalar(
                select(documents.c.scope).where(documents.c.id == document_ids[0])
            )
            story_id = (
                await self._connection.execute(
                    insert(stories).values(scope=scope, first_seen=now, updated=now).returning(stories.c.id)
                )
            ).scalar_one()
        else:
            story_id = await self.resolve(story_id)
            await self._connection.execute(
                update(stories).where(stories.c.id == story_id).values(updated=now)
            )
        for some in chunks(document_ids):
            await self._connection.execute(
                update(documents).where(documents.c.id.in_(some)).values(story_id=story_id)
            )
        return story_id

    async def merge(self, story_id: int, into: int, *, now: datetime) -> int:
        """Make one story of two: the first leads to the second from now on; returns the id that stays."""
        gone, stays = await self.resolve(story_id), await self.resolve(into)
        if gone == stays:
            return stays
        await self._connection.execute(
            update(documents).where(documents.c.story_id == gone).values(story_id=stays)
        )
        await self._connection.execute(
            update(stories).where(stories.c.id == gone).values(merged_into=stays, updated=now)
        )
        first = await self._connection.scalar(
            select(func.min(stories.c.first_seen)).where(stories.c.id.in_((gone, stays)))
        )
        await self._connection.execute(
            update(stories).where(stories.c.id == stays).values(first_seen=first, updated=now)
        )
        return stays

    async def resolve(self, story_id: int) -> int:
        """The story that one became; itself where it was not merged."""
        for _ in range(MOST_MERGES):
            following: int | None = await self._connection.scalar(
                select(stories.c.merged_into).where(stories.c.id == story_id)
            )
            if following is None:
                break
            story_id = following
        return story_id

    # --- finding the stories of new documents ---

    async def lock(self) -> None:
        """Wait until nobody else gives documents their stories. SQLite has one writer at a time anyway."""
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": STORY_LOCK})

    async def close_news(self, until: datetime) -> None:
        """From now on nothing is stored as picked up by then; what is being stored is waited for."""
        await self.lock()
        await self._connection.execute(
            insert_into(self._connection, fronts)
            .values(name=NEWS, at=until)
            .on_conflict_do_update(index_elements=["name"], set_={"at": until}, where=fronts.c.at < until)
        )

    async def open_from(self, now: datetime) -> datetime:
        """When what is stored in this unit of work counts as picked up: now, or right after what is closed.

        Takes the lock.
        """
        await self.lock()
        closed = await self._connection.scalar(select(fronts.c.at).where(fronts.c.name == NEWS))
        return now if closed is None else max(now, closed + RIGHT_AFTER)

    async def frequencies(self, document_id: int, known: int | None = None) -> CountedTerms | None:
        """What was counted last before that document; None where nothing was, or it is `known`'s."""
        up_to = await self._connection.scalar(
            select(func.max(story_frequencies.c.up_to)).where(story_frequencies.c.up_to < document_id)
        )
        if up_to is None or up_to == known:
            return None
        row = (
            await self._connection.execute(
                select(story_frequencies).where(story_frequencies.c.up_to == up_to)
            )
        ).one()
        return CountedTerms(row.up_to, row.documents, row.terms)

    async def add_frequencies(self, counted: CountedTerms) -> None:
        """Of those of old, the last few are kept."""
        await self._connection.execute(
            insert(story_frequencies).values(
                up_to=counted.up_to, documents=counted.documents, terms=counted.terms
            )
        )
        last = select(story_frequencies.c.up_to).order_by(story_frequencies.c.up_to.desc())
        oldest_kept = last.limit(1).offset(KEPT_FREQUENCIES - 1).scalar_subquery()
        await self._connection.execute(
            delete(story_frequencies).where(story_frequencies.c.up_to < oldest_kept)
        )

    async def latest_terms(self, up_to: int, limit: int) -> list[bytes]:
        """Terms of the last documents up to that one, oldest first."""
        found = await self._connection.scalars(
            select(story_outlines.c.terms)
            .where(story_outlines.c.document_id <= up_to)
            .order_by(story_outlines.c.document_id.desc())
            .limit(limit)
        )
        return list(found)[::-1]

    async def outline(self, outlines: Sequence[Outline], keys: Sequence[Sequence[int]]) -> None:
        """Write down what documents are compared by, and their keys; those of earlier versions go."""
        ids = [one.document_id for one in outlines]
        for table in (story_keys, story_outlines):
            for some in chunks(ids):
                await self._connection.execute(delete(table).where(table.c.document_id.in_(some)))
        if not outlines:
            return
        await self._connection.execute(
            insert(story_outlines),
            [
                {"document_id": one.document_id, "text_hash": one.text_hash, "terms": one.terms}
                for one in outlines
            ],
        )
        rows = [
            {"term": term, "day": _day(one.published), "document_id": one.document_id}
            for one, own in zip(outlines, keys, strict=True)
            for term in own
        ]
        if rows:
            await self._connection.execute(insert(story_keys), rows)

    async def candidates(
        self, new: Sequence[Outline], shared: Sequence[int], *, apart: timedelta, limit: int
    ) -> StoryCandidates:
        """What new documents, outlined before, are to be compared with: others that share so many keys
        (`shared`, for each) and were published so near, at most `limit` for each, those that share most
        first."""
        ids = [one.document_id for one in new]
        place = {document_id: number for number, document_id in enumerate(ids)}
        own, other = story_keys.alias("own"), story_keys.alias("other")
        together = func.count()
        found: dict[int, list[int]] = {}
        asked = [
            (least, some)
            for least in sorted(set(shared))
            for some in chunks([one for one, needed in zip(ids, shared, strict=True) if needed == least])
        ]
        for least, some in asked:
            rows = await self._connection.execute(
                select(own.c.document_id, other.c.document_id.label("other_id"))
                .join(other, other.c.term == own.c.term)
                .where(
                    own.c.document_id.in_(some),
                    other.c.day.between(own.c.day - apart.days, own.c.day + apart.days),
                    other.c.document_id != own.c.document_id,
                )
                .group_by(own.c.document_id, other.c.document_id)
                .having(together >= least)
                .order_by(own.c.document_id, together.desc(), other.c.document_id.desc())
            )
            for document_id, other_id in rows:
                # Of the new ones only those before it: the same as if they had come one after another.
                likely = found.setdefault(document_id, [])
                if len(likely) < limit and place.get(other_id, -1) < place[document_id]:
                    likely.append(other_id)
        stored = {one for likely in found.values() for one in likely} - place.keys()
        outlines = {one.document_id: one for one in await self._outlines(documents.c.id, stored)}
        return StoryCandidates(found, outlines, await self._copies(new))

    async def members(self, story_ids: Sequence[int], limit: int) -> list[Outline]:
        """The last documents of each story."""
        newest = func.row_number().over(partition_by=documents.c.story_id, order_by=documents.c.id.desc())
        ids: list[int] = []
        for some in chunks(story_ids):
            ranked = (
                select(documents.c.id, newest.label("place")).where(documents.c.story_id.in_(some)).subquery()
            )
            ids += await self._connection.scalars(select(ranked.c.id).where(ranked.c.place <= limit))
        return await self._outlines(documents.c.id, ids)

    async def settle(self, placed: PlacedDocuments, now: datetime) -> dict[int, int]:
        """Write down where documents belong; their stories by document."""
        ids = await self._new_stories(placed, now)
        settled = {document_id: ids.get(story, story) for document_id, story in placed.stories.items()}
        if settled:
            # One order for all processes, so that none waits for another in a circle.
            touched = sorted(set(settled.values()) - set(ids.values()))
            for some in chunks(touched):
                await self._connection.execute(
                    update(stories).where(stories.c.id.in_(some)).values(updated=now)
                )
            await self._connection.execute(
                update(documents)
                .where(documents.c.id == bindparam("placed"))
                .values(story_id=bindparam("told_in")),
                [{"placed": document_id, "told_in": story} for document_id, story in sorted(settled.items())],
            )
        for gone, stays in placed.merged:
            if gone > 0:  # what was new in this go was never written down
                await self.merge(gone, stays, now=now)
        return settled

    async def _new_stories(self, placed: PlacedDocuments, now: datetime) -> dict[int, int]:
        """Rows for the stories below 0, by that number."""
        first: dict[int, int] = {}
        for document_id, story in placed.stories.items():
            if story < 0:
                first.setdefault(story, document_id)
        if not first:
            return {}
        scopes: dict[int, int | None] = {}
        for some in chunks(first.values()):
            rows = await self._connection.execute(
                select(documents.c.id, documents.c.scope).where(documents.c.id.in_(some))
            )
            scopes |= {row.id: row.scope for row in rows}
        numbers = sorted(first, reverse=True)
        made = await self._connection.scalars(
            insert(stories).returning(stories.c.id, sort_by_parameter_order=True),
            [{"scope": scopes[first[number]], "first_seen": now, "updated": now} for number in numbers],
        )
        return dict(zip(numbers, made, strict=True))

    async def _outlines(self, column: ColumnElement[int], values: Collection[int]) -> list[Outline]:
        found: list[Outline] = []
        for some in chunks(sorted(values)):
            rows = await self._connection.execute(
                select(story_outlines, documents.c.published, documents.c.scope, documents.c.story_id)
                .join(documents, documents.c.id == story_outlines.c.document_id)
                .where(column.in_(some))
            )
            found += [
                Outline(row.document_id, row.terms, row.published, row.text_hash, row.scope, row.story_id)
                for row in rows
            ]
        return found

    async def _copies(self, new: Sequence[Outline]) -> dict[tuple[int | None, str], int]:
        """The stories in which texts are told already: that of the last document with the text."""
        found: dict[tuple[int | None, str], int] = {}
        for some in chunks({one.text_hash for one in new}):
            last = (
                select(func.max(documents.c.id))
                .join(story_outlines, story_outlines.c.document_id == documents.c.id)
                .where(story_outlines.c.text_hash.in_(some), documents.c.story_id.is_not(None))
                .group_by(story_outlines.c.text_hash, documents.c.scope)
            )
            rows = await self._connection.execute(
                select(documents.c.scope, story_outlines.c.text_hash, documents.c.story_id)
                .join(story_outlines, story_outlines.c.document_id == documents.c.id)
                .where(documents.c.id.in_(last))
            )
            found |= {(row.scope, row.text_hash): row.story_id for row in rows}
        return found

    async def _stories(self, found: Sequence[StoredDocument]) -> list[Story]:
        grouped: dict[int, list[StoredDocument]] = {}
        for document in found:
            if document.story_id is not None:
                grouped.setdefault(document.story_id, []).append(document)
        times: dict[int, tuple[datetime, datetime]] = {}
        for some in chunks(grouped):
            rows = await self._connection.execute(
                select(stories.c.id, stories.c.first_seen, stories.c.updated).where(stories.c.id.in_(some))
            )
            times |= {row.id: (row.first_seen, row.updated) for row in rows}
        return [Story(story_id, tuple(own), *times[story_id]) for story_id, own in grouped.items()]


def _day(time: datetime) -> int:
    """Days since 1970."""
    return int((time - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() // 86_400)


def _holders(found: Sequence[StoredDocument]) -> Iterator[str]:
    """Who sets conditions in these documents, each once."""
    names = (one.holder for document in found for one in document.analysis.conditions)
    return iter(dict.fromkeys(name.casefold() for name in names if name))
