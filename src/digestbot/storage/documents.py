"""The documents aggregate: documents, their immutable versions, analyses, and what was found in them.

    add: document ──► version (tells the same: none) ──► analysis ──► rows of appearances and conditions

The rows of appearances and conditions are those of a document's newest analysis alone; earlier analyses and
versions stay as they were.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from digestbot.findings import analysis_from_json, analysis_to_json, condition_identity, title_of, told_hash
from digestbot.model import (
    Analysis,
    ConditionType,
    Coverage,
    Domain,
    ExtractedText,
    Findings,
    PublishedOrigin,
    StoredDocument,
    Tie,
    Window,
)
from digestbot.protocols.ingest import AddedDocument, DocumentMatch, NewDocument
from digestbot.storage.tables import (
    actors,
    analyses,
    appearances,
    conditions,
    document_versions,
    documents,
    source_items,
    sources,
)
from digestbot.storage.upserts import chunks, insert_into

MOST_FAILURES = 20
"""Failures a digest names; above that it gives their number."""


class Documents:
    """Rows of documents on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: Sequence[NewDocument]) -> list[AddedDocument]:
        """Store documents or their new versions with their analyses; what became of each, in order.

        A new version keeps the document's time of publication, so an edit makes no old text news again.
        """
        added: list[AddedDocument] = []
        for some in _rounds(new):
            added += await self._add(some)
        return added

    async def _add(self, new: Sequence[NewDocument]) -> list[AddedDocument]:
        """Store documents no two of which are versions of one."""
        prepared = [_Prepared.of(one) for one in new]
        known = await self._known(new)
        fresh = [one for one in prepared if one.place not in known]
        ids = await self._insert_documents(fresh)
        known |= {
            one.place: _Row(row_id, 0, "", one.published, None)
            for one, row_id in zip(fresh, ids, strict=True)
        }
        changed = [one for one in prepared if known[one.place].text_hash != one.text_hash]
        if changed:
            await self._insert_versions(changed, known)
        different = {one.place for one in changed}
        return [
            AddedDocument(
                document_id=(row := known[one.place]).document_id,
                version=row.version + (one.place in different),
                changed=one.place in different,
                title=one.about["title"],
                published=row.published,
                story_id=row.story_id,
            )
            for one in prepared
        ]

    async def count(self) -> int:
        """How many there are, archive and private ones among them."""
        return int(await self._connection.scalar(select(func.count()).select_from(documents)) or 0)

    async def add_analysis(self, version_id: int, analysis: Analysis, now: datetime) -> bool:
        """A newer analysis of a version (it alone is shown from now on); False where it is there already."""
        known = await self._connection.scalar(
            select(analyses.c.id).where(
                analyses.c.version_id == version_id, analyses.c.analyser == analysis.analyser
            )
        )
        document = (
            await self._connection.execute(
                select(documents.c.id, documents.c.published)
                .join(document_versions, document_versions.c.document_id == documents.c.id)
                .where(document_versions.c.id == version_id)
            )
        ).one_or_none()
        if known is not None or document is None:
            return False
        findings = _Findings(document.id, version_id, analysis, document.published, again=True)
        await self._add_analyses([findings], now)
        return True

    async def to_analyse(self, analyser: str, limit: int) -> list[tuple[int, ExtractedText]]:
        """Current versions without an analysis by this analyser: (version id, text)."""
        done = select(analyses.c.id).where(
            analyses.c.version_id == documents.c.version_id, analyses.c.analyser == analyser
        )
        found = await self._connection.execute(
            select(document_versions, documents.c.language, documents.c.url, documents.c.publisher)
            .join(documents, documents.c.version_id == document_versions.c.id)
            .where(~done.exists())
            .order_by(documents.c.picked_up.desc(), documents.c.id.desc())
            .limit(limit)
        )
        return [
            (
                row.id,
                ExtractedText(
                    text=row.text,
                    media_type=row.media_type,
                    title=row.title,
                    author=row.author,
                    language=row.language,
                    canonical_url=row.url,
                    publisher=row.publisher,
                ),
            )
            for row in found
        ]

    async def get(self, document_id: int) -> StoredDocument | None:
        """The document in its current version, or None."""
        return await self._one(_current().where(documents.c.id == document_id))

    async def get_version(self, version_id: int) -> StoredDocument | None:
        """The document in that version, or None."""
        return await self._one(_any_version().where(document_versions.c.id == version_id))

    async def versions(self, document_id: int) -> list[StoredDocument]:
        """All versions of a document, oldest first: what the publisher changed."""
        return await read_documents(
            self._connection,
            _any_version().where(documents.c.id == document_id).order_by(document_versions.c.number),
        )

    async def latest(self, *, scope: int | None, limit: int, offset: int = 0) -> list[StoredDocument]:
        """Newest first by pick-up: those for everyone and, with `scope`, that chat's own."""
        return await read_documents(
            self._connection,
            _first(limit, documents.c.picked_up, visible(scope), offset=offset),
        )

    async def findings(self, window: Window, *, scope: int | None) -> list[Findings]:
        """Actors and conditions of the documents (no archive) picked up in the window, in order of their ids.

        Rows alone are read, no text and no analysis: a month of a busy desk is counted in a second or two.
        """
        within = and_(
            documents.c.archive.is_(False),
            documents.c.picked_up > window.since,
            documents.c.picked_up <= window.until,
            visible(scope),
        )
        chosen = select(documents.c.id, documents.c.published).where(within).order_by(documents.c.id)
        published: dict[int, datetime] = {
            row.id: row.published for row in await self._connection.execute(chosen)
        }
        names: dict[int, dict[str, str]] = {document_id: {} for document_id in published}
        ties: dict[int, list[Tie]] = {document_id: [] for document_id in published}
        inside = select(documents.c.id).where(within)
        appeared = await self._connection.execute(
            select(appearances.c.document_id, actors.c.actor_key, actors.c.name)
            .join(actors, actors.c.id == appearances.c.actor_id)
            .where(appearances.c.document_id.in_(inside))
        )
        for document_id, key, name in appeared:
            names[document_id][key] = name
        holder, addressee = actors.alias(), actors.alias()
        tied = await self._connection.execute(
            select(
                conditions.c.document_id,
                holder.c.actor_key,
                addressee.c.actor_key,
                conditions.c.type,
                conditions.c.domain,
            )
            .outerjoin(holder, holder.c.id == conditions.c.holder_id)
            .outerjoin(addressee, addressee.c.id == conditions.c.addressee_id)
            .where(conditions.c.document_id.in_(inside))
        )
        for document_id, holder_key, addressee_key, type_, domain in tied:
            ties[document_id].append(Tie(holder_key, addressee_key, ConditionType(type_), Domain(domain)))
        return [
            Findings(moment, names[document_id], tuple(ties[document_id]))
            for document_id, moment in published.items()
        ]

    async def of_actor(self, actor_key: str, *, scope: int | None, limit: int) -> list[StoredDocument]:
        """The last documents an actor appears in, newest first by publication."""
        mine = (
            select(appearances.c.document_id)
            .join(actors, actors.c.id == appearances.c.actor_id)
            .where(actors.c.actor_key == actor_key)
        )
        return await read_documents(
            self._connection,
            _first(limit, documents.c.published, documents.c.id.in_(mine), visible(scope)),
        )

    async def count_of_actor(self, actor_key: str, *, scope: int | None) -> int:
        """In how many documents an actor appears."""
        mine = (
            select(appearances.c.document_id)
            .join(actors, actors.c.id == appearances.c.actor_id)
            .where(actors.c.actor_key == actor_key)
        )
        found = select(func.count()).select_from(documents).where(documents.c.id.in_(mine), visible(scope))
        return int(await self._connection.scalar(found) or 0)

    async def with_conditions(
        self,
        *,
        types: Collection[str] = (),
        domains: Collection[str] = (),
        actor_key: str | None = None,
        window: Window | None = None,
        scope: int | None,
        limit: int,
    ) -> list[StoredDocument]:
        """The last documents with a condition of these types and domains that such an actor sets or is to
        meet, newest first by publication; whatever is not given is not asked for. With a window: those
        (no archive) picked up in it."""
        tied = select(conditions.c.document_id)
        if types:
            tied = tied.where(conditions.c.type.in_(types))
        if domains:
            tied = tied.where(conditions.c.domain.in_(domains))
        if actor_key is not None:
            party = select(actors.c.id).where(actors.c.actor_key == actor_key)
            tied = tied.where(or_(conditions.c.holder_id.in_(party), conditions.c.addressee_id.in_(party)))
        within = [documents.c.id.in_(tied), visible(scope)]
        if window is not None:
            within.append(documents.c.archive.is_(False))
            within.append(documents.c.picked_up > window.since)
            within.append(documents.c.picked_up <= window.until)
        return await read_documents(
            self._connection,
            _first(limit, documents.c.published, *within),
        )

    async def rekey(self, source_id: int, old_key: str, key: str) -> bool:
        """A document's key changed and nothing else; False where there is none, or the new key is taken."""
        if await self._existing(key, source_id) is not None:
            return False
        moved = await self._connection.scalar(
            update(documents)
            .where(documents.c.source_id == source_id, documents.c.document_key == old_key)
            .values(document_key=key)
            .returning(documents.c.id)
        )
        return moved is not None

    async def publish(self, document_id: int, now: datetime, *, archive: bool) -> bool:
        """Make a chat's own document one for everyone, picked up now and in no story yet; False where it is
        gone or for everyone already."""
        published = await self._connection.scalar(
            update(documents)
            .where(documents.c.id == document_id, documents.c.scope.is_not(None))
            .values(
                scope=None,
                story_id=None,
                picked_up=now,
                archive=archive,
                document_key=f"published:{document_id}",
            )
            .returning(documents.c.id)
        )
        return published is not None

    async def coverage(self, window: Window, *, scope: int | None) -> Coverage:
        """What was picked up in the window, what could not be read, and which sources fail or are silent."""
        within = and_(
            documents.c.picked_up > window.since, documents.c.picked_up <= window.until, visible(scope)
        )
        row = (
            await self._connection.execute(
                select(func.count(), func.count(documents.c.publisher.distinct())).where(
                    within, documents.c.archive.is_(False)
                )
            )
        ).one()
        old = await self._connection.scalar(
            select(func.count()).select_from(documents).where(within, documents.c.archive == true())
        )
        unread = (
            await self._connection.execute(
                select(source_items.c.item_key, source_items.c.error)
                .where(
                    source_items.c.error.is_not(None),
                    source_items.c.last_seen > window.since,
                    source_items.c.last_seen <= window.until,
                )
                .order_by(source_items.c.last_seen.desc(), source_items.c.id.desc())
                .limit(MOST_FAILURES)
            )
        ).all()
        troubled = (
            await self._connection.execute(
                select(sources.c.title, sources.c.address, sources.c.state, sources.c.last_error)
                .where(
                    or_(
                        and_(sources.c.enabled == true(), sources.c.state.in_(("failing", "silent"))),
                        and_(sources.c.state == "gone", sources.c.state_since > window.since),
                    )
                )
                .order_by(sources.c.id)
            )
        ).all()
        failures = [str(one.error) for one in unread]
        failures += [
            f"{one.title or one.address}: {one.last_error or one.state}"
            for one in troubled
            if one.state in ("failing", "gone")
        ]
        return Coverage(
            documents=row[0],
            publishers=row[1],
            failures=tuple(failures[:MOST_FAILURES]),
            silent_sources=tuple(one.title or one.address for one in troubled if one.state == "silent"),
            left_out=(f"archive:{old}",) if old else (),
        )

    async def search(self, words: str, *, scope: int | None, limit: int) -> list[DocumentMatch]:
        """Documents that hold all the words, best first; those for everyone and the scope's own.

        Only letters and digits of `words` count, so no query language can be broken by what people type.
        """
        terms = re.findall(r"\w+", words)[:20]
        if not terms:
            return []
        postgres = self._connection.dialect.name == "postgresql"
        query = _POSTGRES_SEARCH if postgres else _SQLITE_SEARCH
        wanted = " ".join(terms) if postgres else " ".join(f'"{term}"' for term in terms)
        found = await self._connection.execute(
            query.columns(documents.c.id, documents.c.title, documents.c.publisher, documents.c.published),
            {"words": wanted, "scope": scope, "limit": limit},
        )
        return [DocumentMatch(row[0], row[1], row[2], row[3], " ".join(str(row[4]).split())) for row in found]

    async def prune(self, *, raw_before: datetime, text_before: datetime, limit: int) -> int:
        """Drop raw bytes and whole documents older than that; how many rows."""
        old_raw = (
            select(document_versions.c.id)
            .where(document_versions.c.created < raw_before, document_versions.c.raw.is_not(None))
            .limit(limit)
        )
        emptied = await self._connection.scalars(
            update(document_versions)
            .where(document_versions.c.id.in_(old_raw))
            .values(raw=None)
            .returning(document_versions.c.id)
        )
        old = select(documents.c.id).where(documents.c.picked_up < text_before).limit(limit)
        gone = await self._connection.scalars(
            delete(documents).where(documents.c.id.in_(old)).returning(documents.c.id)
        )
        return len(emptied.all()) + len(gone.all())

    async def _existing(self, key: str, source_id: int) -> int | None:
        found: int | None = await self._connection.scalar(
            select(documents.c.id)
            .where(documents.c.source_id == source_id, documents.c.document_key == key)
            .limit(1)
        )
        return found

    async def _known(self, new: Sequence[NewDocument]) -> dict[_Place, _Row]:
        """Documents that are there already, with their last versions."""
        found: dict[_Place, _Row] = {}
        places: dict[tuple[int | None, int | None], list[str]] = {}
        for one in new:
            source_id, scope, key = _place(one)
            places.setdefault((source_id, scope), []).append(key)
        for (source_id, scope), keys in places.items():
            same_source = documents.c.source_id == source_id
            if source_id is None:
                own = documents.c.scope.is_(None) if scope is None else documents.c.scope == scope
                same_source = and_(documents.c.source_id.is_(None), own)
            for some in chunks(keys):
                rows = await self._connection.execute(
                    select(
                        documents.c.id,
                        documents.c.document_key,
                        documents.c.published,
                        documents.c.story_id,
                        document_versions.c.number,
                        document_versions.c.text_hash,
                    )
                    .outerjoin(document_versions, document_versions.c.id == documents.c.version_id)
                    .where(same_source, documents.c.document_key.in_(some))
                )
                for row in rows:
                    found[source_id, scope, row.document_key] = _Row(
                        row.id, row.number or 0, row.text_hash or "", row.published, row.story_id
                    )
        return found

    async def _insert_documents(self, new: Sequence[_Prepared]) -> list[int]:
        if not new:
            return []
        made = await self._connection.scalars(
            insert(documents).returning(documents.c.id, sort_by_parameter_order=True),
            [
                {
                    **one.about,
                    "source_id": one.new.source_id,
                    "document_key": one.new.found.key,
                    "published": one.published,
                    "published_origin": one.new.published_origin.value,
                    "picked_up": one.new.picked_up,
                    "scope": one.new.scope,
                    "archive": one.new.archive,
                }
                for one in new
            ],
        )
        return list(made)

    async def _insert_versions(self, new: Sequence[_Prepared], known: Mapping[_Place, _Row]) -> None:
        """New versions, which become the current ones, with their analyses."""
        rows = [known[one.place] for one in new]
        versions = await self._connection.scalars(
            insert(document_versions).returning(document_versions.c.id, sort_by_parameter_order=True),
            [
                {
                    "document_id": row.document_id,
                    "number": row.version + 1,
                    "text": one.new.read.extracted.text,
                    "text_hash": one.text_hash,
                    "title": one.about["title"],
                    "author": one.new.read.extracted.author or one.new.found.author,
                    "media_type": one.new.read.extracted.media_type[:127],
                    "raw": one.new.found.content,
                    "created": one.new.picked_up,
                }
                for one, row in zip(new, rows, strict=True)
            ],
        )
        current = list(versions)
        await self._connection.execute(
            update(documents)
            .where(documents.c.id == bindparam("row"))
            .values(version_id=bindparam("current")),
            [{"row": row.document_id, "current": one} for row, one in zip(rows, current, strict=True)],
        )
        for one, row in zip(new, rows, strict=True):
            if row.version:
                changes = one.about | {"picked_up": one.new.picked_up}
                await self._connection.execute(
                    update(documents).where(documents.c.id == row.document_id).values(**changes)
                )
        await self._add_analyses(
            [
                _Findings(row.document_id, version_id, one.new.read.analysis, row.published, row.version > 0)
                for one, row, version_id in zip(new, rows, current, strict=True)
            ],
            new[0].new.picked_up,
        )

    async def _add_analyses(self, new: Sequence[_Findings], now: datetime) -> None:
        """Analyses, and the rows of what they found in place of those of earlier ones."""
        made = await self._connection.scalars(
            insert(analyses).returning(analyses.c.id, sort_by_parameter_order=True),
            [
                {
                    "version_id": one.version_id,
                    "analyser": one.analysis.analyser,
                    "findings": analysis_to_json(one.analysis),
                    "created": now,
                }
                for one in new
            ],
        )
        again = [one.document_id for one in new if one.again]
        for table in (appearances, conditions) if again else ():
            await self._connection.execute(delete(table).where(table.c.document_id.in_(again)))
        ids = await self._actor_ids([one.analysis for one in new])
        appeared: list[dict[str, Any]] = []
        tied: list[dict[str, Any]] = []
        for one, analysis_id in zip(new, made, strict=True):
            common = {
                "document_id": one.document_id,
                "analysis_id": analysis_id,
                "published": one.published,
            }
            appeared += _appearances(one.analysis, ids, common)
            tied += _conditions(one.analysis, ids, common)
        if appeared:
            await self._connection.execute(insert(appearances), appeared)
        if tied:
            await self._connection.execute(insert(conditions), tied)

    async def _actor_ids(self, found: Sequence[Analysis]) -> dict[str, int]:
        """Row ids by actor key; new actors are added, merged ones lead to what they became."""
        named = {actor.key: actor for analysis in reversed(found) for actor in reversed(analysis.actors)}
        rows = sorted(named.items())  # one order for all processes: no deadlock
        if not rows:
            return {}
        ids = await self._stored_actors(named)
        rows = [(key, actor) for key, actor in rows if key not in ids]
        if not rows:
            return ids
        await self._connection.execute(
            insert_into(self._connection, actors).on_conflict_do_nothing(index_elements=["actor_key"]),
            [
                {
                    "actor_key": key,
                    "name": actor.name,
                    "kind": actor.kind.value,
                    "country": actor.country,
                    "sector": actor.sector,
                }
                for key, actor in rows
            ],
        )
        return ids | await self._stored_actors([key for key, _ in rows])

    async def _stored_actors(self, keys: Iterable[str]) -> dict[str, int]:
        ids: dict[str, int] = {}
        for some in chunks(keys):
            found = await self._connection.execute(
                select(actors.c.actor_key, actors.c.id, actors.c.merged_into).where(
                    actors.c.actor_key.in_(some)
                )
            )
            ids |= {row.actor_key: row.merged_into or row.id for row in found}
        return ids

    async def _one(self, query: Select[Any]) -> StoredDocument | None:
        found = await read_documents(self._connection, query)
        return found[0] if found else None


