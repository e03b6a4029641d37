"""Pictures: /network, /trend and /map, drawn in a thread beside the event loop, of what this chat may see."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from telegram.constants import ChatAction

from digestbot.bot.call import Call
from digestbot.bot.finding import NotFound, rows
from digestbot.bot.meaning import like, meant_keyboard
from digestbot.bot.reading import lexicon_key, read_window
from digestbot.bot.typed import period
from digestbot.digest import fold
from digestbot.findings import counted
from digestbot.model import Findings, Window
from digestbot.rendering import pictures
from digestbot.rendering.actions import refs

WEEKS = 8
"""Weeks that a trend shows."""
MOST_ACTORS = 4
"""Actors that a trend compares."""


async def network(call: Call) -> None:
    """/network [period]: who appears with whom, and who ties whom to conduct."""
    found = pictures.ties(await _findings(call, _window(call)))
    if not found.pairs and not found.arrows:
        raise NotFound("picture.nothing")
    await _send(
        call, lambda: pictures.draw_network(found, call.texts), pictures.network_caption(found, call.texts)
    )


async def show_network(call: Call, named: str) -> None:
    """A button: who appears with whom in these stories."""
    documents = {one.version_id: one for found in await rows(call, refs(named)) for one in found.documents}
    found = pictures.ties(_one_key_a_name([counted(one) for one in documents.values()]))
    if not found.pairs and not found.arrows:
        raise NotFound("picture.nothing_here")
    await call.tell()
    await call.working(ChatAction.UPLOAD_PHOTO)
    await _send(
        call, lambda: pictures.draw_network(found, call.texts), pictures.network_caption(found, call.texts)
    )


def _one_key_a_name(documents: Sequence[Findings]) -> list[Findings]:
    """Within some stories two bearers of one name are one actor, whatever country each document gives."""
    keys: dict[str, str] = {}
    first = {
        key: keys.setdefault(fold(name), key)
        for document in documents
        for key, name in document.actors.items()
    }
    return [
        replace(
            document,
            actors={first[key]: name for key, name in document.actors.items()},
            ties=tuple(
                replace(tie, holder=first.get(tie.holder or ""), addressee=first.get(tie.addressee or ""))
                for tie in document.ties
            ),
        )
        for document in documents
    ]


async def heat_map(call: Call) -> None:
    """/map [period]: conditions by who holds them and domain."""
    found = pictures.grid(await _findings(call, _window(call)))
    if not found.actors:
        raise NotFound("picture.nothing")
    await _send(call, lambda: pictures.draw_map(found, call.texts), pictures.map_caption(found, call.texts))


async def trend(call: Call) -> None:
    """/trend actor, actor …: mentions and conditions over the weeks."""
    wanted = [one.strip() for one in call.arguments.split(",") if one.strip()][:MOST_ACTORS]
    if not wanted:
        raise NotFound("picture.trend_usage")
    documents = await _findings(call, Window(call.now - timedelta(weeks=WEEKS), call.now))
    names = {key: name for one in documents for key, name in one.actors.items()}
    keys: list[str] = []
    for name in wanted:
        key = await _key_of(call, name, names)
        if key is None:
            raise NotFound("actors.unknown", meant_keyboard("an", like(name, names), call.texts), name=name)
        if key not in keys:
            keys.append(key)
    found = pictures.weeks(documents, keys, call.now, WEEKS)
    await _send(
        call, lambda: pictures.draw_trend(found, call.texts), pictures.trend_caption(found, call.texts)
    )


async def _key_of(call: Call, name: str, names: Mapping[str, str]) -> str | None:
    """The actor a name stands for: by the lexicon ("Ankara"), else by the names seen, whole or in part."""
    known = await lexicon_key(call, name)
    if known in names:
        return known
    wanted = fold(name)
    folded = {key: fold(seen) for key, seen in names.items()}
    exact = [key for key, seen in folded.items() if seen == wanted]
    part = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    return next(iter(exact or [key for key, seen in folded.items() if part.search(seen)]), None)


def _window(call: Call) -> Window:
    """The period asked for; a week where none is. Raises NotFound for words that are none."""
    window = read_window(period(call.arguments or "7d", call.texts), call.now, call.zone)
    if window is None:
        raise NotFound("digest.usage", given=call.arguments)
    return window


async def _findings(call: Call, window: Window) -> Sequence[Findings]:
    """What the documents of a window hold that this chat may see; until it is counted, that it is drawn."""
    await call.working(ChatAction.UPLOAD_PHOTO)
    async with call.services.store.read() as tx:
        return await tx.documents.findings(window, scope=call.chat_id)


async def _send(call: Call, draw: Callable[[], bytes], caption: str) -> None:
    picture = await asyncio.to_thread(draw)
    await call.bot.send_photo(
        call.chat_id,
        picture,
        caption=caption,
        filename="picture.png",
        message_thread_id=call.thread_id,
        reply_parameters=call.reply_parameters(),
    )
