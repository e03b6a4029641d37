"""Untrusted files are read in processes of their own, with limits of time and memory.

    read(found) ──► free worker ──► frame ──► child: extract, analyse ──► frame ──► ReadDocument
                        │ too slow, too much memory, died: killed, and another is started when next needed
                        └──► DocumentError for that document alone

Frames are a length and JSON (with the raw bytes after it on the way in), never pickles: whoever takes over a
child through a hostile file gains nothing over the parent. The child ends when its input does.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import json
import logging
import os
import struct
import sys
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from digestbot.errors import DigestbotError, DocumentError, SourceError
from digestbot.extraction.naming import place_of
from digestbot.findings import (
    analysis_from_json,
    analysis_to_json,
    extracted_from_json,
    extracted_to_json,
)
from digestbot.model import Analysis, ExtractedText, FoundDocument
from digestbot.protocols.ingest import FeedEntry, ParsedFeed, ReadDocument

if TYPE_CHECKING:
    from digestbot.analysis.lexicon import Lexicon

log = logging.getLogger(__name__)

HEADER = struct.Struct(">QQ")
"""Length of the JSON and of the bytes after it."""
LARGEST_ANSWER = 200_000_000
"""Bytes a child may answer with; more is no answer of ours."""
START_SECONDS = 120.0
"""A child that has not loaded the lexicon by then is given up."""
LARGEST_FILE = 128 * 1024 * 1024
"""Bytes of a file a child may write; the language detector unpacks its model into one of half that size."""
LEXICON_VARIABLE = "DIGESTBOT_WORKER_LEXICON"
"""Tells a child the folder of the user's additions to the lexicon."""
TASKS_PER_CHILD = 2_000
"""Documents a child reads before a fresh one takes its place, so that no leak lasts."""

_TIMES = ("published", "file_time")


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """`seconds` and `memory_mb` for one document; `max_bytes`: larger documents are refused.

    `analyser`: module:function that children analyse texts with.
    """

    seconds: float = 60.0
    memory_mb: int = 1024
    max_bytes: int = 20_000_000
    analyser: str = "digestbot.workers:analyse_with_additions"


class ChildDied(Exception):
    """The child process ended in the middle of its work."""


class NoWorker(DigestbotError):
    """A child cannot even start: no document is to blame, and none is given up for it."""

    code = "no-worker"

    def __init__(self) -> None:
        super().__init__("the process that reads documents does not start: see the log at level debug")


