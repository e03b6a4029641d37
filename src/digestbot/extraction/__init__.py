"""Bytes and a media type to text and metadata; FORMATS is the table of formats.

    FoundDocument ──► size and signature ──► format ──► its module ──► normalise ──► ExtractedText

What the bytes look like decides before the name, and the name before the media type a server declares:
servers and people mislabel files. A new format is one file in this package and one row in FORMATS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from digestbot.errors import DocumentError
from digestbot.extraction.encodings import looks_binary
from digestbot.extraction.naming import place_of
from digestbot.extraction.normalise import normalise
from digestbot.model import ExtractedText, FoundDocument

__all__ = ["FORMATS", "Format", "extract", "format_of", "place_of"]

MAX_BYTES = 20_000_000
"""Largest document taken, in bytes, unless the caller says otherwise."""
MAX_TEXT = 5_000_000
"""Largest text taken out of a document, in code points: ten long books."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file. `module`: where its `read(found) -> ExtractedText` stands."""

    name: str
    module: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]

    def read(self, found: FoundDocument) -> ExtractedText:
        """Read a document of this format; raises DocumentError."""
        reader: Callable[[FoundDocument], ExtractedText] = import_module(
            f"digestbot.extraction.{self.module}"
        ).read
        return reader(found)


TEXT = Format("plain text", "text", (".txt", ".text"), ("text/plain",))
MARKDOWN = Format("Markdown", "markdown", (".md", ".markdown"), ("text/markdown", "text/x-markdown"))
HTML = Format("web page", "html", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"))
PDF = Format("PDF", "pdf", (".pdf",), ("application/pdf", "application/x-pdf"))
DOCX = Format(
    "Word document",
    "docx",
    (".docx",),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
)
EMAIL = Format("e-mail", "email", (".eml",), ("message/rfc822",))

FORMATS = (TEXT, MARKDOWN, HTML, PDF, DOCX, EMAIL)
"""Every format that can be read."""

FOREIGN = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an old Office document: save it as .docx or PDF"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"Rar!", "an archive: unpack it first"),
    (b"7z\xbc\xaf", "an archive: unpack it first"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"OggS", "a recording"),
    (b"ID3", "a recording"),
    (b"SQLite format 3", "a database"),
)
"""Signatures of files that are no documents (their own specifications), and what to say of them."""


def format_of(found: FoundDocument) -> Format:
    """The format a document is in, by its signature, its name, its media type; raises DocumentError."""
    place = place_of(found)
    head = found.content[:1024]
    if b"%PDF-" in head:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        if b"word/" in found.content or b"[Content_Types].xml" in head:
            return DOCX
        raise DocumentError(f"{place}: is an archive: unpack it first", code="unsupported-format")
    for signature, kind in FOREIGN:
        if head.startswith(signature):
            raise DocumentError(f"{place}: is {kind}, no document with text", code="binary")
    declared = (found.media_type or "").partition(";")[0].strip().lower()
    suffix = PurePath(found.filename or found.key).suffix.lower()
    for known in FORMATS:
        if suffix in known.suffixes:
            return known
    for known in FORMATS:
        if declared in known.media_types and known is not TEXT:
            return known
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return HTML
    if looks_binary(found.content):
        raise DocumentError(
            f"{place}: holds no text: give a text, Markdown, HTML, PDF, Word or e-mail file", code="binary"
        )
    return TEXT


def extract(found: FoundDocument, *, max_bytes: int = MAX_BYTES) -> ExtractedText:
    """The text and metadata of a document. Raises DocumentError, which says what is wrong and where.

    `max_bytes`: larger documents are refused (code `too-large`).
    """
    place = place_of(found)
    if len(found.content) > max_bytes:
        raise DocumentError(
            f"{place}: is larger than {max_bytes / 1_000_000:g} MB: "
            "split it, or raise max_bytes under [sources]",
            code="too-large",
        )
    if not found.content.strip(b"\x00 \t\r\n\f\v\xef\xbb\xbf"):
        raise DocumentError(f"{place}: is empty", code="empty")
    extracted = format_of(found).read(found)
    if not extracted.text:
        raise DocumentError(f"{place}: holds no text", code="no-text")
    if len(extracted.text) > MAX_TEXT:
        raise DocumentError(f"{place}: holds more than {MAX_TEXT:,} characters: split it", code="too-large")
    assert extracted.text == normalise(extracted.text)
    return extracted
