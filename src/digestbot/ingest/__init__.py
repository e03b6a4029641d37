"""The way in: from sources to stored documents, their findings and stories.

    due sources ──► claim (lease) ──► look ──► found item ──► read (extract, clean, analyse: in a worker)
                                                                  │
        finish (state, interval, next look) ◄── record the item ◄─┴─► store (version, analysis, story)

What was read is stored several documents at a time: `stage` reads, `shelf` stores, `telling` finds stories.
"""

from digestbot.ingest.fortunes import after_failure, after_success
from digestbot.ingest.provenance import date_in, publication_time, publisher_of
from digestbot.ingest.reanalysis import Reanalysis
from digestbot.ingest.stage import CollectReport, Ingest, Notify

__all__ = [
    "CollectReport",
    "Ingest",
    "Notify",
    "Reanalysis",
    "after_failure",
    "after_success",
    "date_in",
    "publication_time",
    "publisher_of",
]
