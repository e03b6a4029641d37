"""A digest as Markdown (CommonMark): for a file, a wiki, a static site."""

from __future__ import annotations

import re

from digestbot.model import Digest
from digestbot.rendering.rich import Rich, linkable, text_of
from digestbot.rendering.telegram import (
    actor_words,
    byline,
    condition_line,
    coverage_line,
    edit_line,
    region_name,
)
from digestbot.rendering.texts import texts_for


def render_markdown(digest: Digest) -> str:
    """The whole digest; every character that CommonMark could take for markup is escaped."""
    texts = texts_for(digest.settings.locale)
    settings = digest.settings
    lines = [escape(settings.header), ""] if settings.header else []
    if not digest.stories:
        key = "digest.empty" if digest.coverage.documents == 0 else "digest.nothing_to_show"
        lines.append(escape(texts(key, since=texts.moment(digest.window.since, settings.zone))))
    else:
        title = texts("digest.title", date=texts.long_date(digest.window.until, settings.zone))
        lines.append(f"# {escape(title)}")
    region: str | None = ""
    for story in digest.stories:
        if story.region != region:
            region = story.region
            lines += ["", f"## {escape(region_name(region, texts))}"]
        headline = escape(story.headline)
        if story.url and linkable(story.url):
            headline = f"[{headline}](<{_address(story.url)}>)"
        lines += [
            "",
            f"### {story.number}. {headline}",
            "",
            f"*{escape(byline(story, settings.zone, texts))}*",
        ]
        if "bullets" in settings.sections and story.bullets:
            lines.append("")
            for bullet in story.bullets:
                context = f"[{bullet.context}] " if bullet.context else ""
                lines.append(f"- {escape(bullet.number)} {escape(context + bullet.text)}")
            lines += [f"- {_marked(edit_line(edit, texts))}" for edit in story.edits]
        if "conditions" in settings.sections and story.conditions:
            lines += ["", f"**{escape(texts('digest.conditions'))}**", ""]
            lines += [f"- {_marked(condition_line(found, texts))}" for found in story.conditions]
        if "actors" in settings.sections and story.actors:
            named = " · ".join(escape(text_of(actor_words(actor, texts))) for actor in story.actors)
            lines += ["", f"**{escape(texts('digest.actors'))}** {named}"]
    if "coverage" in settings.sections:
        lines += ["", f"*{escape(coverage_line(digest.coverage, texts))}*"]
    if settings.footer:
        lines += ["", escape(settings.footer)]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """A text on one line, with every mark that is markup where it stands escaped (CommonMark 2.4).

    A hyphen, a plus or a number with its point begins a list only where a line begins.
    """
    escaped = re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", " ".join(text.split()))
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", escaped)


def _address(url: str) -> str:
    """An address that may stand between < and >."""
    return re.sub(r"[<>\\]", lambda found: f"%{ord(found[0]):02X}", url)


def _marked(rich: Rich) -> str:
    """A line of runs, its bold kept."""
    pieces = []
    for run in rich:
        text = escape(run.text)
        if not text:
            pieces.append(" " if run.text else "")
            continue
        lead = " " if run.text[0].isspace() else ""
        tail = " " if run.text[-1].isspace() else ""
        wrapped = f"**{text}**" if any(mark.tag == "b" for mark in run.marks) else text
        pieces.append(f"{lead}{wrapped}{tail}")
    return "".join(pieces).strip()
