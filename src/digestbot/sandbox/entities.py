"""Telegram's formatting: HTML, MarkdownV2 or a list of entities → plain text and entities, or its refusal.

    raw text ──► parse_html | parse_markdown | check_entities ──► trim ──► detect_entities ──► Formatted

Written from the Bot API's section "Formatting options" and the errors its servers give. It shares nothing
with the bot's own rendering: what the bot makes is read here by somebody else's eyes. Offsets and lengths of
entities count UTF-16 units; lengths of texts count code points.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from digestbot.sandbox.chats import Json

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_RAW = 32 * 1024
"""Bytes of text with its markup; more is refused before it is parsed."""
MOST_ENTITIES = 100
"""Telegram keeps this many entities of a message and drops the rest without a word."""

AUTOMATIC_TYPES = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
ENTITY_TYPES = AUTOMATIC_TYPES | {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
}
_SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
_HTML_TAGS = frozenset({*_SIMPLE_TAGS, "a", "span", "tg-emoji", "tg-time", "blockquote"})
_ORDER = ("blockquote", "expandable_blockquote", "pre", "code", "text_link", "text_mention")
_SPECIAL_LINK = re.compile(r"tg://(user|emoji)\?id=(\d+)\Z")
_WEB_LINK = re.compile(r"(?:(https?|tg|ton|tonsite)://)?([^\s/?#]+)([/?#]\S*)?\Z", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_MARK = re.compile(r"[<&]")
_UNQUOTED = re.compile(r"[a-zA-Z0-9.\-]+")
_NAME_END = re.compile(r"[\s>=]|\Z")

_AUTOMATIC = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]}»”’]"
    r"|(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}"
    r"(?:com|org|net|info|int|gov|edu|io|uk|de|fr|eu)\b(?:/[^\s<>\"]*[^\s<>\"'.,;:!?)\]}»”’])?)"
    r"|(?P<email>(?<![\w.@+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.[a-z]{2,}\b)"
    r"|(?P<mention>(?<![\w@])@[a-z][a-z0-9_]{3,31}\b)"
    r"|(?P<bot_command>(?<![\w/@<>])/[a-z0-9_]{1,64}(?:@[a-z][a-z0-9_]{3,31})?(?![\w/@]))"
    r"|(?P<hashtag>(?<!\w)#(?=\w{0,63}[^\W\d])\w{1,64})"
    r"|(?P<cashtag>(?<!\w)\$[A-Z]{1,8}\b)",
    re.IGNORECASE,
)


class EntityError(Exception):
    """The text is refused; the message is what stands behind "Bad Request: "."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """Text as people see it, with its entities in order."""

    text: str
    entities: tuple[Json, ...]


@dataclass(slots=True)
class _Span:
    """An entity under construction, in code points of the output. `more`: its further fields."""

    kind: str
    start: int
    end: int
    more: Json


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, in which the Bot API counts offsets."""
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


def parse(
    raw: str,
    mode: str | None,
    entities: list[Json] | None,
    *,
    longest: int = LONGEST_TEXT,
    what: str = "message",
    user_of: Callable[[int], Json | None] = lambda _: None,
) -> Formatted:
    """A text as the Bot API takes it. `mode`: parse_mode; `entities`: given instead of it.

    `longest`: code points allowed after parsing; `what`: "message" or "message caption", for the error.
    `user_of`: finds the user of a tg://user link. Empty text is not refused here. Raises EntityError.
    """
    if len(raw) > LONGEST_RAW // 4 and len(raw.encode()) > LONGEST_RAW:
        raise EntityError(f"{what} is too long")
    formatted = _parse_mode(raw, mode.lower()) if mode else _finish(raw, _explicit_spans(raw, entities or []))
    if len(formatted.text) > longest:
        raise EntityError(f"{what} is too long")
    if any(entity["type"] == "text_mention" for entity in formatted.entities):
        return _with_users(formatted, user_of)
    return formatted


@lru_cache(maxsize=256)
def _parse_mode(raw: str, mode: str) -> Formatted:
    """Cached, because a broadcast sends the same text again and again."""
    if mode == "html":
        return _finish(*parse_html(raw))
    if mode == "markdownv2":
        return _finish(*parse_markdown(raw))
    raise EntityError("unsupported parse_mode")


def _with_users(formatted: Formatted, user_of: Callable[[int], Json | None]) -> Formatted:
    """Mentions with the users they mean; mentions of strangers are dropped, as Telegram does."""
    entities = []
    for entity in formatted.entities:
        if entity["type"] == "text_mention":
            user = user_of(entity["user"]["id"])
            if user is None:
                continue
            entity = entity | {"user": user}
        entities.append(entity)
    return Formatted(formatted.text, tuple(entities))


