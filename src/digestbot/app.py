"""The composition root: Settings to wired objects. The only place that builds them.

Settings ─► store, workers, fetcher ─► ingest ─┐
         ─► limiter, bot ─► sender, inbox ─────┼─► scheduler ticks, poller or webhook, HTTP server ─► stop
         ─► publisher ─────────────────────────┘
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from digestbot.alerts import Alerts
from digestbot.analysis import analyser_version
from digestbot.analysis.lexicon import Lexicon, load_lexicon
from digestbot.digest import compose
from digestbot.errors import ConfigurationError, DigestbotError
from digestbot.fetching import FetchLimits, WebFetcher
from digestbot.findings import title_of
from digestbot.ingest import Ingest, Notify, Reanalysis, publication_time
from digestbot.logs import set_up_logging
from digestbot.metrics import Metrics
from digestbot.model import (
    Coverage,
    Digest,
    DigestSettings,
    FoundDocument,
    MessagePart,
    OutgoingMessage,
    StoredDocument,
    Window,
)
from digestbot.protocols.delivery import ConfiguredSchedule
from digestbot.protocols.ingest import Fetcher, ReadDocument, SourceNews, SourceRow
from digestbot.protocols.store import Transaction
from digestbot.publish import Publisher
from digestbot.rendering.notices import source_notice
from digestbot.rendering.texts import texts_for
from digestbot.settings import ChannelSettings, Settings, unknown_variables
from digestbot.sources import SourceTools, build_sources, look_once
from digestbot.sources.desk import Desk
from digestbot.sources.opml import read_opml
from digestbot.storage.engine import Store, create_engine, passwords_of
from digestbot.storage.retention import Retention, prune
from digestbot.stories import group
from digestbot.workers import LEXICON_VARIABLE, WorkerLimits, Workers

log = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "channel_post", "callback_query", "inline_query", "my_chat_member")
"""Kinds of updates the bot handles."""
STOP_SECONDS = 5.0
"""What is under way gets so long to end, then its outcome so far is recorded …"""
LONGEST_STOP = 9.0
"""… and after so many seconds in all the process ends whatever has not: a database that is locked keeps it
waiting for longer, and a kill at any moment loses nothing."""
CHANNEL_RETRY_SECONDS = 60.0
"""How often a channel that could not be found is looked up again."""
FIRST_READING_SECONDS = 30.0
"""After a start, digests that are due wait so long for the first look at the sources; then they go out with
what has been read, for one slow source must not hold up everyone."""
COLLECT_PATIENCE = 2.0
"""Seconds a tick waits for sources; slower ones go on, and other sources are looked at meanwhile."""
SOURCES_AT_A_TIME = 8
"""Sources that `digestbot check` looks at side by side."""
BACKFILL = 10
"""Entries taken from a feed of the configuration's OPML when it is first read."""


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


# --- parts, each opened for as long as it is needed ---------------------------------------------------


@asynccontextmanager
async def open_store(settings: Settings, *, upgrade: bool = True) -> AsyncIterator[Store]:
    """The database, brought up to date unless `upgrade` is False."""
    store = Store(create_engine(settings.database_url))
    try:
        if upgrade:
            await store.upgrade()
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def open_fetcher(settings: Settings) -> AsyncIterator[WebFetcher]:
    """The guarded way out to the network."""
    limits = FetchLimits(
        seconds=settings.sources.fetch_timeout,
        max_bytes=settings.sources.max_bytes,
        per_host=settings.sources.per_host,
    )
    async with WebFetcher(
        limits,
        allow_networks=settings.sources.allow_networks,
        user_agent=settings.sources.user_agent,
        robots=settings.sources.robots,
    ) as fetcher:
        yield fetcher


@asynccontextmanager
async def open_reader(
    settings: Settings, observe: Callable[[float], None] | None = None
) -> AsyncIterator[Workers]:
    """The processes that read untrusted documents. `observe`: told the seconds each document took."""
    limits = WorkerLimits(
        seconds=settings.workers.timeout,
        memory_mb=settings.workers.memory_mb,
        max_bytes=settings.sources.max_bytes,
    )
    additions = _additions(settings)
    environment = {LEXICON_VARIABLE: str(additions.absolute())} if additions else {}
    async with Workers(
        settings.workers.processes, limits, environment=environment, observe=observe
    ) as workers:
        yield workers


