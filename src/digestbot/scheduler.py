"""Ticks. APScheduler only says "look now"; what is due is decided from rows, so a tick missed or doubled
changes nothing.

Its job store is memory: a store in the database would run jobs twice with several processes, and drop runs
that were missed. It waits by the wall clock; where that is set back, its jobs are told to tick now.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from digestbot.errors import ConfigurationError, StorageError
from digestbot.metrics import Metrics
from digestbot.protocols.store import Clock, Store

log = logging.getLogger(__name__)

Tick = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Job:
    """A thing done again and again. `seconds`: from one tick to the next."""

    name: str
    seconds: float
    does: str


JOBS = (
    Job("collect", 2.0, "looks at the sources that are due"),
    Job("publish", 2.0, "turns slots that are due into rows of the outbox"),
    Job("alert", 10.0, "tells at once what is new of those that chats follow with alerts"),
    Job("deliver", 10.0, "takes back leases that ran out, and wakes the sender"),
    Job("reanalyse", 60.0, "analyses stored documents again after an upgrade, a few at a time"),
    Job("prune", 3600.0, "deletes what is kept no longer"),
)
"""Every job there is. A new one is a row here and a tick given to the Scheduler under its name."""


CLOCK_WATCH = 1.0
"""Seconds from one look at the clock to the next."""
SET_BACK = 1.0
"""Seconds by which the wall clock must have fallen behind the monotonic one to count as set back."""


class Scheduler:
    """Runs each job's tick on time, never two of one job at once, and records when it last ended well."""

    def __init__(
        self, ticks: Mapping[str, Tick], store: Store, clock: Clock, *, metrics: Metrics | None = None
    ) -> None:
        """`ticks`: one for each row of JOBS, by name; raises ConfigurationError for others."""
        if set(ticks) != {job.name for job in JOBS}:
            raise ConfigurationError(f"the jobs are {', '.join(job.name for job in JOBS)}")
        self._ticks = ticks
        self._store = store
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._running: set[asyncio.Task[Any]] = set()
        self._stopping = False
        self._watching: asyncio.Task[None] | None = None
        self._ended: dict[str, float] = {}
        self._ended_well: dict[str, float] = {}

    def since_end(self) -> dict[str, float]:
        """Seconds since a tick of each job ended in this process, the database's absence no fault of its own;
        since the start where none has."""
        return self._since(self._ended)

    def since_good_end(self) -> dict[str, float]:
        """Seconds since a tick of each job ended well in this process; since the start where none has."""
        return self._since(self._ended_well)

    def _since(self, ends: Mapping[str, float]) -> dict[str, float]:
        now = asyncio.get_running_loop().time()  # a clock that is set is no silence
        return {name: now - at for name, at in ends.items()}

    def start(self) -> None:
        """Begin; every job ticks at once, then in its interval."""
        began = asyncio.get_running_loop().time()
        self._ended = {job.name: began for job in JOBS}
        self._ended_well = dict(self._ended)
        for job in JOBS:
            self._scheduler.add_job(
                self.tick,
                IntervalTrigger(seconds=job.seconds, timezone=UTC),
                args=(job.name,),
                id=job.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,  # late is better than never: the tick looks at rows anyway
                next_run_time=datetime.now(UTC),
            )
        # A tick that takes longer than its interval is not news: the next one comes when it has ended.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch_clock())

    async def _watch_clock(self) -> None:
        """Jobs due by a clock that was ahead would wait for as long as it was set back."""
        elapsed = asyncio.get_running_loop().time
        began, then = elapsed(), datetime.now(UTC)
        while True:
            await asyncio.sleep(CLOCK_WATCH)
            now, passed = datetime.now(UTC), elapsed() - began
            if (now - then).total_seconds() < passed - SET_BACK:
                log.warning("the clock was set back: every job ticks now")
                for job in JOBS:
                    self._scheduler.modify_job(job.name, next_run_time=now)
            began, then = began + passed, now

    async def tick(self, name: str) -> None:
        """One tick; a failure is logged and counted, and the next tick comes all the same."""
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
        try:
            with self._metrics.job_seconds.labels(job=name).time():
                await self._ticks[name]()
            now = self._clock()
            async with self._store.begin() as tx:
                await tx.leases.beat(name, now)
            self._metrics.last_tick.labels(job=name).set(now.timestamp())
            self._ended[name] = self._ended_well[name] = asyncio.get_running_loop().time()
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            log.info("the job %s was cut short by the stop; the next start takes it up", name)
        except Exception as error:
            if isinstance(error, StorageError):
                self._ended[name] = asyncio.get_running_loop().time()
            self._metrics.job_failures.labels(job=name).inc()
            log.exception("the job %s failed, it is tried again", name)
        finally:
            if task is not None:
                self._running.discard(task)

    async def stop(self, seconds: float) -> None:
        """No more ticks; those under way get so many seconds to end."""
        if not self._scheduler.running:
            return
        self._stopping = True
        if self._watching is not None:
            self._watching.cancel()
        self._scheduler.pause()
        ending = set(self._running)
        if ending:
            await asyncio.wait(ending, timeout=seconds)
        self._scheduler.shutdown(wait=False)  # cancels what still runs
        await asyncio.gather(*ending, return_exceptions=True)
