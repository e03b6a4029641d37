"""E-mail (.eml) and newsletters: what the sender wrote, without quoted replies, signature and attachments."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr

from digestbot.errors import DocumentError
from digestbot.extraction.dates import parse_time
from digestbot.extraction.encodings import decode
from digestbot.extraction.html import page_text, parse_html
from digestbot.extraction.naming import place_of
from digestbot.extraction.normalise import normalise, unwrap
from digestbot.model import ExtractedText, FoundDocument

MOST_PARTS = 200
"""Parts of one message; more is hostile nesting."""

_QUOTED_LINE = re.compile(r"^>.*$", re.MULTILINE)
_ATTRIBUTION = re.compile(
    r"^(?:On\b.{5,200}\bwrote:|Le\b.{5,200}\ba écrit\s*:"
    r"|Am\b.{5,200}\bschrieb\b.{0,80}:|El\b.{5,200}\bescribió:)\s*$",
    re.MULTILINE | re.DOTALL,
)
_ORIGINAL = re.compile(
    r"^(?:-{2,} ?(?:Original Message|Ursprüngliche Nachricht) ?-{2,}|_{10,})\s*$",
    re.MULTILINE | re.I,
)
_FORWARDED = re.compile(
    r"^(?:-{2,} ?(?:Forwarded message|Weitergeleitete Nachricht|Message transféré) ?-{2,}"
    r"|Begin forwarded message:)\s*$",
    re.MULTILINE | re.I,
)
_HEADER_LINES = re.compile(r"\A(?:\s*[A-ZÀ-Þ][\w-]{1,12} ?:.*\n)+")
_FORWARD_PREFIX = re.compile(r"\s*(?:fwd?|wg|tr|rv)\s*:", re.IGNORECASE)
_ANSWER_PREFIX = re.compile(r"\s*(?:re|aw)\s*:", re.IGNORECASE)
_FLOWED = re.compile(r"(?<! --)(?<=[^\n]\x20)\r?\n(?=[^>\r\n])")
"""A line that ends with a blank goes on in the next (RFC 3676); the blank stays between the words."""
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_REPLY_PREFIX = re.compile(r"^(?:(?:re|fwd?|aw|wg|tr)\s*:\s*)+", re.IGNORECASE)
_OUTLOOK_HEAD = re.compile(
    r"\s*(?:From|Von|De|От)\s?:.{1,300}?(?:Sent|Date|Gesendet|Envoyé|Enviado)\s?:", re.DOTALL
)
_QUOTING = (
    "//blockquote[@type='cite' or contains(@class,'gmail_quote') or @class='moz-cite-prefix']"
    "|//*[contains(concat(' ',@class,' '),' gmail_quote ')]|//*[@id='divRplyFwdMsg']|//*[@id='appendonsend']"
    "|//*[contains(@class,'gmail_signature') or contains(@class,'moz-signature')"
    " or contains(@class,'yahoo_quoted')]"
)


def read(found: FoundDocument) -> ExtractedText:
    """The message's text: its plain part for a letter, the HTML part for a newsletter."""
    place = place_of(found)
    try:
        message = message_from_bytes(found.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        html, plain = _parts(message)
        subject = _header(message, "subject")
        sender, address = parseaddr(_header(message, "from"))
        published = parse_time(_header(message, "date"))
        language = _header(message, "content-language")[:2].lower()
    except MemoryError:
        raise
    except Exception as error:  # the email package raises many kinds of errors on damaged headers
        raise DocumentError(
            f"{place}: is no e-mail that can be read ({type(error).__name__})", code="broken"
        ) from error
    if not (html or plain or subject):
        raise DocumentError(f"{place}: is no e-mail: it has neither a subject nor text", code="broken")
    forwarded = _ANSWER_PREFIX.match(subject) is None and (
        _FORWARD_PREFIX.match(subject) is not None or _FORWARDED.search(plain) is not None
    )
    text = _html_text(html, place, forwarded=forwarded) if html else ""
    if not text:
        text = normalise(unwrap(normalise(_own_words(plain, forwarded=forwarded))))
    return ExtractedText(
        text=text,
        media_type="message/rfc822",
        title=_REPLY_PREFIX.sub("", normalise(subject).replace("\n", " ")) or None,
        author=normalise(sender) or None,
        language=language if re.fullmatch("[a-z]{2}", language) else None,
        published=published,
        publisher=normalise(sender) or address.rpartition("@")[2] or None,
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header as text; damaged ones are read as far as they go."""
    try:
        return str(message.get(name, "") or "")
    except Exception:  # noqa: BLE001 - the standard library's header parser fails on some hostile headers
        return ""


def _parts(message: EmailMessage) -> tuple[str, str]:
    """The first HTML text and the first plain text that are no attachments."""
    html = plain = ""
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            break
        kind = part.get_content_type()
        if part.is_multipart() or kind not in ("text/html", "text/plain"):
            continue
        if part.get_content_disposition() == "attachment":
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or not payload.strip():
            continue
        text = decode(payload, "message", part.get_content_charset())
        if str(part.get_param("format", "")).lower() == "flowed":
            text = _FLOWED.sub("", text)
        if kind == "text/html":
            html = html or text
        else:
            plain = plain or text
    return html, plain


def _html_text(source: str, place: str, *, forwarded: bool) -> str:
    try:
        tree = parse_html(source)
    except ValueError as error:
        raise DocumentError(f"{place}: its HTML part cannot be read: {error}", code="broken") from error
    whole = page_text(tree)
    if forwarded:
        return _without_forward_head(whole)
    for element in tree.xpath(_QUOTING):
        element.set("hidden", "")  # page_text leaves it out
    for element in tree.xpath("//div[contains(@style, 'border-top')]"):
        if _OUTLOOK_HEAD.match(element.text_content()):
            for quoted in (element, *element.itersiblings()):
                quoted.set("hidden", "")
            break
    return page_text(tree) or whole


def _without_forward_head(text: str) -> str:
    """What was forwarded is the document: the words before it stay, its copied headers go."""
    match = _FORWARDED.search(text)
    if match is None:
        return text
    told = _HEADER_LINES.sub("", text[match.end() :].lstrip("\n"))
    return f"{text[: match.start()]}{told}"


def _own_words(text: str, *, forwarded: bool) -> str:
    text = text.replace("\r\n", "\n")
    if forwarded:
        return _without_forward_head(text)
    for cut in (_ORIGINAL, _ATTRIBUTION):
        match = cut.search(text)
        if match and text[: match.start()].strip():
            text = text[: match.start()]
    signature = _SIGNATURE.search(text)
    if signature and text[: signature.start()].strip():
        text = text[: signature.start()]
    return _QUOTED_LINE.sub("", text)
