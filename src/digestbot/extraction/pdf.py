"""PDF: the pages' text in reading order as far as pypdf tells it, without running heads and page numbers."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections import Counter
from datetime import UTC
from io import BytesIO
from itertools import pairwise
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from digestbot.errors import DocumentError
from digestbot.extraction.naming import place_of
from digestbot.extraction.normalise import normalise, unwrap
from digestbot.model import ExtractedText, FoundDocument

MOST_PAGES = 2000
"""Pages read of one file."""
RAGGED = 0.75
"""Lines of proportional type differ in their number of letters: so much of the width is a full line."""
WIDEST_LINE = 150
"""Letters in a line of small type across a page."""
EDGE_LINES = 3
"""Lines at the top and bottom of a page among which running heads and page numbers stand."""

_DIGITS = re.compile(r"\d+|\b[ivxlc]{1,6}\b")
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|seite|página|стр\.?)\s*)?[-–— ]*\d{1,4}(?:\s*(?:/|of|de|von)\s*\d{1,4})?[-–— ]*", re.I
)
_PRINTED = re.compile(
    r"(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d\d-\d\d),? \d{1,2}:\d\d(?: ?[AP]M)?\b.*"
    r"|(?:https?|file)://\S+(?: \d+/\d+)?",
    re.I,
)
"""What browsers print around a page: when, its title, its address."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_ARABIC_FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_LEFT_TO_RIGHT = re.compile(r"[^\W\u0590-\u08ff](?:[^\u0590-\u08ff]*[^\W\u0590-\u08ff]%?)?")
"""A number or words of another script within a line from right to left."""
_FOOTNOTE_MARK = re.compile(r"(?<=[^\W\d_]{3}[.,;!?])([”\"’)]?)(\d{1,3})(?=\s|$)", re.MULTILINE)
_HYPHENATED = re.compile(r"(\w[\w’']*)-\n(?=([^\W\d_]+))(\S+) ?")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports each flaw it has mended


