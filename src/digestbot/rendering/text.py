"""A digest as plain text: for a terminal, an e-mail, a screen reader."""

from __future__ import annotations

from digestbot.model import Digest
from digestbot.rendering.rich import text_of
from digestbot.rendering.telegram import (
    actor_words,
    byline,
    condition_line,
    coverage_line,
    edit_line,
    region_name,
)
from digestbot.rendering.texts import texts_for


def render_text(digest: Digest) -> str:
    """The whole digest; addresses in full behind each headline."""
    texts = texts_for(digest.settings.locale)
    settings = digest.settings
    lines = [settings.header] if settings.header else []
    if not digest.stories:
        key = "digest.empty" if digest.coverage.documents == 0 else "digest.nothing_to_show"
        lines.append(texts(key, since=texts.moment(digest.window.since, settings.zone)))
    else:
        lines.append(texts("digest.title", date=texts.long_date(digest.window.until, settings.zone)))
    region: str | None = ""
    for story in digest.stories:
        if story.region != region:
            region = story.region
            lines += ["", region_name(region, texts).upper()]
        lines += ["", f"{story.number}. {story.headline}", f"   {byline(story, settings.zone, texts)}"]
        if story.url:
            lines.append(f"   {story.url}")
        if "bullets" in settings.sections:
            for bullet in story.bullets:
                context = f"[{bullet.context}] " if bullet.context else ""
                lines.append(f"   • {bullet.number} {context}{bullet.text}")
            lines += [f"   {text_of(edit_line(edit, texts))}" for edit in story.edits]
        if "conditions" in settings.sections and story.conditions:
            lines.append(f"   {texts('digest.conditions')}")
            lines += [f"   {text_of(condition_line(found, texts))}" for found in story.conditions]
        if "actors" in settings.sections and story.actors:
            named = " · ".join(text_of(actor_words(actor, texts)) for actor in story.actors)
            lines.append(f"   {texts('digest.actors')} {named}")
    if "coverage" in settings.sections:
        lines += ["", coverage_line(digest.coverage, texts)]
    if settings.footer:
        lines += ["", settings.footer]
    return "\n".join(lines) + "\n"
