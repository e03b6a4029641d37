"""Folders: new, changed, renamed and deleted files.

    walk (size, time) ──► new or touched ──► settled? ──► read ──► known content? ──► FoundItem, MovedItem
                     └──► no longer there ──► GoneItem

A fingerprint is size:mtime:hash; a file whose size and time are the same is not opened again. A file still
being written (younger than SETTLED, or of another size or time than at the last look) is left for
the next look.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from digestbot.errors import SourceError
from digestbot.extraction import FORMATS
from digestbot.model import FoundDocument
from digestbot.protocols.ingest import (
    ExpectedItems,
    FoundItem,
    GoneItem,
    MovedItem,
    SourceChange,
    SourceEvent,
    SourceRow,
)

SETTLED = 2.0
"""Seconds without change after which a file counts as written."""
SUFFIXES = frozenset(suffix for known in FORMATS for suffix in known.suffixes)
"""What is read; other files are counted in the source's options under `skipped`."""


@dataclass(frozen=True, slots=True)
class _File:
    key: str  # path below the folder, with /
    size: int
    mtime_ns: int

    @property
    def shape(self) -> str:
        return f"{self.size}:{self.mtime_ns}"


@dataclass(slots=True)
class _Walk:
    """What one walk over a folder found."""

    files: list[_File] = field(default_factory=list)  # new or touched
    present: set[str] = field(default_factory=set)
    gone: dict[str, str] = field(default_factory=dict)  # fingerprints of what was there before
    refused: list[str] = field(default_factory=list)  # links that lead out
    unreadable: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


class FolderSource:
    """Implements Source. Keeps in memory which files were still changing at the last look."""

    kind = "folder"

    def __init__(self, max_bytes: int) -> None:
        """`max_bytes`: larger files are named and not read."""
        self._max_bytes = max_bytes
        self._changing: dict[int, dict[str, str]] = {}

    async def look(
        self, row: SourceRow, seen: Mapping[str, str], now: datetime
    ) -> AsyncIterator[SourceEvent]:
        """What is new in the folder (or the one file) at the source's address."""
        root = Path(row.address)
        walk = await asyncio.to_thread(_walk, root, seen)
        publisher = (root if root.is_dir() else root.parent).name or str(root)
        gone = walk.gone
        by_content: dict[str, str] = {}
        for key, fingerprint in gone.items():
            by_content.setdefault(_content_hash(fingerprint), key)
        before, changing = self._changing.get(row.source_id, {}), dict[str, str]()
        for link in walk.refused:
            if seen.get(link) != "link":
                yield FoundItem(link, "link", None, error=f"{root / link}: leads out of the folder: refused")
        once = bool(row.options.get("once"))  # read now, for somebody who waits: there is no next look
        expected = len(walk.refused) + len(walk.files)
        yield ExpectedItems(expected, max(len(walk.present) - expected, 0) if once else 0)
        for file in walk.files:
            age = now.timestamp() - file.mtime_ns / 1e9
            if not once and 0 <= age < SETTLED and before.get(file.key) != file.shape:
                changing[file.key] = file.shape
                continue
            path = root / file.key if file.key else root
            if file.size > self._max_bytes:
                limit = f"{self._max_bytes / 1_000_000:g} MB"
                error = f"{path}: is larger than {limit}: split it, or raise max_bytes under [sources]"
                yield FoundItem(file.key, f"{file.shape}:-", None, error=error)
                continue
            try:
                content = await asyncio.to_thread(_read, path, self._max_bytes)
            except OSError as failure:
                said = failure.strerror or type(failure).__name__
                error = f"{path}: {said}: allow reading it"
                yield FoundItem(file.key, f"{file.shape}:-", None, error=error)
                continue
            content_hash = hashlib.sha256(content).hexdigest()[:32]
            fingerprint = f"{file.shape}:{content_hash}"
            if file.key in seen and _content_hash(seen[file.key]) == content_hash:
                yield FoundItem(file.key, fingerprint, None)  # touched, not changed
                continue
            if file.key not in seen and content_hash in by_content:
                old_key = by_content.pop(content_hash)
                del gone[old_key]
                yield MovedItem(old_key, file.key, fingerprint)
                continue
            found = FoundDocument(
                key=file.key or path.name,
                content=content,
                filename=path.name,
                publisher=publisher,
                file_time=datetime.fromtimestamp(file.mtime_ns / 1e9, UTC),
            )
            yield FoundItem(file.key, fingerprint, found)
        for key in gone:
            yield GoneItem(key)
        self._changing[row.source_id] = changing
        trouble = {"skipped": dict(sorted(walk.skipped.items())), "unreadable": walk.unreadable[:20]}
        unchanged = all(row.options.get(name) == value for name, value in trouble.items())
        yield SourceChange(
            title=publisher,
            interval_seconds=int(SETTLED) if changing else None,
            options={} if unchanged else trouble,
        )


def _content_hash(fingerprint: str) -> str:
    return fingerprint.rpartition(":")[2]


def _walk(root: Path, seen: Mapping[str, str]) -> _Walk:
    walk = _Walk()
    try:
        status = root.stat()
    except OSError as error:
        raise SourceError(
            f"{root}: {error.strerror or 'cannot be read'}: create it, or allow reading it", code="missing"
        ) from error
    if stat.S_ISREG(status.st_mode):
        walk.present.add("")
        walk.gone = {key: seen[key] for key in seen.keys() - walk.present}
        _note(walk, _File("", status.st_size, status.st_mtime_ns), seen)
        return walk
    inside = Path(os.path.realpath(root))
    try:
        os.scandir(root).close()
    except OSError as error:
        raise SourceError(
            f"{root}: {error.strerror or 'cannot be read'}: allow reading it", code="unreadable"
        ) from error
    for entry in _entries(root, walk):
        key = os.path.relpath(entry.path, root).replace(os.sep, "/")
        if entry.is_symlink():
            # What a link inside the folder leads to is read at its own place.
            if not Path(os.path.realpath(entry.path)).is_relative_to(inside):
                walk.refused.append(key)
                walk.present.add(key)
            continue
        suffix = Path(entry.name).suffix.lower()
        if suffix not in SUFFIXES:
            walk.skipped[suffix or "no suffix"] += 1
            continue
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # deleted since it was listed
        if not stat.S_ISREG(status.st_mode):
            continue
        walk.present.add(key)
        _note(walk, _File(key, status.st_size, status.st_mtime_ns), seen)
    walk.files.sort(key=lambda file: (file.mtime_ns, file.key))
    if not walk.unreadable:
        walk.gone = {key: seen[key] for key in seen.keys() - walk.present}
    return walk


def _note(walk: _Walk, file: _File, seen: Mapping[str, str]) -> None:
    if not seen.get(file.key, "").startswith(f"{file.shape}:"):
        walk.files.append(file)


def _entries(folder: Path, walk: _Walk) -> Iterator[os.DirEntry[str]]:
    """Files and links below a folder, without hidden ones; linked folders are not entered."""
    waiting = [str(folder)]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        yield entry
        except OSError as error:
            walk.unreadable.append(f"{place}: {error.strerror or 'cannot be read'}")


def _read(path: Path, max_bytes: int) -> bytes:
    """At most one byte more than may be; a link put in the file's place meanwhile is not followed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(max_bytes + 1)
