"""Documents that tell one story: exact copies, near copies, and reports of one event.

    title and text ──► terms (words, pairs of words) ──► weights (TF-IDF) ──► cosines of candidates
        candidates: documents near in time that share a few of their most telling terms
                                  │
        as they arrive: place() ◄─┴─► all at once: group(), cluster()

Average link decides, never the nearest neighbour alone: a story is not drawn from one event to the next by
documents that tell of both. The same documents in the same order always give the same stories.
"""

from digestbot.stories.arrival import CANDIDATES, MEMBERS, linked_stories, place
from digestbot.stories.scratch import cluster, group
from digestbot.stories.terms import (
    APART,
    SAME_EVENT,
    SAMPLE,
    Frequencies,
    Terms,
    needed_keys,
    outline_of,
    terms_of,
    text_hash,
)

__all__ = [
    "APART",
    "CANDIDATES",
    "MEMBERS",
    "SAME_EVENT",
    "SAMPLE",
    "Frequencies",
    "Terms",
    "cluster",
    "group",
    "linked_stories",
    "needed_keys",
    "outline_of",
    "place",
    "terms_of",
    "text_hash",
]
