"""The sandbox's reading of Telegram's formatting."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.sandbox.entities import (
    MOST_ENTITIES,
    EntityError,
    detect_entities,
    parse,
    utf16_length,
)


def entity(kind: str, offset: int, length: int, **more: object) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length} | more


@pytest.mark.parametrize(
    ("raw", "text", "entities"),
    [
        ("<b>a</b> <strong>b</strong>", "a b", [entity("bold", 0, 1), entity("bold", 2, 1)]),
        ("<i>a</i><em>b</em>", "ab", [entity("italic", 0, 1), entity("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [entity("underline", 0, 1), entity("underline", 1, 1)]),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            "abc",
            [entity("strikethrough", at, 1) for at in range(3)],
        ),
        (
            '<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>',
            "ab",
            [entity("spoiler", 0, 1), entity("spoiler", 1, 1)],
        ),
        ('<tg-emoji emoji-id="42">👍</tg-emoji>', "👍", [entity("custom_emoji", 0, 2, custom_emoji_id="42")]),
        ("<code>a &lt; b</code>", "a < b", [entity("code", 0, 5)]),
        ("<pre>a</pre>", "a", [entity("pre", 0, 1)]),
        ('<pre><code class="language-python">a</code></pre>', "a", [entity("pre", 0, 1, language="python")]),
        ("<blockquote>a</blockquote>", "a", [entity("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [entity("expandable_blockquote", 0, 1)]),
        (
            "<a href='https://example.org/a?b=1&amp;c=2'>x</a>",
            "x",
            [entity("text_link", 0, 1, url="https://example.org/a?b=1&c=2")],
        ),
        ('<a href="https://example.org">x</a>', "x", [entity("text_link", 0, 1, url="https://example.org/")]),
        ('<a href="javascript:alert(1)">x</a>', "x", []),
        ("<B>a</b>", "a", [entity("bold", 0, 1)]),
        ("<b>a</>", "a", [entity("bold", 0, 1)]),
        ("&lt;b&gt; &amp;&quot; &#65;&#x42; &nbsp; R&D &", '<b> &" AB &nbsp; R&D &', []),
        ("  <b> a </b>  ", "a", [entity("bold", 0, 1)]),
        ("<b></b>a", "a", []),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("<code><b>a</b></code>", "a", [entity("code", 0, 1)]),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "ab", [entity("blockquote", 0, 2)]),
        ("😀<b>é</b>", "😀é", [entity("bold", 2, 1)]),
    ],
)
def test_html_becomes_text_and_entities(raw: str, text: str, entities: list[object]) -> None:
    found = parse(raw, "HTML", None)
    assert found.text == text
    assert list(found.entities) == entities


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        ("<div>a</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("é < b", 'Unsupported start tag "" at byte offset 3'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x>a</a>', "Unclosed start tag at byte offset 0"),
        (
            "<a href>a</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler"'),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(raw: str, refusal: str) -> None:
    with pytest.raises(EntityError) as error:
        parse(raw, "HTML", None)
    assert str(error.value) == f"can't parse entities: {refusal}"


@pytest.mark.parametrize(
    ("raw", "text", "entities"),
    [
        ("*a* _b_ __c__ ~d~ ||e||", "a b c d e", ["bold", "italic", "underline", "strikethrough", "spoiler"]),
        ("`a\\`b` [x](https://example.org/\\))", "a`b x", ["code", "text_link"]),
        ("```py\na\n```", "a", ["pre"]),
        (">a\n>b\nc", "a\nb\nc", ["blockquote"]),
        (">a\n>b||", "a\nb", ["expandable_blockquote"]),
        ("1\\.5 \\- 2", "1.5 - 2", []),
    ],
)
def test_markdown_becomes_text_and_entities(raw: str, text: str, entities: list[str]) -> None:
    found = parse(raw, "MarkdownV2", None)
    assert found.text == text
    assert [entity["type"] for entity in found.entities] == entities


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        ("a.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("*a", "Can't find end of Bold entity at byte offset 0"),
        ("é `a", "Can't find end of Code entity at byte offset 3"),
    ],
)
def test_broken_markdown_is_refused(raw: str, refusal: str) -> None:
    with pytest.raises(EntityError) as error:
        parse(raw, "MarkdownV2", None)
    assert str(error.value) == f"can't parse entities: {refusal}"


def test_length_is_counted_after_parsing_in_code_points() -> None:
    assert parse("<b>" + "😀" * 4096 + "</b>", "HTML", None).text == "😀" * 4096
    with pytest.raises(EntityError, match=r"^message is too long$"):
        parse("<b>" + "a" * 4097 + "</b>", "HTML", None)
    with pytest.raises(EntityError, match=r"^message caption is too long$"):
        parse("a" * 1025, None, None, longest=1024, what="message caption")
    with pytest.raises(EntityError, match=r"^message is too long$"):
        parse("<b></b>" * 6000, "HTML", None)


@pytest.mark.parametrize(
    ("bad", "refusal"),
    [
        (entity("bold", 1, 9), "entity beginning at UTF-16 offset 1 ends after the end of the text"),
        (entity("bold", -1, 1), "receive an entity with incorrect offset -1"),
        (entity("bold", 1, 1), "entity begins in a middle of a UTF-16 symbol"),
        (entity("bold", 0, 1), "entity ends in a middle of a UTF-16 symbol"),
        (entity("fat", 0, 2), "unsupported entity type"),
        (entity("text_link", 0, 2), 'field "url" must be specified'),
    ],
)
def test_wrong_entities_are_refused(bad: dict[str, object], refusal: str) -> None:
    with pytest.raises(EntityError, match=refusal):
        parse("😀a", None, [bad])


def test_entities_given_are_kept() -> None:
    found = parse("😀 bold", None, [entity("bold", 3, 4)])
    assert list(found.entities) == [entity("bold", 3, 4)]


def test_an_unknown_parse_mode_is_refused() -> None:
    with pytest.raises(EntityError, match="unsupported parse_mode"):
        parse("a", "wiki", None)


def test_mentions_of_strangers_are_dropped() -> None:
    amina = {"id": 7, "is_bot": False, "first_name": "Amina"}
    raw = '<a href="tg://user?id=7">a</a> <a href="tg://user?id=8">b</a>'
    found = parse(raw, "HTML", None, user_of={7: amina}.get)
    assert list(found.entities) == [entity("text_mention", 0, 1, user=amina)]


def test_what_telegram_marks_by_itself() -> None:
    text = "/start@digest_bot see https://example.org/a, @amina #news $USD a@example.org reuters.com 3/4"
    found = [(e["type"], text[e["offset"] : e["offset"] + e["length"]]) for e in detect_entities(text)]
    assert found == [
        ("bot_command", "/start@digest_bot"),
        ("url", "https://example.org/a"),
        ("mention", "@amina"),
        ("hashtag", "#news"),
        ("cashtag", "$USD"),
        ("email", "a@example.org"),
        ("url", "reuters.com"),
    ]


# --- what must hold of every text ---------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)
TAGS = ("b", "i", "u", "s", "tg-spoiler", "code", "blockquote")
NESTED = st.recursive(
    TEXTS.map(html.escape),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(TAGS), inner).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=12,
)


@given(NESTED)
def test_every_entity_lies_within_the_text_and_on_whole_characters(raw: str) -> None:
    found = parse(raw, "HTML", None)
    units = found.text.encode("utf-16-le")
    assert len(found.entities) <= MOST_ENTITIES
    assert list(found.entities) == sorted(found.entities, key=lambda e: e["offset"])
    for one in found.entities:
        assert one["length"] > 0
        assert one["offset"] + one["length"] <= utf16_length(found.text)
        quoted = units[2 * one["offset"] : 2 * (one["offset"] + one["length"])]
        assert quoted.decode("utf-16-le")


@given(TEXTS)
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse(html.escape(text, quote=False), "HTML", None).text == text.strip()
    assert parse(text, None, None).text == text.strip()


@given(
    st.text(alphabet="<>/abi&;=\"' é😀*_`[]()~|\\\n", max_size=60), st.sampled_from(["HTML", "MarkdownV2"])
)
def test_no_text_breaks_the_parser(raw: str, mode: str) -> None:
    refusal, length = None, 0
    try:
        found = parse(raw, mode, None)
    except EntityError as error:
        refusal = str(error)
    else:
        length = utf16_length(found.text) - len(found.text.encode("utf-16-le")) // 2
    assert length == 0
    assert refusal is None or refusal.startswith("can't parse entities: ")
