"""Every kind of message, photographed on the demo's chat page as a phone shows it, light and dark.

DIGESTBOT_SCREENS_DIR names a folder for the photographs, to be looked at; else they go to a temporary one.
What can be tested of them is: nothing is wider than the screen, and the page reports no error.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browsing import ChatPage, chromium
from demo_run import running_demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"width": 390, "height": 844}
BOT = "digestbot"
ASKED = (
    "/start",
    "/digest 7d",
    "/summary 1",
    "/story 1",
    "/conditions 1",
    "/actors 1",
    "/actors Cyprus",
    "/source 1.1",
    "/search sanctions",
    "/why 1",
    "/network 7d",
    "/map 7d",
    "/trend Cyprus, Pakistan",
    "/subscribe",
    "/settings",
    "/channels",
    "/follow",
    "/help",
    "/status",
    "/digest tomorrow",
    "/follow Munirr",
    "/help pause",
)
SETTINGS_PAGES = ("Times", "Zone", "Regions", "Quiet hours", "· Show a preview here")
REPORT = """Serbia and Hungary talk about a gas line

Serbia will not sign the contract unless Hungary lowers its transit fee, the energy minister said on
Monday in Belgrade. Hungary offered to lower the fee by a tenth if Serbia signs before the end of the year.
"""
OTHER_LANGUAGES = ("ar", "ur", "ru")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo whose first digest is posted."""
    with running_demo("--port", "0", temporary=tmp_path_factory.mktemp("demo")) as demo:
        found = demo.until(r"http://127\.0\.0\.1:\d+").group()
        demo.until(r"Posted to the channel after")
        yield found


@pytest.fixture(params=["light", "dark"])
def chat(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[ChatPage]:
    context = browser.new_context(viewport=PHONE, color_scheme=request.param, device_scale_factor=2)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address)
    yield ChatPage(page)
    context.close()
    assert problems == []


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Where the photographs go."""
    given = os.environ.get("DIGESTBOT_SCREENS_DIR")
    made = Path(given) if given else tmp_path
    made.mkdir(parents=True, exist_ok=True)
    return made


def scheme(chat: ChatPage) -> str:
    dark = chat.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    return "dark" if dark else "light"


def photograph(chat: ChatPage, folder: Path, name: str) -> None:
    """The newest message from its top, and that nothing on the page is wider than the screen."""
    newest = chat.messages().last
    newest.evaluate("message => message.scrollIntoView({block: 'start', behavior: 'instant'})")
    wider = chat.page.evaluate(
        "[...document.querySelectorAll('#log *')]"
        ".filter(one => one.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert wider == 0
    picture = chat.page.screenshot(path=folder / f"{name}-{scheme(chat)}.png")
    assert picture.startswith(b"\x89PNG")


def test_every_kind_of_message_fits_a_phone(chat: ChatPage, folder: Path) -> None:
    chat.open_chat(BOT)
    for line in ASKED:
        chat.ask(line)
        photograph(chat, folder, "".join(letter for letter in line if letter.isalnum()))


def test_every_page_of_the_settings_and_of_a_channel_fits_a_phone(chat: ChatPage, folder: Path) -> None:
    chat.open_chat(BOT)
    for button in SETTINGS_PAGES:
        settings = chat.ask("/settings")
        shown = settings.inner_text()
        chat.press(settings, button)
        expect(settings).not_to_have_text(shown, use_inner_text=True)
        photograph(chat, folder, f"settings-{button.strip('· ').replace(' ', '-')}")
    chat.press(chat.ask("/settings"), "✓ Show a preview here")  # as the next one finds it
    panels = chat.ask("/channels")
    count = chat.messages().count()
    chat.press(panels, "World digest")
    expect(panels).to_contain_text("Sandbox/Demo")
    assert chat.messages().count() == count
    photograph(chat, folder, "channel-panel")


def test_a_picture_under_a_digest_and_a_document_of_ones_own_fit_a_phone(
    chat: ChatPage, folder: Path, tmp_path: Path
) -> None:
    chat.open_chat(BOT)
    digest = chat.ask("/digest")
    photograph(chat, folder, "digest")
    count = chat.messages().count()
    chat.press(digest, "Picture")
    expect(chat.answer(count + 1).locator("img")).to_be_visible()
    photograph(chat, folder, "picture")
    chat.ask("/why")
    photograph(chat, folder, "why-all")
    report = tmp_path / "gas-line.txt"
    report.write_text(REPORT, encoding="utf-8")
    answer = chat.send_file(report, "Serbia")
    photograph(chat, folder, "document")
    expect(answer).to_contain_text("Serbia")


def test_an_alert_comes_by_itself_and_fits_a_phone(chat: ChatPage, folder: Path, tmp_path: Path) -> None:
    chat.open_chat(BOT)
    state = "Latvia" if scheme(chat) == "dark" else "Estonia"  # each is news once
    chat.ask("/settings quiet off")
    chat.press(chat.ask(f"/follow {state}"), "Alert me")
    expect(chat.messages().last).to_contain_text("new conditions are told at once")
    photograph(chat, folder, "alerting")
    report = tmp_path / f"{state}.txt"
    report.write_text(
        f"{state} names its price\n\n{state} will not open the strait unless Finland lifts its fee on "
        "ferries, the foreign minister said on Monday.\n",
        encoding="utf-8",
    )
    chat.send_file(report, state)
    alert = chat.page.locator("#log .message:not(.own)", has_text="New conditions of those you follow")
    expect(alert.last).to_contain_text(state)
    photograph(chat, folder, "alert")


def test_inline_answers_and_the_key_that_shares_a_place_fit_a_phone(chat: ChatPage, folder: Path) -> None:
    chat.open_chat(BOT)
    settings = chat.ask("/settings")
    chat.press(settings, "Zone")
    count = chat.messages().count()
    chat.press(settings, "Share my location")
    chat.answer(count + 1)
    expect(chat.page.locator("#reply-keyboard button")).to_have_text("📍 Share my location")
    photograph(chat, folder, "location")
    field = chat.page.get_by_role("combobox", name="Message")
    field.fill("@digest_sandbox_bot Cyprus")
    expect(chat.page.get_by_role("option").first).to_contain_text("Cyprus")
    photograph(chat, folder, "inline")
    field.fill("")
    chat.page.locator("#reply-keyboard button").click()
    count = chat.messages().count()
    chat.page.get_by_role("button", name="Karachi").last.click()
    expect(chat.answer(count + 2)).to_contain_text("Asia/Karachi")
    expect(chat.page.locator("#reply-keyboard")).to_be_hidden()
    photograph(chat, folder, "zone-shared")


def test_a_digest_in_other_scripts_fits_and_runs_its_own_way(chat: ChatPage, folder: Path) -> None:
    chat.open_chat(BOT)
    try:
        for language in OTHER_LANGUAGES:
            chat.ask(f"/settings language {language}")
            photograph(chat, folder, f"settings-{language}")
            digest = chat.ask("/digest 7d")
            photograph(chat, folder, f"digest-{language}")
            way = digest.locator(".text").first.evaluate("text => getComputedStyle(text).direction")
            assert way == ("ltr" if language == "ru" else "rtl")
    finally:
        expect(chat.ask("/settings language en")).to_contain_text("Settings")
