"""Inline mode: `@bot munir` in any chat offers the latest conditions and sentences on it.

query ──► search among what is for everyone ──► conditions, then bullets, newest first ──► one article each

What somebody sent the bot never appears here, not even to them: an inline answer is made to be posted into
another chat. Answers are personal and not kept by Telegram, so that none outlives what it quotes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ExtBot

from digestbot.analysis.words import tokenise
from digestbot.bot.services import Services
from digestbot.digest import fold
from digestbot.model import DigestCondition, StoredDocument
from digestbot.protocols.store import Transaction
from digestbot.rendering.rich import Piece, Rich, link, pack, plain
from digestbot.rendering.telegram import condition_line, message_part
from digestbot.rendering.texts import Texts, texts_for

log = logging.getLogger(__name__)

MOST_RESULTS = 20
"""Of the 50 the Bot API allows (answerInlineQuery): more is not read on a phone."""
LOOKED_AT = 20
"""Documents whose findings are offered."""
TITLE_LENGTH = 90
"""Characters of an article's title and description; Telegram shows fewer on a phone."""
START = "inline"
"""What /start is opened with from the button above the results."""


async def answer(bot: ExtBot[Any], services: Services, query: InlineQuery) -> None:
    """Answer one inline query; somebody who may not use the bot gets no results."""
    async with services.store.read() as tx:
        asker = await tx.chats.get(query.from_user.id)
        admitted = services.access.admits(
            query.from_user.id, services.admins, guest=bool(asker and asker.settings.get("guest"))
        )
        documents = await _documents(tx, services, query.query) if admitted else []
    texts = texts_for((asker and asker.language) or query.from_user.language_code)
    found = articles(documents, query.query, texts)
    try:
        await bot.answer_inline_query(
            query.id,
            found,
            cache_time=0,
            is_personal=True,
            button=InlineQueryResultsButton(
                texts("inline.open" if found else "inline.nothing"), start_parameter=START
            ),
        )
    except BadRequest as error:  # they typed on, or the bot was away too long
        log.info("an inline query could not be answered: %s", error.message)


async def _documents(tx: Transaction, services: Services, words: str) -> list[StoredDocument]:
    """What is for everyone and holds the words, or a name of what they stand for; newest first."""
    if not words.strip():
        return await tx.documents.latest(scope=None, limit=LOOKED_AT)
    wanted = [words]
    if services.names is not None:
        tokens = tokenise(words[:1].upper() + words[1:])
        wanted += [
            match.senses[0].entry.name
            for match in services.names.find(tokens)
            if match.first == 0 and match.last == len(tokens) and match.senses
        ]
    ids = {
        match.document_id
        for one in dict.fromkeys(wanted)
        for match in await tx.documents.search(one, scope=None, limit=LOOKED_AT)
    }
    found = [await tx.documents.get(document_id) for document_id in sorted(ids)]
    documents = [one for one in found if one is not None and one.scope is None]
    return sorted(documents, key=lambda one: (one.published, one.document_id), reverse=True)[:LOOKED_AT]


def articles(documents: Sequence[StoredDocument], words: str, texts: Texts) -> list[InlineQueryResultArticle]:
    """Conditions and bullets that hold a word of the query first; each with its source linked."""
    wanted = fold(words).split()
    near: list[tuple[str, str, Rich]] = []
    far: list[tuple[str, str, Rich]] = []
    for document in documents:
        for title, quoted, rich in _findings(document, texts):
            told = fold(f"{title} {quoted}")
            (near if all(word in told for word in wanted) else far).append((title, quoted, rich))
    made = []
    for place, (title, quoted, rich) in enumerate((near + far)[:MOST_RESULTS], start=1):
        part = message_part(pack([[Piece(rich)]])[0])
        made.append(
            InlineQueryResultArticle(
                id=str(place),
                title=_clipped(title),
                description=_clipped(quoted),
                input_message_content=InputTextMessageContent(
                    part.html,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                ),
            )
        )
    return made


def _findings(document: StoredDocument, texts: Texts) -> Iterator[tuple[str, str, Rich]]:
    """(title, quotation, message) of each condition and then each bullet of a document."""
    source = (*plain("\n"), *link(document.title, document.url), *plain(f" — {document.publisher}"))
    for condition in document.analysis.conditions:
        shown = DigestCondition(document.document_id, document.version_id, condition)
        parties = " → ".join(name for name in (condition.holder, condition.addressee) if name)
        title = f"{parties or texts('condition.somebody')}: {texts(f'type.{condition.type.value}')}"
        yield title, condition.text, (*condition_line(shown, texts), *source)
    for bullet in document.analysis.bullets:
        yield document.title, bullet.text, (*plain(f"“{bullet.text}”"), *source)


def _clipped(text: str) -> str:
    text = " ".join(text.split()) or "…"
    return text if len(text) <= TITLE_LENGTH else f"{text[: TITLE_LENGTH - 1].rstrip()}…"
