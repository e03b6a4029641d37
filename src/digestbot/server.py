"""Health, metrics and the webhook, over HTTP.

GET  /healthz   the jobs of this process tick; the database is not asked
GET  /readyz    and it can do its work: database, updates, nothing due for too long
GET  /metrics   Prometheus
POST /telegram  updates, when Telegram is to bring them; stored before 200 is answered
                (and under the path of the address Telegram was told)
"""

from __future__ import annotations

import hmac
import json
import logging
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from digestbot.errors import ConfigurationError, StorageError
from digestbot.metrics import Metrics
from digestbot.protocols.delivery import is_update
from digestbot.protocols.store import Clock, Store

log = logging.getLogger(__name__)

LARGEST_UPDATE = 1_000_000
"""Bytes; Telegram's updates are a few kilobytes."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not a secret

Add = Callable[[Sequence[Mapping[str, Any]]], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class HealthLimits:
    """How long things may be silent. `ticks`: by job, from one good end to the next."""

    ticks: Mapping[str, timedelta]
    poll: timedelta = timedelta(seconds=90)
    oldest_due: timedelta = timedelta(minutes=15)


DEFAULT_LIMITS = HealthLimits(
    {
        "collect": timedelta(minutes=10),  # a tick reads documents, and many at first
        "publish": timedelta(minutes=5),
        "deliver": timedelta(minutes=2),
        "alert": timedelta(minutes=5),
        "prune": timedelta(hours=3),
    }
)


SOURCE_STATES = ("new", "ok", "failing", "silent", "gone", "off")
"""What a source may be; all are told, so that a chart of one does not break off."""


Silence = Callable[[], Mapping[str, float]]
"""Seconds since a tick of each job ended, by job."""


@dataclass(frozen=True, slots=True)
class Health:
    """What is wrong, by name; nothing: all is well. `facts` are told in any case."""

    problems: Mapping[str, str]
    facts: Mapping[str, Any]


class HealthCheck:
    """Looks at the jobs of this process, and at the rows that all processes leave behind."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        limits: HealthLimits = DEFAULT_LIMITS,
        polls: bool = True,
        paused: Callable[[], bool] | None = None,
        metrics: Metrics | None = None,
        since_end: Silence = dict,
        since_good_end: Silence = dict,
    ) -> None:
        """`polls`: whether updates come by polling. `paused`: whether sending waits for Telegram.
        `since_end`: of this process's jobs, the database's absence no fault of theirs; `since_good_end`: of
        those that ended well."""
        self._store = store
        self._clock = clock
        self._limits = limits
        self._polls = polls
        self._paused = paused
        self._metrics = metrics
        self._since_end = since_end
        self._since_good_end = since_good_end
        self._started = clock()

    def live(self) -> Health:
        """Whether the jobs tick. The database's absence is no reason to restart: it is not our fault.

        Rows are not looked at: another replica's would hide that this one hangs.
        """
        ended = self._since_end()
        return Health(
            self._silent_jobs(ended), {"seconds_since_tick": {job: round(ended[job], 1) for job in ended}}
        )

    async def ready(self) -> Health:
        """Whether everything works."""
        now = self._clock()
        try:
            async with self._store.read() as tx:
                beats = await tx.leases.heartbeats()
                outbox = await tx.outbox.status(now)
                waiting = await tx.inbox.waiting()
                schedules, next_due = await tx.schedules.status()
                sources = await tx.sources.all()
        except StorageError as error:
            return Health({"database": error.message}, {})
        problems = self._silent_jobs(self._since_good_end())
        if self._polls and now - max(beats.get("poll", self._started), self._started) > self._limits.poll:
            problems["poll"] = "no answer from Telegram to getUpdates"
        if outbox.oldest_due is not None and now - outbox.oldest_due > self._limits.oldest_due:
            problems["outbox"] = f"a message has waited since {outbox.oldest_due.isoformat()}"
        if self._paused is not None and self._paused():
            problems["telegram"] = "sending is paused: Telegram is unwell"
        if self._metrics is not None:
            for state, count in (
                ("pending", outbox.pending),
                ("in_flight", outbox.in_flight),
                ("failed", outbox.failed),
            ):
                self._metrics.queue_depth.labels(state=state).set(count)
            age = (now - outbox.oldest_due).total_seconds() if outbox.oldest_due else 0.0
            self._metrics.queue_age.set(age)
            self._metrics.updates_waiting.set(waiting)
            states = Counter(row.state if row.enabled or row.state == "gone" else "off" for row in sources)
            for state in SOURCE_STATES:
                self._metrics.sources.labels(state=state).set(states[state])
        return Health(
            problems,
            {
                "heartbeats": _iso(beats),
                "pending": outbox.pending,
                "failed": outbox.failed,
                "oldest_due": outbox.oldest_due and outbox.oldest_due.isoformat(),
                "updates_waiting": waiting,
                "schedules": schedules,
                "next_due": next_due and next_due.isoformat(),
            },
        )

    def _silent_jobs(self, ended: Mapping[str, float]) -> dict[str, str]:
        """Jobs whose last tick is too long ago; each has its time from the start of the process on."""
        return {
            job: f"no tick for {ended[job]:.0f} s"
            for job, longest in self._limits.ticks.items()
            if ended.get(job, 0.0) > longest.total_seconds()
        }


