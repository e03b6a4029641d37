"""Backup, restore and copying between databases lose nothing."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, insert, select

from databases import postgres_database
from digestbot.errors import StorageError
from digestbot.storage import maintenance
from digestbot.storage.engine import Store, create_engine
from digestbot.storage.schema import MIGRATIONS
from digestbot.storage.tables import chats, listings, schedules, stories

NOW = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)


async def _filled(url: str) -> Store:
    store = Store(create_engine(url))
    await store.upgrade()
    async with store.begin() as tx:
        run = tx.connection.execute
        await run(
            insert(chats),
            [
                {"id": 10**12 + n, "type": "private", "settings": {"n": n}, "created": NOW, "last_seen": NOW}
                for n in range(1200)
            ],
        )
        await run(insert(stories), {"id": 1, "merged_into": None, "first_seen": NOW, "updated": NOW})
        await run(insert(stories), {"id": 2, "merged_into": None, "first_seen": NOW, "updated": NOW})
        await run(stories.update().where(stories.c.id == 1).values(merged_into=2))
        await run(
            insert(schedules),
            {
                "chat_id": 10**12,
                "origin": "chat",
                "local_time": "07:30",
                "zone": "Asia/Karachi",
                "next_due": NOW,
                "created": NOW,
            },
        )
        await run(insert(listings), {"chat_id": 10**12, "refers_to": {"1": [3]}, "created": NOW})
    return store


async def _all(store: Store, table):  # type: ignore[no-untyped-def]
    async with store.read() as tx:
        return (await tx.connection.execute(select(table).order_by(*table.primary_key.columns))).all()


async def test_a_backup_restored_elsewhere_is_the_same(tmp_path):
    first = await _filled(f"sqlite:///{tmp_path}/first.sqlite3")
    copied = await maintenance.backup(first, tmp_path / "backup.sqlite3")
    assert copied["chats"] == 1200
    second = Store(create_engine(f"sqlite:///{tmp_path}/second.sqlite3"))
    assert await maintenance.restore(tmp_path / "backup.sqlite3", second) == copied
    for table in (chats, stories, schedules, listings):
        assert await _all(first, table) == await _all(second, table)
    await first.close()
    await second.close()


async def test_a_backup_leaves_one_file_and_never_overwrites(tmp_path):
    store = await _filled(f"sqlite:///{tmp_path}/data/first.sqlite3")
    target = tmp_path / "out" / "backup.sqlite3"
    await maintenance.backup(store, target)
    assert [path.name for path in target.parent.iterdir()] == ["backup.sqlite3"]
    with pytest.raises(StorageError, match="is there already"):
        await maintenance.backup(store, target)
    await store.close()


async def test_a_target_with_rows_is_refused(tmp_path):
    first = await _filled(f"sqlite:///{tmp_path}/first.sqlite3")
    second = await _filled(f"sqlite:///{tmp_path}/second.sqlite3")
    with pytest.raises(StorageError, match="empty database"):
        await maintenance.copy(first, second)
    await first.close()
    await second.close()


@pytest.mark.postgres
async def test_sqlite_moves_to_postgres_and_numbering_goes_on(tmp_path):
    first = await _filled(f"sqlite:///{tmp_path}/first.sqlite3")
    with postgres_database() as url:
        target = Store(create_engine(url))
        await maintenance.copy(first, target)
        for table in (chats, stories, schedules, listings):
            assert await _all(first, table) == await _all(target, table)
        async with target.begin() as tx:
            made = await tx.connection.execute(
                insert(stories).values(first_seen=NOW, updated=NOW).returning(stories.c.id)
            )
            assert made.scalar_one() == 3
        back = await maintenance.backup(target, tmp_path / "from-postgres.sqlite3")
        assert back["chats"] == 1200
        await target.close()
    await first.close()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
async def test_an_older_schema_is_upgraded_with_what_it_holds(tmp_path, kind, revision):
    with (
        postgres_database() if kind == "postgres" else nullcontext(f"sqlite:///{tmp_path}/old.sqlite3") as url
    ):
        store = Store(create_engine(url))
        async with store.begin() as tx:
            await tx.connection.run_sync(_upgrade_to, revision)
            await tx.connection.execute(
                insert(chats),
                {"id": 7, "type": "private", "settings": {"n": 1}, "created": NOW, "last_seen": NOW},
            )
        assert "digestbot db upgrade" in (await store.schema_problem() or "")
        await store.upgrade()
        assert await store.schema_problem() is None
        assert [(row.id, row.settings) for row in await _all(store, chats)] == [(7, {"n": 1})]
        await store.close()


def _upgrade_to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