class Workers:
    """A pool of child processes; implements Reader and FeedReader.

    Use as a context manager. Children are started when first needed.
    """

    def __init__(
        self,
        processes: int = 0,
        limits: WorkerLimits | None = None,
        *,
        environment: Mapping[str, str] | None = None,
        observe: Callable[[float], None] | None = None,
    ) -> None:
        """`processes`: how many, 0 for one for each processor. `environment`: added to the children's.

        `observe`: told how many seconds each document took, read or given up.
        """
        self._observe = observe
        self.processes = processes or len(os.sched_getaffinity(0))
        self.limits = limits or WorkerLimits()
        self._environment = dict(environment or {})
        self._free: asyncio.LifoQueue[_Child] = asyncio.LifoQueue()
        for _ in range(self.processes):
            self._free.put_nowait(_Child(self.limits, self._environment))
        self._all = [self._free.get_nowait() for _ in range(self.processes)]
        for child in self._all:
            self._free.put_nowait(child)

    async def __aenter__(self) -> Workers:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End all children."""
        await asyncio.gather(*(child.stop() for child in self._all))

    @property
    def children(self) -> list[asyncio.subprocess.Process]:
        """The processes that run now."""
        return [child.process for child in self._all if child.process is not None]

    async def read(self, found: FoundDocument) -> ReadDocument:
        """The text and the findings of one document. Raises DocumentError, whatever the file does."""
        place = place_of(found)
        if len(found.content) > self.limits.max_bytes:
            raise DocumentError(
                f"{place}: is larger than {self.limits.max_bytes / 1_000_000:g} MB: "
                "split it, or raise max_bytes under [sources]",
                code="too-large",
            )
        answer = await self._do("read", _found_to_json(found), found.content, place)
        try:
            return ReadDocument(
                extracted_from_json(answer["extracted"]), analysis_from_json(answer["analysis"])
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DocumentError(f"{place}: its reader gave a wrong answer", code="broken") from error

    async def analyse(self, extracted: ExtractedText) -> ReadDocument:
        """The findings of a text that was extracted before: for re-analysis."""
        place = extracted.canonical_url or extracted.title or "text"
        answer = await self._do("analyse", extracted_to_json(extracted), b"", place)
        return ReadDocument(extracted, analysis_from_json(answer["analysis"]))

    async def read_feed(self, content: bytes, url: str, content_type: str) -> ParsedFeed:
        """The entries of a feed; raises SourceError, whatever the feed does."""
        try:
            answer = await self._do("feed", {"url": url, "content_type": content_type}, content, url)
            entries = [
                FeedEntry(**{**entry, "published": _time(entry["published"])}) for entry in answer["entries"]
            ]
            return ParsedFeed(**{**answer, "entries": tuple(entries)})
        except DocumentError as error:
            raise SourceError(error.message, code=error.code) from error
        except (KeyError, TypeError, ValueError) as error:
            raise SourceError(f"{url}: its reader gave a wrong answer", code="broken") from error

    async def read_many(
        self, documents: AsyncIterable[FoundDocument]
    ) -> AsyncIterator[tuple[FoundDocument, ReadDocument | DocumentError]]:
        """Read many, all children at work; results come in the order of the documents."""
        waiting: list[tuple[FoundDocument, asyncio.Task[ReadDocument]]] = []

        async def first() -> tuple[FoundDocument, ReadDocument | DocumentError]:
            found, task = waiting.pop(0)
            try:
                return found, await task
            except DocumentError as error:
                return found, error

        try:
            async for found in documents:
                waiting.append((found, asyncio.create_task(self.read(found))))
                if len(waiting) >= 2 * self.processes:
                    yield await first()
            while waiting:
                yield await first()
        finally:
            for _, task in waiting:
                task.cancel()

    async def _do(self, task: str, about: Mapping[str, Any], content: bytes, place: str) -> Any:
        child = await self._free.get()
        began = time.monotonic()
        try:
            answer = await child.ask({"task": task, **about}, content)
        except TimeoutError as error:
            raise DocumentError(
                f"{place}: took longer than {self.limits.seconds:g} s to read: given up", code="too-slow"
            ) from error
        except ChildDied as error:
            raise DocumentError(
                f"{place}: made its reader crash: the file is damaged or hostile", code="broken"
            ) from error
        finally:
            self._free.put_nowait(child)
            if self._observe is not None and task != "feed":
                self._observe(time.monotonic() - began)
        problem = answer.get("error")
        if problem:
            kind = SourceError if problem["kind"] == "source" else DocumentError
            raise kind(problem["message"], code=problem["code"])
        return answer


class _Child:
    """One child process, started when needed and again after it was killed."""

    def __init__(self, limits: WorkerLimits, environment: Mapping[str, str]) -> None:
        self._limits = limits
        self._environment = environment
        self.process: asyncio.subprocess.Process | None = None
        self._done = 0

    async def ask(self, about: Mapping[str, Any], content: bytes) -> dict[str, Any]:
        """Send a task, wait for its answer; after TimeoutError or ChildDied the child is gone."""
        try:
            if self.process is None or self.process.returncode is not None:
                await self._start()
            return await asyncio.wait_for(self._exchange(about, content), self._limits.seconds)
        except BaseException as error:
            # Cancelled in the middle of a frame it is useless as well: the next answer would be of this task.
            await self._kill()
            if isinstance(error, (BrokenPipeError, ConnectionResetError, asyncio.IncompleteReadError)):
                raise ChildDied from error
            raise
        finally:
            self._done += 1
            if self._done >= TASKS_PER_CHILD:
                await self.stop()

    async def stop(self) -> None:
        """End the child when its input ends, or by force."""
        process, self.process = self.process, None
        self._done = 0
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 2.0)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _start(self) -> None:
        self._done = 0
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "digestbot.workers",
            json.dumps(asdict(self._limits)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=None if log.isEnabledFor(logging.DEBUG) else asyncio.subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **self._environment},
            start_new_session=True,  # Ctrl-C is for the parent, which ends its children in order
        )
        try:
            ready = await asyncio.wait_for(self._receive(), START_SECONDS)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as error:
            raise NoWorker from error
        if ready != {"ready": True}:
            raise NoWorker

    async def _exchange(self, about: Mapping[str, Any], content: bytes) -> dict[str, Any]:
        assert self.process is not None
        assert self.process.stdin is not None
        head = json.dumps(about).encode()
        self.process.stdin.write(HEADER.pack(len(head), len(content)) + head)
        self.process.stdin.write(content)
        await self.process.stdin.drain()
        return await self._receive()

    async def _receive(self) -> dict[str, Any]:
        assert self.process is not None
        assert self.process.stdout is not None
        length, _ = HEADER.unpack(await self.process.stdout.readexactly(HEADER.size))
        if length > LARGEST_ANSWER:
            raise ChildDied
        answer = json.loads(await self.process.stdout.readexactly(length))
        if not isinstance(answer, dict):
            raise ChildDied
        return answer

    async def _kill(self) -> None:
        process, self.process = self.process, None
        self._done = 0
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _found_to_json(found: FoundDocument) -> dict[str, Any]:
    about = {name: getattr(found, name) for name in found.__dataclass_fields__ if name != "content"}
    for name in _TIMES:
        about[name] = about[name].isoformat() if about[name] else None
    return about


def _found_from_json(about: Mapping[str, Any], content: bytes) -> FoundDocument:
    return FoundDocument(
        **{
            **{name: value for name, value in about.items() if name != "task"},
            **{name: _time(about[name]) for name in _TIMES},
            "content": content,
        }
    )


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


# --- in the child -------------------------------------------------------------------------------------


def serve(tasks: IO[bytes], answers: IO[bytes], limits: WorkerLimits) -> None:
    """The child's loop: read a task, answer it, until the input ends."""
    module, _, function = limits.analyser.partition(":")
    analyse = getattr(importlib.import_module(module), function)
    analyse(ExtractedText(text="Ready.", media_type="text/plain"))  # loads the lexicon before any clock runs
    gc.freeze()  # what is read for good: each round going through it takes 4% of the time of the analysis
    _limit_memory(limits.memory_mb)
    _answer(answers, {"ready": True})
    while header := tasks.read(HEADER.size):
        length, more = HEADER.unpack(header)
        about = json.loads(tasks.read(length))
        content = tasks.read(more)
        _limit_processor_time(limits.seconds)
        _answer(answers, _work(about, content, limits, analyse))


