"""What owners and admins are told of sources and deliveries, in their language."""

from __future__ import annotations

from datetime import datetime

from digestbot.protocols.ingest import SourceNews
from digestbot.rendering.texts import Texts


def source_notice(news: SourceNews, texts: Texts) -> str:
    """One line; a reason stands as the fetch or the file system gave it."""
    since = texts.short_date(news.since) if news.since is not None else ""
    return texts(f"desk.notice_{news.state}", name=news.name, why=news.reason or "", since=since)


def delivery_notice(chat: str, reason: str, texts: Texts, *, to_owner: bool) -> str:
    """One line on an undelivered message: a chat's owner reads what to do, an admin where to look."""
    return texts("channels.lost_right" if to_owner else "operator.undelivered", name=chat, why=reason)


def more_undelivered_notice(reason: str, texts: Texts) -> str:
    """One line for all further chats of a day whose messages failed for the same reason."""
    return texts("operator.undelivered_more", why=reason)


def unsure_notice(count: int, texts: Texts) -> str:
    """One line on messages that are given up because nobody knows whether they arrived."""
    return texts("operator.unsure", n=texts.number(count))


def missed_notice(last: datetime, hours: float, texts: Texts) -> str:
    """One line on digests that were due during downtime; `last`: when the latest was, `hours`: the grace."""
    return texts("operator.missed", last=texts.moment(last, "UTC") + " UTC", hours=texts.number(hours))