_Place = tuple[int | None, int | None, str]
"""What a document is known by over time: its source, without one its scope, and its key."""


def _place(new: NewDocument) -> _Place:
    return new.source_id, None if new.source_id is not None else new.scope, new.found.key


def _rounds(new: Sequence[NewDocument]) -> Iterator[list[NewDocument]]:
    """The documents in order, a second version of one not together with its first."""
    some: list[NewDocument] = []
    places: set[_Place] = set()
    for one in new:
        if _place(one) in places:
            yield some
            some, places = [], set()
        some.append(one)
        places.add(_place(one))
    if some:
        yield some


@dataclass(frozen=True, slots=True)
class _Row:
    """A document in the store with its last version; version 0: none yet."""

    document_id: int
    version: int
    text_hash: str
    published: datetime
    story_id: int | None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A new document with what is written down about it."""

    new: NewDocument
    place: _Place
    text_hash: str
    about: dict[str, Any]

    @property
    def published(self) -> datetime:
        return self.new.published

    @classmethod
    def of(cls, new: NewDocument) -> _Prepared:
        extracted, analysis = new.read.extracted, new.read.analysis
        about = {
            "url": extracted.canonical_url or new.found.url,
            "publisher": new.publisher,
            "title": title_of(new.found, extracted, analysis),
            "language": analysis.language,
        }
        return cls(new, _place(new), told_hash(extracted.text, analysis), about)


@dataclass(frozen=True, slots=True)
class _Findings:
    """An analysis on its way into the store; `again`: there is an earlier one, whose rows it replaces."""

    document_id: int
    version_id: int
    analysis: Analysis
    published: datetime
    again: bool


def _appearances(
    analysis: Analysis, ids: Mapping[str, int], common: Mapping[str, Any]
) -> Iterable[dict[str, Any]]:
    seen: dict[int, dict[str, Any]] = {}
    for actor in analysis.actors:
        row = {
            **common,
            "actor_id": ids[actor.key],
            "role": actor.role,
            "salience": actor.salience,
            "mentions": len(actor.mentions),
        }
        seen.setdefault(ids[actor.key], row)
    return seen.values()


def _conditions(
    analysis: Analysis, ids: Mapping[str, int], common: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    key_of = {actor.name: actor.key for actor in analysis.actors}
    for ordinal, condition in enumerate(analysis.conditions):
        holder = key_of.get(condition.holder or "")
        addressee = key_of.get(condition.addressee or "")
        yield {
            **common,
            "ordinal": ordinal,
            "identity": condition_identity(condition, holder, addressee),
            "type": condition.type.value,
            "domain": condition.domain.value,
            "holder_id": ids.get(holder or ""),
            "addressee_id": ids.get(addressee or ""),
        }


def visible(scope: int | None) -> Any:
    """Documents for everyone and, with `scope`, that chat's own."""
    everyone = documents.c.scope.is_(None)
    return everyone if scope is None else or_(everyone, documents.c.scope == scope)


