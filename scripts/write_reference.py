"""Write what is generated from the code: docs/configuration.md and config/digestbot.toml.

Usage: python scripts/write_reference.py
"""

from __future__ import annotations

from pathlib import Path

from digestbot.settings_reference import as_markdown, as_toml

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write both files."""
    (ROOT / "docs" / "configuration.md").write_text(as_markdown(), encoding="utf-8")
    (ROOT / "config" / "digestbot.toml").write_text(as_toml(), encoding="utf-8")


if __name__ == "__main__":
    main()
