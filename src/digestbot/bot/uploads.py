"""Send me anything: an address, a forwarded post, a text or a file, read at once and for that chat alone.

message ──► FoundDocument ──► Ingesting.ingest_one(scope=chat) ──► bullets, conditions, actors
                                                       └─► its sender agrees ──► an admin publishes it
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from telegram import Message
from telegram.constants import FileSizeLimit
from telegram.error import TelegramError

from digestbot.bot import sources
from digestbot.bot.call import Call
from digestbot.bot.finding import NotFound, replied_to
from digestbot.digest import of_documents
from digestbot.errors import DocumentError, FetchError
from digestbot.extraction.encodings import charset
from digestbot.model import Button, DigestSettings, FoundDocument, OutgoingMessage, StoredDocument
from digestbot.protocols.delivery import offer_of
from digestbot.rendering.actions import Ref, encode_refs, refs
from digestbot.rendering.rich import plain
from digestbot.rendering.texts import texts_for
from digestbot.rendering.views import say, say_rich, story_view, trouble

log = logging.getLogger(__name__)

TEXT_FROM = 280
"""Characters from which a text is read as a document; shorter ones are taken for a question."""
OFFERED_FOR = timedelta(days=7)
"""How long those concerned may be told of an offer while they cannot be reached."""
ADDRESS = re.compile(r"https?://\S+")


async def read(call: Call) -> None:
    """/read address: read one page for this chat; as a reply, what it answers: a file, a text, an address."""
    replied = call.message.reply_to_message
    if not call.arguments and replied is not None and replied_to(call):
        await _read_message(call, replied)
        return
    if not ADDRESS.fullmatch(call.arguments):
        raise NotFound("read.usage")
    await _read_address(call, call.arguments)


async def anything(call: Call) -> None:
    """Whatever is sent in a private chat and is no command."""
    message = call.message
    document, text = message.document, message.text or message.caption or ""
    if document is not None and call.bot_admin and (document.file_name or "").lower().endswith(".opml"):
        await sources.import_list(call)
    elif (
        document is not None
        or ADDRESS.fullmatch(text.strip())
        or len(text) >= TEXT_FROM
        or (message.forward_origin is not None and text)
    ):
        await _read_message(call, message)
    else:
        await call.say("read.what" if text else "read.unsupported")


async def _read_message(call: Call, message: Message) -> None:
    """Read the file of a message, the page that is all its text, or the text itself."""
    text = (message.text or message.caption or "").strip()
    if message.document is not None:
        await _read_file(call, message)
    elif ADDRESS.fullmatch(text):
        await _read_address(call, text)
    elif text:
        key = hashlib.sha256(text.encode()).hexdigest()
        typed = FoundDocument(
            key=f"text:{key}", content=text.encode(), media_type="text/plain", encoding="utf-8"
        )

        async def given() -> FoundDocument:
            return typed

        await _read(call, given)
    else:
        await call.say("read.unsupported")


async def _read_file(call: Call, message: Message) -> None:
    document = message.document
    assert document is not None
    if (document.file_size or 0) > FileSizeLimit.FILESIZE_DOWNLOAD:
        await call.say("read.too_large")
        return
    file_id, unique_id = document.file_id, document.file_unique_id
    media_type, filename = document.mime_type, document.file_name

    async def download() -> FoundDocument:
        file = await call.bot.get_file(file_id)
        content = bytes(await file.download_as_bytearray())
        return FoundDocument(
            key=f"telegram:{unique_id}", content=content, media_type=media_type, filename=filename
        )

    await _read(call, download, filename)


async def _read_address(call: Call, url: str) -> None:
    fetcher = call.services.fetcher
    if fetcher is None:
        await call.say("read.off")
        return

    async def fetch() -> FoundDocument:
        fetched = await fetcher.fetch(url, robots=True)
        return FoundDocument(
            key=f"url:{url}",
            content=fetched.content,
            media_type=fetched.headers.get("content-type"),
            url=fetched.url,
            encoding=charset(fetched.headers.get("content-type", "")),
        )

    await _read(call, fetch, url)


async def _read(call: Call, find: Callable[[], Awaitable[FoundDocument]], named: str | None = None) -> None:
    """Say that it is being read, find and read it, and put the result in the place of that message.

    `named`: what its sender knows it by, a file's name or an address.
    """
    ingest = call.services.ingest
    if ingest is None:
        await call.say("read.off")
        return
    progress = say(call.texts, "read.reading")[0]
    shown = await call.bot.send_message(
        call.chat_id,
        progress.plain,
        message_thread_id=call.thread_id,
        reply_parameters=call.reply_parameters(),
    )
    settings = await call.settings()
    try:
        document = await ingest.ingest_one(await find(), scope=call.chat_id, now=call.now)
    except (DocumentError, FetchError) as error:
        log.info("what chat %d sent cannot be read: %s", call.chat_id, error.message)
        why = trouble(error, call.texts)
        parts = say_rich(plain(call.texts("read.failed", why=f"{named}: {why}" if named else why)))
    except TelegramError as error:
        log.warning("a file could not be downloaded: %s", error.message)
        parts = say(call.texts, "read.no_download")
    else:
        parts = story_view(of_documents([document], settings), settings, call.texts)
        if call.services.admins:
            last = replace(parts[-1], keyboard=(*parts[-1].keyboard, _offer_row(call, document)))
            parts = (*parts[:-1], last)
    await call.edit(parts[0], message_id=shown.message_id)
    if parts[0].refers_to:
        await call.remember(shown.message_id, parts[0], listing=True)
    await call.answer(parts[1:])


# --- published to all, where its sender agrees and somebody who runs the bot does it ----------------------


def _offer_row(call: Call, document: StoredDocument) -> tuple[Button, ...]:
    ref = Ref("d", document.document_id)
    return (Button(call.texts("publishing.button"), encode_refs("po", [ref])),)


async def press_offer(call: Call, named: str) -> None:
    """A button: whoever sent it agrees that it is published. Those who run the bot are asked, once."""
    document = await _private(call, named)
    if document.scope != call.chat_id:
        raise NotFound("find.gone")
    if call.bot_admin:
        await _publish(call, document)
        return
    async with call.services.store.begin() as tx:
        for admin in sorted(call.services.admins):
            chat = await tx.chats.get(admin)
            texts = texts_for(chat.language if chat is not None else None)
            ref = Ref("d", document.document_id)
            buttons = (
                Button(texts("publishing.agree"), encode_refs("pp", [ref])),
                Button(texts("publishing.refuse"), encode_refs("pd", [ref])),
            )
            settings = DigestSettings(locale=texts.language)
            shown = story_view(of_documents([document], settings), settings, texts, (buttons,))
            for place, part in enumerate((*say(texts, "publishing.request"), *shown)):
                await tx.outbox.enqueue_message(
                    OutgoingMessage(admin, replace(part, refers_to={})),
                    dedupe_key=f"{offer_of(document.document_id)}{admin}:{place}",
                    kind="notice",
                    now=call.now,
                    expires=call.now + OFFERED_FOR,
                )
    await call.tell("publishing.asked", alert=True)


async def press_publish(call: Call, named: str) -> None:
    """A button of those who run the bot: everyone may find it from now on."""
    if not call.bot_admin:
        await call.tell("publishing.admins_only", alert=True)
        return
    await _publish(call, await _private(call, named))


async def press_decline(call: Call, named: str) -> None:
    """A button of those who run the bot: it stays its sender's alone."""
    if not call.bot_admin:
        await call.tell("publishing.admins_only", alert=True)
        return
    document = await _private(call, named)
    await call.edit(say(call.texts, "publishing.declined", title=document.title)[0])
    await _tell_sender(call, document, "publishing.declined")


