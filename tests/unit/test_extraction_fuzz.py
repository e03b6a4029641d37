"""Any bytes at all give a text or a DocumentError, in bounded time; texts hold what is promised of them.

With the slow ones more than 10,000 inputs: 6,840 damaged files, 1,600 damaged feeds, 600 texts for cleaning,
1,800 of random bytes and characters. Another 200 go through the guarded processes (test_workers.py).
"""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digestbot.cleaning import label_blocks
from digestbot.errors import DocumentError, SourceError
from digestbot.extraction import FORMATS, extract
from digestbot.extraction.feed import read_feed
from digestbot.extraction.normalise import normalise, unwrap
from digestbot.model import FoundDocument
from feed_server import item, rss
from fuzzing import corpus, damaged, mutated

SUFFIXES = [known.suffixes[0] for known in FORMATS]
HEADS = [
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04word/",
    b"<html><body>",
    b"From: a\nSubject: b\n\n",
    b"---\ntitle: x\n---\n",
]
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(max_examples=1200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(content: bytes, name: str) -> bool:
    try:
        found = extract(FoundDocument(key=name, content=content, filename=name))
    except DocumentError as error:
        if name not in error.message:
            raise
        return False
    assert found.text == normalise(found.text)
    assert unicodedata.is_normalized("NFC", found.text)
    assert "\x00" not in found.text
    assert "\r" not in found.text
    assert found.text.strip() == found.text
    found.text.encode("utf-8")
    return True


def test_the_sound_files_can_all_be_read():
    assert all(check(content, name) for name, content in corpus().items())


@QUICK
@given(st.sampled_from(SUFFIXES), st.sampled_from(HEADS), st.binary(max_size=400))
def test_any_bytes_give_a_text_or_an_error(suffix, head, content):
    check(head + content, f"a{suffix}")


@QUICK
@given(st.sampled_from([".txt", ".md", ".html", ".eml"]), st.text(max_size=400))
def test_any_text_gives_a_text_or_an_error(suffix, text):
    check(text.encode("utf-8", "surrogatepass"), f"a{suffix}")


@QUICK
@given(st.text())
def test_normalising_and_joining_twice_change_nothing(text):
    once = normalise(text)
    assert normalise(once) == once
    joined = unwrap(once)
    assert normalise(joined) == joined
    assert joined.replace("\n", " ").replace(" ", "") == once.replace("\n", " ").replace(" ", "")


@QUICK
@given(st.sampled_from([b"<rss><channel>", b"<feed>", b'{"items": [', b""]), st.binary(max_size=300))
def test_any_bytes_give_a_feed_or_an_error(head, content):
    try:
        feed = read_feed(head + content, "https://x.example/f")
    except SourceError:
        return
    assert all(entry.key for entry in feed.entries)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a.eml"])
def test_damaged_files_give_a_text_or_an_error(name):
    rng = random.Random(name)
    for _ in range(40):
        check(damaged(name, rng), name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a.eml"])
def test_many_damaged_files_give_a_text_or_an_error(name):
    rng = random.Random(f"slow {name}")
    read = sum(check(damaged(name, rng), name) for _ in range(1100))
    assert read


@pytest.mark.slow
@LONG
@given(st.sampled_from(SUFFIXES), st.sampled_from(HEADS), st.binary(max_size=2000))
def test_many_bytes_give_a_text_or_an_error(suffix, head, content):
    check(head + content, f"a{suffix}")


FEEDS = {
    "rss": rss(item(1), item(2), extra="<ttl>60</ttl>").encode(),
    "rss in windows-1251": rss(item(1, text="<p>Переговоры сорваны, заявил министр.</p>" * 9))
    .replace("UTF-8", "windows-1251")
    .encode("cp1251"),
    "atom": b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/">'
    b'<title>A</title><entry><id>1</id><title type="html">&lt;b&gt;T&lt;/b&gt;</title><link href="a/1"/>'
    b'<published>2026-03-02T09:15:00Z</published><content type="xhtml"><div xmlns="http://www.w3.org/1999/'
    b'xhtml"><p>One.</p></div></content></entry></feed>',
    "json": b'{"version": "https://jsonfeed.org/version/1", "title": "J", "items": [{"id": "1", "url": "/",'
    b'"title": "T", "content_html": "<p>One.</p>", "authors": [{"name": "A"}], '
    b'"date_published": "2026-03-02T09:15:00Z"}]}',
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FEEDS)
def test_many_damaged_feeds_give_entries_or_an_error(name):
    rng = random.Random(f"feed {name}")
    read = 0
    for _ in range(400):
        try:
            feed = read_feed(mutated(FEEDS[name], rng), "https://x.example/f", "text/xml")
        except SourceError:
            continue
        read += 1
        assert all(entry.key for entry in feed.entries)
        assert all(not entry.link or entry.link.startswith(("http://", "https://")) for entry in feed.entries)
    assert read


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a.eml"])
def test_whatever_a_damaged_file_gives_is_cleaned_into_blocks_in_order(name):
    rng = random.Random(f"clean {name}")
    for _ in range(100):
        try:
            found = extract(FoundDocument(key=name, content=damaged(name, rng), filename=name))
        except DocumentError:
            continue
        blocks = label_blocks(found.text, title=found.title, author=found.author)
        assert blocks == label_blocks(found.text, title=found.title, author=found.author)
        ends = [0, *(block.end for block in blocks)]
        assert all(end <= block.start < block.end for end, block in zip(ends, blocks, strict=False))
        assert ends[-1] <= len(found.text)


@pytest.mark.parametrize(
    "content",
    [
        "[" * 20_000,
        "> " * 5_000 + "x",
        "*a " * 20_000,
        "`" * 30_000,
        "- " * 5_000 + "x",
        "<" * 30_000,
        "a\n" * 100_000,
        "\n" + "-" * 100_000,
        " " * 200_000 + "x",
        "On " + "x" * 200_000,
        "| a " * 10_000 + "\n" + "|-" * 10_000,
        "![" * 20_000,
    ],
    ids=lambda text: repr(text[:6]),
)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".eml"])
def test_texts_made_to_be_slow_come_to_an_end(content, suffix):
    # What these texts provoke takes hours where it happens: the test run itself is the measure.
    check(content.encode(), f"a{suffix}")