def worker_count(settings: Settings) -> int:
    """How many documents are read at a time."""
    return settings.workers.processes or len(os.sched_getaffinity(0))


def lexicon_of(settings: Settings) -> Lexicon:
    """The lexicon with the user's additions. Raises ConfigurationError for a wrong addition."""
    additions = _additions(settings)
    return load_lexicon((additions,) if additions else ())


def _additions(settings: Settings) -> Path | None:
    folder = settings.lexicon_dir
    return folder if folder is not None and folder.is_dir() and any(folder.glob("*.toml")) else None


def build_ingest(
    settings: Settings,
    store: Store,
    reader: Workers,
    fetcher: Fetcher | None,
    notify: Notify | None = None,
) -> Ingest:
    """The way in; without a fetcher only folders and files can be read."""
    sources = build_sources(SourceTools(fetcher, reader, settings.sources.max_bytes))
    parallel = 2 * worker_count(settings)
    return Ingest(store, reader, sources, notify=notify, clock=clock, parallel=parallel)


def digest_of(
    read: Sequence[tuple[FoundDocument, ReadDocument]],
    *,
    failures: Sequence[str],
    zone: str,
    settings: Settings,
    now: datetime,
) -> Digest:
    """The digest of documents that are in no database, all of them news whatever their age."""
    documents = []
    for number, (found, done) in enumerate(read, 1):
        published, origin = publication_time(found, done.extracted, done.analysis, now=now)
        documents.append(
            StoredDocument(
                document_id=number,
                version_id=number,
                version=1,
                text=done.extracted.text,
                title=title_of(found, done.extracted, done.analysis),
                url=done.extracted.canonical_url or found.url,
                publisher=done.extracted.publisher or found.publisher or found.key,
                source_id=None,
                published=published,
                published_origin=origin,
                picked_up=now,
                scope=None,
                archive=False,
                analysis=done.analysis,
            )
        )
    stories = group(documents)
    coverage = Coverage(
        documents=len(documents),
        publishers=len({document.publisher for document in documents}),
        failures=tuple(failures),
    )
    return compose(
        stories,
        coverage,
        settings=DigestSettings(
            zone=zone,
            stories=max(settings.digest.stories, len(stories)),
            bullets_per_story=settings.digest.bullets_per_story,
        ),
        window=Window(now - timedelta(days=1), now),
        now=now,
    )


# --- what the settings say, as rows -------------------------------------------------------------------


async def register_sources(settings: Settings, store: Store) -> None:
    """Make sources of the watched folders and of the OPML file; those no longer named are switched off."""
    now = clock()
    wanted: set[tuple[str, str]] = set()
    async with store.begin() as tx:
        for folder in settings.watch_folders:
            address = str(folder.absolute())
            wanted.add(("folder", address))
            await tx.sources.add("folder", address, now=now, origin="config")
        moved = {row.options.get("moved_from"): row.address for row in await tx.sources.all()}
        for feed in _subscriptions(settings):
            if feed.address in moved:  # the list still names its old address
                wanted.add(("feed", moved[feed.address]))
                continue
            wanted.add(("feed", feed.address))
            if await tx.sources.find("feed", feed.address) is None:
                options = {"backfill": BACKFILL}
                await tx.sources.add(
                    "feed", feed.address, now=now, origin="config", title=feed.title, options=options
                )
        for row in await tx.sources.all():
            if row.origin == "config" and row.enabled and (row.kind, row.address) not in wanted:
                await tx.sources.set_enabled(row.source_id, False)
        await tx.sources.make_due(now, "folder")


def _subscriptions(settings: Settings) -> Iterable[Any]:
    file = settings.sources.opml
    if file is None or not file.is_file():
        return ()
    return read_opml(file.read_bytes(), str(file))


def _choices(channel: ChannelSettings) -> dict[str, Any]:
    """A configured channel's settings as its chat keeps them."""
    return {
        "locale": channel.locale,
        "header": channel.header,
        "footer": channel.footer,
        "stories": channel.stories,
        "bullets_per_story": channel.bullets_per_story,
        "regions": channel.regions or None,
        "empty_days": channel.empty_days,
        "silent": channel.silent,
    }