async def _publish(call: Call, document: StoredDocument) -> None:
    ingest = call.services.ingest
    if ingest is None:
        await call.tell("read.off", alert=True)
        return
    if await ingest.publish_one(document.document_id, now=call.now) is None:
        raise NotFound("find.gone")
    await call.tell("publishing.done")
    await call.edit(say(call.texts, "publishing.published", title=document.title)[0])
    if document.scope != call.chat_id:
        await _tell_sender(call, document, "publishing.published")


async def _private(call: Call, named: str) -> StoredDocument:
    """The document of a button, while it is one chat's own; raises NotFound, and ValueError for no row."""
    (ref,) = refs(named)
    async with call.services.store.read() as tx:
        document = await tx.documents.get(ref.row)
    if document is None or document.scope is None:
        raise NotFound("find.gone")
    return document


async def _tell_sender(call: Call, document: StoredDocument, key: str) -> None:
    assert document.scope is not None
    async with call.services.store.begin() as tx:
        chat = await tx.chats.get(document.scope)
        texts = texts_for(chat.language if chat is not None else None)
        await tx.outbox.enqueue_message(
            OutgoingMessage(document.scope, say(texts, key, title=document.title)[0]),
            dedupe_key=f"{key}:{document.document_id}",
            kind="notice",
            now=call.now,
            expires=call.now + OFFERED_FOR,
        )
