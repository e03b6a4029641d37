"""Findings as people read them in a terminal (rich), and as programs read them (JSON lines)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from digestbot.analysis.explain import Explanation
from digestbot.errors import DigestbotError
from digestbot.model import Analysis, Condition, Digest, ExtractedText
from digestbot.rendering.json import render_json
from digestbot.rendering.markdown import render_markdown
from digestbot.rendering.telegram import render_digest
from digestbot.rendering.text import render_text


def as_json(
    path: str, extracted: ExtractedText, analysis: Analysis, published: str | None, with_text: bool
) -> dict[str, Any]:
    """The object `digestbot analyze --json` prints for a document."""
    shown: dict[str, Any] = {
        "path": path,
        "title": analysis.title,
        "language": analysis.language,
        "published": published,
        "bullets": [
            {"text": bullet.text, "start": bullet.start, "end": bullet.end} for bullet in analysis.bullets
        ],
        "actors": [
            {
                "name": actor.name,
                "kind": actor.kind.value,
                "country": actor.country,
                "sector": actor.sector,
                "role": actor.role,
                "salience": round(actor.salience, 4),
                "mentions": [
                    {"text": mention.text, "start": mention.start, "end": mention.end}
                    for mention in actor.mentions
                ],
            }
            for actor in analysis.actors
        ],
        "conditions": [_condition_as_json(condition) for condition in analysis.conditions],
    }
    if with_text:
        shown["body"] = extracted.text
    return shown


def _condition_as_json(condition: Condition) -> dict[str, Any]:
    return {
        "sentence": condition.sentence,
        "text": condition.text,
        "start": condition.start,
        "end": condition.end,
        "type": condition.type.value,
        "domain": condition.domain.value,
        "holder": condition.holder,
        "addressee": condition.addressee,
        "speaker": condition.speaker,
        "cue": condition.cue,
        "deadline": condition.deadline,
        "hedged": condition.hedged,
    }


def error_as_json(path: str, error: DigestbotError) -> dict[str, Any]:
    """The object printed for a document that cannot be read."""
    return {"path": path, "error": {"code": error.code, "message": error.message}}


def show_analysis(
    console: Console, path: str, extracted: ExtractedText, analysis: Analysis, *, with_text: bool
) -> None:
    """One document's findings, for reading."""
    parts: list[RenderableType] = []
    if with_text:
        parts += [Text(extracted.text), Text()]
    parts.append(Text("Bullets", style="bold"))
    parts += [Text(f"{number}. {bullet.text}") for number, bullet in enumerate(analysis.bullets, 1)]
    if not analysis.bullets:
        parts.append(Text("none: the document holds no sentence of its own", style="dim"))
    parts += [Text(), _conditions_table(analysis), Text(), _actors_table(analysis)]
    title = escape(analysis.title or path)
    console.print(Panel(Group(*parts), title=title, subtitle=escape(path), title_align="left"))


def _conditions_table(analysis: Analysis) -> RenderableType:
    if not analysis.conditions:
        said = (
            "none found" if analysis.language == "en" else f"not looked for in language {analysis.language!r}"
        )
        return Text.assemble(("Conditions: ", "bold"), (said, "dim"))
    table = Table("who → to whom", "type", "domain", "condition", title="Conditions", title_justify="left")
    for condition in analysis.conditions:
        parties = f"{condition.holder or 'unnamed'} → {condition.addressee or 'unnamed'}"
        kind = condition.type.value + (" (hedged)" if condition.hedged else "")
        said = condition.text + (f" [by {condition.deadline}]" if condition.deadline else "")
        table.add_row(Text(parties), Text(kind), Text(condition.domain.value), Text(said))
    return table


def _actors_table(analysis: Analysis) -> RenderableType:
    if not analysis.actors:
        return Text.assemble(("Actors: ", "bold"), ("none found", "dim"))
    table = Table(
        "actor", "kind", "country", "sector", "role", "mentions", title="Actors", title_justify="left"
    )
    for actor in analysis.actors:
        table.add_row(
            Text(actor.name),
            Text(actor.kind.value.replace("_", " ")),
            Text(f"{actor.country}?" if actor.country_weighed else actor.country or ""),
            Text(actor.sector or ""),
            Text(actor.role or ""),
            Text(str(len(actor.mentions))),
        )
    return table


def show_digest(console: Console, digest: Digest, form: str) -> None:
    """A digest in one of the formats of `digestbot digest`."""
    if form == "json":
        print(json.dumps(render_json(digest), ensure_ascii=False))
    elif form == "html":
        print("\n\n".join(part.html for part in render_digest(digest)))
    elif form == "markdown":
        print(render_markdown(digest))
    elif form == "text" or not console.is_terminal:
        print(render_text(digest))
    else:
        console.print(Markdown(render_markdown(digest)))


def show_explanations(console: Console, path: str, explanations: Sequence[Explanation]) -> None:
    """Why each finding of one document is there."""
    table = Table("finding", "score", "because", title=Text(path), title_justify="left", show_lines=True)
    for one in explanations:
        score = "" if one.score is None else f"{one.score:.2f}"
        table.add_row(
            Text.assemble((f"{one.kind} ", "dim"), one.subject), Text(score), Text("\n".join(one.reasons))
        )
    console.print(table)