async def register_channels(settings: Settings, store: Store, bot: Any) -> list[str]:
    """Make schedules of the configured channels; returns what is wrong with those that could not be found.

    While some cannot be found, those that can be are served, and none that is there is removed.
    """
    from telegram.error import ChatMigrated, TelegramError

    problems: list[str] = []
    found: list[tuple[ChannelSettings, Any]] = []
    for channel in settings.channels:
        try:
            try:
                chat = await bot.get_chat(channel.chat)
            except ChatMigrated as moved:  # a group that became a supergroup; its old id stands in the file
                chat = await bot.get_chat(moved.new_chat_id)
            found.append((channel, chat))
        except TelegramError as error:
            problems.append(
                f"channel {channel.chat}: {error}: add the bot to it as an administrator who may post"
            )
    now = clock()
    async with store.begin() as tx:
        for channel, chat in found:
            known = await tx.chats.get(chat.id)
            if known is None:
                await tx.chats.seen(
                    chat.id,
                    type=chat.type,
                    title=chat.title,
                    username=chat.username,
                    language=None,
                    now=now,
                )
            await tx.chats.update(chat.id, zone=channel.zone)
            await tx.chats.change_settings(chat.id, _choices(channel))
        await tx.schedules.sync_config(
            [
                ConfiguredSchedule(chat.id, time, channel.zone, channel.weekday_mask, channel.thread)
                for channel, chat in found
                for time in channel.times
            ],
            now,
            complete=not problems,
        )
    return problems


# --- digestbot run ------------------------------------------------------------------------------------


async def run(settings: Settings) -> int:
    """The bot, until SIGTERM or Ctrl-C; returns the exit code."""
    set_up_logging(level=settings.log.level, form=settings.log.format, secrets=_secrets(settings))
    for name, _, said in _strange_variables():
        log.warning("%s: %s", name, said)
    stop = asyncio.Event()
    last_moment = threading.Timer(LONGEST_STOP, _leave)
    last_moment.daemon = True

    def ask_to_stop() -> None:
        if not stop.is_set():
            stop.set()
            last_moment.start()  # to the end of the process, whose threads may be what keeps it

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask_to_stop)
    try:
        async with AsyncExitStack() as stack:
            await _Service(settings, stop).run(stack)
    except DigestbotError:
        raise
    except Exception:  # its traceback may hold secrets: the log masks them, the interpreter would not
        log.critical("digestbot ends by a fault of its own", exc_info=True)
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    return 0


def _leave() -> None:
    log.warning("what has not ended within %s s of the stop is left to its leases", LONGEST_STOP)
    logging.shutdown()
    os._exit(0)


def _secrets(settings: Settings) -> list[str]:
    telegram = settings.telegram
    given = [secret.get_secret_value() for secret in (telegram.token, telegram.webhook_secret) if secret]
    return [*given, *passwords_of(settings.database_url)]