async def read_documents(connection: AsyncConnection, query: Select[Any]) -> list[StoredDocument]:
    """The documents a query made from `_current()` or `_any_version()` finds.

    The rows are fetched already: what they hold is read in a thread, for others are served meanwhile.
    """
    found = await connection.execute(query)
    return await asyncio.to_thread(lambda: [_document(row) for row in found.all()])


def _any_version() -> Select[Any]:
    later = analyses.alias("later")
    newer = select(later.c.id).where(later.c.version_id == analyses.c.version_id, later.c.id > analyses.c.id)
    return (
        select(
            documents,
            document_versions.c.id.label("this_version"),
            document_versions.c.number,
            document_versions.c.text,
            document_versions.c.title.label("version_title"),
            # As text: psycopg would read the JSON of every row on the event loop.
            cast(analyses.c.findings, Text).label("findings"),
        )
        .join(document_versions, document_versions.c.document_id == documents.c.id)
        .join(analyses, analyses.c.version_id == document_versions.c.id)
        .where(~newer.exists())
    )


def _current() -> Select[Any]:
    return _any_version().where(document_versions.c.id == documents.c.version_id)


def _first(limit: int, by: Column[Any], *within: ColumnElement[bool], offset: int = 0) -> Select[Any]:
    """The first documents by a time, newest first, chosen before any text or analysis is read."""
    order = by.desc(), documents.c.id.desc()
    chosen = select(documents.c.id).where(*within).order_by(*order).limit(limit).offset(offset)
    return _current().where(documents.c.id.in_(chosen)).order_by(*order)


