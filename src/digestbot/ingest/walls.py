"""Whether a page is the article its feed announced, or what stands before it: consent, scripts, a login.

page and the feed's own text, both read ──► the page tells less? ──► or hardly a word of it? ──► a wall
"""

from __future__ import annotations

from digestbot.analysis.ranking import stems
from digestbot.model import CONTENT_LABELS
from digestbot.protocols.ingest import ReadDocument

FEWEST_WORDS = 5
"""Different words of a feed's own title and text below which they tell nothing of its page."""
SHARED = 1 / 3
"""Share of those words that an article repeats at least: it tells what was announced."""


def is_wall(page: ReadDocument, own: ReadDocument) -> bool:
    """True where the feed's own text is to be kept instead of the page."""
    if len(_body(page)) < len(_body(own)):
        return True
    announced = set(stems(f"{own.extracted.title or ''}\n{own.extracted.text}", own.analysis.language))
    if len(announced) < FEWEST_WORDS:
        return False
    told = set(stems(page.extracted.text, own.analysis.language))
    return len(announced & told) < SHARED * len(announced)


def _body(read: ReadDocument) -> str:
    text = read.extracted.text
    return " ".join(
        text[block.start : block.end] for block in read.analysis.blocks if block.label in CONTENT_LABELS
    )