def read(found: FoundDocument) -> ExtractedText:
    """The text and metadata; says so where a file is encrypted, or holds only pictures of pages."""
    place = place_of(found)
    try:
        reader = PdfReader(BytesIO(found.content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _encrypted(place)
        pages, warnings = _pages(reader)
        details = _details(reader)
    except (FileNotDecryptedError, DependencyError) as error:
        raise _encrypted(place) from error
    except (DocumentError, MemoryError):
        raise
    except RecursionError as error:
        raise DocumentError(f"{place}: this PDF is nested too deeply to be read", code="broken") from error
    except Exception as error:  # pypdf raises whatever a damaged file makes it stumble on
        kind = str(error) if isinstance(error, PyPdfError) else type(error).__name__
        raise DocumentError(
            f"{place}: this PDF is damaged ({kind}): open and save it anew", code="broken"
        ) from error
    text = normalise(_joined(without_running_heads(pages)))
    if not text:
        raise DocumentError(
            f"{place}: this PDF holds pictures of its {len(pages)} pages, no text: "
            "run text recognition (OCR) on it",
            code="no-text",
        )
    if any(_RIGHT_TO_LEFT.search(line) and _LEFT_TO_RIGHT.search(line) for line in text.split("\n")):
        warnings.append("numbers and Latin words may stand in the wrong place of its right-to-left lines")
    return ExtractedText(text=text, media_type="application/pdf", warnings=tuple(warnings), **details)


def without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    """Pages without page numbers and the lines that return at their top and bottom, numbers apart."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line) for line in _edges(page)})
    often = max(3, len(pages) // 3)
    # Two pages tell a running head only where a number in it counts them.
    repeated = {
        shape
        for shape, times in seen.items()
        if times >= often or (times == len(pages) == 2 and "#" in shape)
    }

    def furniture(line: str) -> bool:
        return (
            _shape(line) in repeated
            or _PAGE_NUMBER.fullmatch(line) is not None
            or _PRINTED.fullmatch(line) is not None
        )

    kept = []
    for page in pages:
        first, last = 0, len(page)
        for _ in range(EDGE_LINES):
            if first < last and furniture(page[first]):
                first += 1
            if last > first and furniture(page[last - 1]):
                last -= 1
        kept.append(page[first:last])
    return kept


def in_reading_order(line: str) -> str:
    """A line from right to left with numbers or Latin words in it: pypdf gives its pieces from left to right,
    each in its own order. Other lines stay as they are.
    """
    letters = sum(map(str.isalpha, line))
    if 2 * len(_RIGHT_TO_LEFT.findall(line)) <= letters or not _LEFT_TO_RIGHT.search(line):
        return line
    pieces: list[str] = []
    place = 0
    for match in _LEFT_TO_RIGHT.finditer(line):
        pieces += [line[place : match.start()], match[0]]
        place = match.end()
    pieces.append(line[place:])
    return " ".join(filter(None, (_turned(piece) for piece in reversed(pieces)))).replace("- ", "-")


def _turned(piece: str) -> str:
    """A piece from right to left with its outer marks where they belong; one from left to right as it is."""
    piece = piece.strip()
    words = piece.lstrip("-–—,:;")
    return f"{words}{piece[: len(piece) - len(words)]}" if _RIGHT_TO_LEFT.search(piece) else piece


def without_footnote_marks(text: str) -> str:
    """The text without raised numbers that stand as digits behind a full stop ("refused.12 Then"), where they
    count up as footnotes do.
    """
    numbers = [int(match[2]) for match in _FOOTNOTE_MARK.finditer(text)]
    counted = sum(after == before + 1 for before, after in pairwise(numbers))
    if len(numbers) < 3 or counted < 0.6 * (len(numbers) - 1):
        return text
    return _FOOTNOTE_MARK.sub(r"\1", text)


def _pages(reader: PdfReader) -> tuple[list[list[str]], list[str]]:
    pages: list[list[str]] = []
    warnings: list[str] = []
    for number, page in enumerate(reader.pages, start=1):
        if number > MOST_PAGES:
            warnings.append(f"only the first {MOST_PAGES} pages were read")
            break
        try:
            text = page.extract_text()
        except (MemoryError, FileNotDecryptedError, DependencyError):
            raise
        except Exception as error:  # noqa: BLE001 - one damaged page costs that page alone
            warnings.append(f"page {number} could not be read ({type(error).__name__})")
            text = ""
        lines = normalise(_plain_letters(text)).split("\n")
        pages.append(_without_outer_blanks([in_reading_order(line) for line in lines]))
    if pages and len(warnings) == len(pages):
        raise PyPdfError("no page can be read")
    return pages, warnings


def _plain_letters(text: str) -> str:
    """Letters for their printed forms: ligatures, and Arabic letters as they stand within a word."""
    text = text.translate(_LIGATURES)
    return _ARABIC_FORMS.sub(lambda form: unicodedata.normalize("NFKC", form[0]), text)


def _without_outer_blanks(lines: list[str]) -> list[str]:
    filled = [index for index, line in enumerate(lines) if line]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _edges(page: list[str]) -> list[str]:
    return page if len(page) <= 2 * EDGE_LINES else page[:EDGE_LINES] + page[-EDGE_LINES:]


def _shape(line: str) -> str:
    return _DIGITS.sub("#", line.casefold())


def _joined(pages: list[list[str]]) -> str:
    """The pages as one text: words cut at a line's end mended, lines joined, over pages too."""
    text = without_footnote_marks("\n".join("\n".join(page) for page in pages if page))
    words = Counter(re.findall(r"[\w’']+", text.casefold()))
    hyphenated = set(re.findall(r"\w+-\w+", text.casefold()))

    def mend(match: re.Match[str]) -> str:
        """The whole word at the end of its line, so that the lines keep about their lengths."""
        start, rest, tail = match[1], match[2], match[3]
        compound = f"{start}-{rest}".casefold() in hyphenated and not words[f"{start}{rest}".casefold()]
        return f"{start}-{tail}\n" if compound or not rest[0].islower() else f"{start}{tail}\n"

    return unwrap(normalise(_HYPHENATED.sub(mend, text)), slack=RAGGED, widest=WIDEST_LINE)


def _details(reader: PdfReader) -> dict[str, Any]:
    try:
        information = reader.metadata
        if information is None:
            return {}
        published = information.creation_date
        return {
            "title": _worthwhile(information.title),
            "author": _worthwhile(information.author),
            "published": published.astimezone(UTC) if published is not None and published.tzinfo else None,
        }
    except Exception:  # noqa: BLE001 - damaged metadata is no metadata
        return {}


def _worthwhile(value: str | None) -> str | None:
    """A title or name that somebody gave; not the file name a program filled in."""
    text = normalise(str(value or ""))
    if re.search(
        r"\.(?:docx?|pdf|indd|qxd|tex|odt|html?|pptx?)$|^untitled|^microsoft word", text, re.IGNORECASE
    ):
        return None
    return text or None


def _encrypted(place: str) -> DocumentError:
    return DocumentError(f"{place}: this PDF is encrypted: save it without a password", code="encrypted")
