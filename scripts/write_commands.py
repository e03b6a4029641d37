"""Write docs/commands.md from the table of commands."""

from __future__ import annotations

from pathlib import Path

from digestbot.bot.commands import documentation

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"

if __name__ == "__main__":
    PAGE.write_text(documentation(), encoding="utf-8")
    print(f"wrote {PAGE.name}")
