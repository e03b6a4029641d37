"""A newcomer with a browser: the demo's chat page, the real bot behind it, from the first word to the digest.

DIGESTBOT_WRITE_PICTURES=1 writes docs/digest.png, the picture of the README.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browsing import ChatPage, chromium
from demo_run import ROOT, running_demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BOT, CHANNEL = "digestbot", "World digest"
TERMS = "only if the sanctions on its banks are lifted"
REPORT = f"""Serbia sets a price for the gas line

Belgrade, 4 March 2026. Serbian President Aleksandar Vucic said Serbia would sign the gas contract {TERMS}.
Hungary offered to carry the gas through its own network. The European Commission demanded that the route
stay open to every supplier. The talks go on in Budapest next week, a government spokesman said.
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def chat(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatPage]:
    """The page of a demo whose first digest is posted."""
    with running_demo("--port", "0", temporary=tmp_path_factory.mktemp("demo")) as demo:
        address = demo.until(r"http://127\.0\.0\.1:\d+").group()
        demo.until(r"Posted to the channel after")
        context = browser.new_context(viewport={"width": 1100, "height": 1180}, device_scale_factor=1.5)
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        yield ChatPage(page)
        context.close()
        assert problems == []


def test_the_channel_holds_the_digest_and_the_picture_of_the_readme_is_taken(chat: ChatPage) -> None:
    chat.open_chat(CHANNEL)
    first = chat.messages().first
    expect(first).to_contain_text("In brief:")
    expect(first).to_contain_text("Conditions")
    expect(first.locator("blockquote").first).to_be_visible()
    links = first.get_by_role("link")
    assert re.match(r"http://127\.0\.0\.1:\d+/press/", links.first.get_attribute("href") or "")
    expect(chat.page.locator("#log")).to_contain_text("Field Marshal")
    chat.page.locator("#log").evaluate("log => log.scrollTo({top: 0, behavior: 'instant'})")
    picture = chat.page.screenshot()
    assert picture.startswith(b"\x89PNG")
    if os.environ.get("DIGESTBOT_WRITE_PICTURES") == "1":
        (ROOT / "docs" / "digest.png").write_bytes(picture)


def test_a_second_channel_has_its_digest_in_another_zone_and_language(chat: ChatPage) -> None:
    chat.open_chat("Karachi digest")
    post = chat.messages().first
    expect(post).to_contain_text(re.compile(r"کراچی · UTC\+5 · \d\d:\d\d"))
    expect(post).to_contain_text("شرائط")
    assert post.locator(".text").first.evaluate("text => getComputedStyle(text).direction") == "rtl"


def test_subscribing_by_typing_tells_the_next_three_posts(chat: ChatPage) -> None:
    chat.open_chat(BOT)
    answer = chat.ask("/subscribe 07:30 Asia/Karachi")
    expect(answer).to_contain_text("Asia/Karachi")
    assert answer.inner_text().count("07:30") == 4  # the time itself, and three posts


def test_subscribing_by_buttons_asks_for_what_is_missing_only(chat: ChatPage) -> None:
    chat.open_chat(BOT)
    chat.ask("/subscribe 07:30 Asia/Karachi")
    question = chat.ask("/subscribe")
    count = chat.messages().count()
    chat.press(question, "08:00")
    answer = chat.answer(count + 1)
    expect(answer).to_contain_text("Subscribed: 08:00, Asia/Karachi")


def test_the_buttons_of_a_digest_turn_its_page_and_answer(chat: ChatPage) -> None:
    chat.open_chat(BOT)
    digest = chat.ask("/digest 7d")
    expect(digest).to_contain_text("In brief:")
    here = chat.page.locator(f'.message[data-id="{digest.get_attribute("data-id")}"]')
    before, count = here.inner_text(), chat.messages().count()
    chat.press(here, "Next ▶")
    expect(here).not_to_contain_text("In brief:")
    assert here.inner_text() != before
    assert chat.messages().count() == count
    chat.press(here, "Conditions")
    expect(chat.answer(count + 1)).to_contain_text("→")
    chat.press(here, "Actors")
    expect(chat.answer(count + 2)).to_contain_text("Actors")


def test_a_file_that_is_sent_is_read_and_quoted(chat: ChatPage, tmp_path: Path) -> None:
    chat.open_chat(BOT)
    report = tmp_path / "gas-line.txt"
    report.write_text(REPORT, encoding="utf-8")
    answer = chat.send_file(report, "Serbia")
    expect(answer).to_contain_text(TERMS)
    expect(answer).to_contain_text("Aleksandar Vucic")
