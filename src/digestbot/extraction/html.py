"""Web pages: the article by trafilatura, with a plain reading of our own where it finds nothing."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from digestbot.errors import DocumentError
from digestbot.extraction.dates import parse_time
from digestbot.extraction.encodings import decode
from digestbot.extraction.jsonld import DescribedArticle, described_article
from digestbot.extraction.naming import place_of
from digestbot.extraction.normalise import normalise
from digestbot.model import ExtractedText, FoundDocument

DEEPEST = 200
"""Elements inside one another, above which a page is hostile (the HTML parser itself stops at 256)."""

SHORT = 200
"""Characters of a page's article below which its other words are likely a part of it."""
TEASER = 1500
"""Characters below which a page behind a paywall shows its beginning alone."""

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_SPACE = re.compile(r"\s+")
_TABLE_RULE = re.compile(r"\|[-:| ]+\|")
_LAYOUT = re.compile(r"^\|[^|\n]{300}|^\|.*\|[^|\n]{300}", re.MULTILINE)
"""A cell of so many characters is a page's column, no table's."""
_ITEM = re.compile(r"^[-*] ", re.MULTILINE)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_CELLS = frozenset(("td", "th"))
_UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "head",
        "select",
        "button",
        "textarea",
    ]
)
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "parsely-pub-date",
    "sailthru.date",
    "publishdate",
    "pubdate",
)