def _iso(beats: Mapping[str, datetime]) -> dict[str, str]:
    return {name: at.isoformat() for name, at in sorted(beats.items())}


def build_server(
    health: HealthCheck,
    metrics: Metrics,
    *,
    add_updates: Add | None = None,
    secret: str | None = None,
    webhook_url: str | None = None,
) -> Starlette:
    """The application. `add_updates` and `secret`: with a webhook; without, /telegram does not exist.

    `webhook_url`: updates are taken under its path as well, for a proxy that passes paths on as they are.
    """

    async def healthz(_request: Request) -> Response:
        return _told(health.live())

    async def readyz(_request: Request) -> Response:
        return _told(await health.ready())

    async def exposition(_request: Request) -> Response:
        await health.ready()  # the gauges of the queue are as old as the last look
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    routes = [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", exposition),
    ]
    if add_updates is not None and secret:
        take = webhook(add_updates, secret)
        paths = {"/telegram", urlsplit(webhook_url or "").path or "/telegram"} - {r.path for r in routes}
        routes += [Route(path, take, methods=["POST"]) for path in sorted(paths)]
    return Starlette(routes=routes)


def webhook(add_updates: Add, secret: str) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint Telegram posts to. 200 only when the update is stored: else Telegram brings it again."""
    expected = secret.encode()

    async def take(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, expected):
            return PlainTextResponse("wrong secret token", 403)
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST_UPDATE:
                return PlainTextResponse("too large", 413)
        try:
            update = json.loads(body)
            if not is_update(update):
                raise ValueError("no update")
        except (ValueError, RecursionError):
            return PlainTextResponse("no update", 400)
        try:
            await add_updates([update])
        except StorageError as error:
            log.error("an update could not be stored, Telegram will bring it again: %s", error)
            return PlainTextResponse("not stored", 503)
        return PlainTextResponse("ok")

    return take


def _told(health: Health) -> Response:
    return JSONResponse(
        {"ok": not health.problems, "problems": dict(health.problems), **health.facts},
        503 if health.problems else 200,
    )


class HttpServer:
    """uvicorn inside our own event loop; leaves the signals to us."""

    def __init__(self, application: Starlette, host: str, port: int) -> None:
        self.port = port
        """Where it listens; with 0 the system chooses, known once it runs."""
        self._server = uvicorn.Server(
            uvicorn.Config(
                application, host=host, port=port, log_config=None, access_log=False, lifespan="off",
                timeout_graceful_shutdown=5, proxy_headers=False, server_header=False,
            )
        )  # fmt: skip

    async def run(self) -> None:
        """Serve until stopped; raises ConfigurationError where the address cannot be had."""
        config = self._server.config
        config.load()
        self._server.lifespan = config.lifespan_class(config)
        family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((config.host, config.port))
        except OSError as error:
            listener.close()
            raise ConfigurationError(
                f"cannot listen on {config.host} port {config.port}: {error.strerror}: set another "
                "DIGESTBOT_SERVER_PORT, or 0 for none"
            ) from error
        self.port = listener.getsockname()[1]
        await self._server.startup(sockets=[listener])
        try:
            await self._server.main_loop()
        finally:
            await self._server.shutdown(sockets=[listener])

    def stop(self) -> None:
        """End `run`."""
        self._server.should_exit = True
