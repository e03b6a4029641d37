"""Telling people who run the bot, or own a channel, something once, each in the language of their chat."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from digestbot.model import MessagePart, OutgoingMessage
from digestbot.protocols.store import Transaction
from digestbot.rendering.texts import Texts, texts_for

NOTICE_LIFE = timedelta(days=2)
"""How long a notice is worth sending."""


async def tell_once(
    tx: Transaction, people: Sequence[int], say: Callable[[Texts], str], *, key: str, now: datetime
) -> bool:
    """Enqueue a notice for each of them; False where `key` was told before.

    `say`: the text, in the language of its reader. The key is forgotten after the time of retention, or with
    `leases.forget_notice`.
    """
    if not await tx.leases.notice_once(key, say(texts_for(None)), now):
        return False
    for person in people:
        chat = await tx.chats.get(person)
        text = say(texts_for(chat.language if chat is not None else None))
        await tx.outbox.enqueue_message(
            OutgoingMessage(person, MessagePart(html=html.escape(text, quote=False), plain=text)),
            dedupe_key=f"{key}:{person}:{now.isoformat()}",
            kind="notice",
            now=now,
            expires=now + NOTICE_LIFE,
        )
    return True
