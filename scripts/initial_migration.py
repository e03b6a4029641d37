"""Write `0001_initial.py` anew from `tables.py`; only until the first release, afterwards migrations add up.

Usage: python scripts/initial_migration.py
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from digestbot.storage.schema import MIGRATIONS

TARGET = MIGRATIONS / "versions" / "0001_initial.py"


def main() -> None:
    """Autogenerate against an empty database and keep the result under a stable name."""
    later = [path for path in TARGET.parent.glob("[0-9]*.py") if path != TARGET]
    stowed = [(path, path.read_text()) for path in later]
    for path in [TARGET, *later]:
        path.unlink(missing_ok=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with create_engine("sqlite://").connect() as connection:
            config.attributes["connection"] = connection
            made = command.revision(config, message="Every table", autogenerate=True, rev_id="0001")
            Path(made.path).rename(TARGET)
    finally:
        for path, content in stowed:
            path.write_text(content)
    written = TARGET.read_text()
    written = written.replace("(astext_type=Text())", "()").replace("Follows: \n", "Follows: nothing\n")
    written = "\n".join(line for line in written.splitlines() if "###" not in line) + "\n"
    TARGET.write_text(written)
    subprocess.run(["ruff", "check", "--select", "I", "--fix", "--quiet", TARGET], check=True)
    subprocess.run(["ruff", "format", "--quiet", TARGET], check=True)


if __name__ == "__main__":
    main()