# --- HTML -------------------------------------------------------------------------------------------


def parse_html(raw: str) -> tuple[str, list[_Span]]:
    """Text and spans. Raises EntityError in Telegram's words, with offsets in bytes of the raw text."""
    out: list[str] = []
    length = 0
    open_tags: list[tuple[str, Json, int]] = []
    spans: list[_Span] = []
    at = 0
    for mark in _MARK.finditer(raw):
        begin = mark.start()
        if begin < at:
            continue
        if begin > at:
            out.append(raw[at:begin])
            length += begin - at
        if raw[begin] == "&":
            character, at = _reference(raw, begin)
            out.append(character)
            length += len(character)
        elif raw.startswith("</", begin):
            name, attributes, start, at = _end_tag(raw, begin, open_tags)
            if span := _html_span(name, attributes, start, length, out):
                spans.append(span)
        else:
            name, attributes, at = _start_tag(raw, begin)
            open_tags.append((name, attributes, length))
    out.append(raw[at:])
    if open_tags:
        raise _bad(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return "".join(out), spans


def _bad(message: str) -> EntityError:
    return EntityError(f"can't parse entities: {message}")


def _byte(raw: str, at: int) -> int:
    return len(raw[:at].encode(errors="surrogatepass"))


def _reference(raw: str, at: int) -> tuple[str, int]:
    """The character of an entity such as &lt; or the ampersand itself, and where the text goes on."""
    match = _REFERENCE.match(raw, at)
    if match is None:
        return "&", at + 1
    character = html.unescape(match.group())
    if not character or character == "\ufffd":
        return match.group(), match.end()
    return character, match.end()


def _end_tag(raw: str, begin: int, open_tags: list[tuple[str, Json, int]]) -> tuple[str, Json, int, int]:
    """Name, attributes and start of the tag that ends here, and where the text goes on."""
    if not open_tags:
        raise _bad(f"Unexpected end tag at byte offset {_byte(raw, begin)}")
    end = raw.find(">", begin)
    if end < 0:
        raise _bad(f"Unclosed end tag at byte offset {_byte(raw, begin)}")
    found = raw[begin + 2 : end].strip().lower()
    name, attributes, start = open_tags.pop()
    if found and found != name:
        raise _bad(
            f'Unmatched end tag at byte offset {_byte(raw, begin)}, expected "</{name}>", found "</{found}>"'
        )
    return name, attributes, start, end + 1


def _start_tag(raw: str, begin: int) -> tuple[str, Json, int]:
    """Name, attributes (names in lower case) and where the text goes on."""
    at = begin + 1
    while at < len(raw) and not raw[at].isspace() and raw[at] != ">":
        at += 1
    if at == len(raw):
        raise _bad(f"Unclosed start tag at byte offset {_byte(raw, begin)}")
    name = raw[begin + 1 : at].lower()
    if name not in _HTML_TAGS:
        raise _bad(f'Unsupported start tag "{name}" at byte offset {_byte(raw, begin)}')
    attributes: Json = {}
    while True:
        while at < len(raw) and raw[at].isspace():
            at += 1
        if at == len(raw):
            raise _bad(f'Unclosed start tag "{name}" at byte offset {_byte(raw, begin)}')
        if raw[at] == ">":
            return name, attributes, at + 1
        key, value, at = _attribute(raw, at, name, begin)
        attributes.setdefault(key, value)


def _attribute(raw: str, at: int, tag: str, begin: int) -> tuple[str, str, int]:
    ending = _NAME_END.search(raw, at)
    assert ending is not None  # \Z always matches
    key = raw[at : ending.start()].lower()
    if not key:
        raise _bad(f'Empty attribute name in the tag "{tag}" at byte offset {_byte(raw, begin)}')
    at = ending.start()
    while at < len(raw) and raw[at].isspace():
        at += 1
    if at == len(raw):
        raise _bad(f'Unclosed start tag "{tag}" at byte offset {_byte(raw, begin)}')
    if raw[at] != "=":
        if tag == "blockquote" and key == "expandable":
            return key, "", at
        raise _bad(
            f'Expected equal sign in declaration of an attribute of the tag "{tag}" '
            f"at byte offset {_byte(raw, begin)}"
        )
    at += 1
    while at < len(raw) and raw[at].isspace():
        at += 1
    if at == len(raw):
        raise _bad(f'Unclosed start tag "{tag}" at byte offset {_byte(raw, begin)}')
    if raw[at] in "\"'":
        end = raw.find(raw[at], at + 1)
        if end < 0:
            raise _bad(f"Unclosed start tag at byte offset {_byte(raw, begin)}")
        value = _REFERENCE.sub(lambda match: html.unescape(match.group()), raw[at + 1 : end])
        return key, value, end + 1
    match = _UNQUOTED.match(raw, at)
    end = match.end() if match else at
    if end < len(raw) and not raw[end].isspace() and raw[end] != ">":
        raise _bad(f"Unexpected end of name token at byte offset {_byte(raw, end)}")
    return key, raw[at:end].lower(), end


def _html_span(name: str, attributes: Json, start: int, end: int, out: list[str]) -> _Span | None:
    """The entity of a closed tag; None for tags that mean nothing."""
    if name in _SIMPLE_TAGS:
        language = attributes.get("class", "")
        if name == "code" and language.startswith("language-"):
            return _Span("code", start, end, {"language": language.removeprefix("language-")})
        return _Span(_SIMPLE_TAGS[name], start, end, {})
    if name == "blockquote":
        kind = "expandable_blockquote" if "expandable" in attributes else "blockquote"
        return _Span(kind, start, end, {})
    if name == "span":
        if attributes.get("class") != "tg-spoiler":
            raise _bad('Tag "span" must have class "tg-spoiler"')
        return _Span("spoiler", start, end, {})
    if name == "tg-emoji":
        number = attributes.get("emoji-id", "")
        if not number.isdigit():
            raise _bad("Invalid custom emoji identifier specified")
        return _Span("custom_emoji", start, end, {"custom_emoji_id": number})
    if name == "tg-time":
        if not attributes.get("unix", "").isdigit():
            raise _bad("Invalid date specified")
        form = {"date_time_format": attributes["format"]} if attributes.get("format") else {}
        return _Span("date_time", start, end, {"unix_time": int(attributes["unix"])} | form)
    address = attributes.get("href") or "".join(out)[start:end]
    return _Span("text_link", start, end, {"url": address})


# --- MarkdownV2 -------------------------------------------------------------------------------------

_MARKDOWN = {
    "*": ("bold", "Bold"),
    "_": ("italic", "Italic"),
    "__": ("underline", "Underline"),
    "~": ("strikethrough", "Strikethrough"),
    "||": ("spoiler", "Spoiler"),
}
_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")


def parse_markdown(raw: str) -> tuple[str, list[_Span]]:
    """MarkdownV2. Raises EntityError in Telegram's words."""
    return _Markdown(raw).parse()


class _Markdown:
    """One reading of a MarkdownV2 text."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.at = 0
        self.out: list[str] = []
        self.spans: list[_Span] = []
        self.open: list[tuple[str, int, int]] = []  # mark, start in the output, position in the raw text
        self.quote: int | None = None

    def parse(self) -> tuple[str, list[_Span]]:
        raw = self.raw
        while self.at < len(raw):
            self._quotation_line()
            if self.at >= len(raw):
                break
            character = raw[self.at]
            if character == "\\" and self.at + 1 < len(raw) and 0 < ord(raw[self.at + 1]) <= 126:
                self.out.append(raw[self.at + 1])
                self.at += 2
            elif character == "`":
                self._code()
            elif character in "*_~|":
                self._mark()
            elif character == "[" or raw.startswith("![", self.at):
                self.open.append(("[", len(self.out), self.at))
                self.at += 1 if character == "[" else 2
            elif character == "]" and self.open and self.open[-1][0] == "[":
                self._link()
            elif character in _RESERVED:
                raise _bad(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
            else:
                self.out.append(character)
                self.at += 1
        if self.open:
            mark, _, begin = self.open[-1]
            name = "Link" if mark == "[" else _MARKDOWN[mark][1]
            raise _bad(f"Can't find end of {name} entity at byte offset {_byte(raw, begin)}")
        self._end_quotation()
        return "".join(self.out), self.spans

    def _quotation_line(self) -> None:
        """At the start of a line: does a quotation begin, go on or end?"""
        if self.at and self.raw[self.at - 1] != "\n":
            return
        if self.raw.startswith("**>", self.at):
            self._end_quotation()
            self.quote, self.at = len(self.out), self.at + 3
        elif self.raw.startswith(">", self.at):
            self.quote = len(self.out) if self.quote is None else self.quote
            self.at += 1
        elif self.at:
            self._end_quotation()

    def _end_quotation(self, kind: str = "blockquote") -> None:
        if self.quote is not None:
            end = len(self.out)
            while end > self.quote and self.out[end - 1] == "\n":
                end -= 1
            self.spans.append(_Span(kind, self.quote, end, {}))
            self.quote = None

    def _code(self) -> None:
        begin = self.at
        mark = "```" if self.raw.startswith("```", begin) else "`"
        kind, name, self.at = ("pre", "Pre", begin + 3) if mark == "```" else ("code", "Code", begin + 1)
        start, more = len(self.out), {}
        language = re.compile(r"[^\s`]+(?=\n)").match(self.raw, self.at) if mark == "```" else None
        if language:
            more["language"] = language.group()
            self.at = language.end()
        if mark == "```" and self.raw.startswith("\n", self.at):
            self.at += 1
        while not self.raw.startswith(mark, self.at):
            if self.at >= len(self.raw):
                article = "PreCode" if language else name
                raise _bad(f"Can't find end of {article} entity at byte offset {_byte(self.raw, begin)}")
            if self.raw[self.at] == "\\" and self.at + 1 < len(self.raw):
                self.at += 1
            self.out.append(self.raw[self.at])
            self.at += 1
        self.at += len(mark)
        self.spans.append(_Span(kind, start, len(self.out), more))

    def _mark(self) -> None:
        raw, at = self.raw, self.at
        mark = raw[at]
        if raw.startswith("__", at):
            mark = "__"
        elif mark == "|":
            if not raw.startswith("||", at):
                raise _bad("Character '|' is reserved and must be escaped with the preceding '\\'")
            mark = "||"
            closes = not (self.open and self.open[-1][0] == "||")
            if self.quote is not None and closes and raw[at + 2 : at + 3] in ("", "\n"):
                self.at += 2
                self._end_quotation("expandable_blockquote")
                return
        self.at += len(mark)
        if self.open and self.open[-1][0] == mark:
            _, start, _ = self.open.pop()
            self.spans.append(_Span(_MARKDOWN[mark][0], start, len(self.out), {}))
        elif any(other == mark for other, _, _ in self.open):
            inner, _, begin = self.open[-1]
            name = "Link" if inner == "[" else _MARKDOWN[inner][1]
            raise _bad(f"Can't find end of {name} entity at byte offset {_byte(raw, begin)}")
        else:
            self.open.append((mark, len(self.out), at))

    def _link(self) -> None:
        _, start, begin = self.open.pop()
        self.at += 1
        address = "".join(self.out[start:])
        if self.raw.startswith("(", self.at):
            end = self.at + 1
            letters = []
            while end < len(self.raw) and self.raw[end] != ")":
                end += self.raw[end] == "\\" and end + 1 < len(self.raw)
                letters.append(self.raw[end])
                end += 1
            if end >= len(self.raw):
                raise _bad(f"Can't find end of a URL at byte offset {_byte(self.raw, self.at)}")
            address, self.at = "".join(letters), end + 1
        if self.raw.startswith("![", begin):
            match = _SPECIAL_LINK.match(address)
            if match is None or match.group(1) != "emoji":
                raise _bad("Custom emoji URL must have an emoji identifier")
            self.spans.append(
                _Span("custom_emoji", start, len(self.out), {"custom_emoji_id": match.group(2)})
            )
        else:
            self.spans.append(_Span("text_link", start, len(self.out), {"url": address}))


# --- explicit entities ------------------------------------------------------------------------------


def _explicit_spans(text: str, entities: list[Json]) -> list[_Span]:
    """Entities given by the caller, from UTF-16 units to code points. Raises EntityError."""
    if not entities:
        return []
    code_points: dict[int, int] = {}
    units = 0
    for index, character in enumerate(text):
        code_points[units] = index
        units += 2 if character > "\uffff" else 1
    code_points[units] = len(text)
    spans = []
    for entity in entities:
        kind, offset, length = entity["type"], entity["offset"], entity["length"]
        if kind not in ENTITY_TYPES:
            raise EntityError("can't parse entities: unsupported entity type specified")
        if offset < 0 or offset > 1_000_000:
            raise EntityError(f"receive an entity with incorrect offset {offset}")
        if length < 0 or length > 1_000_000:
            raise EntityError(f"receive an entity with incorrect length {length}")
        end = offset + length
        if end > units:
            raise EntityError(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {end}"
            )
        if offset not in code_points:
            raise EntityError(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {offset}")
        if end not in code_points:
            raise EntityError(f"entity ends in a middle of a UTF-16 symbol at UTF-16 offset {end}")
        needed = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id"}.get(kind)
        if needed and needed not in entity:
            raise EntityError(f'can\'t parse entities: field "{needed}" must be specified')
        if kind not in AUTOMATIC_TYPES:
            more = {key: value for key, value in entity.items() if key not in ("type", "offset", "length")}
            spans.append(_Span(kind, code_points[offset], code_points[end], more))
    return spans


# --- both ways --------------------------------------------------------------------------------------


def _finish(text: str, given: list[_Span]) -> Formatted:
    """Trim, settle the spans, add what Telegram marks by itself, count in UTF-16."""
    lead = len(text) - len(text.lstrip())
    text = text.strip()
    settled = []
    for span in given:
        start, end = max(span.start - lead, 0), min(span.end - lead, len(text))
        if end > start and (kept := _settled(span, start, end)):
            settled.append(kept)
    spans = _without_forbidden_nesting(settled)
    taken = [(s.start, s.end) for s in spans if s.kind in ("code", "pre", "text_link", "text_mention")]
    for kind, start, end in _detected(text):
        if not any(start < there_end and end > there_start for there_start, there_end in taken):
            spans.append(_Span(kind, start, end, {}))
    spans.sort(key=_place)
    units = _Utf16(text)
    entities = []
    for span in spans[:MOST_ENTITIES]:
        offset = units(span.start)
        entities.append({"type": span.kind, "offset": offset, "length": units(span.end) - offset} | span.more)
    return Formatted(text, tuple(entities))


def _place(span: _Span) -> tuple[int, int, int]:
    """Order of entities: by start, the longer first, then quotations before code before the rest."""
    return span.start, -span.end, _ORDER.index(span.kind) if span.kind in _ORDER else len(_ORDER)


def _settled(span: _Span, start: int, end: int) -> _Span | None:
    """A link's address as Telegram keeps it; None where it drops the entity without a word."""
    if span.kind != "text_link":
        return _Span(span.kind, start, end, span.more)
    address = span.more["url"].strip()
    if special := _SPECIAL_LINK.match(address):
        mention = {"user": {"id": int(special.group(2))}}
        return _Span("text_mention", start, end, mention) if special.group(1) == "user" else None
    match = _WEB_LINK.match(address)
    if match is None or ":" in match.group(2).partition("@")[2] or "@" in match.group(2):
        return None
    scheme, host, rest = match.groups()
    name, _, port = host.partition(":")
    if port and not port.isdigit():
        return None
    if scheme is None and "." not in name:
        return None
    if scheme is not None and scheme.lower().startswith("http") and "." not in name and name != "localhost":
        return None
    scheme = (scheme or "http").lower()
    return _Span(
        "text_link", start, end, {"url": f"{scheme}://{host}{rest or ('/' if scheme[:4] == 'http' else '')}"}
    )


def _without_forbidden_nesting(spans: list[_Span]) -> list[_Span]:
    """In order; no entity inside code or pre, no quotation in a quotation; <pre><code class> is one pre."""
    languages = {(span.start, span.end): span.more for span in spans if span.kind == "code" and span.more}
    kept = []
    block_end = quote_end = -1
    for span in sorted(spans, key=_place):
        if span.start < block_end:
            continue
        more = span.more
        if span.kind in ("code", "pre"):
            block_end = span.end
            more = languages.get((span.start, span.end), more) if span.kind == "pre" else {}
        elif span.kind in ("blockquote", "expandable_blockquote"):
            if span.start < quote_end:
                continue
            quote_end = span.end
        kept.append(_Span(span.kind, span.start, span.end, more))
    return kept


@lru_cache(maxsize=256)
def _detected(text: str) -> tuple[tuple[str, int, int], ...]:
    found = []
    for match in _AUTOMATIC.finditer(text):
        kind = match.lastgroup
        assert kind is not None  # every alternative is named
        if kind != "cashtag" or match.group().isupper():
            found.append((kind, match.start(), match.end()))
    return tuple(found)


def detect_entities(text: str) -> list[Json]:
    """What Telegram marks by itself: links, addresses, mentions, commands, tags."""
    offsets = _Utf16(text)
    return [
        {"type": kind, "offset": offsets(start), "length": offsets(end) - offsets(start)}
        for kind, start, end in _detected(text)
    ]


class _Utf16:
    """Code points of a text → UTF-16 units."""

    def __init__(self, text: str) -> None:
        self._wide = [] if text.isascii() else [at for at, letter in enumerate(text) if letter > "\uffff"]

    def __call__(self, at: int) -> int:
        return at + bisect_left(self._wide, at)
