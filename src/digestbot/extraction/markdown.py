"""Markdown (CommonMark) as text: one line a block, list items marked, links' text without their addresses."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from digestbot.extraction.dates import parse_time
from digestbot.extraction.encodings import decode
from digestbot.extraction.naming import place_of
from digestbot.extraction.normalise import normalise
from digestbot.model import ExtractedText, FoundDocument

_FRONT = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)\n", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z_]+):[ \t]*(.+)$", re.MULTILINE)
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,30}\](?:: ?)?")
_TAG = re.compile(r"<[^<>]*>")


def read(found: FoundDocument) -> ExtractedText:
    """The text of the blocks. The title is the front matter's, else a level-one heading at the start."""
    source = normalise_lines(decode(found.content, place_of(found), found.encoding))
    front, source = _front_matter(source)
    tokens = MarkdownIt("commonmark", {"maxNesting": 20}).enable("table").parse(source)
    text = normalise("\n".join(block.strip() for block in _blocks(tokens) if block.strip()))
    title = front.get("title")
    if title is None and tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title = normalise(_inline(tokens[1])) or None
    return ExtractedText(
        text=text,
        media_type="text/markdown",
        title=title,
        author=front.get("author"),
        language=(front.get("lang") or front.get("language") or "")[:2].lower() or None,
        published=parse_time(front.get("date")),
    )


def normalise_lines(text: str) -> str:
    """Line ends and the mark at the start, before the parser; blanks at the start of lines mean something."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _front_matter(source: str) -> tuple[dict[str, str], str]:
    match = _FRONT.match(source)
    if not match:
        return {}, source
    fields = {name.lower(): value.strip().strip("\"'") for name, value in _FIELD.findall(match[1])}
    return {name: value for name, value in fields.items() if value}, source[match.end() :]


def _blocks(tokens: list[Token]) -> list[str]:
    blocks: list[str] = []
    numbers: list[int | None] = []
    mark = ""
    cells: list[str] | None = None
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                numbers.append(None)
            case "ordered_list_open":
                numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
            case "list_item_open":
                number = numbers[-1]
                mark = "• " if number is None else f"{number}. "
                if number is not None:
                    numbers[-1] = number + 1
            case "tr_open":
                cells = []
            case "tr_close":
                blocks.append(" | ".join(cells or []))
                cells = None
            case "inline":
                text = _inline(token)
                if cells is not None:
                    cells.append(text)
                else:
                    blocks.append(mark + text)
                    mark = ""
            case "fence" | "code_block":
                blocks.append(token.content)
            case "html_block":
                blocks.append(_TAG.sub(" ", token.content))
    return blocks


def _inline(token: Token) -> str:
    pieces: list[str] = []
    for child in token.children or []:
        if child.type in {"text", "code_inline", "image"}:
            pieces.append(child.content)
        elif child.type == "softbreak":
            pieces.append(" ")
        elif child.type == "hardbreak":
            pieces.append("\n")
    return _FOOTNOTE_MARK.sub("", "".join(pieces))