for _name in ("trafilatura", "htmldate", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they report what a page lacks, page by page


def read(found: FoundDocument) -> ExtractedText:
    """The article of a page, one block a line, with the metadata it declares."""
    tree = _tree(found)
    _drop_reference_marks(tree)
    described = described_article(tree) or DescribedArticle()
    metadata = _metadata(tree, described)
    article = _article(tree, found.url)
    plain = page_text(tree)
    chosen = (article.text if article is not None else None) or ""
    text = _article_text(chosen)
    if (len(text) < SHORT and len(plain) < 2 * max(len(text), SHORT)) or _LAYOUT.search(chosen):
        text = plain  # a short page, or one laid out by tables: what trafilatura leaves out is a part of it
    if described.body and len(text) < 3 * SHORT and len(described.body) > 2 * len(text):
        text = _described_text(described.body)  # a page that its scripts would have filled
    if article is not None:
        metadata = _joined(metadata, article, described)
    behind_paywall = described.free is False and len(text) < TEASER
    return ExtractedText(
        text=text,
        media_type="text/html",
        warnings=("only its beginning can be read without a subscription",) if behind_paywall else (),
        **metadata,
    )


def _article_text(text: str) -> str:
    """trafilatura's text in our form: bullets for its list marks, cells between bars without outer ones."""
    lines = (
        line.strip().strip("|").strip() if line.startswith("|") else line
        for line in _ITEM.sub("• ", text).split("\n")
        if not _TABLE_RULE.fullmatch(line)
    )
    return normalise("\n".join(lines))


def _described_text(body: str) -> str:
    if "<p" in body or "<br" in body:
        try:
            return page_text(parse_html(f"<div>{body}</div>"))
        except ValueError:
            return ""
    return normalise(unescape(body))


def _drop_reference_marks(tree: HtmlElement) -> None:
    """Takes the marks of footnotes ("sign.[1]") out, which else grow into the sentence."""
    for mark in list(tree.iter("sup")):
        text = "".join(mark.itertext()).strip()
        before = mark.getprevious().tail if mark.getprevious() is not None else mark.getparent().text
        after_stop = (before or "").rstrip()[-1:] in tuple('.,;:!?”"’)')
        if re.fullmatch(r"\[\w{1,4}\]|\d{1,3}|[*†‡]", text) and (
            text.startswith("[") or mark.find(".//a") is not None or (after_stop and text.isdigit())
        ):
            mark.drop_tree()


def page_text(tree: HtmlElement) -> str:
    """All the text a person sees on a page, one block a line; list items marked, cells divided by bars."""
    pieces: list[str] = []
    skip: HtmlElement | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            if skip is None and element.tail:
                pieces.append(_SPACE.sub(" ", element.tail))
            continue
        if skip is not None:
            if event == "end" and element is skip:
                skip = None
                pieces.append(_SPACE.sub(" ", element.tail or ""))
            continue
        tag = element.tag
        if event == "start":
            if tag in _UNSEEN or _hidden(element):
                skip = element
                continue
            if tag in _BLOCKS:
                pieces.append("\n• " if tag == "li" else "\n")
            elif tag in _CELLS and _lays_out(element):
                pieces.append("\n")
            elif tag in _CELLS and element.getprevious() is not None:
                pieces.append(" | ")
            pieces.append(_SPACE.sub(" ", element.text or ""))
        else:
            if tag in _BLOCKS:
                pieces.append("\n")
            pieces.append(_SPACE.sub(" ", element.tail or ""))
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return normalise("\n".join(line for line in lines if line not in ("", "•", "|")))


def _lays_out(cell: HtmlElement) -> bool:
    """Whether a cell is a part of the page's layout and none of a table's: it holds blocks of its own."""
    return any(inside.tag in _BLOCKS for inside in cell.iterdescendants() if inside is not cell)


def parse_html(source: str) -> HtmlElement:
    """The tree of a page; raises ValueError where there is none or it is nested too deeply."""
    source = _XML_DECLARATION.sub("", source.replace("\x00", ""), count=1)
    try:
        tree = document_fromstring(
            source, parser=HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
        )
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ValueError(str(error)) from error
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise ValueError(f"its elements are nested more than {DEEPEST} deep")
    return tree


def _tree(found: FoundDocument) -> HtmlElement:
    place = place_of(found)
    head = found.content[:4096]
    match = _META_CHARSET.search(head) or _XML_CHARSET.search(head)
    declared = found.encoding or (match[1].decode("ascii", "ignore") if match else None)
    source = decode(found.content, place, declared)
    try:
        return parse_html(source)
    except ValueError as error:
        raise DocumentError(f"{place}: is no web page that can be read: {error}", code="broken") from error


def _hidden(element: HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return (
        element.get("hidden") is not None or "display:none" in style or element.get("aria-hidden") == "true"
    )


def _article(tree: HtmlElement, url: str | None) -> Any:
    from trafilatura import bare_extraction

    try:
        return bare_extraction(
            tree,
            url=url,
            include_comments=False,
            include_tables=True,
            include_formatting=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception:  # noqa: BLE001 - whatever it fails on, the plain reading of the page remains
        return None


def _metadata(tree: HtmlElement, described: DescribedArticle) -> dict[str, Any]:
    """What the page says of itself in its head, where we can tell it exactly."""
    meta: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            meta.setdefault(name.lower(), normalise(content))
    times = [parse_time(meta.get(name)) for name in _PUBLISHED]
    times += [described.published]
    times += [
        parse_time(element.get("datetime")) for element in tree.iter("time") if _dates_the_page(element)
    ]
    exact = [time for time in times if time is not None and (time.hour or time.minute)]
    first = next((time for time in times if time is not None), None)
    published = next((time for time in exact if first and abs(time - first) < timedelta(days=1)), first)
    canonical = next(
        (
            element.get("href")
            for element in tree.iter("link")
            if (element.get("rel") or "").lower() == "canonical"
        ),
        None,
    )
    language = (tree.get("lang") or tree.get("xml:lang") or "").strip()[:2].lower()
    return {
        "title": meta.get("og:title") or described.headline or meta.get("twitter:title"),
        "author": meta.get("author"),
        "language": language if re.fullmatch("[a-z]{2}", language) else described.language,
        "published": published,
        "canonical_url": canonical if canonical and canonical.startswith(("http://", "https://")) else None,
        "publisher": meta.get("og:site_name") or described.publisher or meta.get("application-name"),
    }


def _dates_the_page(element: HtmlElement) -> bool:
    return element.get("pubdate") is not None or "datepublished" in (element.get("itemprop") or "").lower()


def _joined(metadata: dict[str, Any], article: Any, described: DescribedArticle) -> dict[str, Any]:
    """Our metadata, filled up with trafilatura's, which reads JSON-LD and guesses."""
    published: datetime | None = metadata["published"] or parse_time(article.date)
    url = article.url if article.url and article.url.startswith(("http://", "https://")) else None
    return metadata | {
        "title": metadata["title"] or (normalise(article.title) if article.title else None),
        "author": described.author
        or (normalise(article.author) if article.author else None)
        or metadata["author"],
        "published": published,
        "canonical_url": metadata["canonical_url"] or url,
        "publisher": metadata["publisher"] or (normalise(article.sitename) if article.sitename else None),
    }
