"""Databases for tests: a fresh SQLite file, or a fresh database on a real PostgreSQL server."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

SERVER = os.environ.get("DIGESTBOT_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/test")


def postgres_missing() -> str | None:
    """Why PostgreSQL cannot be tested here; None where it can. In CI its absence is a failure."""
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        if os.environ.get("DIGESTBOT_REQUIRE_POSTGRES"):
            raise
        return f"no PostgreSQL answers: {str(error).splitlines()[0]}"
    return None


@contextmanager
def postgres_database() -> Iterator[str]:
    """A database of its own on the server, dropped afterwards; its address. Skips where there is none."""
    missing = postgres_missing()
    if missing:
        pytest.skip(missing)
    name = f"digestbot_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        info = server.info
        try:
            yield f"postgresql+psycopg://{info.user}@{info.host}:{info.port}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
