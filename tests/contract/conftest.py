"""The store of the contract tests: each of them runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deliveries import opened_store
from digestbot.storage.engine import Store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty, upgraded store."""
    async with opened_store(request.param, tmp_path) as opened:
        yield opened