current_documents = _current
"""A query for documents in their current versions, for other aggregates to narrow."""
any_version = _any_version
"""A query for documents in all their versions."""


def _document(row: Row[Any]) -> StoredDocument:
    return StoredDocument(
        document_id=row.id,
        version_id=row.this_version,
        version=row.number,
        text=row.text,
        title=row.version_title or row.title,
        url=row.url,
        publisher=row.publisher,
        source_id=row.source_id,
        published=row.published,
        published_origin=PublishedOrigin(row.published_origin),
        picked_up=row.picked_up,
        scope=row.scope,
        archive=row.archive,
        analysis=analysis_from_json(json.loads(row.findings)),
        story_id=row.story_id,
    )


_SQLITE_SEARCH = text(
    "WITH best AS MATERIALIZED (SELECT search.rowid AS place, bm25(search, 4.0, 1.0) AS weight "
    "FROM search CROSS JOIN document_versions v ON v.id = search.rowid "
    "CROSS JOIN documents d ON d.id = v.document_id AND d.version_id = v.id "
    "WHERE search MATCH :words AND (d.scope IS NULL OR d.scope = :scope) "
    "ORDER BY weight, d.picked_up DESC LIMIT :limit) "
    "SELECT d.id, d.title, d.publisher, d.published, snippet(search, 1, '', '', '…', 24) AS snippet "
    "FROM best CROSS JOIN search ON search.rowid = best.place "
    "CROSS JOIN document_versions v ON v.id = best.place CROSS JOIN documents d ON d.id = v.document_id "
    "WHERE search MATCH :words ORDER BY best.weight, d.picked_up DESC"
)
"""Snippets are made of the hits that are shown alone. CROSS JOIN keeps the order of the joins: left to itself
SQLite goes through all documents for every hit, which took twenty seconds for a word that all hold."""
_POSTGRES_SEARCH = text(
    "WITH matched AS MATERIALIZED (SELECT v.id AS version, v.document_id FROM document_versions v "
    "WHERE search_vector(v.title, v.text) @@ plainto_tsquery('english', :words)), "
    "hits AS MATERIALIZED (SELECT d.id, d.picked_up, m.version "
    "FROM matched m JOIN documents d ON d.id = m.document_id AND d.version_id = m.version "
    "WHERE d.scope IS NULL OR d.scope = :scope ORDER BY d.picked_up DESC LIMIT 1000), "
    "best AS MATERIALIZED (SELECT h.id, h.version, h.picked_up, "
    "ts_rank_cd(search_vector(v.title, v.text), q) AS weight "
    "FROM hits h JOIN document_versions v ON v.id = h.version, plainto_tsquery('english', :words) q "
    "ORDER BY weight DESC, h.picked_up DESC LIMIT :limit) "
    "SELECT d.id, d.title, d.publisher, d.published, ts_headline('english', left(v.text, 200000), q, "
    '\'StartSel="", StopSel="", MaxWords=24, MinWords=12, MaxFragments=1, FragmentDelimiter=…\') AS snippet '
    "FROM best b JOIN documents d ON d.id = b.id JOIN document_versions v ON v.id = b.version, "
    "plainto_tsquery('english', :words) q ORDER BY b.weight DESC, b.picked_up DESC"
).bindparams(bindparam("scope", type_=documents.c.scope.type))
"""What matches is found by its index before anything is joined to it. The newest thousand hits are weighed:
to weigh one, PostgreSQL reads its whole text anew."""