class _Service:
    """One running bot: what it is made of, how it starts and how it stops."""

    def __init__(self, settings: Settings, stop: asyncio.Event) -> None:
        self.settings = settings
        self.stop = stop
        self.metrics = Metrics()

    async def run(self, stack: AsyncExitStack) -> None:
        """Build, start, wait for the stop, end in order."""
        from digestbot.bot.admission import Access, Pace, invitation_key
        from digestbot.bot.application import build_application, handler_of, set_menus
        from digestbot.bot.services import Defaults, Services
        from digestbot.deliver import Sender, SenderSettings
        from digestbot.retry import RetryPolicy
        from digestbot.scheduler import Scheduler
        from digestbot.transports.telegram import (
            BotRateLimiter,
            TelegramTransport,
            build_bot,
            reach,
            sending_seconds,
        )
        from digestbot.transports.updates import Poller, UpdateInbox

        settings, telegram = self.settings, self.settings.telegram
        if telegram.token is None:
            raise ConfigurationError("DIGESTBOT_TELEGRAM_TOKEN is not set")
        names = lexicon_of(settings)
        store = await stack.enter_async_context(open_store(settings))
        reader = await stack.enter_async_context(open_reader(settings, self.metrics.analysis_seconds.observe))
        fetcher = await stack.enter_async_context(open_fetcher(settings))
        await register_sources(settings, store)

        limiter = self._limiter(store)
        bot = build_bot(
            telegram.token.get_secret_value(),
            telegram.api_url,
            rate_limiter=BotRateLimiter(limiter),
            read_timeout=telegram.read_timeout,
            request=self._request(),
        )
        sender = Sender(
            store,
            TelegramTransport(bot),
            limiter,
            clock,
            settings=SenderSettings(
                workers=settings.delivery.workers,
                retry=RetryPolicy(uncertain=settings.delivery.uncertain),
                admins=tuple(settings.admins),
                sending_seconds=sending_seconds(telegram.read_timeout),
            ),
            metrics=self.metrics,
        )
        ingest = build_ingest(settings, store, reader, fetcher, notify=self._tell_of_sources(store))
        elapsed = asyncio.get_running_loop().time
        began = elapsed()
        publisher = Publisher(
            store,
            clock,
            grace=settings.grace,
            metrics=self.metrics,
            on_enqueued=sender.wake,
            reading=lambda: not ingest.caught_up and elapsed() - began < FIRST_READING_SECONDS,
            admins=settings.admins,
        )
        retention = Retention(
            raw_days=settings.retention.raw_days,
            sent_days=settings.retention.sent_days,
            text_days=settings.retention.text_days,
            deleted_account_days=settings.retention.deleted_account_days,
        )

        async def collect() -> None:
            report = await ingest.collect_some(clock(), COLLECT_PATIENCE)
            for outcome in ("new", "changed"):
                self.metrics.documents.labels(outcome=outcome).inc(getattr(report, outcome))
            self.metrics.documents.labels(outcome="failed").inc(len(report.failures))

        reanalysis = Reanalysis(store, reader, analyser_version(names))

        async def reanalyse() -> None:
            await reanalysis.tick(clock())

        async def prune_old() -> None:
            await prune(store, clock(), retention)

        scheduler = Scheduler(
            {
                "collect": collect,
                "publish": publisher.tick,
                "alert": Alerts(store, clock, on_enqueued=sender.wake).tick,
                "deliver": sender.recover,
                "reanalyse": reanalyse,
                "prune": prune_old,
            },
            store,
            clock,
            metrics=self.metrics,
        )
        stack.push_async_callback(ingest.stop)
        scheduler.start()  # reading begins while Telegram is being reached
        stack.push_async_callback(scheduler.stop, STOP_SECONDS)
        if not await reach(bot, self.stop):
            return
        services = Services(
            store,
            clock,
            admins=frozenset(settings.admins),
            defaults=Defaults(settings.digest.time, settings.digest.zone),
            access=Access(settings.access.who, frozenset(settings.access.users), invitation_key(bot.token)),
            pace=Pace(settings.access.per_minute, asyncio.get_running_loop().time),
            ingest=ingest,
            fetcher=fetcher,
            names=names,
            sources=Desk(fetcher, reader),
        )
        application = build_application(bot, services)
        await application.initialize()
        inbox = UpdateInbox(store, bot, handler_of(application), clock, metrics=self.metrics)
        poller = Poller(bot, inbox, store, clock, allowed_updates=ALLOWED_UPDATES, alarm=self._notify(store))
        tasks = [
            asyncio.create_task(sender.run(), name="sender"),
            asyncio.create_task(inbox.run(), name="inbox"),
            asyncio.create_task(self._channels(store, bot), name="channels"),
            asyncio.create_task(self._menus(set_menus, bot), name="menus"),
        ]
        if telegram.mode == "polling":
            tasks.append(asyncio.create_task(poller.run(), name="poller"))
        else:
            tasks.append(asyncio.create_task(self._webhook(bot), name="webhook"))
        server = self._server(store, sender, inbox, scheduler)
        if server is not None:
            tasks.append(asyncio.create_task(server.run(), name="server"))
        log.info("digestbot runs as @%s", bot.username)
        try:
            await self._until_stopped(tasks)
        finally:
            log.info("stopping: what is under way is finished first")
            poller.stop()
            if server is not None:
                server.stop()
            await asyncio.gather(
                scheduler.stop(STOP_SECONDS), inbox.drain(STOP_SECONDS), sender.drain(STOP_SECONDS)
            )
            _, late = await asyncio.wait(tasks, timeout=1.0)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await limiter.close()
            await application.shutdown()

    async def _until_stopped(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Wait for the stop; a part that fails for good ends the bot with its error, to be started anew."""
        stopped = asyncio.create_task(self.stop.wait())
        waiting: set[asyncio.Task[Any]] = {stopped, *tasks}
        try:
            while not self.stop.is_set():
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    if task is not stopped and (error := task.exception()) is not None:
                        raise error
        finally:
            stopped.cancel()

    def _limiter(self, store: Store) -> Any:
        from digestbot.transports.limiter import (
            Limits,
            RateLimiter,
            daily_budget,
            shared_bucket,
            shared_holds,
        )

        telegram = self.settings.telegram
        paid = telegram.paid_broadcast and telegram.paid_budget > 0
        return RateLimiter(
            Limits(
                telegram.rate,
                telegram.chat_rate,
                telegram.group_rate,
                telegram.paid_rate if paid else None,
            ),
            reserve=shared_bucket(store) if store.engine.dialect.name == "postgresql" else None,
            spend=daily_budget(store, clock, telegram.paid_budget) if paid else None,
            share=shared_holds(store),
        )

    def _request(self) -> Any:
        """The faster request object for paid broadcasts; None takes the usual one."""
        telegram = self.settings.telegram
        if not (telegram.paid_broadcast and telegram.paid_budget > 0):
            return None
        try:
            from digestbot.transports.aiohttp_request import AiohttpRequest
        except ModuleNotFoundError as error:
            raise ConfigurationError("paid broadcasts need: pip install 'digestbot[paid]'") from error
        return AiohttpRequest(connections=128, read_timeout=telegram.read_timeout)

    def _notify(self, store: Store) -> Callable[[str], Awaitable[None]]:
        async def notify(line: str) -> None:
            log.warning("%s", line)
            async with store.begin() as tx:
                for admin in self.settings.admins:
                    await _enqueue_notice(tx, admin, line)

        return notify

    def _tell_of_sources(self, store: Store) -> Notify:
        """Each admin in the language of their chat."""

        async def tell(news: SourceNews) -> None:
            log.warning("%s", source_notice(news, texts_for(None)))
            async with store.begin() as tx:
                for admin in self.settings.admins:
                    chat = await tx.chats.get(admin)
                    texts = texts_for(chat.language if chat is not None else None)
                    await _enqueue_notice(tx, admin, source_notice(news, texts))

        return tell

    async def _channels(self, store: Store, bot: Any) -> None:
        """Register the configured channels, again and again until all are found."""
        told: set[str] = set()
        notify = self._notify(store)
        while problems := await register_channels(self.settings, store, bot):
            for problem in problems:
                if problem not in told:
                    told.add(problem)
                    await notify(problem)
            try:
                await asyncio.wait_for(self.stop.wait(), CHANNEL_RETRY_SECONDS)
            except TimeoutError:
                continue
            return

    async def _menus(self, set_menus: Any, bot: Any) -> None:
        """Set the menus of commands; the bot works without them, so an outage is only logged."""
        from telegram.error import TelegramError

        try:
            await set_menus(bot, sorted(self.settings.admins))
        except TelegramError as error:
            log.warning("the command menu could not be set: %s", error)

    async def _webhook(self, bot: Any) -> None:
        """Tell Telegram where to bring updates; as often as it takes, for without it none comes.

        Raises ConfigurationError where Telegram refuses the address.
        """
        from telegram.error import BadRequest, RetryAfter, TelegramError

        from digestbot.transports.telegram import seconds_of

        telegram = self.settings.telegram
        if not (telegram.webhook_url and telegram.webhook_secret):
            return
        wait = 1.0
        while True:
            try:
                await bot.set_webhook(
                    telegram.webhook_url,
                    secret_token=telegram.webhook_secret.get_secret_value(),
                    allowed_updates=ALLOWED_UPDATES,
                )
            except BadRequest as error:
                raise ConfigurationError(
                    f"Telegram refuses the webhook: {error.message}: correct DIGESTBOT_TELEGRAM_WEBHOOK_URL"
                ) from error
            except TelegramError as error:
                pause = seconds_of(error) if isinstance(error, RetryAfter) else wait
                log.warning("the webhook could not be set, trying again in %.0f s: %s", pause, error)
                await asyncio.sleep(pause)
                wait = min(wait * 2, 60.0)
            else:
                return

    def _server(self, store: Store, sender: Any, inbox: Any, scheduler: Any) -> Any:
        """Health, metrics and the webhook; None where no port is set."""
        from digestbot.server import HealthCheck, HttpServer, build_server

        settings = self.settings
        polls = settings.telegram.mode == "polling"
        if not settings.server.port:
            if not polls:
                raise ConfigurationError('mode = "webhook" needs DIGESTBOT_SERVER_PORT')
            return None
        secret = settings.telegram.webhook_secret
        health = HealthCheck(
            store,
            clock,
            polls=polls,
            paused=lambda: bool(sender.paused),
            metrics=self.metrics,
            since_end=scheduler.since_end,
            since_good_end=scheduler.since_good_end,
        )
        return HttpServer(
            build_server(
                health,
                self.metrics,
                add_updates=None if polls else inbox.add,
                secret=secret.get_secret_value() if secret and not polls else None,
                webhook_url=settings.telegram.webhook_url,
            ),
            settings.server.host,
            settings.server.port,
        )


async def _enqueue_notice(tx: Transaction, admin: int, line: str) -> None:
    """One line to an admin, at most once a day."""
    now = clock()
    await tx.outbox.enqueue_message(
        OutgoingMessage(admin, MessagePart(html=_escaped(line), plain=line)),
        dedupe_key=f"notice:{admin}:{now.date()}:{line}",
        kind="notice",
        now=now,
        expires=now + timedelta(days=1),
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# --- digestbot check ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; `said` tells how to mend it where it is not `ok`."""

    what: str
    ok: bool
    said: str


async def check(settings: Settings) -> list[Finding]:
    """Verify what the settings name: environment, database, lexicon, folders, sources, token, channels."""
    findings = [Finding("configuration", True, "every setting is valid")]
    findings += [Finding(name, not near, said) for name, near, said in _strange_variables()]
    try:
        findings.append(Finding("lexicon", True, f"{len(lexicon_of(settings).entries):,} entries"))
    except DigestbotError as error:
        findings.append(Finding("lexicon", False, error.message))
    database, rows = await _check_database(settings)
    findings.append(database)
    for folder in settings.watch_folders:
        findings.append(_check_folder(folder))
    findings += await _check_sources(settings, rows)
    return findings + await _check_telegram(settings)


def _strange_variables() -> list[tuple[str, bool, str]]:
    """(name, whether it is nearly that of a setting, what is wrong) of variables that set nothing."""
    found = []
    for name, near in unknown_variables().items():
        said = "there is no such setting, so it is ignored"
        found.append((name, near is not None, f"{said}; did you mean {near}?" if near else said))
    return found


async def _check_database(settings: Settings) -> tuple[Finding, list[SourceRow]]:
    """The database, and the sources that stand in it. An older schema is no fault: the start upgrades it."""
    try:
        async with open_store(settings, upgrade=False) as store:
            store.check_writable()
            problem = await store.schema_problem()
            if problem is None:
                async with store.read() as tx:
                    rows = [row for row in await tx.sources.all() if row.enabled and row.origin != "bulk"]
                return Finding("database", True, "reached, schema up to date"), rows
        return Finding("database", "newer" not in problem, problem), []
    except (DigestbotError, OSError) as error:
        return Finding("database", False, str(error)), []


def _check_folder(folder: Path) -> Finding:
    readable = folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)
    said = "readable" if readable else "is no folder that can be read: make it, or allow reading it"
    return Finding(f"folder {folder}", readable, said)


