"""What messages call a document."""

from __future__ import annotations

from digestbot.model import FoundDocument


def place_of(found: FoundDocument) -> str:
    """Its address, its path, or the name it was sent under."""
    if found.url:
        return found.url
    if found.filename and not found.key.endswith(found.filename):
        return found.filename
    return found.key