def _work(about: dict[str, Any], content: bytes, limits: WorkerLimits, analyse: Any) -> dict[str, Any]:
    try:
        if about["task"] == "feed":
            from digestbot.extraction.feed import read_feed

            feed = read_feed(content, about["url"], about["content_type"])
            entries = [
                {**asdict(entry), "published": entry.published.isoformat() if entry.published else None}
                for entry in feed.entries
            ]
            return {**asdict(replace(feed, entries=())), "entries": entries}
        if about["task"] == "analyse":
            fields = {name: value for name, value in about.items() if name != "task"}
            return {"analysis": analysis_to_json(analyse(extracted_from_json(fields)))}
        from digestbot.extraction import extract

        extracted = extract(_found_from_json(about, content), max_bytes=limits.max_bytes)
        return {
            "extracted": extracted_to_json(extracted),
            "analysis": analysis_to_json(analyse(extracted)),
        }
    except DigestbotError as error:
        kind = "source" if isinstance(error, SourceError) else "document"
        return {"error": {"kind": kind, "code": error.code, "message": error.message}}
    except MemoryError:
        message = f"{_place(about)}: needs more than {limits.memory_mb} MB to be read: refused"
        return {"error": {"kind": "document", "code": "too-much-memory", "message": message}}
    except RecursionError:
        message = f"{_place(about)}: is nested too deeply to be read"
        return {"error": {"kind": "document", "code": "broken", "message": message}}
    except Exception as error:  # noqa: BLE001 - whatever a hostile file makes a library raise
        message = f"{_place(about)}: cannot be read ({type(error).__name__}: {str(error)[:200]})"
        return {"error": {"kind": "document", "code": "broken", "message": message}}


def _place(about: Mapping[str, Any]) -> str:
    return str(about.get("url") or about.get("filename") or about.get("key") or "the document")


def _answer(answers: IO[bytes], answer: Mapping[str, Any]) -> None:
    frame = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
    answers.write(HEADER.pack(len(frame), 0))
    answers.write(frame)
    answers.flush()


def analyse_with_additions(extracted: ExtractedText) -> Analysis:
    """Analyse in a child, with the user's additions to the lexicon where LEXICON_VARIABLE names them."""
    from digestbot.analysis import analyse

    return analyse(extracted, lexicon=_lexicon(os.environ.get(LEXICON_VARIABLE)))


@cache
def _lexicon(additions: str | None) -> Lexicon:
    from digestbot.analysis.lexicon import load_lexicon

    return load_lexicon((Path(additions),) if additions else ())


def _limit_memory(memory_mb: int) -> None:
    """So much more than what is loaded already; no core files; no large file may be written."""
    import resource

    with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 - a path object adds nothing here
        loaded = int(statm.read().split()[0]) * resource.getpagesize()
    limit = loaded + memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))


def _limit_processor_time(seconds: float) -> None:
    """A child whose parent died in the middle of an endless file ends by itself."""
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + 2 * seconds) + 2, hard))


def main() -> None:
    """Entry of the child: frames on standard input and on what was standard output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints goes to standard error, not between the frames
    serve(sys.stdin.buffer, answers, WorkerLimits(**json.loads(sys.argv[1])))


if __name__ == "__main__":
    main()