async def _check_sources(settings: Settings, rows: Sequence[SourceRow]) -> list[Finding]:
    """Each feed of the configuration and each source of the database is looked at; nothing is stored."""
    opml = settings.sources.opml
    if opml is not None and "opml" in settings.sources.model_fields_set and not opml.is_file():
        said = "no such file: correct [sources] opml (DIGESTBOT_SOURCES_OPML), or make it"
        return [Finding(f"feeds {opml}", False, said)]
    findings: list[Finding] = []
    looked_at = {row.address for row in rows} | {row.options.get("moved_from") for row in rows}
    mends = {row.address: f"correct or remove it (digestbot sources remove {row.source_id})" for row in rows}
    wanted = [(row.kind, row.address) for row in rows if row.kind in ("feed", "web")]
    folders = {str(folder.absolute()) for folder in settings.watch_folders}
    findings += [
        _check_folder(Path(row.address))
        for row in rows
        if row.kind == "folder" and row.address not in folders
    ]
    try:
        feeds = list(_subscriptions(settings))
    except (DigestbotError, OSError) as error:
        return [*findings, Finding(f"feeds {opml}", False, str(error))]
    for feed in feeds:
        if feed.address not in looked_at:
            wanted.append(("feed", feed.address))
        mends[feed.address] = f"correct or remove it in {opml}"
    if not wanted:
        return findings
    at_a_time = asyncio.Semaphore(SOURCES_AT_A_TIME)
    async with open_reader(settings) as reader, open_fetcher(settings) as fetcher:
        kinds = build_sources(SourceTools(fetcher, reader, settings.sources.max_bytes))

        async def look(kind: str, address: str) -> Finding | None:
            async with at_a_time:
                try:
                    await look_once(kinds[kind], address, clock())
                except DigestbotError as error:
                    said = error.message.removeprefix(f"{address}: ")
                    return Finding(f"{kind} {address}", False, f"{said}: {mends[address]}")
            return None

        failed = [one for one in await asyncio.gather(*(look(*each) for each in wanted)) if one]
    answering = len(wanted) - len(failed)
    return [*findings, *failed, Finding("sources", not failed, f"{answering} of {len(wanted)} answer")]


