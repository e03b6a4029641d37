"""OPML: subscription lists in and out."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from lxml import etree

from digestbot.errors import SourceError
from digestbot.protocols.ingest import Subscription

LARGEST = 5_000_000
MOST_FEEDS = 10_000


def read_opml(content: bytes, place: str = "the OPML file") -> list[Subscription]:
    """The feeds of a list, each once, in order; raises SourceError for what is none."""
    if len(content) > LARGEST:
        raise SourceError(f"{place}: is larger than a subscription list can be", code="too-large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"{place}: is no OPML: {error}", code="no-opml") from error
    if root is None or str(root.tag).lower() != "opml":
        raise SourceError(f"{place}: is no OPML: export one from your feed reader", code="no-opml")
    found: dict[str, Subscription] = {}
    for outline in root.iter("outline"):
        attributes = {str(name).lower(): str(value).strip() for name, value in outline.attrib.items()}
        address = attributes.get("xmlurl", "")
        if not address.startswith(("http://", "https://")):
            continue
        title = attributes.get("title") or attributes.get("text") or None
        folders = [
            parent.get("title") or parent.get("text") or "" for parent in outline.iterancestors("outline")
        ]
        folder = "/".join(reversed([name for name in folders if name])) or None
        found.setdefault(address, Subscription(address, title, folder))
        if len(found) >= MOST_FEEDS:
            break
    if not found:
        raise SourceError(f"{place}: names no feed (no outline has an xmlUrl)", code="no-opml")
    return list(found.values())


def write_opml(subscriptions: Iterable[Subscription], title: str = "digestbot") -> bytes:
    """A list that other feed readers take up."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = title
    body = ElementTree.SubElement(root, "body")
    folders: dict[str, ElementTree.Element] = {}
    for one in subscriptions:
        parent = body
        if one.folder:
            if one.folder not in folders:
                folders[one.folder] = ElementTree.SubElement(
                    body, "outline", text=one.folder, title=one.folder
                )
            parent = folders[one.folder]
        name = one.title or one.address
        ElementTree.SubElement(parent, "outline", type="rss", text=name, title=name, xmlUrl=one.address)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
