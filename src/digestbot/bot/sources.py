"""Sources, for those who run the bot: what is read, how it fares, adding and removing, lists in and out.

/addsource address ──► looked at ──► a row that waits ──► a button: from when on ──► started
/importsources file ──► rows that wait ──► the same button for all of them

What waits for its button is a row of its own, so that a press works after any restart.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from telegram import Document, InputFile
from telegram.constants import FileSizeLimit
from telegram.error import TelegramError

from digestbot.bot.call import Call
from digestbot.bot.finding import NotFound
from digestbot.bot.keyboards import rows_of
from digestbot.errors import FetchError, SourceError
from digestbot.model import Button, Keyboard
from digestbot.protocols.ingest import SourceRow, Subscription
from digestbot.rendering import actions
from digestbot.rendering.actions import base36, encode, instant
from digestbot.rendering.rich import Rich, bold, plain
from digestbot.rendering.views import lines, say, say_rich, trouble

SHOWN = 60
"""Sources listed in one answer; those in trouble come first."""
BACKFILLS = (0, 5, 20)
"""Entries from before now that can be chosen when a feed is added."""
WHY_LIMIT = 200
"""Characters of an error shown in the list."""

_ADDRESS = re.compile(r"https?://[^\s/]+\S*")


async def sources(call: Call) -> None:
    """/sources: all sources and how they are, those in trouble first."""
    async with call.services.store.read() as tx:
        rows = [row for row in await tx.sources.all() if row.origin != "bulk"]
    if not rows:
        raise NotFound("desk.none")
    rows.sort(key=lambda row: (_rank(row), row.source_id))
    items: list[Rich] = [_line(call, row) for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        items.append(call.texts.rich("desk.more", n=call.texts.number(len(rows) - SHOWN)))
    title = bold(call.texts.count("desk.sources", len(rows)))
    await call.answer(lines(call.texts, "desk.title", items, title=title))


async def add(call: Call) -> None:
    """/addsource address: looks what stands there, and asks from when on it shall be read."""
    address = call.arguments.strip()
    if not _ADDRESS.fullmatch(address):
        raise NotFound("desk.add_usage")
    desk = call.services.sources
    if desk is None:
        await call.say("read.off")
        return
    try:
        found = await desk.probe(address)
    except (FetchError, SourceError) as error:
        await call.say("desk.refused", why=f"{trouble(error, call.texts)} ({error.message})")
        return
    name = found.title or found.address
    async with call.services.store.begin() as tx:
        known = await tx.sources.find(found.kind, found.address)
        if known is None:
            number = await tx.sources.add(
                found.kind,
                found.address,
                now=call.now,
                origin="chat",
                title=found.title,
                added_by=call.user_id,
                enabled=False,
            )
        else:
            number = known.source_id
    if known is not None and known.enabled:
        await call.answer(say_rich(call.texts.rich("desk.known", source=_line(call, known))))
    elif found.kind == "feed":
        entries = call.texts.count("desk.entries", found.entries)
        keyboard = _backfill_buttons(call, "sa", base36(number))
        await call.say("desk.feed", keyboard, name=name, entries=entries, address=found.address)
    else:
        keyboard = (
            (
                Button(call.texts("desk.watch"), encode("sa", base36(number), "w")),
                Button(call.texts("desk.once"), encode("sa", base36(number), "o")),
            ),
        )
        await call.say("desk.page", keyboard, name=name, address=found.address)


async def press_start(call: Call, number: str, how: str) -> None:
    """A button: start a source that waits, so many entries back, or a page watched or read once."""
    _operators_only(call)
    source_id = actions.number(number)
    options = {"watch": how == "w"} if how in ("w", "o") else {"backfill": _backfill(how)}
    async with call.services.store.begin() as tx:
        row = await tx.sources.get(source_id)
        if row is None:
            raise NotFound("desk.gone")
        if not row.enabled:  # pressed twice, or by another admin meanwhile: what was chosen first holds
            await tx.sources.start(source_id, options, call.now)
    await call.edit(say(call.texts, "desk.added", name=row.title or row.address)[0])


async def remove(call: Call) -> None:
    """/removesource number | words: asks once more, then looks there no more."""
    if not call.arguments:
        raise NotFound("desk.remove_usage")
    row = await _named(call, call.arguments)
    keyboard = (
        (
            Button(call.texts("desk.remove"), encode("sr", base36(row.source_id))),
            Button(call.texts("button.keep"), encode("sr", base36(row.source_id), "no")),
        ),
    )
    await call.say("desk.remove_ask", keyboard, name=row.title or row.address, address=row.address)


async def press_remove(call: Call, number: str, answer: str = "yes") -> None:
    """A button: really, or not."""
    _operators_only(call)
    async with call.services.store.begin() as tx:
        row = await tx.sources.get(actions.number(number))
        if row is not None and answer == "yes":
            await tx.sources.remove(row.source_id)
    if row is None:
        raise NotFound("desk.gone")
    key = "desk.kept" if answer != "yes" else "desk.removed"
    if key == "desk.removed" and row.origin == "config":
        key = "desk.removed_configured"
    await call.edit(say(call.texts, key, name=row.title or row.address)[0])


async def import_list(call: Call) -> None:
    """/importsources, with an OPML file or as the reply to one: its feeds, each once."""
    reply = call.message.reply_to_message
    document = call.message.document or (reply.document if reply else None)
    if document is None:
        raise NotFound("desk.import_usage")
    desk = call.services.sources
    if desk is None:
        await call.say("read.off")
        return
    content = await _downloaded(call, document)
    if content is None:
        return
    try:
        feeds = desk.read_list(content, document.file_name or "OPML")
    except SourceError as error:
        await call.say("desk.refused", why=f"{trouble(error, call.texts)} ({error.message})")
        return
    batch = f"{instant(call.now)}{base36(call.message.message_id)}"
    new = 0
    async with call.services.store.begin() as tx:
        for feed in feeds:
            known = await tx.sources.find("feed", feed.address)
            if known is not None and not _waits(known):
                continue
            new += 1
            if known is not None:
                await tx.sources.remove(known.source_id)  # it waited for a press that never came
            await tx.sources.add(
                "feed",
                feed.address,
                now=call.now,
                origin="chat",
                title=feed.title,
                options={"batch": batch},
                added_by=call.user_id,
                enabled=False,
            )
    known_already = call.texts.number(len(feeds) - new)
    if new:
        text = call.texts.count("desk.import_ask", new, known=known_already)
        await call.answer(say_rich(plain(text), _backfill_buttons(call, "si", batch)))
    else:
        await call.say("desk.import_known", known=known_already)


async def press_import(call: Call, batch: str, backfill: str) -> None:
    """A button: start the feeds of a list, all so many entries back."""
    _operators_only(call)
    entries, started = _backfill(backfill), 0
    async with call.services.store.begin() as tx:
        for row in await tx.sources.all():
            if _waits(row) and row.options.get("batch") == batch:
                started += await tx.sources.start(row.source_id, {"backfill": entries}, call.now)
    if not started:
        raise NotFound("desk.gone")
    text = call.texts.count("desk.imported", started)
    await call.edit(say_rich(plain(text))[0])


async def export_list(call: Call) -> None:
    """/exportsources: the feeds as an OPML file."""
    desk = call.services.sources
    async with call.services.store.read() as tx:
        feeds = [row for row in await tx.sources.all() if row.kind == "feed" and not _waits(row)]
    if desk is None or not feeds:
        raise NotFound("desk.none")
    content = desk.write_list(Subscription(row.address, row.title) for row in feeds)
    await call.bot.send_document(
        call.chat_id,
        InputFile(content, filename="digestbot-sources.opml"),
        caption=call.texts.count("desk.sources", len(feeds)),
        message_thread_id=call.thread_id,
    )


# --- parts ---------------------------------------------------------------------------------------------


def _operators_only(call: Call) -> None:
    """A button may be forwarded, or pressed by somebody who was an admin once."""
    if not call.bot_admin:
        raise NotFound("desk.operators_only")


def _waits(row: SourceRow) -> bool:
    """Whether a source was named in a chat and still waits for the choice how it begins."""
    return row.origin == "chat" and not row.enabled and row.last_checked is None


def _rank(row: SourceRow) -> int:
    order = ("failing", "gone", "silent")
    return order.index(row.state) if row.state in order else len(order) + (not row.enabled)


def _line(call: Call, row: SourceRow) -> Rich:
    """Number, name and state of one source."""
    host = urlsplit(row.address).hostname
    where = f" ({host})" if row.title and host else ""
    return (
        *bold(f"{row.source_id}"),
        *plain(f" {row.title or row.address}{where}: "),
        *_state(call, row),
    )


def _state(call: Call, row: SourceRow) -> Rich:
    texts = call.texts
    since = texts.moment(row.state_since or row.created, call.zone)
    if _waits(row):
        return texts.rich("desk.state_waiting")
    if row.state == "gone":
        return texts.rich("desk.state_gone", since=since)
    if not row.enabled:
        return texts.rich("desk.state_off")
    if row.state == "failing":
        why = (row.last_error or "").replace(row.address, "").strip(" :")
        return texts.rich("desk.state_failing", since=since, why=why[:WHY_LIMIT])
    if row.state == "silent":
        return texts.rich("desk.state_silent", since=since)
    if row.state == "new":
        return texts.rich("desk.state_new")
    if row.last_item is None:
        return texts.rich("desk.state_empty")
    return texts.rich("desk.state_ok", last=texts.moment(row.last_item, call.zone))


def _backfill(entries: str) -> int:
    """How many entries back, as a button carries it; raises ValueError for what no button offers."""
    if entries not in map(str, BACKFILLS):
        raise ValueError(f"{entries!r} is not offered")
    return int(entries)


def _backfill_buttons(call: Call, action: str, named: str) -> Keyboard:
    buttons = []
    for entries in BACKFILLS:
        newest = call.texts("desk.newest", n=call.texts.number(entries))
        words = newest if entries else call.texts("desk.from_now")
        buttons.append(Button(words, encode(action, named, str(entries))))
    return rows_of(buttons, 3)


async def _named(call: Call, words: str) -> SourceRow:
    """The one source of this number, address, or with these words in its name or address."""
    async with call.services.store.read() as tx:
        rows = await tx.sources.all()
    wanted = words.strip().casefold()
    for row in rows:
        if wanted in (str(row.source_id), row.address.casefold()):
            return row
    named = [row for row in rows if wanted in f"{row.title or ''} {row.address}".casefold()]
    if len(named) != 1:
        raise NotFound("desk.no_such" if not named else "desk.several", given=words)
    return named[0]


async def _downloaded(call: Call, document: Document) -> bytes | None:
    if (document.file_size or 0) > FileSizeLimit.FILESIZE_DOWNLOAD:
        await call.say("read.too_large")
        return None
    try:
        file = await call.bot.get_file(document.file_id)
        return bytes(await file.download_as_bytearray())
    except TelegramError:
        await call.say("read.no_download")
        return None
