"""What admins are told of sources, in their language."""

from __future__ import annotations

from digestbot.protocols.ingest import SourceNews
from digestbot.rendering.texts import Texts


def source_notice(news: SourceNews, texts: Texts) -> str:
    """One line; a reason stands as the fetch or the file system gave it."""
    since = texts.short_date(news.since) if news.since is not None else ""
    return texts(f"desk.notice_{news.state}", name=news.name, why=news.reason or "", since=since)
