"""What owners and admins are told of sources and deliveries, in their language."""

from __future__ import annotations

from digestbot.protocols.ingest import SourceNews
from digestbot.rendering.texts import Texts


def source_notice(news: SourceNews, texts: Texts) -> str:
    """One line; a reason stands as the fetch or the file system gave it."""
    since = texts.short_date(news.since) if news.since is not None else ""
    return texts(f"desk.notice_{news.state}", name=news.name, why=news.reason or "", since=since)


def delivery_notice(chat: str, reason: str, texts: Texts, *, to_owner: bool) -> str:
    """One line on an undelivered message: a chat's owner reads what to do, an admin where to look."""
    return texts("channels.lost_right" if to_owner else "operator.undelivered", name=chat, why=reason)
