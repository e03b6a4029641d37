"""The schema's migrations: which one a database is at, which this code needs, how it gets there (Alembic)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Run all migrations that a database has not had, in the transaction of `connection`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revision(connection: Connection) -> str | None:
    """The migration a database is at; None where it has had none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The migration this code needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def made_by_newer(found: str | None) -> str | None:
    """What to say of a schema that this version has never heard of; None for one it knows, or none."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    if found is None or found in {script.revision for script in scripts.walk_revisions()}:
        return None
    return (
        f"the schema is {found}, made by a newer digestbot; this one knows it up to "
        f"{scripts.get_current_head()}: install the newer version, or restore a backup of this one"
    )
