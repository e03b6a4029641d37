"""Bytes to text in whatever encoding they are."""

from __future__ import annotations

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from digestbot.errors import DocumentError

SAMPLE = 65_536
"""Bytes looked at to guess an encoding."""
MOST_CONTROL = 0.02
"""Share of control characters above which bytes are no text."""

LATIN = ("cp1252", "cp1250", "iso8859_2")
"""West, and centre twice: tried in this order before any guess."""
USUAL = (
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("iso8859_2", "iso8859_5", "iso8859_7", "iso8859_9", "koi8_r", "koi8_u", "cp866", "mac_roman"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "iso2022_jp", "euc_kr", "cp949"),
)
"""Encodings that are guessed: those people saved texts in before UTF-8. Rare ones make guesses worse."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_INNER_SYMBOL = re.compile(r"[^\W\d_][^\w\s'’‘–—-][^\W\d_]")


def charset(content_type: str) -> str | None:
    """The charset a Content-Type header declares."""
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and value.strip():
            return value.strip().strip("\"'")
    return None


def looks_binary(content: bytes) -> bool:
    """Whether these bytes are no text in any usual encoding."""
    sample = content[:SAMPLE]
    if any(sample.startswith(mark) for mark, _ in _BOMS) or _wide(sample):
        return False
    return len(_CONTROL.findall(sample)) > MOST_CONTROL * len(sample)


def decode(content: bytes, place: str, declared: str | None = None) -> str:
    """The text these bytes stand for. `declared`: the encoding a server or the document names.

    A mark at the start, then strict UTF-8, then what is declared, then a guess. Raises DocumentError
    (`binary`, `bad-encoding`).
    """
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content.decode(name, errors="replace")
    wide = _wide(content[:SAMPLE])
    if wide:
        return content.decode(wide, errors="replace")
    if looks_binary(content):
        raise DocumentError(f"{place}: is a binary file, not a text", code="binary")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(content) - 4:  # cut in the middle of the last character
            return content.decode("utf-8", errors="ignore")
    if declared:
        try:
            return content.decode(declared)
        except (LookupError, UnicodeDecodeError, ValueError):
            pass  # a wrong declaration is common: guess instead
    for latin in LATIN:
        text = _plainly(latin, content)
        if text is not None:
            return text
    sample = content[:SAMPLE]
    best = from_bytes(sample, cp_isolation=list(USUAL)).best() or from_bytes(sample).best()
    if best is None:
        raise DocumentError(
            f"{place}: its encoding cannot be told: save it as UTF-8 and try again", code="bad-encoding"
        )
    return content.decode(best.encoding, errors="replace")


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: every other byte is nought, as in most texts of western scripts."""
    if len(sample) < 8:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.3 * len(sample) / 2 and even < 0.05 * len(sample) / 2:
        return "utf-16-le"
    if even > 0.3 * len(sample) / 2 and odd < 0.05 * len(sample) / 2:
        return "utf-16-be"
    return None


def _plainly(encoding: str, content: bytes) -> str | None:
    """The text in an encoding of the Latin script, where it plainly is that: no sign inside a word."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    sample = text[:SAMPLE]
    letters = [character for character in sample if character.isalpha()]
    foreign = [character for character in letters if not character.isascii()]
    if len(foreign) > 0.2 * len(letters) or _INNER_SYMBOL.search(_without_ascii_marks(sample)):
        return None
    odd = sum(unicodedata.category(c) in {"Cc", "Sk", "Sm", "No", "So"} and not c.isascii() for c in sample)
    return text if odd <= 0.002 * len(sample) + 1 else None


def _without_ascii_marks(text: str) -> str:
    return re.sub(r"[!-/:-@\[-`{-~]", " ", text)
