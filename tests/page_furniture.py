"""What of annotated pages is read as article, and what of the article is not: counts and the shares of words.

A page is annotated line by line: `boilerplate` (page furniture), `headings`, and on pages that are there for
the cleaning alone `body` (article; what is in none of the three counts neither way). Whatever of any other
document is neither furniture nor heading is its article.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from digestbot.analysis import analyse
from digestbot.model import CONTENT_LABELS, Analysis, ExtractedText

_WORD = re.compile(r"\w+")
#: What a word, a bullet or a mention may stand in.
FURNITURE, HEADING, ARTICLE, NEITHER = "furniture", "heading", "article", "neither"


def read_pages(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def kinds_of_words(page: dict[str, Any]) -> list[str]:
    """For each character of the page's text, what it belongs to."""
    text = page["text"]
    kinds = [NEITHER if "body" in page else ARTICLE] * len(text)
    for kind, name in ((ARTICLE, "body"), (HEADING, "headings"), (FURNITURE, "boilerplate")):
        for quotation in page.get(name, ()):
            for match in _places(text, quotation):
                kinds[match.start() : match.end()] = [kind] * len(quotation)
    return kinds


def _places(text: str, quotation: str) -> list[re.Match[str]]:
    """Where a quotation stands: as a line of its own if there is one, else wherever it is."""
    wanted = re.escape(quotation)
    return list(re.finditer(rf"^[ \t]*{wanted}[ \t]*$", text, re.MULTILINE)) or list(
        re.finditer(wanted, text)
    )


def measure(page: dict[str, Any]) -> tuple[Counter[str], list[str]]:
    """Counts of one page, and a line for each finding that leaked and each line misread."""
    text = page["text"]
    analysis = analyse(ExtractedText(text=text, media_type="text/plain"))
    kinds = kinds_of_words(page)
    counts: Counter[str] = Counter()
    notes: list[str] = []
    read = [False] * len(text)
    for block in analysis.blocks:
        if block.label in CONTENT_LABELS:
            read[block.start : block.end] = [True] * (block.end - block.start)
    for word in _WORD.finditer(text):
        kind = kinds[word.start()]
        counts[f"words_{kind}"] += 1
        if kind != NEITHER and read[word.start()] != (kind == ARTICLE):
            counts[f"misread_{kind}"] += 1
    for what, finding in leaks(analysis, kinds):
        counts[f"leaks_{what}"] += 1
        notes.append(f"{page['id']}: {what} leaked: {finding}")
    position = 0
    for line in text.split("\n"):
        for kind in (FURNITURE, HEADING, ARTICLE):
            wrong = [
                m[0]
                for m in _WORD.finditer(text, position, position + len(line))
                if kinds[m.start()] == kind and read[m.start()] != (kind == ARTICLE)
            ]
            if wrong:
                notes.append(f"{page['id']}: {kind} misread ({len(wrong)}): {line}")
        position += len(line) + 1
    return counts, notes


def leaks(analysis: Analysis, kinds: list[str]) -> Iterator[tuple[str, str]]:
    """Actors named in furniture only; bullets and conditions that stand in furniture or are headings."""
    for actor in analysis.actors:
        if actor.mentions and all(kinds[m.start] == FURNITURE for m in actor.mentions):
            yield "actors", actor.name
    for bullet in analysis.bullets:
        if kinds[bullet.start] in {FURNITURE, HEADING}:
            yield "bullets", bullet.text
    for condition in analysis.conditions:
        if kinds[condition.start] == FURNITURE:
            yield "conditions", condition.text


def measure_folder(folder: Path) -> tuple[dict[str, float], list[str]]:
    """Shares of words misread, by what they belong to, and counts of what leaked."""
    total: Counter[str] = Counter()
    notes: list[str] = []
    for page in read_pages(folder):
        counts, said = measure(page)
        total += counts
        notes += said
    figures: dict[str, float] = {
        "furniture_kept": total[f"misread_{FURNITURE}"] / total[f"words_{FURNITURE}"],
        "headings_kept": total[f"misread_{HEADING}"] / total[f"words_{HEADING}"],
        "article_lost": total[f"misread_{ARTICLE}"] / total[f"words_{ARTICLE}"],
    }
    figures.update(
        {f"leaks_{what}": float(total[f"leaks_{what}"]) for what in ("actors", "bullets", "conditions")}
    )
    return figures, notes
