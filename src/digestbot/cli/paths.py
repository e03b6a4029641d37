"""PATH arguments to documents: a file, a folder, a web address, or `-` for standard input.

PATH… ──► given() ──► Given(path, document or error), lazily and in order
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from digestbot.errors import DigestbotError, DocumentError
from digestbot.extraction import FORMATS
from digestbot.model import FoundDocument
from digestbot.protocols.ingest import Fetcher

READABLE_SUFFIXES = frozenset(suffix for known in FORMATS for suffix in known.suffixes)


@dataclass(frozen=True, slots=True)
class Given:
    """One document a PATH stands for, or why there is none; `path` is what is printed for it."""

    path: str
    document: FoundDocument | None = None
    error: DigestbotError | None = None


async def given(paths: Sequence[str], *, max_bytes: int, fetcher: Fetcher) -> AsyncIterator[Given]:
    """The documents of all paths, in order; a path that fails gives a Given with its error."""
    for path in paths:
        if path == "-":
            yield _standard_input(max_bytes)
        elif path.startswith(("http://", "https://")):
            yield await _web_page(path, fetcher)
        else:
            for document in _files(Path(path), max_bytes):
                yield document


def _standard_input(max_bytes: int) -> Given:
    content = sys.stdin.buffer.read(max_bytes + 1)
    if len(content) > max_bytes:
        return Given("-", error=_too_large("standard input", max_bytes))
    return Given("-", FoundDocument(key="-", content=content, publisher="standard input"))


async def _web_page(url: str, fetcher: Fetcher) -> Given:
    try:
        fetched = await fetcher.fetch(url, robots=True)
    except DigestbotError as error:
        return Given(url, error=error)
    media_type = fetched.headers.get("content-type", "").partition(";")[0].strip() or None
    return Given(url, FoundDocument(key=url, content=fetched.content, media_type=media_type, url=fetched.url))


def _files(path: Path, max_bytes: int) -> Iterator[Given]:
    if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where a parent may not be entered; _file says so
        yield _file(path, max_bytes)
        return
    problems: list[Given] = []

    def note(error: OSError) -> None:
        place = error.filename or str(path)
        said = error.strerror or "cannot be read"
        problems.append(
            Given(place, error=DocumentError(f"{place}: {said}: allow reading it", code="unreadable"))
        )

    count = 0
    for folder, folders, names in os.walk(path, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder) / name
            if not name.startswith(".") and file.suffix.lower() in READABLE_SUFFIXES:
                count += 1
                yield _file(file, max_bytes)
    yield from problems
    if not count and not problems:
        known = ", ".join(sorted(READABLE_SUFFIXES))
        yield Given(
            str(path), error=DocumentError(f"{path}: holds no document to read ({known})", code="missing")
        )


def _file(path: Path, max_bytes: int) -> Given:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError(f"{path}: is neither a file nor a folder", code="unreadable")
        if status.st_size > max_bytes:
            raise _too_large(str(path), max_bytes)
        content = path.read_bytes()
    except DocumentError as error:
        return Given(str(path), error=error)
    except (FileNotFoundError, NotADirectoryError):
        return Given(str(path), error=DocumentError(f"{path}: no such file or folder", code="missing"))
    except OSError as error:
        message = f"{path}: {error.strerror or 'cannot be read'}: allow reading it"
        return Given(str(path), error=DocumentError(message, code="unreadable"))
    modified = datetime.fromtimestamp(status.st_mtime, UTC)
    return Given(
        str(path),
        FoundDocument(
            key=str(path),
            content=content,
            filename=path.name,
            file_time=modified,
            publisher=path.absolute().parent.name,
        ),
    )


def _too_large(place: str, max_bytes: int) -> DocumentError:
    limit = f"{max_bytes / 1_000_000:g} MB"
    return DocumentError(
        f"{place}: is larger than {limit}: split it, or raise max_bytes under [sources]", code="too-large"
    )
