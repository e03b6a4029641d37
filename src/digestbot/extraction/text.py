"""Plain text in any usual encoding."""

from __future__ import annotations

from digestbot.extraction.encodings import decode
from digestbot.extraction.naming import place_of
from digestbot.extraction.normalise import normalise, unwrap
from digestbot.model import ExtractedText, FoundDocument


def read(found: FoundDocument) -> ExtractedText:
    """The text as it stands; hard-wrapped lines joined. It declares no title: the headline is found later."""
    text = decode(found.content, place_of(found), found.encoding)
    return ExtractedText(text=normalise(unwrap(normalise(text))), media_type="text/plain")