async def _check_telegram(settings: Settings) -> list[Finding]:
    from telegram.error import InvalidToken, TelegramError

    from digestbot.transports.telegram import build_bot

    telegram = settings.telegram
    if telegram.token is None:
        return [Finding("token", False, "is not set: get one from @BotFather (DIGESTBOT_TELEGRAM_TOKEN)")]
    bot = build_bot(telegram.token.get_secret_value(), telegram.api_url, read_timeout=10)
    try:
        await bot.initialize()
    except InvalidToken:
        return [Finding("token", False, "Telegram does not know it: copy it again from @BotFather")]
    except TelegramError as error:
        mend = "see that this machine may reach it, and that DIGESTBOT_TELEGRAM_API_URL is right"
        return [Finding("Telegram", False, f"cannot be reached at {telegram.api_url}: {error}: {mend}")]
    try:
        channels = [await _check_channel(bot, channel) for channel in settings.channels]
        webhook = await _check_webhook(bot, settings) if telegram.mode == "webhook" else []
    finally:
        await bot.shutdown()
    return [Finding("token", True, f"the bot is @{bot.username}"), *webhook, *channels]


async def _check_webhook(bot: Any, settings: Settings) -> list[Finding]:
    from telegram.error import TelegramError

    if not settings.server.port:
        return [Finding("webhook", False, 'mode = "webhook" needs DIGESTBOT_SERVER_PORT: set it')]
    try:
        info = await bot.get_webhook_info()
    except TelegramError as error:
        return [Finding("webhook", False, f"Telegram does not tell of it: {error}: try again")]
    since = clock() - timedelta(hours=1)
    if info.last_error_message and info.last_error_date and info.last_error_date > since:
        said = f"Telegram could not bring updates to {info.url}: {info.last_error_message}"
        return [Finding("webhook", False, f"{said}: see that the proxy passes this path on")]
    if info.url != settings.telegram.webhook_url:
        return [Finding("webhook", True, "is not set yet: digestbot run sets it")]
    return [Finding("webhook", True, f"updates come to {info.url}")]


async def _check_channel(bot: Any, channel: ChannelSettings) -> Finding:
    from telegram.error import TelegramError

    what = f"channel {channel.chat}"
    try:
        chat = await bot.get_chat(channel.chat)
        member = await bot.get_chat_member(chat.id, bot.id)
    except TelegramError as error:
        return Finding(what, False, f"{error}: add the bot to it as an administrator who may post")
    if member.status in ("left", "kicked"):
        return Finding(what, False, "the bot is no member: add it as an administrator who may post")
    if chat.type == "channel" and not getattr(member, "can_post_messages", False):
        return Finding(what, False, "the bot may not post: give it the right to post messages")
    muted = member.status == "restricted" and not member.can_send_messages
    all_muted = member.status == "member" and chat.permissions and not chat.permissions.can_send_messages
    if muted or all_muted:
        return Finding(what, False, "the bot may not write: make it an administrator, or allow it messages")
    return Finding(what, True, f"{chat.title or chat.id}: the bot may post")
