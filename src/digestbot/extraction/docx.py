"""Word documents (.docx): paragraphs, headings, lists and tables in order."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from digestbot.errors import DocumentError
from digestbot.extraction.naming import place_of
from digestbot.extraction.normalise import normalise
from digestbot.model import ExtractedText, FoundDocument

MOST_UNPACKED = 100_000_000
"""Bytes all parts of a file may unpack to; more is a bomb."""
MOST_RATIO = 200
"""How many times larger a part of over a megabyte may get: text packs 3 to 20 times, a bomb 1,000 times."""
OLE = b"\xd0\xcf\x11\xe0"

NAME = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEMPLATE_TIME = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)
"""When python-docx's template was made: what it writes into files that somebody sets no time for."""

_SKIPPED = frozenset(
    (
        *(f"{NAME}{one}" for one in ("del", "moveFrom", "instrText", "pPr", "rPr")),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    )
)
"""What no reader sees: deleted words, codes of fields, properties, and a second form of drawings."""


def read(found: FoundDocument) -> ExtractedText:
    """The text of a document, one paragraph or table row a line, with its core properties."""
    place = place_of(found)
    if found.content.startswith(OLE):
        raise DocumentError(
            f"{place}: is encrypted or an old .doc file: save it as .docx without a password",
            code="encrypted",
        )
    _refuse_bombs(found.content, place)
    import docx

    try:
        document = docx.Document(BytesIO(found.content))
        text = normalise("\n".join(_lines(document)))
        properties = document.core_properties
        details: dict[str, Any] = {
            "title": normalise(properties.title or "") or None,
            "author": normalise(properties.author or "") or None,
            "published": _time(properties.modified) or _time(properties.created),
            "language": (properties.language or "")[:2].lower() or None,
        }
    except MemoryError:
        raise
    except RecursionError as error:
        raise DocumentError(f"{place}: is nested too deeply to be read", code="broken") from error
    except Exception as error:  # python-docx and lxml raise whatever a damaged file makes them stumble on
        raise DocumentError(
            f"{place}: is no Word document that can be read ({type(error).__name__}): open and save it anew",
            code="broken",
        ) from error
    if details["author"] == "python-docx":
        details["author"] = None
    if details["language"] and not re.fullmatch("[a-z]{2}", details["language"]):
        details["language"] = None
    return ExtractedText(
        text=text,
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        **details,
    )


def _refuse_bombs(content: bytes, place: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise DocumentError(
            f"{place}: is no Word document: its container is damaged", code="broken"
        ) from error
    if sum(part.file_size for part in parts) > MOST_UNPACKED or any(
        part.file_size > 1_000_000 and part.file_size > MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    ):
        raise DocumentError(f"{place}: unpacks to far more than a document holds: refused", code="too-large")
    if any(part.flag_bits & 1 for part in parts):
        raise DocumentError(f"{place}: is encrypted: save it without a password", code="encrypted")


def _time(given: datetime | None) -> datetime | None:
    if given is None:
        return None
    time = given if given.tzinfo else given.replace(tzinfo=UTC)
    return None if time == TEMPLATE_TIME else time


def _lines(document: Any) -> list[str]:
    lines: list[str] = []
    for block in _blocks(document.element.body):
        if block.tag == f"{NAME}tbl":
            for row in block.iterchildren(f"{NAME}tr"):
                texts = (_cell_text(cell) for cell in row.iter(f"{NAME}tc"))
                lines.append(" | ".join(text for text in texts if text))
        else:
            lines.append(_mark(block) + _text(block))
    return lines


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, those inside content controls too; not the table of contents."""
    for child in parent.iterchildren():
        if child.tag in (f"{NAME}p", f"{NAME}tbl"):
            yield child
        elif child.tag == f"{NAME}sdt":
            gallery = child.find(f"{NAME}sdtPr/{NAME}docPartObj/{NAME}docPartGallery")
            content = child.find(f"{NAME}sdtContent")
            if content is not None and (gallery is None or gallery.get(f"{NAME}val") != "Table of Contents"):
                yield from _blocks(content)


def _text(paragraph: Any) -> str:
    """Its words as they stand: inserted ones, links and content controls included, deleted ones not."""
    pieces: list[str] = []
    for child in paragraph.iterchildren():
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{NAME}t":
            pieces.append(child.text or "")
        elif child.tag == f"{NAME}tab":
            pieces.append("\t")
        elif child.tag in (f"{NAME}br", f"{NAME}cr"):
            pieces.append("\n")
        elif child.tag == f"{NAME}noBreakHyphen":
            pieces.append("-")
        else:
            pieces.append(_text(child))
    return "".join(pieces)


def _cell_text(cell: Any) -> str:
    paragraphs = (_text(paragraph) for paragraph in cell.iterchildren(f"{NAME}p"))
    return " ".join(" ".join(text.split()) for text in paragraphs if text.strip())


def _mark(paragraph: Any) -> str:
    """A bullet for an item of a list: by its style, or by a numbering of its own."""
    properties = paragraph.find(f"{NAME}pPr")
    if properties is None or not _text(paragraph).strip():
        return ""
    style = properties.find(f"{NAME}pStyle")
    name = style.get(f"{NAME}val") or "" if style is not None else ""
    listed = name.startswith("List") or properties.find(f"{NAME}numPr") is not None
    return "• " if listed and not name.startswith("Heading") else ""
