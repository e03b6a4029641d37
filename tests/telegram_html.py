"""Telegram's HTML as Telegram reads it, by an independent strict parser: for tests."""

from __future__ import annotations

from html.parser import HTMLParser

ALLOWED = {"b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.text: list[str] = []
        self.entities = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, f"tag {tag}"
        assert not (tag == "blockquote" and "blockquote" in self.stack), "nested quotation"
        names = [name for name, _ in attrs]
        assert names == (["href"] if tag == "a" else ["expandable"] if attrs else []), (tag, attrs)
        self.stack.append(tag)
        self.entities += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.stack, f"</{tag}> closes nothing"
        assert self.stack.pop() == tag, f"</{tag}> out of order"

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"processing instruction {data!r}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"declaration {data!r}")


def visible(html: str) -> str:
    """What a reader sees; fails on markup that Telegram would refuse, and on texts beyond its limits."""
    assert html.count("<") == html.count(">"), "a < or > is not escaped"
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.stack, f"{reader.stack} left open"
    text = "".join(reader.text)
    assert text.strip(), "empty message"
    assert len(text.encode("utf-16-le")) // 2 <= 4096, "too long"
    assert len(html.encode()) <= 32 * 1024, "too many bytes"
    assert reader.entities <= 100, "too many entities"
    return text
